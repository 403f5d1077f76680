"""Cut a stretch of text wherever something laid over it begins or ends."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TypeVar

from app.text.spans import Span

Laid = TypeVar("Laid", bound=tuple[Span, object])


def pieces(stretch: Span, laid: Iterable[Laid]) -> Iterator[tuple[Span, Sequence[Laid]]]:
    """Give the flat pieces of `stretch` (code points), in order, each with all that covers it, in the order laid.

    What is laid is a tuple that begins with its span, which may reach beyond the stretch or be empty (then it covers
    nothing). The pieces adjoin, none is empty, together they are the stretch: nothing nests and nothing is lost.
    """
    over = [one for one in laid if one[0] and one[0].overlaps(stretch)]
    cuts = {stretch.start, stretch.end}
    for span, *_ in over:
        cuts.add(max(span.start, stretch.start))
        cuts.add(min(span.end, stretch.end))
    ordered = sorted(cuts)
    for start, end in pairwise(ordered):
        yield Span(start, end), [one for one in over if one[0].start <= start and end <= one[0].end]
