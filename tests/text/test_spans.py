"""A span: half-open, in code points, never backwards."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.text.spans import Span

numbers = st.integers(0, 40)
spans = st.tuples(numbers, numbers).map(lambda ends: Span(min(ends), max(ends)))


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (3, 2), (-2, -1)])
def test_a_span_begins_within_a_text_and_ends_no_earlier(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="not a span"):
        Span(start, end)


@given(spans)
def test_a_span_is_as_long_as_its_words(span: Span) -> None:
    assert len(span.of("x" * 40)) == len(span) == span.end - span.start
    assert bool(span) == bool(span.of("x" * 40))


@given(spans, spans)
def test_spans_overlap_if_they_share_a_character(one: Span, other: Span) -> None:
    shared = set(range(one.start, one.end)) & set(range(other.start, other.end))
    if one and other:
        assert one.overlaps(other) == other.overlaps(one) == bool(shared)


@given(spans, spans)
def test_a_span_is_within_another_that_has_all_its_characters(one: Span, other: Span) -> None:
    if one:
        assert one.within(other) == set(range(one.start, one.end)).issubset(range(other.start, other.end))


@given(spans, numbers)
def test_a_shifted_span_covers_the_same_words_of_a_shifted_text(span: Span, by: int) -> None:
    text = "".join(map(chr, range(0x3400, 0x3428)))
    assert span.shifted(by).of("·" * by + text) == span.of(text)


def test_spans_stand_in_the_order_of_the_text() -> None:
    assert sorted([Span(5, 6), Span(1, 9), Span(1, 2)]) == [Span(1, 2), Span(1, 9), Span(5, 6)]
