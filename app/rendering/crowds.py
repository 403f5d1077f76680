"""Crowds: which annotations of an article that has very many stand in its page, and how many wait behind a sentence."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.storage.articles import Block
from app.storage.margins import Seen

MOST = 300
"""Up to so many annotations all of an article's stand in its page."""

PAGE = 20
"""How many come out of a crowd at a time."""

OPENED = 600
"""How many are out at a time, in all: what lies over one another costs its square."""

POPULAR = 3
"""From how many readers up a sentence counts as popular."""


@dataclass(slots=True)
class Crowd:
    """Annotations that begin in one sentence (at `start`, code points) and do not all stand in the page."""

    start: int
    waiting: int
    opened: int
    """How many were asked for; 0 while the crowd is closed."""
    readers: int

    @property
    def anchor(self) -> str:
        """The CSS name of the sentence."""
        return f"--c{self.start}"

    @property
    def more(self) -> str:
        """What opens it further, as an address says it."""
        return f"{self.start}-{self.opened + PAGE}"


def in_sight(
    blocks: Sequence[Block],
    annotations: Sequence[Seen],
    everywhere: int,
    reader_id: int | None,
    opened: Mapping[int, int],
    wanted: int | None,
) -> tuple[set[int], list[Crowd]]:
    """The ids of the annotations that stand in the page, and the crowds that the others make.

    `everywhere` is how many the whole article has: the more they are, the fewer may stand beside a paragraph before
    they are a crowd. What is one's own, or wanted (by id), or opened (by sentence), is no part of one.
    """
    most = 3 if everywhere <= 3 * MOST else 1
    by_sentence: dict[int, list[Seen]] = defaultdict(list)
    by_block: dict[int, int] = defaultdict(int)
    starts = [block.start for block in blocks]
    for one in annotations:
        at = bisect_right(starts, one.start) - 1
        if at < 0:  # it comes over from a paragraph that is not among these
            by_sentence[-1].append(one)
            continue
        by_block[at] += 1
        by_sentence[sentence_of(blocks[at], one.start)].append(one)
    roomy = {starts[at] for at, found in by_block.items() if found <= most}
    stand, crowds, left = set(), [], OPENED
    for sentence, found in by_sentence.items():
        over = sentence < 0
        if len(found) <= most if over else starts[bisect_right(starts, sentence) - 1] in roomy:
            stand |= {one.id for one in found}
            continue
        shown = {one.id for one in found[: min(opened.get(sentence, 0), left)]}
        left -= len(shown)
        shown |= {one.id for one in [one for one in found if one.reader_id == reader_id][:PAGE]}
        shown |= {one.id for one in found if one.id == wanted}
        stand |= shown
        if not over and (opened.get(sentence) or len(shown) < len(found)):
            readers = len({one.reader_id for one in found if not one.deleted_at})
            crowds.append(Crowd(sentence, len(found) - len(shown), opened.get(sentence, 0), readers))
    return stand, crowds


def sentence_of(block: Block, place: int) -> int:
    """Where the sentence begins in which a place lies (code points); before the first one, the paragraph."""
    at = bisect_right(block.sentences[::2], place)
    return block.sentences[2 * at - 2] if at else block.start


def popular(blocks: Sequence[Block], annotations: Sequence[Seen]) -> dict[int, int]:
    """How many readers have marked a sentence or a part of it, by where it begins, where they are several."""
    sentences = [span for block in blocks for span in block.sentence_spans]
    starts = [span.start for span in sentences]
    readers: dict[int, set[int]] = defaultdict(set)
    for one in annotations:
        if one.deleted_at:
            continue
        for span in sentences[max(0, bisect_right(starts, one.start) - 1) : bisect_right(starts, one.end - 1)]:
            if span.overlaps(one.span):
                readers[span.start].add(one.reader_id)
    return {start: len(who) for start, who in readers.items() if len(who) >= POPULAR}
