"""Find what two sequences have in common, in order, in time that is bounded whatever they hold."""

from bisect import bisect_left
from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import NamedTuple

from rapidfuzz.distance import Indel

AT_ONCE = 2_000 * 2_000
"""Pairs compared at once: time and memory grow with them. Beyond, what is unique cuts first, if there is any."""

AT_MOST = 16_000 * 16_000
"""Pairs compared at once where nothing is unique: 32 MB, some hundredths of a second. Beyond, nothing is in common."""

ROUNDS = 16
"""How often, on average, a member may be looked at for what is unique around it."""

IN_A_ROW = (1, 4, 12)
"""How many members in a row are tried for being unique, in turn: few are where there are few kinds of them."""


class Match(NamedTuple):
    """As many members in a row, from `old` in the one sequence and from `new` in the other, are equal."""

    old: int
    new: int
    length: int


class Matches(NamedTuple):
    """What two sequences have in common, in order, and whether all of them was compared."""

    found: list[Match]
    complete: bool


class _Pair(NamedTuple):
    """Two stretches that are to be compared."""

    old: int
    old_end: int
    new: int
    new_end: int

    @property
    def length(self) -> int:
        return self.old_end - self.old + self.new_end - self.new

    @property
    def size(self) -> int:
        return (self.old_end - self.old) * (self.new_end - self.new)


def matches(old: Sequence[Hashable], new: Sequence[Hashable]) -> Matches:
    """Find a longest common subsequence, or nearly one: what stands once on both sides holds two long ones together.

    Where two long stretches have nothing that stands once, they are taken to have nothing in common.
    """
    found: list[Match] = []
    complete = True
    looks = ROUNDS * (len(old) + len(new))
    waiting = [_Pair(0, len(old), 0, len(new))]
    while waiting:
        pair = waiting.pop()
        if pair.size <= AT_ONCE:
            found += _compared(old, new, pair)
            continue
        same, inner = _trimmed(old, new, pair)
        found += same
        if inner.size <= AT_ONCE:
            found += _compared(old, new, inner)
        elif set(old[inner.old : inner.old_end]).isdisjoint(new[inner.new : inner.new_end]):
            continue
        elif (looks := looks - inner.length) > 0 and (anchors := _anchors(old, new, inner)):
            found += anchors
            waiting += _between(anchors, inner)
        elif inner.size <= AT_MOST:
            found += _compared(old, new, inner)
        else:
            complete = False
    return Matches(_joined(sorted(found)), complete)


def _compared(old: Sequence[Hashable], new: Sequence[Hashable], pair: _Pair) -> Iterator[Match]:
    if not pair.size:
        return
    codes: dict[Hashable, int] = {}
    blocks = Indel.opcodes(
        [codes.setdefault(one, len(codes)) for one in old[pair.old : pair.old_end]],
        [codes.setdefault(one, len(codes)) for one in new[pair.new : pair.new_end]],
    ).as_matching_blocks()
    for block in blocks:
        if block.size:
            yield Match(pair.old + block.a, pair.new + block.b, block.size)


def _trimmed(old: Sequence[Hashable], new: Sequence[Hashable], pair: _Pair) -> tuple[list[Match], _Pair]:
    """What two stretches begin and end with alike, and what is left between."""
    start, start_new, end, end_new = pair.old, pair.new, pair.old_end, pair.new_end
    while start < end and start_new < end_new and old[start] == new[start_new]:
        start += 1
        start_new += 1
    while start < end and start_new < end_new and old[end - 1] == new[end_new - 1]:
        end -= 1
        end_new -= 1
    same = [Match(pair.old, pair.new, start - pair.old), Match(end, end_new, pair.old_end - end)]
    return [one for one in same if one.length], _Pair(start, end, start_new, end_new)


def _anchors(old: Sequence[Hashable], new: Sequence[Hashable], pair: _Pair) -> list[Match]:
    """What stands once in both stretches, as much of it as is in the same order."""
    for length in IN_A_ROW:
        there = singles(new, [(pair.new, pair.new_end)], length)
        both = [
            (at, there[row])
            for row, at in singles(old, [(pair.old, pair.old_end)], length).items()
            if row in there and old[at] == new[there[row]]
        ]
        if both:
            return [Match(at, place, 1) for at, place in _rising(both)]
    return []


def singles(sequence: Sequence[Hashable], stretches: Iterable[tuple[int, int]], length: int) -> dict[int, int]:
    """Where rows of so many members begin that stand once in some stretches, in order, by the hash of the row.

    The rows themselves would fill the memory. Two that are not equal may have the same hash: compare before use.
    """
    places: dict[int, int] = {}
    for start, end in stretches:
        rows = zip(*(sequence[start + skip : end] for skip in range(length)), strict=False)
        for at, row in enumerate(map(hash, rows), start):
            places[row] = -1 if row in places else at
    return {row: at for row, at in places.items() if at >= 0}


def _rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The most pairs whose second parts rise; the first parts do already."""
    lowest: list[int] = []
    ends: list[int] = []
    previous: list[int] = []
    for number, (_, second) in enumerate(pairs):
        at = bisect_left(lowest, second)
        previous.append(ends[at - 1] if at else -1)
        lowest[at : at + 1] = [second]
        ends[at : at + 1] = [number]
    kept = []
    number = ends[-1]
    while number >= 0:
        kept.append(pairs[number])
        number = previous[number]
    return kept[::-1]


def _between(anchors: list[Match], pair: _Pair) -> Iterator[_Pair]:
    old, new = pair.old, pair.new
    for anchor in anchors:
        yield _Pair(old, anchor.old, new, anchor.new)
        old, new = anchor.old + 1, anchor.new + 1
    yield _Pair(old, pair.old_end, new, pair.new_end)


def _joined(found: list[Match]) -> list[Match]:
    joined: list[Match] = []
    for match in found:
        last = joined[-1] if joined else Match(-1, -1, 0)
        if last.old + last.length == match.old and last.new + last.length == match.new:
            joined[-1] = last._replace(length=last.length + match.length)
        else:
            joined.append(match)
    return joined
