"""Which stretches of words stand elsewhere in the next revision of a text."""

from bisect import bisect_right
from collections.abc import Iterator
from operator import itemgetter

from app.text.comparing.agreement import Stretch, agreement
from app.text.comparing.matches import Match, singles
from app.text.comparing.words import Words

SOUGHT, LETTERS = 4, 24
"""Words in a row that are looked for elsewhere, and letters that must be found there together."""

REACH = 12
"""Words around those found elsewhere that are compared with what stands around them there."""


def moves(before: Words, after: Words, gone: list[Stretch], come: list[Stretch]) -> list[list[Match]]:
    """Find what stood once in the stretches that are gone and stands once in those that have come, in old order.

    Each stretch that has moved is some matches in order: it may have been changed on the way.
    """
    free = bytearray(b"\1") * len(after)
    pieces = list(_pieces(list(_seeds(before, after, gone, come, free)), gone, come, free))
    moved = []
    done = 0
    for number, piece in enumerate(pieces, 1):
        limits = done, pieces[number][0].old if number < len(pieces) else len(before)
        old, new = _around(before, after, piece, gone, come, free, limits)
        found = agreement(before, after, old, new).found
        if sum(before.letters(one.old, one.old + one.length) for one in found) >= LETTERS:
            for one in found:
                free[one.new : one.new + one.length] = bytes(one.length)
            done = found[-1].old + found[-1].length
            moved.append(found)
    return moved


def _seeds(before: Words, after: Words, gone: list[Stretch], come: list[Stretch], free: bytearray) -> Iterator[Match]:
    """Runs of words that both sides have once, as long as they go, in old order; none takes words that are not free."""
    there = singles(after.folded, come, SOUGHT)
    done = 0
    for row, at in singles(before.folded, gone, SOUGHT).items():
        place = there.get(row, -1)
        if at < done or place < 0 or not free[place]:
            continue
        end, end_new = _holding(gone, at)[1], _holding(come, place)[1]
        length = 0
        while (
            at + length < end
            and place + length < end_new
            and free[place + length]
            and before.folded[at + length] == after.folded[place + length]
        ):
            length += 1
        if length >= SOUGHT:
            free[place : place + length] = bytes(length)
            done = at + length
            yield Match(at, place, length)


def _holding(stretches: list[Stretch], at: int) -> Stretch:
    return stretches[bisect_right(stretches, at, key=itemgetter(0)) - 1]


def _pieces(seeds: list[Match], gone: list[Stretch], come: list[Stretch], free: bytearray) -> Iterator[list[Match]]:
    """Seeds in the same stretches, in order, with little and no other between them: parts of one that was changed."""
    piece: list[Match] = []
    for seed in seeds:
        if piece:
            last = piece[-1]
            between, between_new = seed.old - last.old - last.length, seed.new - last.new - last.length
            if not (
                between <= REACH
                and 0 <= between_new <= REACH
                and all(free[last.new + last.length : seed.new])
                and _holding(gone, last.old) == _holding(gone, seed.old)
                and _holding(come, last.new) == _holding(come, seed.new)
            ):
                yield piece
                piece = []
        piece.append(seed)
    if piece:
        yield piece


def _around(
    before: Words,
    after: Words,
    piece: list[Match],
    gone: list[Stretch],
    come: list[Stretch],
    free: bytearray,
    limits: tuple[int, int],
) -> tuple[Stretch, Stretch]:
    """A piece and what is around it in its lines, on both sides, as far as no other piece has it."""
    first, last = piece[0], piece[-1]
    (least, most), (least_new, most_new) = _holding(gone, first.old), _holding(come, first.new)
    start, end = first.old, last.old + last.length
    start_new, end_new = first.new, last.new + last.length
    while start > max(least, limits[0], first.old - REACH) and before.opens(start) < 3:
        start -= 1
    while end < min(most, limits[1], last.old + last.length + REACH) and before.opens(end) < 3:
        end += 1
    while start_new > max(least_new, first.new - REACH) and free[start_new - 1] and after.opens(start_new) < 3:
        start_new -= 1
    while end_new < min(most_new, last.new + last.length + REACH) and free[end_new] and after.opens(end_new) < 3:
        end_new += 1
    return (start, end), (start_new, end_new)
