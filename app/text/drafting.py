"""Write a draft down as its source is read from front to back: words, what lies over them, what they stand in."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from app.text.drafts import UNDESCRIBED, DraftParagraph, printable
from app.text.spans import Span
from app.text.structures import DEEPEST, Inline, Structure, is_safe

BULLET = "•"

_SPACES = re.compile(r"[ \t\n\f]+")


@dataclass(slots=True)
class _List:
    number: int | None
    """Of its next item; None where items have no numbers."""
    fresh: bool = True
    marker: str = ""
    """Of the item that has begun and has no words yet."""


@dataclass(slots=True)
class _Stretch:
    """What lies over a block from one place in it to another (code points)."""

    kind: str
    target: str
    start: int
    end: int = 0
    times: int = 1
    """How often it has begun and not ended."""


@dataclass(slots=True)
class _Block:
    kind: str = "p"
    level: int = 0
    marker: str = ""
    parts: list[str] = field(default_factory=list)
    length: int = 0
    spaced: bool = True
    """Whether white space that comes next counts for nothing."""
    laid: list[_Stretch] = field(default_factory=list)
    lines: int = 0
    head: int = 0
    depth: int = 0
    fresh: bool = False
    quoted: int = 0
    picture: str = ""

    def add(self, words: str) -> None:
        self.parts.append(words)
        self.length += len(words)
        self.spaced = words[-1] in " \n\t"


class Drafting:
    """A draft in the making. What makes no sense, such as an end without a beginning, does nothing.

    White space within words is made one space, but in code. Words outside of any block are a paragraph.
    """

    def __init__(self) -> None:
        self._block = _Block()
        self._done: list[_Block] = []
        self._over: dict[str, _Stretch] = {}
        self._lists: list[_List] = []
        self._unsaid: list[_List] = []
        self._quotations = 0
        self._names: dict[str, int] = {}
        self._waiting: list[str] = []

    @property
    def count(self) -> int:
        """How many blocks have ended."""
        return len(self._done)

    # ── words, and what lies over them

    def words(self, found: str) -> None:
        """Words, and the white space between them."""
        block = self._block
        plain = printable(found)
        if block.kind != "code":
            plain = _SPACES.sub(" ", plain)
            plain = plain.removeprefix(" ") if block.spaced else plain
        if plain:
            block.add(plain)

    def exactly(self, found: str) -> None:
        """Words in which all white space counts."""
        if plain := printable(found):
            self._block.add(plain)

    def line_break(self) -> None:
        """A new line in the same block; the second on end begins another. In a table a space: its lines are rows."""
        block = self._block
        if block.kind == "table":
            self.words(" ")
        elif block.kind == "p" and block.parts and block.parts[-1] == "\n":
            self.end_block()
        elif block.length:
            self._separate("\n")

    def begin(self, kind: str, target: str = "") -> None:
        """From here on words are of this kind. A link in a link, or to what is not safe, is none.

        `#name` leads to what `name` has named, before or after.
        """
        target = target.strip()
        if not (target.startswith("#") or is_safe(target)):
            target = ""
        if kind in self._over:
            self._over[kind].times += 1
        else:
            self._over[kind] = _Stretch(kind, target, self._block.length)

    def end(self, kind: str) -> None:
        """Words are of this kind no more."""
        if stretch := self._over.get(kind):
            stretch.times -= 1
            if not stretch.times:
                self._lay(self._over.pop(kind))

    def _lay(self, stretch: _Stretch) -> None:
        if stretch.start < self._block.length:
            self._block.laid.append(_Stretch(stretch.kind, stretch.target, stretch.start, self._block.length))

    # ── blocks

    def begin_block(self, kind: str, level: int = 0, marker: str = "") -> None:
        """What comes next is a block of this kind; `level` is a heading's, `marker` stands before a footnote."""
        self.end_block()
        self._block = _Block(kind, level, marker, spaced=kind != "code")

    def picture(self, words: str, source: str = "") -> None:
        """A picture: the words that describe it, if there are any, and what its source is called."""
        self.begin_block("picture")
        self._block.picture = source
        self.words(words if words.strip() or not source else UNDESCRIBED)
        self.end_block()

    def end_block(self) -> None:
        """What has come since the last block ended is a block, if there is a word in it."""
        for stretch in self._over.values():
            self._lay(stretch)
            stretch.start = 0
        block, self._block = self._block, _Block()
        if not any(part.strip() for part in block.parts):
            return
        block.depth = min(len(self._lists), DEEPEST)
        block.quoted = min(self._quotations, DEEPEST)
        if self._lists:
            block.marker = block.marker or self._lists[-1].marker
            block.fresh = self._lists[-1].fresh
        for one in self._unsaid:
            one.fresh, one.marker = False, ""
        self._unsaid.clear()
        self._named(len(self._done))
        self._done.append(block)

    def begin_list(self, number: int | None = None) -> None:
        """A list, its items counted from `number` on, if that is said."""
        self.end_block()
        self._lists.append(_List(number))
        self._unsaid.append(self._lists[-1])

    def begin_item(self, number: int | None = None, marker: str = BULLET) -> None:
        """An item of the innermost list; `number` is its own, else it is the next."""
        self.end_block()
        if self._lists:
            innermost = self._lists[-1]
            if innermost.number is not None:
                innermost.number = innermost.number if number is None else number
                marker = f"{innermost.number}."
                innermost.number += 1
            innermost.marker = marker
            self._unsaid.append(innermost)

    def end_list(self) -> None:
        self.end_block()
        if self._lists:
            self._lists.pop()

    def begin_quotation(self) -> None:
        self.end_block()
        self._quotations += 1

    def end_quotation(self) -> None:
        self.end_block()
        self._quotations = max(0, self._quotations - 1)

    # ── a table is a block with tabs between its cells and line ends between its lines

    def begin_line(self, head: bool = False) -> None:
        """A line of the table that has begun; headings count where no other line stands above them."""
        block = self._block
        if block.lines:
            self._separate("\n")
        if head and block.head == block.lines:
            block.head += 1
        block.lines += 1

    def next_cell(self) -> None:
        """The cell before has ended."""
        self._separate("\t")

    def _separate(self, separator: str) -> None:
        block = self._block
        if block.parts and block.parts[-1].endswith(" "):
            block.parts[-1] = block.parts[-1][:-1]
            block.length -= 1
        block.add(separator)

    # ── places

    def name(self, name: str) -> None:
        """The block in which one is, or the next, can be led to by this name."""
        if name:
            self._waiting.append(name)

    def _named(self, number: int) -> None:
        for name in self._waiting:
            self._names.setdefault(name, number)
        self._waiting.clear()

    # ── the end

    def take_heading(self, words: str = "") -> str:
        """The words of the first block, which goes: if it is a heading, and says these words where some are given."""
        self.end_block()
        if not self._done or self._done[0].kind != "heading":
            return ""
        found = _kept("".join(self._done[0].parts), "heading")[0]
        if words not in ("", found) or len(self._done) == 1:
            return ""
        del self._done[0]
        self._names = {name: max(0, number - 1) for name, number in self._names.items()}
        return found

    def paragraphs(self) -> tuple[DraftParagraph, ...]:
        """All blocks: no heading more than a level below the one before, no link within that leads nowhere."""
        self.end_block()
        self._named(max(0, len(self._done) - 1))
        levels = _levels(block.level for block in self._done)
        return tuple(self._paragraph(block, level) for block, level in zip(self._done, levels, strict=True))

    def _paragraph(self, block: _Block, level: int) -> DraftParagraph:
        text = "".join(block.parts)
        kept, left = _kept(text, block.kind)
        kind, quoted = block.kind, block.quoted
        if kind == "p" and quoted:
            kind, quoted = "quotation", quoted - 1
        return DraftParagraph(
            kept,
            kind,
            Structure(
                tuple(self._inline(block.laid, left, len(kept))),
                level,
                block.depth,
                block.marker,
                block.fresh,
                quoted,
                block.head,
                block.picture,
            ),
        )

    def _inline(self, laid: Iterable[_Stretch], left: int, length: int) -> Iterator[Inline]:
        for one in laid:
            start, end = max(one.start - left, 0), min(one.end - left, length)
            target = one.target
            if target.startswith("#"):
                number = self._names.get(target[1:])
                target = "" if number is None else f"#{number + 1}"
            if start < end and (target or one.kind not in ("link", "reference")):
                yield Inline(Span(start, end), one.kind, target)


def _kept(text: str, kind: str) -> tuple[str, int]:
    """What is kept of a block, and how many code points before it are not."""
    match kind:
        case "table":  # its first cell, or its last, may be empty
            return text.rstrip(" "), 0
        case "code":  # what its first line is indented by belongs to it
            left = re.match(r"(?:[^\S\n]*\n)*", text)
            return text.rstrip()[left.end() if left else 0 :], left.end() if left else 0
        case _:
            return text.strip(), len(text) - len(text.lstrip())


def _levels(found: Iterable[int]) -> Iterator[int]:
    """Levels of headings without gaps: none is more than one below the one before. 0 is no heading."""
    above: list[int] = []
    for level in found:
        if level:
            while above and above[-1] >= level:
                above.pop()
            above.append(level)
        yield len(above) if level else 0
