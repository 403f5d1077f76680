"""Excerpts: the words that were looked for in a text, with what stands around them."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from app.text.searching.folding import WORD_LENGTH, spread
from app.text.searching.queries import Words
from app.text.spans import Span

EXCERPT_LENGTH = 240
BEFORE = 60
"""Of an excerpt, about so much stands before the first word that was looked for. In code points, as all here."""

SEEN_AT_ONCE = 16


class Piece(NamedTuple):
    """A stretch of an excerpt, and whether it is one of the words that were looked for."""

    words: str
    marked: bool


def hits(text: str, wanted: Sequence[Words]) -> list[Span]:
    """Where in a text (code points) the words stand that are looked for, in order."""
    if not wanted:
        return []
    if text.isascii():
        line, starts = spread(text), None
    else:
        letters = [_letter(one) for one in text]
        line, starts = "".join(letters), list(accumulate(map(len, letters), initial=0))
    found = (Span(*one.span(1)) for one in _pattern(tuple(wanted)).finditer(f" {line} "))
    if starts is None:
        return [one.shifted(-1) for one in found]
    return [Span(bisect_right(starts, one.start - 1) - 1, bisect_right(starts, one.end - 2)) for one in found]


def excerpt(text: str, wanted: Sequence[Words], length: int = EXCERPT_LENGTH) -> list[Piece]:
    """About so many code points of a text around what was looked for, with `…` where it goes on, cut for marking."""
    found = hits(text, wanted)
    window = _window(text, found, length)
    pieces = [Piece("…", False)] if window.start else []
    at = window.start
    for hit in found:
        if hit.start >= at and hit.end <= window.end:
            pieces += [Piece(text[at : hit.start], False), Piece(text[hit.start : hit.end], True)]
            at = hit.end
    pieces += [Piece(text[at : window.end], False), Piece("…" if window.end < len(text) else "", False)]
    return [piece for piece in pieces if piece.words]


def _window(text: str, found: Sequence[Span], length: int) -> Span:
    """Where most of the words are, with some room before, cut between words where there are spaces."""
    if len(text) <= length:
        return Span(0, len(text))
    first = max(found, key=lambda one: (_near(found, one, length), -one.start)) if found else Span(0, 0)
    start = max(0, min(first.start - BEFORE, len(text) - length))
    end = min(len(text), max(start + length, min(first.end, start + 2 * length)))
    if start and (space := text.find(" ", start, start + BEFORE // 2)) >= 0 and space < first.start:
        start = space + 1
    if end < len(text) and (space := text.rfind(" ", end - BEFORE // 2, end)) >= first.end:
        end = space
    return Span(start, end)


def _near(found: Sequence[Span], one: Span, length: int) -> int:
    """How many of the first hits an excerpt would show that begins with one."""
    return sum(one.start <= other.start < one.start + length - BEFORE for other in found[:SEEN_AT_ONCE])


@lru_cache(4096)
def _letter(one: str) -> str:
    return spread(one)


@lru_cache(64)
def _pattern(wanted: tuple[Words, ...]) -> re.Pattern[str]:
    """What finds the words in a text that is spread: between two, and around all, there is a space at least."""
    return re.compile("(?<= )(" + "|".join(map(_one, wanted)) + ")")


def _one(words: Words) -> str:
    end = "" if words.begins or len(words.words[-1]) == WORD_LENGTH else "(?= )"
    # Of a word that is longer than what is compared of it, and of one that goes on, all is marked.
    rest = "[^ ]*" if not end else ""
    return " +".join(map(re.escape, words.words)) + rest + end
