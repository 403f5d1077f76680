"""A span is found where it was described."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.text.selectors import CONTEXT, Quote, anchor, quote
from app.text.spans import Span

# Few letters, so that the same words stand in many places.
texts = st.text("ab \n😀́", min_size=1, max_size=60)


@st.composite
def passages(draw: st.DrawFn) -> tuple[str, Span]:
    text = draw(texts)
    start = draw(st.integers(0, len(text) - 1))
    return text, Span(start, draw(st.integers(start + 1, len(text))))


@given(passages())
def test_a_span_is_found_where_it_was_described(one: tuple[str, Span]) -> None:
    text, span = one
    assert anchor(text, quote(text, span), near=span.start) == span


@given(passages())
def test_a_quote_stands_in_its_text_word_for_word(one: tuple[str, Span]) -> None:
    text, span = one
    said = quote(text, span)
    assert said.exact == span.of(text)
    assert said.prefix + said.exact + said.suffix in text
    assert text[: span.start].endswith(said.prefix)
    assert (len(said.prefix), len(said.suffix)) == (min(CONTEXT, span.start), min(CONTEXT, len(text) - span.end))


@given(passages(), st.text("xyz", max_size=50), st.text("xyz", max_size=50))
def test_words_are_found_again_after_others_have_been_written_around_them(
    one: tuple[str, Span], before: str, after: str
) -> None:
    text, span = one
    found = anchor(before + text + after, quote(text, span), near=span.start + len(before))
    assert found == span.shifted(len(before))


@given(texts, st.text("ab ", min_size=1, max_size=4), st.integers(0, 60))
def test_what_is_found_reads_as_it_was_said(text: str, words: str, near: int) -> None:
    found = anchor(text, Quote(words), near)
    assert (found is None) == (words not in text)
    assert found is None or found.of(text) == words


def test_of_repeats_the_one_in_the_same_surroundings_is_meant() -> None:
    text = "a red house, a blue house, a green house"
    assert anchor(text, Quote("house", prefix="a blue "), near=0) == Span(20, 25)
    assert anchor(text, Quote("house", suffix=", a green"), near=0) == Span(20, 25)


def test_surroundings_count_from_the_words_outwards() -> None:
    text = "a new then THIS, and once a wholly other THIS"
    assert anchor(text, Quote("THIS", prefix="an old then "), near=99) == Span(11, 15)
    text = "THIS then new a, THIS a other wholly"
    assert anchor(text, Quote("THIS", suffix=" then old an"), near=99) == Span(0, 4)
    text = "xyz def THIS, abc xyz THIS"
    assert anchor(text, Quote("THIS", prefix="abc def "), near=99) == Span(8, 12)


@pytest.mark.parametrize(("near", "start"), [(0, 0), (3, 4), (9, 8), (99, 8)])
def test_of_equal_places_the_nearest_is_meant(near: int, start: int) -> None:
    assert anchor("tom tom tom", Quote("tom"), near) == Span(start, start + 3)


def test_repeats_that_overlap_each_other_count() -> None:
    assert anchor("aaaa", Quote("aa", prefix="a", suffix="a")) == Span(1, 3)


@pytest.mark.parametrize("lost", [Quote(""), Quote("tim"), Quote("Tom"), Quote("tom tom tom ")])
def test_words_that_are_not_there_are_not_found(lost: Quote) -> None:
    assert anchor("tom tom tom", lost) is None
