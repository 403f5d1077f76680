"""Which elements of a book's documents are footnotes, and which links refer to them."""

import re
from collections.abc import Callable, Mapping

from lxml import etree

REFERS = "{postil}refers"
"""The attribute of a link to a footnote: by what name that is known."""
IS_NOTE = "{postil}note"
"""The attribute of a footnote: its name, and of what leads back from it: nothing."""

_NOTES = frozenset("footnote endnote rearnote note doc-footnote doc-endnote".split())
_REFERENCES = frozenset("noteref doc-noteref".split())
_BACK = frozenset("backlink doc-backlink".split())
_TYPE = "{http://www.idpf.org/2007/ops}type"
_BLOCKS = frozenset("aside dd div li p td".split())
_LABEL = re.compile(r"[\[(]?\s*(?:[0-9]{1,4}|[ivxlc]{1,6}|[a-z]|[*†‡§¶]{1,4})\s*[\])]?", re.IGNORECASE)
_LONGEST = 20_000
"""Code points of a note: what is longer is a chapter of its own."""

Leads = Callable[[str, str], str]
"""Gives the name, `path#id`, of what an address leads to in a document."""


def types_of(element: etree._Element) -> frozenset[str]:
    said = element.attrib
    return frozenset(f"{said.get(_TYPE, '')} {said.get('epub:type', '')} {said.get('role', '')}".split())


def label_of(link: etree._Element) -> str:
    """What a reference says, without brackets."""
    return _words(link).strip("[](){}. ")


def mark(pages: Mapping[str, etree._Element], leads: Leads) -> dict[str, etree._Element]:
    """Mark references and footnotes in all documents, by their path; gives the footnotes by their names."""
    return _Marking(pages, leads).marked()


class _Marking:
    def __init__(self, pages: Mapping[str, etree._Element], leads: Leads) -> None:
        self.links = [
            (one, leads(path, one.get("href") or "")) for path, page in pages.items() for one in page.iter("a")
        ]
        self.named: dict[str, etree._Element] = {}
        self.lead_to: dict[etree._Element, list[etree._Element]] = {}
        """By an element, the links to it."""
        self.words: dict[etree._Element, str] = {}
        """Of blocks, what they say: a page may lead to one a thousand times."""
        wanted = {name for _, name in self.links}
        for path, page in pages.items():
            for one in page.iter():
                for id in (one.get("id"), one.get("name") if one.tag == "a" else None):
                    if id and (name := f"{path}#{id}") in wanted:
                        self.named.setdefault(name, one)
        for link, name in self.links:
            if name in self.named:
                self.lead_to.setdefault(self.named[name], []).append(link)

    def marked(self) -> dict[str, etree._Element]:
        notes: dict[str, etree._Element] = {}
        found: dict[etree._Element, str] = {}
        for link, name in self.links:
            if name in self.named and (note := self.note(link, self.named[name])) is not None:
                first = found.setdefault(note, name)
                notes[first] = note
                note.set(IS_NOTE, first)
                link.set(REFERS, first)
        for note in notes.values():
            for link in note.iter("a"):
                if types_of(link) & _BACK or _words(link) in ("↩", "↩︎", "↑", "^", "⤴", "↵"):
                    link.set(IS_NOTE, "")
        return notes

    def note(self, link: etree._Element, target: etree._Element) -> etree._Element | None:
        """The footnote to which a link refers, if it does refer to one."""
        kinds, label = types_of(link), _words(link)
        if kinds & _BACK or any(one.get(IS_NOTE) for one in link.iterancestors()):
            return None
        refers, looks_so = bool(kinds & _REFERENCES), bool(_LABEL.fullmatch(label))
        around = [target, *target.iterancestors()]
        note = next((one for one in around if types_of(one) & _NOTES and one.tag != "section"), None)
        if note is None or not (refers or looks_so):
            note = next((one for one in around if one.tag in _BLOCKS), None)
            if (
                note is None
                or len(self.said(note)) > _LONGEST
                or not (refers or (looks_so and self.leads_back(note, link)))
            ):
                return None
        return None if note in link.iterancestors() else note

    def leads_back(self, block: etree._Element, link: etree._Element) -> bool:
        """Whether a block begins or ends with a link to where another stands, as a footnote does."""
        for near in (link, *link.iterdescendants(), *list(link.iterancestors())[:2]):
            for back in self.lead_to.get(near, ()):
                words = _words(back)
                if words and block in back.iterancestors() and self.said(block).startswith(words):
                    return True
                if words and block in back.iterancestors() and self.said(block).endswith(words):
                    return True
        return False

    def said(self, block: etree._Element) -> str:
        if block not in self.words:
            self.words[block] = _words(block)
        return self.words[block]


def _words(element: etree._Element) -> str:
    return " ".join("".join(map(str, element.itertext())).split())
