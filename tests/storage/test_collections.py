"""Collections: articles in an order, and what stands beside each."""

from collections.abc import Callable

import pytest
from sqlmodel import Session, select

from app.storage import articles, collections
from app.storage.articles import Article
from app.storage.collections import Collection, articles_of, gather, neighbours
from app.storage.people.readers import Reader
from app.text.drafts import Draft, DraftParagraph


def chapter(session: Session, title: str) -> Article:
    return articles.publish(session, Draft(title, (DraftParagraph("One two."),), language="en"))


@pytest.fixture
def chapters(session: Session) -> list[Article]:
    return [chapter(session, title) for title in ("The well", "The road", "The gate", "The hill")]


@pytest.fixture
def book(session: Session, chapters: list[Article], ann: Reader) -> Collection:
    return gather(session, "Four places", chapters, author="N. Ames", source="Northwind Press", reader=ann)


def titles(session: Session, collection: Collection) -> list[str]:
    return [article.title for article in articles_of(session, collection)]


def version(session: Session, article: Article) -> int:
    return session.exec(select(Article.version).where(Article.id == article.id)).one()


def test_a_collection_keeps_its_articles_in_order(session: Session, book: Collection, ann: Reader) -> None:
    assert titles(session, book) == ["The well", "The road", "The gate", "The hill"]
    assert (book.slug, book.author, book.source, book.reader_id) == (
        "four-places",
        "N. Ames",
        "Northwind Press",
        ann.id,
    )
    assert collections.by_slug(session, "four-places") is book
    assert collections.by_slug(session, "five-places") is None


def test_a_slug_that_is_taken_gets_a_number(session: Session, book: Collection) -> None:
    assert gather(session, "Four places").slug == "four-places-2"
    assert gather(session, "???").slug == "collection"


def test_an_article_knows_what_stands_beside_it(
    session: Session, book: Collection, chapters: list[Article], text: Article
) -> None:
    assert neighbours(session, text) == []
    (first,) = neighbours(session, chapters[0])
    assert (first.slug, first.title, first.before) == ("four-places", "Four places", None)
    assert first.after == ("the-road", "The road", "en")
    (third,) = neighbours(session, chapters[2])
    assert (third.before, third.after) == (("the-road", "The road", "en"), ("the-hill", "The hill", "en"))
    (last,) = neighbours(session, chapters[3])
    assert last.after is None


def test_an_article_may_be_in_several(session: Session, book: Collection, chapters: list[Article]) -> None:
    gather(session, "A walk", [chapters[3], chapters[1]])
    assert [(one.title, one.before and one.before.title) for one in neighbours(session, chapters[1])] == [
        ("Four places", "The well"),
        ("A walk", "The hill"),
    ]


def test_one_article_stands_in_a_collection_once(session: Session, chapters: list[Article]) -> None:
    made = gather(session, "Twice", [chapters[0], chapters[1], chapters[0]])
    collections.add(session, made, [chapters[1], chapters[2]])
    assert titles(session, made) == ["The well", "The road", "The gate"]


@pytest.mark.parametrize(
    ("wanted", "order"),
    [
        ({3: 1}, [3, 0, 1, 2]),
        ({0: 4}, [1, 2, 3, 0]),
        ({0: 2}, [1, 0, 2, 3]),
        ({1: 3}, [0, 2, 1, 3]),
        ({0: 4, 1: 3, 2: 2, 3: 1}, [3, 2, 1, 0]),
        ({0: 1, 1: 2, 2: 3, 3: 4}, [0, 1, 2, 3]),
        ({2: -5, 0: 99}, [2, 1, 3, 0]),
        ({}, [0, 1, 2, 3]),
    ],
)
def test_articles_are_brought_to_other_places(
    session: Session, book: Collection, chapters: list[Article], wanted: dict[int, int], order: list[int]
) -> None:
    collections.reorder(session, book, {chapters[which].id: place for which, place in wanted.items()})
    assert list(articles_of(session, book)) == [chapters[which] for which in order]


def test_what_is_not_in_it_is_not_brought_into_it(session: Session, book: Collection, text: Article) -> None:
    collections.reorder(session, book, {text.id: 1})
    collections.take_out(session, book, [text.id])
    assert len(titles(session, book)) == 4


def test_articles_stay_when_they_are_taken_out(session: Session, book: Collection, chapters: list[Article]) -> None:
    collections.take_out(session, book, [chapters[1].id])
    assert titles(session, book) == ["The well", "The gate", "The hill"]
    assert neighbours(session, chapters[1]) == []
    assert neighbours(session, chapters[0])[0].after == ("the-gate", "The gate", "en")
    collections.discard(session, book)
    assert neighbours(session, chapters[0]) == []
    assert articles.by_slug(session, "the-well")


def test_pages_that_say_otherwise_now_are_known_to_be_stale(
    session: Session, book: Collection, chapters: list[Article], text: Article
) -> None:
    first, *others = chapters
    changes: list[Callable[[], None]] = [
        lambda: collections.call(session, book, "Four other places"),
        lambda: collections.reorder(session, book, {first.id: 2}),
        lambda: collections.add(session, book, [text]),
        lambda: collections.take_out(session, book, [first.id]),
        lambda: collections.discard(session, book),
    ]
    for change in changes:
        here = others if change is changes[-1] else chapters
        before = [version(session, one) for one in here]
        change()
        assert all(version(session, one) > was for one, was in zip(here, before, strict=True))


def test_collections_are_listed_with_how_long_they_are(session: Session, book: Collection) -> None:
    empty = gather(session, "Nothing yet")
    assert [(one.collection.title, one.articles, one.words) for one in collections.every(session)] == [
        ("Nothing yet", 0, 0),
        ("Four places", 4, 8),
    ]
    assert [one.collection for one in collections.every(session, 1)] == [empty]
