"""One door for everything that is brought in: finds out what it is, and has it read."""

import re
from dataclasses import replace
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from app.formats import encodings, epub, html, markdown, plain
from app.text.drafts import Draft, Work

READABLE = "Plain text, Markdown, HTML and EPUB can be read"

_ENDINGS = {
    ".txt": "plain",
    ".text": "plain",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".epub": "epub",
}
_MEDIA_TYPES = {
    "text/markdown": "markdown",
    "text/html": "html",
    "application/xhtml+xml": "html",
    "application/epub+zip": "epub",
}
_OTHERS = {
    b"%PDF-": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"BM": "a picture",
    b"II*\0": "a picture",
    b"MM\0*": "a picture",
    b"RIFF": "a picture or a sound",
    b"ID3": "a sound",
    b"OggS": "a sound or a film",
    b"\xd0\xcf\x11\xe0": "a document of a word processor",
    b"{\\rtf": "a document of a word processor (RTF)",
    b"%!PS": "PostScript",
    b"AT&TFORM": "a DjVu",
    b"\x1f\x8b": "packed",
    b"BZh": "packed",
    b"\xfd7zXZ": "packed",
    b"7z\xbc\xaf": "packed",
    b"Rar!": "packed",
    b"\x7fELF": "a program",
    b"SQLite format 3": "a database",
}
"""What a file begins with that cannot be read."""

LENGTH = 5_000_000
"""Code points that an article may have: the longest of novels has less."""
PARAGRAPHS = 50_000
"""How many of them it may have: a page with more would take too long to open."""
PARAGRAPH_LENGTH = 1_000_000

_LOOKED_AT = 65_536
"""How many bytes tell whether it is text."""
_NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")

_PAGE = re.compile(
    r"\s*(<\?xml[^>]*>\s*)?(<!--(?:(?!-->).)*-->\s*)*+<(!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_PIECE = re.compile(r"\s*<(p|div|article|section|main|h[1-6]|ul|ol|table|blockquote|figure)\b[^>]*>", re.IGNORECASE)
_CLOSED = re.compile(r"</(p|div|article|section|main|h[1-6]|ul|ol|table|blockquote|figure)\s*>", re.IGNORECASE)
_MARKED = re.compile(
    r"^(#{1,6} \S|[-*+] \S|\d{1,9}[.)] \S|> ?\S|```|~~~|\|.*\|\s*$|={3,}\s*$|\[[^\]\n]{1,50}\]: )"
    r"|\[[^\]\n]{1,300}\]\([^)\s]{1,2000}\)|\*\*\S[^*\n]{0,300}\*\*",
    re.MULTILINE,
)
_WRAPPED = re.compile(r"^[ \t]*\S[^\n]*\n[ \t]*\S[^\n]*\n[ \t]*\n", re.MULTILINE)
"""A paragraph of more than one line with a blank line after it."""


def read(
    content: bytes, name: str, media_type: str = "", address: str = "", title: str = "", language: str = ""
) -> Work:
    """Read what was brought in: by its media type, by how its name ends, and by looking at it.

    `name` is a file's, or nothing; `media_type` may say its charset; `address` is where it was fetched. Raises
    ValueError for what is no text, what has not a word in it and what is larger than can be read.
    """
    charset = _charset(media_type)
    match kind_of(content, name or PurePosixPath(urlsplit(address).path).name, media_type):
        case "epub":
            return _book(epub.read(content, title, language), address or name)
        case "html":
            draft = html.read(content, title, language, charset, address)
        case "markdown":
            draft = markdown.read(encodings.decoded(content, charset), title, language)
        case _:
            draft = plain.read(encodings.decoded(content, charset), title, language)
    fitting(draft)
    return Work(draft.title, (replace(draft, source=address or draft.source or name),), draft.author)


def _book(work: Work, source: str) -> Work:
    """A book whose chapters say where they are from, if the book does not."""
    for draft in work.drafts:
        fitting(draft)
    return replace(work, drafts=tuple(replace(one, source=one.source or source) for one in work.drafts))


def fitting(draft: Draft) -> Draft:
    """The same draft. Raises ValueError where it is more than a page can show."""
    if (paragraphs := len(draft.paragraphs)) > PARAGRAPHS:
        raise ValueError(f"an article may have {PARAGRAPHS:,} paragraphs; this has {paragraphs:,}")
    if (longest := max(len(one.text) for one in draft.paragraphs)) > PARAGRAPH_LENGTH:
        raise ValueError(f"a paragraph may have {PARAGRAPH_LENGTH:,} characters; one of it has {longest:,}")
    if (length := sum(len(one.text) for one in draft.paragraphs)) > LENGTH:
        raise ValueError(f"an article may have {LENGTH:,} characters; this has {length:,}")
    return draft


def kind_of(content: bytes, name: str = "", media_type: str = "") -> str:
    """What it is: `epub`, `html`, `markdown` or `plain`. Raises ValueError where it is none of them."""
    if content.startswith(b"PK\x03\x04"):
        called = _MEDIA_TYPES.get(_named(media_type)) or _ENDINGS.get(PurePosixPath(name).suffix.lower(), "")
        is_one = content[30:58] == b"mimetypeapplication/epub+zip" or b"META-INF/container.xml" in content
        if is_one or called == "epub":
            return "epub"
        raise ValueError("it is packed, or a document of a word processor. " + READABLE)
    for beginning, what in _OTHERS.items():
        if content.startswith(beginning) and not (beginning == b"BM" and content[6:10] != bytes(4)):
            raise ValueError(f"it is {what}. {READABLE}")
    kind = _MEDIA_TYPES.get(_named(media_type)) or _ENDINGS.get(PurePosixPath(name).suffix.lower(), "")
    if kind == "epub":
        raise ValueError("it calls itself an EPUB and is none")
    if content[4:8] == b"ftyp":
        raise ValueError(f"it is a film or a picture. {READABLE}")
    if media_type and not kind and not _named(media_type).startswith(("text/", "application/octet-stream")):
        raise ValueError(f"it is {_named(media_type)}. {READABLE}")
    looked = content[:_LOOKED_AT]
    if not looked.startswith(encodings.MARKS) and len(_NO_TEXT.findall(looked)) * 50 > len(looked):
        raise ValueError(f"it is no text. {READABLE}")
    return kind or _looks_like(encodings.decoded(looked))


def _looks_like(text: str) -> str:
    if _PAGE.match(text) or (_PIECE.match(text) and _CLOSED.search(text)):
        return "html"
    return "markdown" if _MARKED.search(text) or _WRAPPED.search(text) else "plain"


def _named(media_type: str) -> str:
    return media_type.partition(";")[0].strip().lower()


def _charset(media_type: str) -> str:
    said = re.search(r"""charset\s*=\s*["']?([\w.:-]{2,40})""", media_type, re.IGNORECASE)
    return said[1] if said else ""
