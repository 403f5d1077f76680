"""Say in words which span is meant (to quote), and find the span that such words mean (to anchor)."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import takewhile

from app.text.spans import Span

CONTEXT = 32
"""How many code points before and after a passage a quote remembers."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A TextQuoteSelector: the words, and what stands around them. W3C Web Annotation Data Model, section 4.2.4."""

    exact: str
    prefix: str = ""
    suffix: str = ""


def quote(text: str, span: Span) -> Quote:
    """Describe `span` of `text` (code points) in words."""
    return Quote(
        exact=span.of(text),
        prefix=text[max(0, span.start - CONTEXT) : span.start],
        suffix=text[span.end : span.end + CONTEXT],
    )


def anchor(text: str, wanted: Quote, near: int = 0) -> Span | None:
    """Find the span of `text` (code points) that a quote describes, or None where the text has lost it.

    Of several places that read the same, the one whose surroundings agree best wins; of equals, the one
    nearest to `near`. W3C Web Annotation Data Model, section 4.2.4.
    """
    if not wanted.exact:
        return None
    places = []
    start = text.find(wanted.exact)
    while start != -1:
        places.append(Span(start, start + len(wanted.exact)))
        start = text.find(wanted.exact, start + 1)
    return max(places, key=lambda place: (_agreement(text, place, wanted), -abs(place.start - near)), default=None)


def _agreement(text: str, place: Span, wanted: Quote) -> int:
    before = text[max(0, place.start - len(wanted.prefix)) : place.start]
    after = text[place.end : place.end + len(wanted.suffix)]
    return _same(reversed(before), reversed(wanted.prefix)) + _same(after, wanted.suffix)


def _same(one: Iterable[str], other: Iterable[str]) -> int:
    """How many characters two texts begin with alike."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
