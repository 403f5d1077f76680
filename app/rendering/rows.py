"""What a row is made of: a paragraph as it is shown, its sentences and their pieces, its shape, the notes beside it."""

from dataclasses import dataclass, field
from typing import NamedTuple

from app.rendering.crowds import Crowd
from app.rendering.notes import Note
from app.text.languages import Writing

Style = tuple[str, tuple[str, ...]]
"""Where a piece leads (or ""), and the elements around its words."""


@dataclass(slots=True)
class Mark:
    """How a piece looks that something covers: the ids of its annotations, the topmost of them, its classes."""

    ids: str
    topmost: int | None
    look: str
    begins: str = ""
    """The CSS anchor names of the notes whose passage begins here."""
    numbers: str = ""
    """The numbers of the notes whose passage, as far as it stands in the row of its note, ends here."""
    first: bool = False
    """Whether the passage that the page points at begins here."""


@dataclass(slots=True)
class Sentence:
    """A sentence, or what stands between two (then `start` is None): its pieces, each with mark and style or None."""

    start: int | None
    pieces: list[tuple[str, Mark | None, Style | None]]
    writing: Writing | None = None
    """How it is written, where that is otherwise than its paragraph."""
    crowd: Crowd | None = None
    popular: int = 0
    """How many readers have marked it, where they are several and that is asked for."""

    @property
    def anchors(self) -> str:
        """The CSS anchor names of what stands beside it as a whole."""
        names = [self.crowd.anchor] if self.crowd else []
        return ", ".join([*names, f"--s{self.start}"] if self.popular else names)


class Shown(NamedTuple):
    """A picture on the page: its address, its size in pixels, the words that describe it."""

    path: str
    width: int
    height: int
    words: str


@dataclass(slots=True)
class Shape:
    """What else is to be said of a block: its classes, what stands before it, the lists and items around it."""

    look: str
    marker: str
    depth: int
    fresh: bool
    table: list[list[list[Sentence]]]
    """Of a table, the sentences of each cell, line by line."""
    head: int
    """How many lines of the table are headings."""
    picture: Shown | None = None
    opens: list[str] = field(default_factory=list)
    """The roles of what is opened before it."""
    closes: int = 0
    """How many of what is open end with it."""

    @property
    def is_caption(self) -> bool:
        return self.look.startswith("caption")


@dataclass(slots=True)
class Row:
    """A paragraph and the notes beside it: the unit that is shown and swapped."""

    number: int
    start: int
    end: int
    tag: str
    writing: Writing
    sentences: list[Sentence]
    notes: list[Note]
    density: str
    """How the notes fold: `roomy` not at all but at four lines, `stubs` to a line, `crowd` behind their number."""
    shape: Shape | None = None
    """What else is to be said of the block, if anything."""

    @property
    def beside(self) -> list[tuple[Sentence | None, list[Note]]]:
        """The margin from top to bottom: notes, led by the sentence where that has a crowd or is popular."""
        led = [sentence for sentence in self.sentences if sentence.crowd or sentence.popular]
        if not led:
            return [(None, self.notes)]
        bounds = [(one.start or 0) for one in led]
        parts: list[tuple[Sentence | None, list[Note]]] = [
            (None, [note for note in self.notes if note.start < bounds[0]]),
        ]
        for sentence, start, end in zip(led, bounds, [*bounds[1:], self.end + 1], strict=True):
            parts.append((sentence, [note for note in self.notes if start <= note.start < end]))
        return parts

    @property
    def count(self) -> int:
        """How many annotations begin here, in sight or not."""
        return len(self.notes) + sum(one.crowd.waiting for one in self.sentences if one.crowd)
