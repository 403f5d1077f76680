"""Articles: cut into sentences once, and every passage of them described in its own words."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from app.storage import articles
from app.storage.articles import NotAPassage, PassageChanged, Revision, paragraphs_of, passage_of, publish, quoted
from app.storage.database import Database
from app.text.drafts import Draft, DraftParagraph, paragraph
from app.text.selectors import quote
from app.text.sentences import SEGMENTER, sentences
from app.text.spans import Span
from app.text.structures import Inline, Structure

on_one_database = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

words = st.text("ab. 😀é\n", min_size=1, max_size=50).map(paragraph)
drafts = st.lists(words, min_size=1, max_size=5).map(
    lambda found: Draft("A text", tuple(one for one in found if one) or (DraftParagraph("a"),), language="en")
)


def draft(*texts: str, **said: Any) -> Draft:
    return Draft(said.pop("title", "A text"), tuple(map(DraftParagraph, texts)), **said)


# ── publishing


@on_one_database
@given(drafts)
def test_every_paragraph_is_kept_where_it_stands_in_the_text(database: Database, drafted: Draft) -> None:
    with database.transaction() as session:
        kept = paragraphs_of(session, publish(session, drafted))
    assert [block.text for block in kept] == [one.text for one in drafted.paragraphs]
    assert [block.span for block in kept] == drafted.spans
    assert [block.number for block in kept] == list(range(1, len(kept) + 1))


@on_one_database
@given(drafts)
def test_sentences_are_cut_once_and_kept_as_places_of_the_text(database: Database, drafted: Draft) -> None:
    with database.transaction() as session:
        article = publish(session, drafted)
        kept = paragraphs_of(session, article)
        assert session.get_one(Revision, (article.id, 1)).segmenter == SEGMENTER
    for block in kept:
        assert [span.shifted(-block.start) for span in block.sentence_spans] == sentences(block.text, "en")


def test_a_slug_is_made_of_the_title_and_numbered_where_it_is_taken(session: Session) -> None:
    titles = ["Où est l’été?", "Où est l’été?", "OU EST LETE", "Київ", "😀", "…"]
    slugs = [publish(session, draft("One.", title=title)).slug for title in titles]
    assert slugs == ["ou-est-lete", "ou-est-lete-2", "ou-est-lete-3", "kiiv", "article", "article-2"]


def test_a_slug_made_of_a_long_title_has_an_end(session: Session) -> None:
    assert len(publish(session, draft("One.", title="word " * 100)).slug) <= articles.SLUG_LENGTH


def test_an_article_says_how_long_it_takes(session: Session) -> None:
    article = publish(session, draft("one two", "three " * 658))
    assert (article.words, article.minutes) == (660, 3)


def test_an_article_that_is_not_there_is_none(session: Session) -> None:
    assert articles.by_slug(session, "nowhere") is None


# ── describing a passage


@st.composite
def drafts_and_places(draw: st.DrawFn) -> tuple[Draft, Span]:
    drafted = draw(drafts)
    start = draw(st.integers(0, len(drafted.text) + 3))
    return drafted, Span(start, draw(st.integers(start, len(drafted.text) + 6)))


@settings(on_one_database, max_examples=150)
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


def test_what_lies_over_a_paragraph_is_kept_and_links_lead_to_where_paragraphs_begin(session: Session) -> None:
    over = (Inline(Span(0, 3), "strong"), Inline(Span(4, 7), "link", "#2"))
    drafted = (
        DraftParagraph("One two.", "p", Structure(over, depth=1, marker="•", fresh=True)),
        DraftParagraph("Two."),
    )
    article = articles.publish(session, Draft("A text", drafted))
    first, second = articles.paragraphs_of(session, article)
    assert first.structure == Structure((over[0], Inline(Span(4, 7), "link", "#p10")), depth=1, marker="•", fresh=True)
    assert second.structure is None
    assert articles.paragraph_numbered(session, article, 1) == first
