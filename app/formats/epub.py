"""EPUB, 2 and 3: a book becomes an article for each of its chapters, with their footnotes and pictures."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby

from lxml import etree

from app.formats import footnotes, html, packages
from app.formats.packages import Entry, Package
from app.formats.plain import TITLE_LENGTH
from app.text import languages
from app.text.drafting import Drafting
from app.text.drafts import Draft, DraftParagraph, Work

DOCUMENTS = 20_000_000
"""How many bytes all documents may have that are read."""
PICTURES = 300
"""How many pictures are taken along, of so many bytes together; of more the words alone are."""
PICTURE_BYTES = 40_000_000

_CUT = "{postil}cut"
"""The attribute of an element with which a chapter begins: which one it is."""
_LONG = 60_000
"""Code points of a document with a single entry of the contents that are its chapters rather than its sections."""
_SHORT = 80
"""Code points that a page may have that only says that a part of the book begins."""
_BEFORE = frozenset("cover titlepage title-page halftitlepage copyright-page copyright imprint dedication toc".split())
_BEFORE_NAMED = re.compile(r"cover|title|copyright|imprint|dedication|colophon", re.IGNORECASE)


@dataclass
class _Chapter:
    """A chapter in the making: what it is called, where it begins, and which footnotes are referred to in it."""

    title: str
    path: str
    cut: str = ""
    before: bool = False
    """Whether it is what stands before the first chapter."""
    drafting: Drafting = field(default_factory=Drafting)
    emptied: bool = False
    """Whether footnotes have been taken out of it."""
    notes: dict[str, str] = field(default_factory=dict)
    """By the name of a footnote, what refers to it."""


def read(content: bytes, title: str = "", language: str = "") -> Work:
    """Read a book: an article for each chapter that its contents name, what stands before the first of them as one.

    Raises ValueError for what is no EPUB, is locked, damaged or larger than can be read, or has not a word in it.
    """
    package = Package(content)
    pages = _pages(package)
    notes = footnotes.mark(pages, lambda path, href: _name(package, path, href))
    chapters = _chapters(package, pages)
    reading = _Reading(package, chapters)
    for path, page in pages.items():
        reading.document(path, page)
    reading.footnotes(notes)
    book = " ".join((title or package.title).split())[:TITLE_LENGTH]
    spoken = languages.tag(language or package.language)
    drafts = [
        Draft(
            heading,
            paragraphs,
            author=package.author[:TITLE_LENGTH],
            source=book,
            language=spoken,
            published_on=package.published_on,
        )
        for heading, paragraphs in _written(chapters, book)
    ]
    if not drafts:
        raise ValueError("there is no text in it")
    return Work(book or drafts[0].title, tuple(drafts), package.author[:TITLE_LENGTH], _pictures(package, drafts))


def _pages(package: Package) -> dict[str, etree._Element]:
    """All documents in their order, but for the contents, by their path."""
    pages: dict[str, etree._Element] = {}
    read = 0
    others = [path for path in package.documents if package.kinds.get(path) != "toc"]
    for path in others or package.documents:
        source = package.unpacked(path)
        read += len(source)
        if read > DOCUMENTS:
            raise ValueError(f"its documents may have {DOCUMENTS:,} bytes; they have more")
        page = packages.parsed(source)
        pages[path] = html.parsed(html.decoded(source)) if page is None else page
        for drawing in list(pages[path].iter("svg")):
            _as_picture(drawing)
    return pages


def _as_picture(drawing: etree._Element) -> None:
    """A drawing that only holds a picture, as that of a cover often does, is that picture."""
    held = list(drawing.iter("image"))
    if len(held) == 1:
        href = held[0].get("{http://www.w3.org/1999/xlink}href") or held[0].get("xlink:href") or held[0].get("href")
        words = " ".join(filter(None, (_words(one) for one in drawing.iter("title", "desc"))))
        tail = drawing.tail
        drawing.clear()
        drawing.tag, drawing.tail = "img", tail
        drawing.set("src", href or "")
        drawing.set("alt", words)


def _name(package: Package, path: str, href: str) -> str:
    """By what name a place is known to which a link in a document leads; "" for one that is none of the book's."""
    page, _, fragment = href.strip().partition("#")
    if not fragment or "://" in page:
        return ""
    leads = package.found(path, page) if page else path
    return f"{leads}#{fragment}" if leads else ""


# ── chapters


