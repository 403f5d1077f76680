"""Articles: cut into sentences once, and every passage of them described in its own words."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from app.storage import articles
from app.storage.articles import Revision, paragraphs_of, publish
from app.storage.database import Database
from app.text.drafts import Draft, DraftParagraph, paragraph
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


def test_an_article_says_how_long_it_takes(session: Session) -> None:
    article = publish(session, draft("one two", "three " * 658))
    assert (article.words, article.minutes) == (660, 3)


def test_an_article_that_is_not_there_is_none(session: Session) -> None:
    assert articles.by_slug(session, "nowhere") is None


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


def test_what_is_published_together_has_its_slugs_in_order_and_stands_among_the_newest_in_order(
    session: Session,
) -> None:
    made = articles.publish_together(session, [draft(text, title="Notes") for text in ("One.", "Two.", "Three.")])
    assert [one.slug for one in made] == ["notes", "notes-2", "notes-3"]
    assert [paragraphs_of(session, one)[0].text for one in made] == ["One.", "Two.", "Three."]
    assert [one.id for one in made] == sorted((one.id for one in made), reverse=True)
