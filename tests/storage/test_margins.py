"""The margin: who may see which replies, what deletion leaves, and that counts agree with what is seen."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.exc import NoResultFound
from sqlmodel import Session

from app.storage import annotations, articles, margins
from app.storage.annotations import (
    Annotation,
    OthersHaveReplied,
    annotate,
    erase,
    reopen,
    reply,
    resolve,
    restore,
    reword,
)
from app.storage.articles import Article
from app.storage.database import Database
from app.storage.margins import Tally, annotations_seen_by, places_seen_by, replies_seen_by, tags_known_to
from app.storage.people import readers
from app.storage.people.readers import Reader
from app.text.drafts import Draft, DraftParagraph
from app.text.spans import Span
from tests.library import mark, publish, welcome


@pytest.fixture
def replied(session: Session, text: Article) -> Callable[[Reader | None], list[int]]:
    """The ids of the replies that somebody sees."""

    def replied(reader: Reader | None) -> list[int]:
        session.flush()
        return [one.id for one in replies_seen_by(session, reader, text) if not one.deleted_at]

    return replied


Replied = Callable[[Reader | None], list[int]]


def test_a_reply_is_seen_where_its_thread_is(
    session: Session, text: Article, ann: Reader, bob: Reader, replied: Replied
) -> None:
    note = annotate(session, text, ann, Span(0, 3), note="A note")
    first = reply(session, note, bob, "An answer")
    second = reply(session, first, ann, "An answer to it")
    assert (second.root_id, second.parent_id, second.motivation) == (note.id, first.id, "replying")
    for reader in (None, ann, bob):
        assert replied(reader) == [first.id, second.id]
        assert annotations.by_id(session, reader, second.id) is second


def test_a_reply_to_what_is_mine_alone_is_mine_alone(
    session: Session, text: Article, ann: Reader, bob: Reader, replied: Replied
) -> None:
    note = annotate(session, text, ann, Span(0, 3), note="A secret", visibility="me")
    made = reply(session, note, ann, "More of it")
    assert replied(ann) == [made.id]
    for reader in (None, bob):
        assert replied(reader) == []
        assert annotations.by_id(session, reader, made.id) is None
        assert margins.tally(session, reader, text) == Tally()


def test_a_note_takes_its_own_replies_out_of_sight_with_it(
    session: Session, text: Article, ann: Reader, bob: Reader, replied: Replied
) -> None:
    note = annotate(session, text, ann, Span(0, 3), note="A note")
    made = reply(session, note, ann, "More of it")
    reword(session, note, visibility="me")
    assert (replied(ann), replied(bob), replied(None)) == ([made.id], [], [])
    reword(session, note, visibility="everyone")
    assert replied(bob) == [made.id]


def test_a_note_that_others_have_replied_to_stays_where_they_see_it(
    session: Session, text: Article, ann: Reader, bob: Reader, replied: Replied
) -> None:
    note = annotate(session, text, ann, Span(0, 3), note="A note")
    made = reply(session, note, bob, "An answer")
    session.flush()
    with pytest.raises(OthersHaveReplied):
        reword(session, note, visibility="me")
    reword(session, note, note="Other words", visibility="everyone")
    erase(session, made)  # it may be restored
    session.flush()
    with pytest.raises(OthersHaveReplied):
        reword(session, note, visibility="me")
    assert note.visibility == "everyone"


def test_what_is_deleted_keeps_its_place_for_its_replies_and_none_of_its_words(
    session: Session, text: Article, ann: Reader, bob: Reader, replied: Replied
) -> None:
    note = annotate(session, text, ann, Span(0, 3), note="My words", tags="mine")
    made = reply(session, note, bob, "An answer")
    erase(session, note)
    session.flush()
    for reader in (None, ann, bob):
        (left,) = annotations_seen_by(session, reader, text)
        assert (left.id, left.note_html, left.reader) == (note.id, "", "")
        assert [one.id for one in places_seen_by(session, reader, text)] == [note.id]
        assert replied(reader) == [made.id]
        assert margins.tally(session, reader, text) == Tally(0, 0, 1, 1)
    erase(session, made)
    session.flush()
    assert annotations_seen_by(session, ann, text) == []
    restore(session, note)
    session.flush()
    assert [one.note_html for one in annotations_seen_by(session, bob, text)] == ["<p>My words</p>"]


def test_counts_agree_with_what_is_seen(session: Session, text: Article, ann: Reader, bob: Reader) -> None:
    note = annotate(session, text, ann, Span(0, 3), note="A note")
    annotate(session, text, bob, Span(0, 8))
    secret = annotate(session, text, bob, Span(4, 7), note="A secret", visibility="me")
    reply(session, reply(session, note, bob, "One"), ann, "Two")
    reply(session, secret, bob, "Three")
    session.flush()
    assert margins.tally(session, None, text) == margins.tally(session, ann, text) == Tally(1, 1, 2, 2)
    assert margins.tally(session, bob, text) == Tally(2, 1, 3, 2)
    assert margins.tallies(session, ann, [text.id]) == {text.id: Tally(1, 1, 2, 2, mine=2)}


def test_only_the_chosen_come_and_only_to_those_who_may_see_them(
    session: Session, text: Article, ann: Reader, bob: Reader
) -> None:
    note = annotate(session, text, ann, Span(0, 3), note="A note")
    secret = annotate(session, text, ann, Span(0, 8), note="A secret", visibility="me")
    said = reply(session, note, bob, "An answer")
    hidden = reply(session, secret, ann, "Another")
    ids = [note.id, secret.id]
    assert [one.id for one in annotations_seen_by(session, bob, text, ids=ids)] == [note.id]
    assert [one.id for one in annotations_seen_by(session, ann, text, ids=ids)] == ids
    assert [one.id for one in replies_seen_by(session, bob, text, ids)] == [said.id]
    assert [one.id for one in replies_seen_by(session, ann, text, ids)] == [said.id, hidden.id]
    assert annotations_seen_by(session, ann, text, ids=[]) == []


def test_places_are_annotations_without_their_words(session: Session, text: Article, ann: Reader) -> None:
    annotate(session, text, ann, Span(0, 3), note="A note", tags="a, b")
    annotate(session, text, ann, Span(10, 15))
    whole = annotations_seen_by(session, None, text)
    assert [one._replace(note_html="", resolver=None) for one in whole] == places_seen_by(session, None, text)
    assert places_seen_by(session, None, text, Span(9, 16)) == places_seen_by(session, None, text)[1:]


def test_a_thread_is_resolved_as_a_whole_and_may_be_reopened(
    session: Session, text: Article, ann: Reader, bob: Reader
) -> None:
    note = annotate(session, text, ann, Span(0, 3), note="A note")
    answer = reply(session, note, bob, "Done")
    session.flush()
    session.refresh(text)
    before = text.version
    resolve(session, answer, bob)
    session.flush()
    (seen,) = annotations_seen_by(session, None, text)
    assert (seen.resolver, seen.resolved_at is not None) == ("Bob", True)
    reopen(session, note)
    session.flush()
    (seen,) = annotations_seen_by(session, None, text)
    assert (seen.resolver, seen.resolved_at) == (None, None)
    session.refresh(text)
    assert text.version == before + 2


def test_tags_are_offered_again_that_one_may_see(session: Session, text: Article, ann: Reader, bob: Reader) -> None:
    elsewhere = articles.publish(session, Draft("Another", (DraftParagraph("Four five."),)))
    annotate(session, text, ann, Span(0, 3), tags="law, Irony")
    annotate(session, text, ann, Span(0, 3), tags="hidden", visibility="me")
    gone = annotate(session, text, ann, Span(0, 3), tags="gone")
    annotate(session, elsewhere, bob, Span(0, 4), tags="irony, style")
    erase(session, gone)
    session.flush()
    assert tags_known_to(session, None, text) == ["Irony", "law"]
    assert list(map(str.casefold, tags_known_to(session, bob, text))) == ["irony", "law", "style"]
    assert tags_known_to(session, ann, text) == ["hidden", "Irony", "law"]


def test_no_reply_is_ever_without_its_note(session: Session, text: Article, ann: Reader) -> None:
    note = annotate(session, text, ann, Span(0, 3), note="A note")
    made = reply(session, note, ann, "An answer")
    assert session.get_one(Annotation, made.thread) is note
    assert annotations.place_of(session, made, text) == Span(0, 3)


@pytest.mark.parametrize("backend", ["postgresql"])
def test_no_reply_comes_into_a_thread_that_is_just_being_hidden(url: str, database: Database) -> None:
    """On SQLite one write waits for the other; here the reader has seen the note before its author takes it away."""
    slug = publish(database, "One two three.")
    _, token = welcome(database, "Ann")
    id = mark(database, slug, 0, 3, token, note="A note")
    elsewhere = Database(url)
    seen, hidden = threading.Event(), threading.Event()

    def answer() -> None:
        with elsewhere.transaction() as session:
            bob = readers.welcome(session, "Bob")[0]
            note = annotations.by_id(session, bob, id)
            assert note
            seen.set()
            assert hidden.wait(30)
            reply(session, note, bob, "An answer")

    with ThreadPoolExecutor(1) as pool:
        answered = pool.submit(answer)
        assert seen.wait(30)
        with database.transaction() as session:
            reword(session, session.get_one(Annotation, id), visibility="me")
        hidden.set()
        with pytest.raises(NoResultFound):
            answered.result()
    elsewhere.close()