def _chapters(package: Package, pages: dict[str, etree._Element]) -> list[_Chapter]:
    """Where chapters begin; what begins within a document is marked there."""
    by_document = {path: list(found) for path, found in groupby(sorted(package.contents, key=_path), key=_path)}
    chapters: list[_Chapter] = []
    before = True
    for path, page in pages.items():
        entries = by_document.get(path, [])
        is_before = before and _is_before(package, path, page, bool(entries), bool(package.contents))
        if is_before:
            if not chapters:
                chapters.append(_Chapter("", path, before=True))
            continue
        before = False
        cuts = _cuts(entries, page)
        begins = bool(cuts) and cuts[0][1] is None
        if begins or not chapters or not package.contents or (not cuts and chapters[-1].before):
            chapters.append(_Chapter(cuts[0][0].title if begins else "", path))
        for entry, element in cuts:
            if element is not None:
                chapters.append(_Chapter(entry.title, path, f"{path}#{entry.fragment}"))
                element.set(_CUT, chapters[-1].cut)
    return _joined(chapters, pages)


def _path(entry: Entry) -> str:
    return entry.path


def _is_before(package: Package, path: str, page: etree._Element, named: bool, has_contents: bool) -> bool:
    """Whether a document at the beginning is the cover, the title and the like."""
    kinds = {package.kinds.get(path, "")}
    for one in [*page.iter("body"), *page.iter("section")][:3]:
        kinds |= footnotes.types_of(one)
    if kinds & _BEFORE or (has_contents and not named):
        return True
    return bool(_BEFORE_NAMED.search(path.rpartition("/")[2])) and len(_words(page)) < 2_000


def _cuts(entries: list[Entry], page: etree._Element) -> list[tuple[Entry, etree._Element | None]]:
    """With which entries of the contents chapters begin in a document, and at which element: None for its beginning."""
    if not entries:
        return []
    depths = sorted({one.depth for one in entries})
    chosen = [one for one in entries if one.depth == depths[0]]
    if len(chosen) == 1 and len(depths) > 1 and len(_words(page)) > _LONG:
        chosen = [one for one in entries if one.depth <= depths[1]]
    named = {one.get("id") or one.get("name"): one for one in reversed(list(page.iter())) if isinstance(one.tag, str)}
    order = {one: number for number, one in enumerate(page.iter())}
    found: dict[etree._Element | None, Entry] = {}
    for entry in chosen:
        element = _outermost(named[entry.fragment]) if entry.fragment in named else None
        found.setdefault(element, entry)
    return sorted(
        ((entry, one) for one, entry in found.items()), key=lambda cut: -1 if cut[1] is None else order[cut[1]]
    )


def _outermost(element: etree._Element) -> etree._Element | None:
    """The largest that begins where an element begins; None for a document from its beginning."""
    while (around := element.getparent()) is not None:
        before = element.getprevious()
        if (around.text or "").strip() or (before is not None and before.tag != "head"):
            return element
        element = around
    return None


def _joined(chapters: list[_Chapter], pages: dict[str, etree._Element]) -> list[_Chapter]:
    """Chapters, but for pages that only say that a part begins: such a page is the beginning of what comes next."""
    joined: list[_Chapter] = []
    counts = {path: sum(one.path == path for one in chapters) for path in pages}
    opening: _Chapter | None = None
    for chapter in chapters:
        if opening:
            chapter.path, chapter.cut = opening.path, opening.cut
        body = pages[chapter.path]
        is_opening = (
            opening is None
            and bool(chapter.title)
            and not chapter.cut
            and counts[chapter.path] == 1
            and chapter is not chapters[-1]
            and len(_words(body)) <= _SHORT
            and not any(_words(one) for one in body.iter("p", "li", "td", "blockquote", "pre"))
            and not any((one.text or "").strip() for one in body.iter("div", "section", "body"))
        )
        opening = chapter if is_opening else None
        if not opening:
            joined.append(chapter)
    return joined


# ── reading


