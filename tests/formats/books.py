"""Books packed from a text: a line `=== path` begins a file, and may say in what encoding, or how large a picture."""

import io
import re
import zipfile

from tests.pictures import drawn

CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="{}" media-type="application/oebps-package+xml"/></rootfiles></container>'
)

_HEAD = re.compile(r"(?P<path>.+?)(?: (?P<said>utf-16\S*|latin-1|windows-\d+|gb18030|\d+x\d+))?")


def packed(source: str) -> bytes:
    """An EPUB of all files that a text holds, with what every EPUB begins with unless the text says otherwise."""
    _, *parts = re.split(r"^=== (.+)\n", source, flags=re.MULTILINE)
    files = {head: words.strip("\n") for head, words in zip(parts[::2], parts[1::2], strict=True)}
    paths = {head: found.groups("") for head in files if (found := _HEAD.fullmatch(head))}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        if "bare" not in files:
            book.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
            if "META-INF/container.xml" not in files:
                listed = next(path for path, _ in paths.values() if path.lower().endswith(".opf"))
                book.writestr("META-INF/container.xml", CONTAINER.format(listed))
        for head, words in files.items():
            path, said = paths[head]
            if size := re.fullmatch(r"(\d+)x(\d+)", said):
                book.writestr(path, drawn(int(size[1]), int(size[2]), "JPEG" if path.endswith("jpg") else "PNG"))
            elif path != "bare":
                book.writestr(path, words.encode(said or "utf-8"))
    return out.getvalue()
