"""Purging: what was deleted long ago goes for good, and nothing else does."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import Session, col, select, update

from app.storage import articles
from app.storage import library as deleting
from app.storage.annotations import Annotation, annotate, erase, reply
from app.storage.articles import Article
from app.storage.database import Database, now
from app.storage.keeping import purging
from app.storage.keeping.leaving import leave
from app.storage.keeping.purging import purge
from app.storage.people import groups
from app.storage.people.account_links import AccountLink
from app.storage.people.groups import Invitation
from app.storage.people.readers import Reader, ReaderSession, hash_of, welcome
from app.storage.shares import Share, share
from app.text.drafts import Draft, DraftParagraph
from app.text.spans import Span
from tests.library import everything

FIRST = Span(0, 8)


@pytest.fixture
def library(database: Database) -> Database:
    with database.transaction() as session:
        articles.publish(session, Draft("A text", (DraftParagraph("One two."), DraftParagraph("Three."))))
    return database


def text(session: Session) -> Article:
    found = articles.by_slug(session, "a-text")
    assert found
    return found


def long_ago(session: Session, *notes: Annotation, days: int = 31) -> None:
    """Delete notes, so many days ago."""
    for note in notes:
        erase(session, note)
        note.deleted_at = now() - timedelta(days=days)
        session.add(note)
    session.flush()


def left(database: Database) -> dict[int, tuple[str, bool]]:
    """The notes on the article: their words, and whether they have been purged."""
    return {
        row.id: (row.note, row.purged_at is not None)
        for row in everything(database)["annotation"]
        if row.article_id > 1
    }


def test_what_was_deleted_long_ago_goes_for_good(library: Database) -> None:
    with library.transaction() as session:
        ann = welcome(session)[0]
        old, young, alive = (annotate(session, text(session), ann, FIRST, note="Words", tags="tag") for _ in range(3))
        long_ago(session, old)
        long_ago(session, young, days=29)
        version, kept = text(session).version, {young.id, alive.id}
    assert purge(library, 30) == 1
    assert left(library).keys() == kept
    assert {row.annotation_id for row in everything(library)["placement"]} >= kept
    with library.transaction() as session:
        assert text(session).version > version
    assert purge(library, 30) == 0


def test_the_place_of_what_has_replies_stays_without_its_words(library: Database) -> None:
    with library.transaction() as session:
        ann, bob = welcome(session)[0], welcome(session)[0]
        root = annotate(session, text(session), ann, FIRST, note="Root", tags="tag")
        middle = reply(session, root, bob, "Middle")
        last = reply(session, middle, ann, "Last")
        alone = reply(session, root, bob, "Alone")
        long_ago(session, root, middle, alone)
        ids = [root.id, middle.id, last.id]
    assert purge(library, 30) == 3
    assert left(library) == dict(zip(ids, [("", True), ("", True), ("Last", False)], strict=True))
    (row,) = (row for row in everything(library)["annotation"] if row.id == ids[0])
    assert (row.exact, row.prefix, row.suffix, row.tags, row.note_html) == ("", "", "", "", "")
    with library.transaction() as session:
        long_ago(session, session.get_one(Annotation, ids[2]))
    assert purge(library, 30) == 1
    assert left(library) == {}


def test_a_reply_that_may_still_be_restored_keeps_what_it_hangs_on(library: Database) -> None:
    with library.transaction() as session:
        ann = welcome(session)[0]
        root = annotate(session, text(session), ann, FIRST, note="Root")
        answer = reply(session, root, ann, "Answer")
        long_ago(session, root)
        long_ago(session, answer, days=1)
        ids = root.id, answer.id
    purge(library, 30)
    assert left(library) == {ids[0]: ("", True), ids[1]: ("Answer", False)}


def test_many_go_some_at_a_time(library: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purging, "THREADS_AT_A_TIME", 3)
    monkeypatch.setattr(purging, "ROWS_AT_A_TIME", 2)
    with library.transaction() as session:
        ann = welcome(session)[0]
        notes = [annotate(session, text(session), ann, FIRST, note="Words") for _ in range(7)]
        answers = [reply(session, note, ann, "Answer") for note in notes]
        long_ago(session, *notes, *answers)
    assert purge(library, 30) == 14
    assert left(library) == {}


def test_links_that_ended_long_ago_go_as_well(library: Database) -> None:
    before = now() - timedelta(days=31)
    with library.transaction() as session:
        ann = welcome(session)[0]
        group = groups.make(session, ann, "Circle")
        for made in range(4):
            share(session, text(session), ann, Span(0, made + 1))
            groups.invite(session, group, ann)
            session.add(AccountLink(token_hash=str(made), kind="join", expires_at=now() + timedelta(days=1)))
        session.flush()
        tokens = [f"{number}" for number in range(4)]
        for table in (Share, Invitation):
            ids = session.exec(select(table.id).order_by(col(table.id))).all()
            for column, id, at in (
                ("revoked_at", ids[0], before),
                ("expires_at", ids[1], before),
                ("revoked_at", ids[2], now()),
            ):
                session.exec(update(table).where(col(table.id) == id).values({column: at}))
        for column, token in (("used_at", tokens[0]), ("expires_at", tokens[1])):
            session.exec(update(AccountLink).where(col(AccountLink.token_hash) == token).values({column: before}))
    purge(library, 30)
    after = everything(library)
    assert [len(after[name]) for name in ("share", "invitation", "account_link")] == [2, 2, 2]


def test_the_nameless_row_of_who_has_left_goes_with_the_last_of_their_notes(library: Database) -> None:
    with library.transaction() as session:
        ann, bob = welcome(session)[0], welcome(session)[0]
        root = annotate(session, text(session), ann, FIRST, note="Root")
        answer = reply(session, root, bob, "Answer")
        ids = ann.id, answer.id
        leave(session, ann, "blank")
    purge(library, 30)
    assert ids[0] in {row.id for row in everything(library)["reader"]}
    with library.transaction() as session:
        long_ago(session, session.get_one(Annotation, ids[1]))
        erased = update(Annotation).where(col(Annotation.reader_id) == ids[0])
        session.exec(erased.values(deleted_at=now() - timedelta(days=31)))
    purge(library, 30)
    assert ids[0] not in {row.id for row in everything(library)["reader"]}


def test_sessions_that_have_ended_by_themselves_go(library: Database) -> None:
    began = {"guest": (364, 366), "account": (59, 61)}
    with library.transaction() as session:
        for kind, days in began.items():
            for ago in days:
                reader, token = welcome(session, f"{kind} {ago}")
                if kind == "account":
                    reader.name_key = reader.name
                session.flush()
                theirs = update(ReaderSession).where(col(ReaderSession.token_hash) == hash_of(token))
                session.exec(theirs.values(created_at=now() - timedelta(days=ago)))
    purge(library, 30)
    with library.transaction() as session:
        names = session.exec(select(Reader.name).join(ReaderSession).order_by(Reader.name)).all()
    assert set(names) - {"Sample reader"} == {"account 59", "guest 364"}


def test_an_article_that_is_brought_back_at_the_last_moment_stays_with_its_notes(library: Database, url: str) -> None:
    with library.transaction() as session:
        annotate(session, text(session), welcome(session)[0], FIRST, note="Dear to somebody")
        deleting.delete(session, text(session), None)
        gone = deleting.deleted(session, "a-text")
        assert gone
        gone.deleted_at = now() - timedelta(days=40)
    another = Database(url)
    with ThreadPoolExecutor(1) as thread:
        with library.transaction() as session:
            gone = deleting.deleted(session, "a-text")
            assert gone
            deleting.restore(session, gone, None)
            purged = thread.submit(purge, another, 30)
            time.sleep(0.5)  # it waits for this transaction
        purged.result(60)
    another.close()
    assert "Dear to somebody" in [note for note, _ in left(library).values()]