class _Reading(html.Reading):
    """Reads the documents of a book one after the other, each chapter into a draft of its own."""

    def __init__(self, package: Package, chapters: list[_Chapter]) -> None:
        super().__init__(Drafting(), "", "")
        self.package = package
        self.waiting = {(one.path, one.cut): one for one in chapters}
        self.path = ""
        self._chapter: _Chapter = chapters[0]
        self.label: str | None = None
        """Of the footnote that is being read, the marker that stands before it."""
        self.begun = 0
        self.left: list[tuple[_Chapter, str]] = []
        """Footnotes that have been passed by, and in which chapter."""

    @property
    def chapter(self) -> _Chapter:
        return self._chapter

    @chapter.setter
    def chapter(self, chapter: _Chapter) -> None:
        self.drafting.end_block()
        self._chapter, self.drafting = chapter, chapter.drafting

    def document(self, path: str, page: etree._Element) -> None:
        self.path, self.within, self.tables, self.code = path, [], [], 0
        self.chapter = self.waiting.get((path, ""), self.chapter)
        bodies = list(page.iter("body"))
        self.read(bodies[0] if bodies else page)
        self.drafting.end_block()

    def footnotes(self, notes: dict[str, etree._Element]) -> None:
        """Write each down at the end of the chapters that refer to it; where none does, of the one it stands in."""
        referred = {name for chapter in self.waiting.values() for name in chapter.notes}
        for chapter, name in self.left:
            if name not in referred:
                chapter.notes.setdefault(name, "")
        for chapter in self.waiting.values():
            self.chapter = chapter
            for name, label in chapter.notes.items():
                self.footnote(name, label, notes[name])

    def footnote(self, name: str, label: str, note: etree._Element) -> None:
        """Write a footnote down at the end of the chapter."""
        self.path, self.within, self.tables, self.code = name.partition("#")[0], [], [], 0
        said = re.match(rf"[\[(]?\s*{re.escape(label)}(?!\w)", _words(note))
        self.label, self.begun = f"{label}." if label and not said else "", self.drafting.count
        self.apart()
        self.drafting.name(name)
        self.read(note)
        self.drafting.end_block()
        self.label = None

    def begins(self, element: etree._Element) -> bool:
        if chapter := self.waiting.get((self.path, element.get(_CUT) or "-")):
            self.chapter = chapter
        note = element.get(footnotes.IS_NOTE)
        if note is not None and (self.label is None or not note):
            self.chapter.emptied = True
            self.left += [(self.chapter, note)] if note else []
            return False
        return super().begins(element)

    def apart(self) -> None:
        if self.label is None:
            super().apart()
            return
        self.drafting.end_block()
        self.drafting.begin_block("footnote", marker=self.label if self.drafting.count == self.begun else "")

    def block(self, tag: str, element: etree._Element) -> None:
        if self.label is None or tag in ("table", "pre") or self.in_data or self.code:
            super().block(tag, element)
        else:  # a footnote is flat
            self.apart()

    def place_of(self, element: etree._Element) -> str:
        found = super().place_of(element)
        return f"{self.path}#{found}" if found else ""

    def link_of(self, element: etree._Element) -> tuple[str, str]:
        if (name := element.get(footnotes.REFERS)) and self.label is None:
            self.chapter.notes.setdefault(name, footnotes.label_of(element) or "*")
            return "reference", f"#{name}"
        href = element.get("href") or ""
        name = _name(self.package, self.path, href)
        return "link", f"#{name}" if name else self.address_of(href)

    def source_of(self, picture: etree._Element) -> str:
        return self.package.found(self.path, picture.get("src") or "")


def _written(chapters: list[_Chapter], book: str) -> Iterable[tuple[str, tuple[DraftParagraph, ...]]]:
    """Each chapter's title and paragraphs, but for chapters without a word."""
    for chapter in chapters:
        title = " ".join(chapter.title.split())
        if title:
            chapter.drafting.take_heading(title)
        elif not chapter.before:
            title = chapter.drafting.take_heading()
        paragraphs = chapter.drafting.paragraphs()
        if all(one.says_nothing for one in paragraphs):
            continue
        if chapter.emptied and all(one.kind == "heading" for one in paragraphs):
            continue  # its footnotes stand where they are referred to
        yield (title or book or " ".join(paragraphs[0].text.split())[:120])[:TITLE_LENGTH], paragraphs


def _pictures(package: Package, drafts: Iterable[Draft]) -> dict[str, bytes]:
    """The pictures that are shown, as they were packed, by their paths; what cannot be had leaves its words."""
    found: dict[str, bytes] = {}
    left = PICTURE_BYTES
    for path in dict.fromkeys(one.structure.picture for draft in drafts for one in draft.paragraphs):
        if path and len(found) < PICTURES:
            try:
                found[path] = package.unpacked(path, left)
            except ValueError:
                continue
            left -= len(found[path])
    return found


def _words(element: etree._Element) -> str:
    return " ".join("".join(map(str, element.itertext())).split())
