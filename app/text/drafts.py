"""An article before it is published: what every import gives, whatever it came from."""

import re
from dataclasses import dataclass, field
from functools import cached_property

from app.text.notes import Colour
from app.text.sentences import sentences
from app.text.spans import Span

JOINT = "\n\n"
"""What stands between two paragraphs of a text."""

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
    """One paragraph: what kind of block it is, and its words."""

    text: str
    kind: str = "p"


@dataclass(frozen=True)
class Draft:
    """Everything needed to publish. Paragraphs are never empty and hold only what HTML keeps as it is."""

    title: str
    paragraphs: tuple[DraftParagraph, ...]
    slug: str = ""
    source: str = ""
    author: str = ""
    language: str = ""

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
        return [
            [found.shifted(span.start) for found in sentences(paragraph.text, self.language)]
            for paragraph, span in zip(self.paragraphs, self.spans, strict=True)
        ]


def paragraph(words: str, kind: str = "p") -> DraftParagraph | None:
    """A paragraph from words as found: line ends and odd characters made plain, or None if nothing is left."""
    plain = _UNPRINTABLE.sub("", words.replace("\r\n", "\n").replace("\r", "\n")).strip()
    return DraftParagraph(plain, kind) if plain else None


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
