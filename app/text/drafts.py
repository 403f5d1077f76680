"""An article before it is published: what every import gives, whatever it came from."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from app.text.notes import Colour
from app.text.sentences import WINDOW, sentences
from app.text.spans import Span
from app.text.structures import PLAIN, Structure, cells, lines

JOINT = "\n\n"
"""What stands between two paragraphs of a text."""

UNDESCRIBED = "Picture"
"""The words of a picture that nobody has described: nothing of it is left where the picture itself is not to be had."""

# What HTML would drop or change in a text on its way to the reader: the offsets would no longer agree.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


# Chinese and Japanese stand without spaces between their words, which have about two characters each.
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_UNSPACED_SIGNS = re.compile(r"[\u3000-\u303f\uff00-\uffef]")


def words_in(text: str) -> int:
    """How many words a text has, about."""
    unspaced = len(_UNSPACED.findall(text))
    if not unspaced:
        return len(text.split())
    return (unspaced + 1) // 2 + len(_UNSPACED_SIGNS.sub(" ", _UNSPACED.sub(" ", text)).split())


@dataclass(frozen=True, slots=True)
class DraftParagraph:
    """One paragraph: its words, what kind of block it is, and what lies over the words.

    Kinds are `p`, `heading`, `quotation`, `code`, `table` (tabs between its cells, line ends between its lines),
    `picture` (the words that describe it), `caption` and `footnote`. ValueError where a stretch lies beside them.
    """

    text: str
    kind: str = "p"
    structure: Structure = PLAIN

    def __post_init__(self) -> None:
        if any(one.span.end > len(self.text) for one in self.structure.inline):
            raise ValueError("mark-up lies beside the words of its paragraph")

    @property
    def says_nothing(self) -> bool:
        """Whether it is there for a picture alone."""
        return self.kind == "picture" and self.text == UNDESCRIBED

    def sentences(self, language: str) -> list[Span]:
        """Where its sentences stand in it: those of each cell of a table, the lines of code."""
        if self.kind == "table":
            stretches = [cell for line in cells(self.text) for cell in line]
        elif self.kind == "code":
            stretches = lines(self.text)
        else:
            stretches = [Span(0, len(self.text))]
        found: list[Span] = []
        for stretch in stretches:
            words = stretch.of(self.text)
            if self.kind == "code" and len(words) <= WINDOW:
                left = stretch.start + len(words) - len(words.lstrip())
                found += [Span(left, left + len(words.strip()))] if words.strip() else []
            else:
                found += [one.shifted(stretch.start) for one in sentences(words, language)]
        return found


@dataclass(frozen=True, slots=True)
class DraftPicture:
    """A picture as we have encoded it; width and height in pixels."""

    content: bytes
    media_type: str
    width: int
    height: int


@dataclass(frozen=True)
class Draft:
    """Everything needed to publish. Paragraphs are never empty and hold only what HTML keeps as it is."""

    title: str
    paragraphs: tuple[DraftParagraph, ...]
    slug: str = ""
    source: str = ""
    author: str = ""
    language: str = ""
    pictures: Mapping[str, DraftPicture] = field(default_factory=dict, repr=False)
    """By the names that paragraphs of kind `picture` have for them."""
    published_on: date | None = None
    """When it was published where it comes from."""
    cut: tuple[tuple[Span, ...], ...] | None = field(default=None, repr=False, compare=False)
    """Its sentences, where they have been cut already; None says that they have not, in this language."""

    @property
    def text(self) -> str:
        return JOINT.join(paragraph.text for paragraph in self.paragraphs)

    @property
    def spans(self) -> list[Span]:
        """Where each paragraph stands in the text, in code points."""
        spans = []
        start = 0
        for paragraph in self.paragraphs:
            spans.append(Span(start, start + len(paragraph.text)))
            start += len(paragraph.text) + len(JOINT)
        return spans

    @cached_property
    def sentences(self) -> list[list[Span]]:
        """Where each paragraph's sentences stand in the text, in code points. To cut a long text takes a while."""
        if self.cut is not None:
            return [list(found) for found in self.cut]
        return [
            [found.shifted(span.start) for found in paragraph.sentences(self.language)]
            for paragraph, span in zip(self.paragraphs, self.spans, strict=True)
        ]


def printable(words: str) -> str:
    """Words with line ends and odd characters made plain."""
    return _UNPRINTABLE.sub("", words.replace("\r\n", "\n").replace("\r", "\n"))


def paragraph(words: str, kind: str = "p") -> DraftParagraph | None:
    """A paragraph from words as found: line ends and odd characters made plain, or None if nothing is left."""
    plain = printable(words).strip()
    return DraftParagraph(plain, kind) if plain else None


@dataclass(frozen=True)
class Work:
    """What one source gives: an article, or the chapters of a book in their order, and the pictures that they show."""

    title: str
    drafts: tuple[Draft, ...]
    author: str = ""
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    """As they were found, by the name that the paragraphs call them by."""


@dataclass(frozen=True, slots=True)
class SampleNote:
    """A first note that a seed article brings along: the words it is about, and what it says."""

    exact: str
    note: str
    colour: Colour = "yellow"
    prefix: str = ""
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Seed:
    """An article that Postil ships with."""

    draft: Draft
    reader: str = ""
    notes: tuple[SampleNote, ...] = field(default=())
