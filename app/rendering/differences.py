"""What has changed between two texts, paragraph by paragraph, as one reads it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from app.text.comparing.differences import Difference
from app.text.drafts import JOINT

AROUND = 1
"""How many paragraphs without a change are shown before a changed one and after it."""

MOST = 20_000
"""How many parts are shown: more nobody reads, and no browser likes."""

MARK = "¶"
"""Where paragraphs were one before, or have become one."""

Change = Literal["", "del", "ins"]


class Part(NamedTuple):
    """Words that stand in both texts, or with how they have changed: the element that says so."""

    words: str
    change: Change


@dataclass(slots=True)
class Line:
    """A paragraph of both texts together; or how many are left out where nothing has changed, or at the end, where
    it would be too much.
    """

    parts: list[Part] = field(default_factory=list)
    folded: int = 0
    left_out: int = 0

    @property
    def is_changed(self) -> bool:
        return any(part.change for part in self.parts)


def differences(found: Difference) -> list[Line]:
    """Both texts laid over one another: what has changed, with a paragraph around it, the rest folded.

    Gives nothing where the texts are the same. What has moved is gone in one place and has come in another.
    """
    lines = list(_lines(found))
    shown = {
        near
        for number, line in enumerate(lines)
        if line.is_changed
        for near in range(number - AROUND, number + AROUND + 1)
    }
    made: list[Line] = []
    for number, line in enumerate(lines):
        if number in shown:
            made.append(line)
        elif made and made[-1].folded:
            made[-1].folded += 1
        else:
            made.append(Line(folded=1))
    return list(_at_most(made)) if shown else []


def _at_most(lines: Sequence[Line]) -> Iterator[Line]:
    left = MOST
    for number, line in enumerate(lines):
        if len(line.parts) > left:
            yield Line(line.parts[:left])
            yield Line(left_out=sum(one.is_changed for one in lines[number:]))
            return
        left -= len(line.parts)
        yield line


def _lines(found: Difference) -> Iterator[Line]:
    line = Line()
    for words, change in _changes(found):
        for number, part in enumerate(words.split(JOINT)):
            if number:
                yield line
                line = Line()
            if part:
                line.parts.append(Part(part, change))
    yield line


def _changes(found: Difference) -> Iterator[Part]:
    """From front to back: what stands in both and what is gone are the old text, and with what has come the new."""
    at = at_new = 0
    for run in [*found.kept, None]:
        end, end_new = (run.old, run.new) if run else (len(found.old), len(found.new))
        yield from _between(found.old[at:end], found.new[at_new:end_new])
        if run:
            yield from _between(found.old[run.old : run.old_end], found.new[run.new : run.new_end])
            at, at_new = run.old_end, run.new_end


def _between(old: str, new: str) -> Iterator[Part]:
    if old == new:
        yield from [Part(old, "")] if old else []
        return
    if not (old + new).strip():
        # White space alone: of that one sees whether it parts paragraphs.
        if JOINT in new and JOINT not in old:
            yield Part(MARK + JOINT, "ins")
        elif JOINT in old and JOINT not in new:
            yield Part(MARK, "del")
        if JOINT in old or JOINT not in new:
            yield Part(new, "")
        return
    # What both begin or end with, such as a space or the end of a paragraph, has not changed.
    start = _common(old, new)
    end = _common(old[start:][::-1], new[start:][::-1])
    for words, change in (
        (old[:start], ""),
        (old[start : len(old) - end], "del"),
        (new[start : len(new) - end], "ins"),
        (old[len(old) - end :], ""),
    ):
        if words:
            yield Part(words, change)  # type: ignore[arg-type]


def _common(one: str, other: str) -> int:
    """How much white space both begin with, in code points."""
    at = 0
    while at < min(len(one), len(other)) and one[at] == other[at] and one[at].isspace():
        at += 1
    return at
