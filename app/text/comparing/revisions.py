"""Carry spans from one revision of a text to the next."""

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate
from operator import itemgetter, not_
from typing import Literal, NamedTuple

from app.text.comparing.differences import Difference, Run, difference
from app.text.comparing.words import set_alike, words
from app.text.spans import Span

Status = Literal["ok", "changed", "moved", "orphan"]
"""How surely words stand on a revision: as they were, with some of them changed, elsewhere, or no more."""

SURVIVING = 0.4
"""Share of a span's letters that must stand on in one place, in order, for it not to be an orphan."""

TOGETHER = 1.25
"""How much longer than what of it is found a span may become whose parts have changed places."""

SCATTERED = 100
"""Stretches that have moved, each elsewhere: a span that holds more of them has gone to none of these places."""

GROWN = 4
"""Words that were replaced at the edge of a span, and that it goes on covering."""


class Placed(NamedTuple):
    """Where a span stands on the next revision (code points), and how surely; an orphan stands nowhere."""

    span: Span | None
    status: Status


ORPHAN = Placed(None, "orphan")


def carry(old: str, new: str, spans: Iterable[Span]) -> list[Placed]:
    """Say of each span of the old text where it stands on the new one, in the order given.

    - `ok`: word for word, whatever became of what is around it. Set in another way (white space, kinds of quotes
      and dashes) words are the same; in another case they are changed.
    - `changed`: two fifths of its letters, or more, stand on in order; others were replaced, taken out or added.
    - `moved`: as much stands on, perhaps changed, in another place than what stood around it.
    - `orphan`: its words are gone, or nobody can tell where they are.

    A span goes where its own words went. Words that only read alike are never searched for. Raises ValueError for a
    span that is not in the old text.
    """
    return Carrier(difference(old, new)).carry(spans)


def alike(words_of_one: str, words_of_another: str) -> bool:
    """Whether words are the same, however they are set: what `ok` says of those that have been carried."""
    return words_of_one == words_of_another or _set(words_of_one) == _set(words_of_another)


def _set(said: str) -> list[str]:
    found = words(said, [(0, len(said))])
    return [set_alike(said[start:end]) for start, end in zip(found.starts, found.ends, strict=True)]


def against(quote: str, placed: Placed, text: str) -> Placed:
    """Say how surely a span stands that has been carried to `text`, against the words that were quoted once.

    It is `ok` wherever they stand, and `changed` where others do, whatever it was carried from. Where the whole quote
    has come back about what was left of it, it stands there.
    """
    if placed.span is None or not quote:
        return placed
    if not alike(placed.span.of(text), quote):
        if (whole := _about(quote, placed.span, text)) is None:
            return placed if placed.status == "moved" else Placed(placed.span, "changed")
        placed = placed._replace(span=whole)
    return placed if placed.status == "moved" else Placed(placed.span, "ok")


def _about(quote: str, span: Span, text: str) -> Span | None:
    """Where a quote stands that has words in common with a span of the text: of several, the nearest to it."""
    found = []
    at = text.find(quote, max(0, span.start - len(quote) + 1), span.end + len(quote) - 1)
    while at >= 0:
        found.append(at)
        at = text.find(quote, at + 1, span.end + len(quote) - 1)
    nearest = min(found, key=lambda start: abs(start - span.start), default=None)
    return None if nearest is None else Span(nearest, nearest + len(quote))


class Carrier:
    """Carries spans over one difference: what it needs to know of the texts is counted once."""

    def __init__(self, over: Difference) -> None:
        self._end = len(over.old)
        self._letters = _letters(over.old)
        texts = _Texts(over.old, over.new, self._letters, _letters(over.new))
        self._kept = _Chain(texts, over.kept)
        self._moved = [_Chain(texts, runs) for runs in over.moved]
        self._begins = [runs[0].old for runs in over.moved]

    def carry(self, spans: Iterable[Span]) -> list[Placed]:
        """Say of each span of the old text where it stands on the new one; `carry` of this module tells more."""
        return [self._placed(span) for span in spans]

    def _placed(self, span: Span) -> Placed:
        if span.end > self._end:
            raise ValueError(f"not in the old text: {span}")
        if (whole := self._kept.whole(span)) is not None:
            return Placed(whole, "ok")
        parts = [(surviving, chain) for chain in self._near(span) if (surviving := chain.surviving(span))]
        best, chain = max(parts, key=itemgetter(0), default=(0, self._kept))
        if not best or best < SURVIVING * (self._letters[span.end] - self._letters[span.start]):
            return ORPHAN
        placed, unchanged = chain.image(span)
        if len(parts) > 1:
            placed = _together([placed, *(other.image(span)[0] for _, other in parts if other is not chain)])
        return Placed(placed, "moved" if chain is not self._kept else "ok" if unchanged else "changed")

    def _near(self, span: Span) -> list["_Chain"]:
        """What stands in order, and what has moved of the stretch that a span is in, unless that went everywhere."""
        last = bisect_right(self._begins, span.end)
        first = max(0, bisect_right(self._begins, span.start) - 1)
        return [self._kept, *self._moved[first:last]] if last - first <= SCATTERED else [self._kept]


