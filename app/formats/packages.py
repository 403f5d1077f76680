"""What an EPUB is packed as: a zip with a list of documents in their order, facts about the book, and its contents."""

import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from html.entities import html5
from typing import NamedTuple
from urllib.parse import unquote

from lxml import etree

from app.formats import encodings
from app.text.dates import day_in

ENTRIES = 5_000
"""How many files may be in it."""
UNPACKED = 80_000_000
"""How many bytes of it are unpacked in all, and of documents half as many; what is never needed is never unpacked."""

_DIRECTORY = 200 * ENTRIES
"""How many bytes may list the files."""
_HARMLESS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
"""How fonts are kept from being copied: we have no use for them."""

_DOCTYPE = re.compile(r"<!DOCTYPE\b[^>\[]*(?:\[.*?\]\s*)?>", re.IGNORECASE | re.DOTALL)
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,100}?encoding\s*=\s*["']\s*([\w.-]{2,40})""")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{0,31});")
_PAGES = ("application/xhtml+xml", "text/html", "text/x-oeb1-document", "application/xml")
_PUBLISHED = ("publication", "")
"""The events whose dates say when a book was published: EPUB 2 names others, EPUB 3 none."""
_TYPE = "{http://www.idpf.org/2007/ops}type"


class Entry(NamedTuple):
    """A line of the contents: what it says, where it leads, and how deep it stands, from 0 on."""

    title: str
    path: str
    fragment: str
    depth: int


