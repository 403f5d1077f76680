"""Which words of two stretches of text agree, in order, and not by chance."""

from typing import TypeAlias

from app.text.comparing.matches import Match, Matches, matches
from app.text.comparing.words import Words

SURE_WORDS, SURE_LETTERS = 3, 10
"""Words in a row, and letters in them, that do not agree by chance where all around them was replaced."""

NEAR = 6
"""Words from what is sure within which a few that agree are believed too."""

ALIKE, SHORT = 0.5, 60
"""Of short stretches (in words) that agree by this share, every word that agrees is believed."""

SLIDE = 100
"""Words by which the place of what was added or taken out may be shifted."""

Stretch: TypeAlias = tuple[int, int]
"""Some words: the first, and the first behind them."""


def agreement(before: Words, after: Words, old: Stretch, new: Stretch) -> Matches:
    """Words of `old` that stand in `new` in the same order, without those that agree by chance."""
    part = matches(before.folded[old[0] : old[1]], after.folded[new[0] : new[1]])
    found = [Match(old[0] + one.old, new[0] + one.new, one.length) for one in part.found]
    return Matches(_believed(before, after, _settled(before, after, found), old, new), part.complete)


def _settled(before: Words, after: Words, found: list[Match]) -> list[Match]:
    """The same matches, with additions and omissions shifted to where a line, a sentence or a word begins.

    Of "One. Two. Three." made from "One. Three.", what was added may be "Two. " or ". Two"; the former is meant.
    """
    placed: list[Match] = []
    for match in found:
        if not placed:
            placed.append(match)
            continue
        last = placed[-1]
        end, end_new = last.old + last.length, last.new + last.length
        if end == match.old:
            by = _shift(after, end_new, match.new, last.length, match.length)
        elif end_new == match.new:
            by = _shift(before, end, match.old, last.length, match.length)
        else:
            by = 0
        placed[-1] = last._replace(length=last.length + by)
        placed.append(Match(match.old + by, match.new + by, match.length - by))
    return [match for match in placed if match.length]


def _shift(around: Words, start: int, end: int, left: int, right: int) -> int:
    """By how many words to shift the stretch from `start` to `end`, that only one of the two texts has.

    Rather than where nothing begins, it goes where it no longer keeps a few words apart from those they belong to.
    """
    folded = around.folded
    best, by = around.opens(start) + around.opens(end), 0
    for step in range(1, min(left, SLIDE) + 1):
        if folded[start - step] != folded[end - step]:
            break
        plain = around.opens(start - step) + around.opens(end - step) + (step == left)
        if plain > best:
            best, by = plain, -step
    for step in range(1, min(right, SLIDE) + 1):
        if folded[start + step - 1] != folded[end + step - 1]:
            break
        plain = around.opens(start + step) + around.opens(end + step)
        if plain > best:
            best, by = plain, step
    return by


def _believed(before: Words, after: Words, found: list[Match], old: Stretch, new: Stretch) -> list[Match]:
    """Those matches between two stretches (in words) that are no chance."""
    size, size_new = old[1] - old[0], new[1] - new[0]
    if len(found) == 1 and found[0].length in (size, size_new):
        return found
    if size <= SHORT and size_new <= SHORT:
        agreeing = sum(before.letters(match.old, match.old + match.length) for match in found)
        if 2 * agreeing >= ALIKE * (before.letters(*old) + after.letters(*new)):
            return found
    sure = [_sure(before, match) for match in found]
    kept = []
    for at, match in enumerate(found):
        if (
            sure[at]
            or (at and sure[at - 1] and _apart(found[at - 1], match) <= NEAR)
            or (at + 1 < len(found) and sure[at + 1] and _apart(match, found[at + 1]) <= NEAR)
        ):
            kept.append(match)
    return kept


def _sure(before: Words, match: Match) -> bool:
    return match.length >= SURE_WORDS and (
        match.length >= SURE_LETTERS or before.letters(match.old, match.old + match.length) >= SURE_LETTERS
    )


def _apart(one: Match, other: Match) -> int:
    return max(other.old - one.old - one.length, other.new - one.new - one.length)