class _Texts(NamedTuple):
    """Two texts, and how many letters (whatever is not white space) stand in them before each place."""

    old: str
    new: str
    letters: Sequence[int]
    letters_new: Sequence[int]


class _Chain:
    """Runs in order, in the old text and in the new."""

    def __init__(self, texts: _Texts, runs: list[Run]) -> None:
        self._texts = texts
        self._runs = runs
        self._starts = [run.old for run in runs]
        letters, letters_new = texts.letters, texts.letters_new
        # What the runs before each one have together: their letters, and how often something was changed in a run or
        # before it.
        self._letters = [0]
        self._changes: list[int] = []
        total = changes = end = end_new = 0
        for old, old_end, new, new_end, _, alike in runs:
            total += letters[old_end] - letters[old]
            changes += not alike or letters[end] < letters[old] or letters_new[end_new] < letters_new[new]
            self._letters.append(total)
            self._changes.append(changes)
            end, end_new = old_end, new_end

    def whole(self, span: Span) -> Span | None:
        """Where a span stands that lies in one run, letter for letter."""
        at = bisect_right(self._starts, span.start) - 1
        if at >= 0:
            old, old_end, new, _, exact, _ = self._runs[at]
            if span.end <= old_end and exact:
                return span.shifted(new - old)
        return None

    def surviving(self, span: Span) -> int:
        """How many letters of a span these runs have."""
        first, last = self._reach(span)
        if first > last:
            return 0
        letters = self._texts.letters
        before = max(0, letters[span.start] - letters[self._starts[first]])
        after = max(0, letters[self._runs[last].old_end] - letters[span.end])
        return self._letters[last + 1] - self._letters[first] - before - after

    def image(self, span: Span) -> tuple[Span, bool]:
        """Where a span stands, from the first of its words that these runs have to the last; whether as it was."""
        letters = self._texts.letters
        first, last = self._reach(span)
        one, other = self._runs[first], self._runs[last]
        unchanged = one.alike and self._changes[last] == self._changes[first]
        start, end = one.new, other.new_end
        if one.old < span.start:
            start, unchanged = (one.new + span.start - one.old, unchanged) if one.exact else (start, False)
        elif letters[span.start] < letters[one.old]:
            start, unchanged = start - self._replaced_before(span, first), False
        if span.end < other.old_end:
            end, unchanged = (other.new_end - other.old_end + span.end, unchanged) if other.exact else (end, False)
        elif letters[other.old_end] < letters[span.end]:
            end, unchanged = end + self._replaced_after(span, last), False
        return Span(start, end), unchanged

    def _reach(self, span: Span) -> tuple[int, int]:
        """The first run that a span has something of, and the last."""
        first = bisect_right(self._starts, span.start) - 1
        if first < 0 or self._runs[first].old_end <= span.start:
            first += 1
        return first, bisect_right(self._starts, span.end - 1) - 1

    def _replaced_before(self, span: Span, first: int) -> int:
        """Code points before a run that replaced the beginning of a span."""
        run = self._runs[first]
        last = self._runs[first - 1] if first else Run(0, 0, 0, 0)
        letters = self._texts.letters
        if letters[last.old_end] < letters[span.start]:
            return 0
        gone, come = self._texts.old[span.start : run.old], self._texts.new[last.new_end : run.new]
        return len(come.lstrip()) if _in_place_of(come, gone) else 0

    def _replaced_after(self, span: Span, last: int) -> int:
        """Code points after a run that replaced the end of a span."""
        run = self._runs[last]
        old, new = self._texts.old, self._texts.new
        following = self._runs[last + 1] if last + 1 < len(self._runs) else Run(len(old), len(old), len(new), len(new))
        letters = self._texts.letters
        if letters[span.end] < letters[following.old]:
            return 0
        gone, come = old[run.old_end : span.end], new[run.new_end : following.new]
        return len(come.rstrip()) if _in_place_of(come, gone) else 0


def _together(parts: list[Span]) -> Span:
    """The first part, and every other that changed places with it, so that there is hardly anything between them."""
    together = parts[0]
    letters = len(together)
    for part in parts[1:]:
        both = Span(min(together.start, part.start), max(together.end, part.end))
        if len(both) <= TOGETHER * (letters + len(part)):
            together, letters = both, letters + len(part)
    return together


def _in_place_of(come: str, gone: str) -> bool:
    """Whether a few words replaced a few, in one line."""
    come, gone = come.strip(), gone.strip()
    return "\n" not in come + gone and 0 < len(come.split()) <= GROWN and len(gone.split()) <= GROWN


def _letters(text: str) -> Sequence[int]:
    return array("i", accumulate(map(not_, map(str.isspace, text)), initial=0))
