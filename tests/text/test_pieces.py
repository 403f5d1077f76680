"""Cutting a stretch wherever something laid over it begins or ends."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.text.pieces import pieces
from app.text.spans import Span

numbers = st.integers(0, 30)
spans = st.tuples(numbers, numbers).map(lambda ends: Span(min(ends), max(ends)))
stretches = st.tuples(numbers, st.integers(1, 30)).map(lambda one: Span(one[0], one[0] + one[1]))
laid = st.lists(st.tuples(spans, st.integers(0, 99)), max_size=12)


@given(stretches, laid)
def test_pieces_adjoin_and_together_are_the_stretch(stretch: Span, over: list[tuple[Span, int]]) -> None:
    found = [piece for piece, _ in pieces(stretch, over)]
    assert all(found)
    assert all(one.end == next.start for one, next in pairwise(found))
    assert (found[0].start, found[-1].end) == (stretch.start, stretch.end)


@given(stretches, laid)
def test_a_piece_carries_all_that_covers_it_and_in_the_order_laid(stretch: Span, over: list[tuple[Span, int]]) -> None:
    for piece, carried in pieces(stretch, over):
        for at in range(piece.start, piece.end):
            assert list(carried) == [one for one in over if one[0].start <= at < one[0].end]


@given(stretches, laid)
def test_there_is_a_cut_only_where_something_begins_or_ends(stretch: Span, over: list[tuple[Span, int]]) -> None:
    ends = {at for span, _ in over if span for at in (span.start, span.end)}
    assert {piece.start for piece, _ in pieces(stretch, over)} - {stretch.start} <= ends


def test_a_stretch_with_nothing_over_it_is_one_piece() -> None:
    assert list(pieces(Span(3, 9), [])) == [(Span(3, 9), [])]


def test_what_overlaps_is_cut_flat() -> None:
    over = [(Span(0, 6), "a"), (Span(4, 12), "b")]
    assert [(piece, [name for _, name in carried]) for piece, carried in pieces(Span(2, 10), over)] == [
        (Span(2, 4), ["a"]),
        (Span(4, 6), ["a", "b"]),
        (Span(6, 10), ["b"]),
    ]