@dataclass
class Package:
    """A book that has been opened; paths are those of its files. Raises ValueError for what is no EPUB."""

    content: bytes
    title: str = ""
    author: str = ""
    language: str = ""
    published_on: date | None = None
    documents: list[str] = field(default_factory=list)
    """In the order in which they are read."""
    contents: list[Entry] = field(default_factory=list)
    kinds: dict[str, str] = field(default_factory=dict)
    """What a document is said to be, such as `cover`, by its path."""

    def __post_init__(self) -> None:
        _look_at(self.content)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(self.content))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error) as error:
            raise ValueError("it is damaged: it cannot be unpacked") from error
        self._names = [one for one in self._zip.namelist() if not one.endswith("/")]
        if len(self._names) > ENTRIES:
            raise ValueError(f"there may be {ENTRIES:,} files in it; there are {len(self._names):,}")
        self._folded = {name.casefold(): name for name in self._names}
        self._left = UNPACKED
        self._refuse_locked()
        self._open()

    def unpacked(self, path: str, most: int = UNPACKED // 2) -> bytes:
        """A file of it. Raises ValueError for one that is damaged or larger than it may be."""
        most = min(most, self._left)
        try:
            with self._zip.open(path) as file:
                content = file.read(most + 1)
        except (
            zipfile.BadZipFile,
            zlib.error,
            NotImplementedError,
            EOFError,
            KeyError,
            OSError,
            struct.error,
        ) as error:
            raise ValueError(f"it is damaged: {path} cannot be unpacked") from error
        except RuntimeError as error:
            raise ValueError("it is locked with a password") from error
        if len(content) > most:
            raise ValueError(f"unpacked it may have {UNPACKED:,} bytes; it has more")
        self._left -= len(content)
        return content

    def found(self, document: str, href: str) -> str:
        """The path of what a document leads to, or "": as it is written, else unquoted, else in other letters."""
        for said in (href.partition("#")[0], unquote(href.partition("#")[0])):
            path = posixpath.normpath(posixpath.join("/", posixpath.dirname(document), said.strip())).lstrip("/")
            if said and (name := self._folded.get(path.casefold())):
                return path if path in self._zip.NameToInfo else name
        return ""

    def _refuse_locked(self) -> None:
        if "META-INF/encryption.xml" not in self._zip.NameToInfo:
            return
        how = parsed(self.unpacked("META-INF/encryption.xml", 1_000_000))
        for one in () if how is None else how.iter("EncryptedData"):
            method = next((said.get("Algorithm") or "" for said in one.iter("EncryptionMethod")), "")
            if method not in _HARMLESS:
                raise ValueError("it is locked (DRM): only the software of who sold it can open it")

    def _open(self) -> None:
        path = self._listed_in()
        said = parsed(self.unpacked(path)) if path else None
        if said is None:
            self.documents = sorted(one for one in self._names if one.lower().endswith((".xhtml", ".html", ".htm")))
            if not self.documents:
                raise ValueError("it calls itself an EPUB and is none")
            return
        self._facts(said)
        items: dict[str, etree._Element] = {one.get("id") or "": one for one in said.iter("item")}
        order = [items[id] for one in said.iter("itemref") if (id := one.get("idref") or "") in items]
        pages = [one for one in order or items.values() if (one.get("media-type") or _PAGES[0]) in _PAGES]
        found = [self.found(path, one.get("href") or "") for one in pages]
        self.documents = list(dict.fromkeys(filter(None, found)))
        if not self.documents:
            raise ValueError("there is no text in it")
        for one in said.iter("reference"):
            self.kinds[self.found(path, one.get("href") or "")] = (one.get("type") or "").lower()
        self._read_contents(path, list(items.values()))

    def _listed_in(self) -> str:
        """The path of the list of all documents."""
        if container := self._folded.get("meta-inf/container.xml"):
            said = parsed(self.unpacked(container, 1_000_000))
            for one in () if said is None else said.iter("rootfile"):
                if path := self.found("", one.get("full-path") or ""):
                    return path
        return next((one for one in self._names if one.lower().endswith(".opf")), "")

    def _facts(self, said: etree._Element) -> None:
        roles = {one.get("refines"): one.text for one in said.iter("meta") if one.get("property") == "role"}
        authors = []
        for one in said.iter("creator"):
            role = one.get("{http://www.idpf.org/2007/opf}role") or roles.get(f"#{one.get('id')}") or "aut"
            if role.strip() == "aut" and _words(one):
                authors.append(_words(one))
        self.author = ", ".join(dict.fromkeys(authors))
        for name in ("title", "language"):
            setattr(self, name, next(filter(None, map(_words, said.iter(name))), ""))
        events = {one: one.get("{http://www.idpf.org/2007/opf}event") or "" for one in said.iter("date")}
        dated = sorted((one for one, event in events.items() if event in _PUBLISHED), key=lambda one: not events[one])
        self.published_on = next(filter(None, (day_in(_words(one)) for one in dated)), None)

    def _read_contents(self, path: str, items: list[etree._Element]) -> None:
        navigation = [
            self.found(path, one.get("href") or "") for one in items if "nav" in _tokens(one.get("properties"))
        ]
        old = [one.get("href") or "" for one in items if one.get("media-type") == "application/x-dtbncx+xml"]
        for one in filter(None, navigation):
            self.kinds[one] = "toc"
            if (page := self._page(one)) is not None:
                self.contents = list(self._from_navigation(page, one))
        for one in filter(None, (self.found(path, href) for href in old)):
            if not self.contents and (page := self._page(one)) is not None:
                self.contents = list(self._from_points(page, one))

    def _page(self, path: str) -> etree._Element | None:
        try:
            return parsed(self.unpacked(path))
        except ValueError:
            return None

    def _from_navigation(self, page: etree._Element, path: str) -> Iterator[Entry]:
        every = list(page.iter("nav"))
        toc = next((one for one in every if "toc" in _tokens(one.get(_TYPE) or one.get("epub:type"))), None)
        if toc is None and not every:
            return
        for one in (every[0] if toc is None else toc).iter("a"):
            depth = sum(above.tag == "ol" for above in one.iterancestors()) - 1
            yield from self._entry(_words(one), path, one.get("href") or "", max(0, depth))

    def _from_points(self, page: etree._Element, path: str) -> Iterator[Entry]:
        for one in page.iter("navPoint"):
            depth = sum(above.tag == "navPoint" for above in one.iterancestors())
            label, leads = one.find("navLabel"), one.find("content")
            if label is not None and leads is not None:
                yield from self._entry(_words(label), path, leads.get("src") or "", depth)

    def _entry(self, title: str, path: str, href: str, depth: int) -> Iterator[Entry]:
        if title and (leads := self.found(path, href)):
            yield Entry(title, leads, unquote(href.partition("#")[2]), depth)


def parsed(content: bytes) -> etree._Element | None:
    """An XML document without the names of its namespaces, or None where it is none.

    No entity of its own is known in it, so none can grow; those that HTML knows are.
    """
    text = _DECLARATION.sub("", _decoded(content).replace("\0", ""), count=1)
    text = _ENTITY.sub(_known, _DOCTYPE.sub("", text, count=1))
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        page = etree.fromstring(text.strip().encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        if any(fault.type_name == "ERR_NO_MEMORY" for fault in parser.error_log):
            raise MemoryError from error
        return None
    for one in page.iter():
        if isinstance(one.tag, str):
            one.tag = etree.QName(one).localname
    return page


def _known(entity: re.Match[str]) -> str:
    said = html5.get(f"{entity[1]};")
    return said if said and said not in "&<>" else f"&amp;{entity[1]};"


def _decoded(content: bytes) -> str:
    if content[:2] in (b"<\0", b"\0<"):  # UTF-16 that does not say so
        return content.decode("utf-16-le" if content[0] else "utf-16-be", "replace")
    said = _DECLARED.match(content[:300])
    name = said[1].decode("ascii") if said else ""
    return encodings.decoded(content, "" if name.lower().startswith("utf-16") else name)


def _look_at(content: bytes) -> None:
    """Raise ValueError where the list of files is longer than it may be, or not there: reading it takes memory."""
    at = content.rfind(b"PK\5\6", max(0, len(content) - 66_000))
    if at < 0 or len(content) < at + 22:
        raise ValueError("it is damaged: it cannot be unpacked")
    count, size = struct.unpack("<HI", content[at + 10 : at + 16])
    if count > ENTRIES or size > _DIRECTORY:
        raise ValueError(f"there may be {ENTRIES:,} files in it; there are more")


def _tokens(said: str | None) -> list[str]:
    return (said or "").split()


def _words(element: etree._Element) -> str:
    return " ".join("".join(map(str, element.itertext())).split())
