"""Leaving: nothing of who has gone is left, and nothing that others have written is lost."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import NoResultFound
from sqlmodel import Session, col, select

from app.storage import accounts, articles
from app.storage.accounts import TheOwner
from app.storage.annotations import Annotation, annotate, erase, reply, resolve, restore
from app.storage.articles import Article
from app.storage.database import Database
from app.storage.keeping.leaving import Answered, fate_of, leave
from app.storage.margins import annotations_seen_by, replies_seen_by
from app.storage.moderation import Flag, LogEntry
from app.storage.people import groups
from app.storage.people.account_links import make
from app.storage.people.readers import Reader, by_token, open_session, welcome
from app.storage.shares import share
from app.text.drafts import Draft, DraftParagraph
from app.text.names import NOBODY
from app.text.spans import Span
from tests.library import everything

FIRST = Span(0, 8)
MARKER = f"marker{uuid4().hex}"
OTHERS = "kept by others"


@pytest.fixture
def library(database: Database) -> Database:
    """A library with an article of its own, an owner, and Ann, who is to leave: every word of hers is marked."""
    with database.transaction() as session:
        articles.publish(session, Draft("A text", (DraftParagraph("One two."), DraftParagraph("Three."))))
        for name, role in (("Olive", "owner"), (MARKER, "reader"), ("Bob", "reader")):
            reader, _ = welcome(session, name)
            accounts.sign_up(session, reader, name, f"hash of {name}", "owner" if role == "owner" else "reader")
    return database


def known(session: Session, name: str) -> Reader:
    found = accounts.by_name(session, name)
    assert found
    return found


def text(session: Session) -> Article:
    found = articles.by_slug(session, "a-text")
    assert found
    return found


def go(database: Database, answered: Answered) -> None:
    with database.transaction() as session:
        leave(session, known(session, MARKER), answered)


def words(database: Database) -> list[str]:
    """What is still there to be read, oldest first."""
    return [row.note for row in everything(database)["annotation"] if row.note and row.article_id > 1]


@pytest.mark.parametrize("answered", ["keep", "blank"])
def test_nothing_is_left_of_who_has_written_for_nobody(library: Database, answered: Answered) -> None:
    with library.transaction() as session:
        ann, bob = known(session, MARKER), known(session, "Bob")
        article = text(session)
        for visibility in ("me", "everyone"):
            note = annotate(session, article, ann, FIRST, note=MARKER, tags=MARKER, visibility=visibility)
            if visibility == "everyone":
                share(session, article, bob, FIRST, annotation=note)
        erase(session, annotate(session, article, ann, FIRST, note=MARKER))
        theirs = annotate(session, article, bob, FIRST, note=OTHERS)
        reply(session, reply(session, theirs, ann, MARKER), ann, MARKER)
        resolve(session, theirs, ann)
        share(session, article, ann, FIRST)
        open_session(session, ann)
        make(session, "reset", ann)
        mine = groups.make(session, ann, MARKER)
        annotate(session, article, ann, FIRST, note=MARKER, visibility=f"group:{mine.id}")
        groups.invite(session, mine, ann)
        handed = groups.make(session, ann, "Circle")
        groups.join(session, handed.id, bob)
        groups.invite(session, handed, ann)
        session.add(Flag(annotation_id=theirs.id, reader_id=ann.id, reason=MARKER))
        session.add(LogEntry(deed="ban", reader_id=ann.id, subject_id=ann.id, reason="spam"))
        id, version, circle = ann.id, article.version, handed.id
    go(library, answered)
    after = everything(library)
    assert MARKER not in repr(after)
    assert not [row for row in after["reader"] if row.id == id]
    assert words(library) == [OTHERS]
    assert [(row.name, row.id) for row in after["reading_group"]] == [("Circle", circle)]
    assert [(row.group_id, row.role) for row in after["membership"]] == [(circle, "owner")]
    assert [(row.reader_id, row.reason) for row in after["flag"]] == [(None, "")]
    assert [(row.reader_id, row.subject_id, row.reason) for row in after["log"]] == [(None, None, "spam")]
    assert not after["share"]
    assert not after["invitation"]
    assert not after["account_link"]
    (settled,) = (row for row in after["annotation"] if row.note == OTHERS)
    assert settled.resolved_at
    assert settled.resolved_by is None
    assert next(row.version for row in after["article"] if row.slug == "a-text") > version


@pytest.mark.parametrize("answered", ["keep", "blank"])
def test_what_others_have_answered_stays_as_one_has_chosen(library: Database, answered: Answered) -> None:
    with library.transaction() as session:
        ann, bob = known(session, MARKER), known(session, "Bob")
        article = text(session)
        root = annotate(session, article, ann, FIRST, note=f"{MARKER} root", tags=MARKER)
        answer = reply(session, root, bob, f"{OTHERS} 1")
        inner = reply(session, answer, ann, f"{MARKER} inner")
        reply(session, inner, bob, f"{OTHERS} 2")
        reply(session, inner, ann, f"{MARKER} at the end")
        theirs = annotate(session, article, bob, FIRST, note=f"{OTHERS} 3")
        chain = reply(session, reply(session, theirs, ann, f"{MARKER} a"), ann, f"{MARKER} b")
        reply(session, chain, bob, f"{OTHERS} 4")
        fate = fate_of(session, ann)
        assert (len(fate.removed), len(fate.answered), len(fate.blanked)) == (1, 4, 0)
        id = ann.id
    go(library, answered)
    kept = [f"{MARKER} root", f"{MARKER} inner", f"{MARKER} a", f"{MARKER} b"] if answered == "keep" else []
    assert sorted(words(library)) == sorted([*kept, *(f"{OTHERS} {number}" for number in (1, 2, 3, 4))])
    after = everything(library)
    assert (MARKER in repr(after)) == (answered == "keep")
    (gone,) = (row for row in after["reader"] if row.id == id)
    assert (gone.name, gone.name_key, gone.password_hash, gone.role) == (NOBODY, None, "", "reader")
    assert gone.left_at
    with library.transaction() as session:
        article = text(session)
        seen = annotations_seen_by(session, None, article)
        replies = replies_seen_by(session, None, article)
        assert len(seen) == 2
        assert len(replies) == 6
        assert {one.reader for one in replies} == {"Bob", NOBODY if answered == "keep" else ""}
        assert not accounts.by_name(session, MARKER)
        again = welcome(session)[0]
        accounts.sign_up(session, again, MARKER, "hash")


def test_what_one_had_deleted_oneself_is_kept_by_no_choice(library: Database) -> None:
    with library.transaction() as session:
        ann, bob = known(session, MARKER), known(session, "Bob")
        root = annotate(session, text(session), ann, FIRST, note=MARKER, tags=MARKER)
        reply(session, root, bob, OTHERS)
        erase(session, root)
    go(library, "keep")
    assert words(library) == [OTHERS]
    assert MARKER not in repr(everything(library))


def test_a_reply_that_its_author_has_deleted_can_still_be_restored(library: Database) -> None:
    with library.transaction() as session:
        ann, bob = known(session, MARKER), known(session, "Bob")
        root = annotate(session, text(session), ann, FIRST, note=MARKER)
        answer = reply(session, root, bob, OTHERS)
        erase(session, answer)
        id = answer.id
    go(library, "keep")
    assert MARKER not in repr(everything(library))
    with library.transaction() as session:
        restore(session, session.get_one(Annotation, id))
    with library.transaction() as session:
        assert [one.note_html for one in replies_seen_by(session, None, text(session))] == [f"<p>{OTHERS}</p>"]


def test_the_only_owner_stays_until_there_is_another(library: Database) -> None:
    with library.transaction() as session:
        olive = known(session, "Olive")
        with pytest.raises(TheOwner):
            leave(session, olive, "keep")
        known(session, "Bob").role = "owner"
        session.flush()
        leave(session, olive, "keep")
    with library.transaction() as session:
        assert [one.name for one in session.exec(select(Reader).where(Reader.role == "owner"))] == ["Bob"]


def test_a_guest_may_go_as_well(library: Database) -> None:
    with library.transaction() as session:
        guest, token = welcome(session, f"{MARKER} guest")
        annotate(session, text(session), guest, FIRST, note=f"{MARKER} by a guest")
    with library.transaction() as session:
        found = by_token(session, token)
        assert found
        leave(session, found, "blank")
    with library.transaction() as session:
        assert by_token(session, token) is None
        assert not session.exec(select(Reader).where(col(Reader.name).contains("guest"))).first()


# Who writes each note of a thread, what it hangs on, and whether it is deleted afterwards.
turns = st.lists(st.tuples(st.sampled_from(["Ann", "Bob", "Cleo"]), st.integers(0, 8), st.booleans()), max_size=8)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    begun=st.sampled_from(["Ann", "Bob"]),
    first_deleted=st.booleans(),
    said=turns,
    answered=st.sampled_from(["keep", "blank"]),
)
def test_whatever_the_thread_all_words_of_others_stay_and_only_answered_ones_of_hers(
    library: Database, begun: str, first_deleted: bool, said: list[tuple[str, int, bool]], answered: Answered
) -> None:
    mark = f"mark{uuid4().hex}"
    with library.transaction() as session:
        readers = {
            name: welcome(session, f"{mark if name == 'Ann' else ''}{name}")[0] for name in ("Ann", "Bob", "Cleo")
        }
        made: list[Annotation] = []
        deleted: list[bool] = []
        for number, (name, hangs_on, gone) in enumerate([(begun, 0, first_deleted), *said]):
            note = f"{mark} {number}" if name == "Ann" else f"{mark[4:]} {number}"
            made.append(
                reply(session, made[hangs_on % len(made)], readers[name], note)
                if made
                else annotate(session, text(session), readers[name], FIRST, note=note)
            )
            deleted.append(gone)
        for one, gone in zip(made, deleted, strict=True):
            if gone:
                erase(session, one)
        rows: dict[int, Any] = {one.id: one.model_dump() for one in made}
        ann = readers["Ann"].id
    with library.transaction() as session:
        leave(session, session.get_one(Reader, ann), answered)
    after = {row.id: row for row in everything(library)["annotation"] if row.id in rows}
    beneath: dict[int, bool] = {}
    for id in sorted(rows, reverse=True):
        children = [one for one in rows.values() if one["parent_id"] == id]
        beneath[id] = any((one["reader_id"] != ann and not one["deleted_at"]) or beneath[one["id"]] for one in children)
    for id, row in rows.items():
        if row["reader_id"] != ann or (beneath[id] and not row["deleted_at"] and answered == "keep"):
            assert after[id].note == row["note"]
        else:
            assert id not in after or (not after[id].note and after[id].purged_at)
    assert f"{mark}Ann" not in repr(everything(library)["reader"])


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_of_who_has_left_the_file_holds_no_word_either(library: Database) -> None:
    with library.transaction() as session:
        for number in range(40):
            annotate(session, text(session), known(session, MARKER), FIRST, note=f"{MARKER} {number} " + "word " * 100)
    go(library, "blank")
    library.close()
    assert library.engine.url.database
    assert MARKER.encode() not in Path(library.engine.url.database).read_bytes()


def test_who_leaves_waits_for_a_reply_that_is_being_written(library: Database) -> None:
    with library.transaction() as session:
        id = annotate(session, text(session), known(session, MARKER), FIRST, note=MARKER).id
    elsewhere = Database(library.engine.url.render_as_string(hide_password=False))
    with ThreadPoolExecutor(1) as other:
        with library.transaction() as session:
            reply(session, session.get_one(Annotation, id), known(session, "Bob"), OTHERS)
            waiting = other.submit(go, elsewhere, "blank")
            with pytest.raises(TimeoutError):
                waiting.result(0.5)
        waiting.result(20)
    elsewhere.close()
    assert words(library) == [OTHERS]
    assert MARKER not in repr(everything(library))


def test_who_answers_what_is_just_leaving_is_refused(library: Database) -> None:
    with library.transaction() as session:
        id = annotate(session, text(session), known(session, MARKER), FIRST, note=MARKER).id
    elsewhere = Database(library.engine.url.render_as_string(hide_password=False))

    def answer() -> str:
        with elsewhere.transaction() as session:
            root = Annotation(id=id, article_id=text(session).id, revision=1, reader_id=0, exact="")
            try:
                reply(session, root, known(session, "Bob"), OTHERS)
            except NoResultFound:
                return "refused"
            return "kept"

    with ThreadPoolExecutor(1) as other:
        with library.transaction() as session:
            leave(session, known(session, MARKER), "keep")
            waiting = other.submit(answer)
            with pytest.raises(TimeoutError):
                waiting.result(0.5)
        assert waiting.result(20) == "refused"
    elsewhere.close()
    assert words(library) == []
