"""Passages: described in their own words, and found on the text as it is by now."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from app.storage.articles import publish
from app.storage.database import Database
from app.storage.passages import NotAPassage, PassageChanged, passage_of, quoted
from app.text.drafts import Draft
from app.text.selectors import quote
from app.text.spans import Span
from tests.storage.test_articles import draft, drafts, on_one_database


@st.composite
def drafts_and_places(draw: st.DrawFn) -> tuple[Draft, Span]:
    drafted = draw(drafts)
    start = draw(st.integers(0, len(drafted.text) + 3))
    return drafted, Span(start, draw(st.integers(start, len(drafted.text) + 6)))


@settings(on_one_database, max_examples=100)
@given(drafts_and_places())
def test_a_passage_begins_and_ends_in_paragraphs_and_is_quoted_from_the_text(
    database: Database, one: tuple[Draft, Span]
) -> None:
    drafted, place = one
    text, spans = drafted.text, drafted.spans
    begins = any(span.start <= place.start < span.end for span in spans)
    ends = any(span.start < place.end <= span.end for span in spans)
    with database.transaction() as session:
        article = publish(session, drafted)
        if place and begins and ends and place.of(text).strip():
            assert quoted(session, article, place) == quote(text, place)
        else:
            with pytest.raises(NotAPassage):
                quoted(session, article, place)


def test_the_words_around_a_passage_reach_across_paragraphs_to_their_last_letter(session: Session) -> None:
    drafted = draft("a" * 40, "b" * 80, "c" * 40)
    article = publish(session, drafted)
    for start in range(42, 122):
        place = Span(start, start + 1)
        assert quoted(session, article, place) == quote(drafted.text, place)


def test_other_words_than_the_reader_saw_are_refused_with_what_stands_there(session: Session) -> None:
    article = publish(session, draft("One two."))
    with pytest.raises(PassageChanged) as refused:
        quoted(session, article, Span(4, 7), "too")
    assert refused.value.now == "two"
    assert quoted(session, article, Span(4, 7), "two").exact == "two"


def test_a_passage_has_a_longest_length(session: Session) -> None:
    article = publish(session, draft("a" * 20_001))
    assert quoted(session, article, Span(0, 20_000))
    with pytest.raises(NotAPassage, match="20,000 characters"):
        quoted(session, article, Span(0, 20_001))


# ── sentences that make a passage

#                 0    5      12    18
THREE = ("One. Two.", "Three. Four.")


@pytest.mark.parametrize(
    ("chosen", "whole"),
    [
        ([(0, 4)], (0, 4)),
        ([(5, 9), (0, 4)], (0, 9)),
        ([(5, 9), (11, 17)], (5, 17)),
        ([(0, 4), (5, 9), (11, 17), (18, 23)], (0, 23)),
        ([(0, 4), (0, 4)], (0, 4)),
    ],
)
def test_sentences_that_follow_each_other_are_a_passage(
    session: Session, chosen: list[tuple[int, int]], whole: tuple[int, int]
) -> None:
    article = publish(session, draft(*THREE, language="en"))
    assert passage_of(session, article, [Span(*one) for one in chosen]) == Span(*whole)


@pytest.mark.parametrize(
    "chosen",
    [
        [],
        [(0, 4), (11, 17)],
        [(0, 9)],
        [(0, 3)],
        [(0, 4), (1, 4)],
        [(900, 904)],
        [(0, 4), (999_999_000, 999_999_999)],
    ],
)
def test_sentences_that_do_not_follow_each_other_are_none(session: Session, chosen: list[tuple[int, int]]) -> None:
    article = publish(session, draft(*THREE, language="en"))
    with pytest.raises(NotAPassage):
        passage_of(session, article, [Span(*one) for one in chosen])
