"""What of a text stands on in its next revision, and where."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, starmap
from typing import NamedTuple

from app.text.comparing.agreement import Stretch, agreement
from app.text.comparing.matches import Match, matches
from app.text.comparing.moves import moves
from app.text.comparing.words import Words, set_alike, words

_LINE = re.compile("[^\n]+")


class Run(NamedTuple):
    """The old text from `old` to `old_end` is the new one from `new` to `new_end` (code points).

    `exact`: letter for letter. Otherwise it is one word, set in another way (`alike`) or in another case.
    """

    old: int
    old_end: int
    new: int
    new_end: int
    exact: bool = True
    alike: bool = True


@dataclass(frozen=True, slots=True)
class Difference:
    """What two texts have in common: what stands in order, and stretches that have moved, each in order in itself.

    Not `complete` where they are too long, and too unlike or too much alike in themselves, to be compared throughout;
    what was not compared is not in common.
    """

    old: str
    new: str
    kept: list[Run]
    moved: list[list[Run]]
    complete: bool


class _Gap(NamedTuple):
    """What stands between two lines that are kept: code points of the old text and of the new."""

    start: int
    end: int
    start_new: int
    end_new: int


def difference(old: str, new: str) -> Difference:
    """Compare two revisions of a text: lines first, then words between lines that are kept, then what has moved.

    White space does not count, nor what only a typesetter tells apart, nor case. A few words that agree by chance
    where all around them was replaced do not count either. Near linear in the length of the texts.
    """
    if old == new:
        return Difference(old, new, [Run(0, len(old), 0, len(new))], [], True)
    runs, gaps, complete = _lines(old, new)
    before = words(old, [(gap.start, gap.end) for gap in gaps])
    after = words(new, [(gap.start_new, gap.end_new) for gap in gaps])
    kept: list[Match] = []
    gone: list[Stretch] = []
    come: list[Stretch] = []
    for gap in gaps:
        stretch, stretch_new = before.within(gap.start, gap.end), after.within(gap.start_new, gap.end_new)
        part = agreement(before, after, stretch, stretch_new)
        complete = complete and part.complete
        kept += part.found
        gone += _between(stretch, ((match.old, match.length) for match in part.found))
        come += _between(stretch_new, ((match.new, match.length) for match in part.found))
    moved = [_joined(old, new, _runs(before, after, piece)) for piece in moves(before, after, gone, come)]
    return Difference(old, new, _joined(old, new, sorted(chain(runs, _runs(before, after, kept)))), moved, complete)


def _between(stretch: Stretch, taken: Iterable[tuple[int, int]]) -> Iterator[Stretch]:
    """What is left of a stretch without what is taken of it: where that starts, and its length, in order."""
    start, end = stretch
    for at, length in taken:
        if start < at:
            yield start, at
        start = at + length
    if start < end:
        yield start, end


def _lines(old: str, new: str) -> tuple[list[Run], list[_Gap], bool]:
    """Lines that stand in both texts, in order, and what is between them."""
    before, after = ([found.span() for found in _LINE.finditer(text)] for text in (old, new))
    found = matches([old[start:end] for start, end in before], [new[start:end] for start, end in after])
    runs: list[Run] = []
    gaps: list[_Gap] = []
    at = at_new = 0
    for match in [*found.found, Match(len(before), len(after), 0)]:
        gone, come = before[at : match.old], after[at_new : match.new]
        if gone or come:
            gaps.append(
                _Gap(*(gone[0][0], gone[-1][1]) if gone else (0, 0), *(come[0][0], come[-1][1]) if come else (0, 0))
            )
        at, at_new = match.old + match.length, match.new + match.length
        runs += starmap(_same, zip(before[match.old : at], after[match.new : at_new], strict=True))
    return runs, gaps, found.complete


def _same(line: tuple[int, int], line_new: tuple[int, int]) -> Run:
    return Run(*line, *line_new)


def _runs(before: Words, after: Words, kept: Iterable[Match]) -> Iterator[Run]:
    for old, new, length in kept:
        start, end = before.starts[old], before.ends[old + length - 1]
        start_new, end_new = after.starts[new], after.ends[new + length - 1]
        if before.text[start:end] == after.text[start_new:end_new]:
            yield Run(start, end, start_new, end_new)
            continue
        for at, at_new in zip(range(old, old + length), range(new, new + length), strict=True):
            start, end = before.starts[at], before.ends[at]
            start_new, end_new = after.starts[at_new], after.ends[at_new]
            word, word_new = before.text[start:end], after.text[start_new:end_new]
            exact = word == word_new
            yield Run(start, end, start_new, end_new, exact, exact or set_alike(word) == set_alike(word_new))


def _joined(old: str, new: str, runs: Iterable[Run]) -> list[Run]:
    """Exact runs made one where what is between them is the same."""
    joined: list[Run] = []
    for run in runs:
        last = joined[-1] if joined else None
        if (
            last
            and run.exact
            and last.exact
            and run.old - last.old_end == run.new - last.new_end
            and old[last.old_end : run.old] == new[last.new_end : run.new]
        ):
            joined[-1] = Run(last.old, run.old_end, last.new, run.new_end)
        else:
            joined.append(run)
    return joined
