"""Readings: how far a reader is, kept for them alone."""

import pytest
from sqlmodel import Session, select

from app.storage import accounts, articles, library, readings
from app.storage.articles import Article
from app.storage.keeping import leaving
from app.storage.library import Wanted
from app.storage.people.readers import Reader, welcome
from app.storage.readings import Reading
from app.text.drafts import Draft, DraftParagraph


def start(session: Session, reader: Reader, article: Article) -> int:
    return library.reached(session, reader, [article.id])[article.id].start


def slugs(session: Session, reader: Reader | None, **wanted: str) -> set[str]:
    return {one.slug for one in library.shelf(session, reader, Wanted(**wanted))}  # type: ignore[arg-type]


def test_a_place_is_that_of_the_paragraph_it_lies_in(session: Session, text: Article, ann: Reader, bob: Reader) -> None:
    assert library.reached(session, ann, [text.id])[text.id] == (0, 16)
    for said, there in ((0, 0), (9, 0), (10, 10), (12, 10), (900, 10)):
        readings.keep_place(session, ann, text, said)
        assert start(session, ann, text) == there
    assert start(session, bob, text) == 0


def test_reading_changes_nothing_that_others_see(session: Session, text: Article, ann: Reader) -> None:
    before = text.version
    readings.keep_place(session, ann, text, 10, finished=True)
    readings.archive(session, ann, text)
    session.refresh(text)
    assert text.version == before


def test_what_is_archived_is_in_no_other_list(session: Session, text: Article, ann: Reader, bob: Reader) -> None:
    readings.keep_place(session, ann, text, 10)
    readings.archive(session, ann, text)
    readings.archive(session, ann, text)
    for shown in ("all", "unread", "reading", "finished", "mine"):
        assert text.slug not in slugs(session, ann, shown=shown)
    assert text.slug not in slugs(session, ann, order="read")
    assert slugs(session, ann, shown="archived") == {text.slug}
    assert text.slug in slugs(session, bob)
    assert text.slug in slugs(session, None)
    readings.unarchive(session, ann, text)
    assert slugs(session, ann, order="read") == {text.slug}


def test_to_begin_anew_forgets_the_place(session: Session, text: Article, ann: Reader) -> None:
    readings.keep_place(session, ann, text, 10, finished=True)
    readings.begin_anew(session, ann, text)
    assert start(session, ann, text) == 0
    assert text.slug in slugs(session, ann, shown="unread")


@pytest.mark.parametrize("later", ["guest", "account"])
def test_of_two_places_the_later_stays(session: Session, text: Article, ann: Reader, later: str) -> None:
    guest, _ = welcome(session, "Guest")
    other = articles.publish(session, Draft("Other", (DraftParagraph("One."),)))
    for who in (ann, guest) if later == "guest" else (guest, ann):
        readings.keep_place(session, who, text, 10 if who is guest else 0)
    readings.finish(session, guest, other)
    accounts.bring(session, guest, ann)
    assert start(session, ann, text) == (10 if later == "guest" else 0)
    assert slugs(session, ann, shown="finished") == {"other"}


def test_who_leaves_takes_all_of_it_along(session: Session, text: Article, ann: Reader) -> None:
    readings.keep_place(session, ann, text, 10)
    leaving.leave(session, ann, "keep")
    assert session.exec(select(Reading)).all() == []
