"""Groups: who is in them, who owns them, and who therefore sees what."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import Session

from app.storage import annotations, articles, moderation
from app.storage.annotations import Annotation, OthersHaveReplied, annotate, erase, reply, reword
from app.storage.articles import Article, NotesClosed
from app.storage.database import Database, now
from app.storage.margins import annotations_seen_by, groups_waiting_for, replies_seen_by, tally, written_in
from app.storage.people import groups
from app.storage.people.groups import Group, LastOwner, NotAMember
from app.storage.people.readers import Reader, welcome
from app.text.drafts import Draft, DraftParagraph
from app.text.spans import Span

DRAFT = Draft("Another text", (DraftParagraph("One two."),))


@pytest.fixture
def group(session: Session, ann: Reader, bob: Reader) -> Group:
    """Ann's group, with Bob in it."""
    made = groups.make(session, ann, "Class 7b")
    groups.join(session, made.id, bob)
    return made


@pytest.fixture
def cyd(session: Session) -> Reader:
    """Somebody who is in no group."""
    return welcome(session, "Cyd")[0]


def write(session: Session, text: Article, reader: Reader, group: Group, note: str = "A note") -> Annotation:
    return annotate(session, text, reader, Span(0, 3), note=note, visibility=f"group:{group.id}")


def seen(session: Session, text: Article, reader: Reader | None) -> set[int]:
    return {one.id for one in annotations_seen_by(session, reader, text)}


def test_what_is_written_for_a_group_is_seen_by_it_alone(
    session: Session, text: Article, ann: Reader, bob: Reader, cyd: Reader, group: Group
) -> None:
    note = write(session, text, bob, group)
    answer = reply(session, note, ann, "An answer")
    for reader, there in ((ann, True), (bob, True), (cyd, False), (None, False)):
        assert (note.id in seen(session, text, reader)) is there
        assert bool(replies_seen_by(session, reader, text)) is there
        assert (tally(session, reader, text).readers == 2) is there
        assert bool(annotations.by_id(session, reader, answer.id)) is there


def test_nobody_writes_for_a_group_that_they_are_not_in(
    session: Session, text: Article, ann: Reader, cyd: Reader, group: Group
) -> None:
    with pytest.raises(NotAMember):
        write(session, text, cyd, group)
    with pytest.raises(NotAMember):
        annotate(session, text, ann, Span(0, 3), visibility="group:999999")
    theirs = annotate(session, text, cyd, Span(0, 3))
    with pytest.raises(NotAMember):
        reword(session, theirs, visibility=f"group:{group.id}")


def test_who_leaves_sees_no_more_of_it_and_loses_nothing_of_their_own(
    session: Session, text: Article, ann: Reader, bob: Reader, group: Group
) -> None:
    mine, theirs = write(session, text, bob, group), write(session, text, ann, group)
    answered = reply(session, mine, ann, "An answer")
    bob.visibility = f"group:{group.id}"
    session.flush()
    groups.leave(session, group.id, bob.id)
    session.refresh(bob)
    assert seen(session, text, bob) == {mine.id}
    assert annotations.by_id(session, bob, answered.id) is None
    assert bob.visibility == "me"
    assert seen(session, text, ann) == {mine.id, theirs.id}


def test_a_group_that_hides_shows_the_others_notes_once_one_has_written(
    session: Session, text: Article, ann: Reader, bob: Reader, group: Group
) -> None:
    other = articles.publish(session, DRAFT)
    groups.change(session, group, group.name, True)
    cyd, _ = welcome(session, "Cyd")
    groups.join(session, group.id, cyd)
    theirs = write(session, text, bob, group)
    answer = reply(session, theirs, ann, "By its owner")
    assert seen(session, text, ann) == {theirs.id}
    assert seen(session, text, cyd) == set()
    assert annotations.by_id(session, cyd, answer.id) is None
    assert groups_waiting_for(session, cyd, text) == {group.id: "Class 7b"}
    assert written_in(session, cyd, group) == []
    annotate(session, text, cyd, Span(0, 3), visibility=f"group:{group.id}")  # without a word
    annotate(session, text, cyd, Span(0, 3), note="For everyone")
    write(session, other, cyd, group)
    assert theirs.id not in seen(session, text, cyd)
    mine = write(session, text, cyd, group)
    assert theirs.id in seen(session, text, cyd)
    assert [one.id for one in replies_seen_by(session, cyd, text)] == [answer.id]
    assert groups_waiting_for(session, cyd, text) == {}
    assert {one.slug for one in written_in(session, cyd, group)} == {text.slug, other.slug}
    erase(session, mine)
    assert theirs.id not in seen(session, text, cyd)


def test_a_hidden_note_is_seen_by_its_author_alone(
    session: Session, text: Article, ann: Reader, bob: Reader, group: Group
) -> None:
    for visibility in ("everyone", f"group:{group.id}"):
        note = annotate(session, text, bob, Span(0, 3), note="A note", visibility=visibility)
        answer = reply(session, note, ann, "An answer")
        note.hidden_at = now()
        session.flush()
        assert note.id in seen(session, text, bob)
        assert note.id not in seen(session, text, ann)
        assert annotations.by_id(session, ann, answer.id) is None


def test_a_thread_is_never_shown_to_more_readers_than_it_was_written_for(
    session: Session, text: Article, ann: Reader, bob: Reader, cyd: Reader, group: Group
) -> None:
    second = groups.make(session, ann, "Another")
    groups.join(session, second.id, bob)
    note = write(session, text, ann, group)
    reply(session, note, bob, "For the group")
    for visibility in ("everyone", "me", f"group:{second.id}"):
        with pytest.raises(OthersHaveReplied):
            reword(session, note, visibility=visibility)
    reword(session, note, note="Other words", visibility=f"group:{group.id}")


def test_a_thread_goes_from_everyone_to_a_group_in_which_all_of_it_is(
    session: Session, text: Article, ann: Reader, bob: Reader, cyd: Reader, group: Group
) -> None:
    note = annotate(session, text, ann, Span(0, 3), note="A note")
    answer = reply(session, note, bob, "An answer")
    reword(session, note, visibility=f"group:{group.id}")
    assert seen(session, text, cyd) == set()
    assert annotations.by_id(session, cyd, answer.id) is None
    assert annotations.by_id(session, bob, answer.id)
    second = annotate(session, text, ann, Span(0, 3), note="A note")
    reply(session, second, cyd, "From without")
    with pytest.raises(OthersHaveReplied):
        reword(session, second, visibility=f"group:{group.id}")


def test_ones_own_thread_goes_anywhere(session: Session, text: Article, ann: Reader, cyd: Reader, group: Group) -> None:
    note = annotate(session, text, ann, Span(0, 3), note="A note", visibility="me")
    mine = reply(session, note, ann, "And another thing")
    for visibility in (f"group:{group.id}", "me", "everyone"):
        reword(session, note, visibility=visibility)
        session.refresh(mine)
        assert (mine.visibility, mine.group_id) == (note.visibility, note.group_id)
    assert annotations.by_id(session, cyd, mine.id)


def test_a_group_always_has_an_owner(session: Session, ann: Reader, bob: Reader, group: Group) -> None:
    with pytest.raises(LastOwner):
        groups.appoint(session, group, ann.id, "member")
    groups.leave(session, group.id, ann.id)
    assert [(one.name, one.role) for one in groups.members_of(session, group)] == [("Bob", "owner")]
    groups.leave(session, group.id, bob.id)
    assert groups.members_of(session, group) == []


def test_an_owner_can_be_made_and_unmade(session: Session, ann: Reader, bob: Reader, group: Group) -> None:
    groups.appoint(session, group, bob.id, "owner")
    groups.appoint(session, group, ann.id, "member")
    assert [(one.name, one.role) for one in groups.members_of(session, group)] == [("Bob", "owner"), ("Ann", "member")]


def test_a_group_is_known_to_its_members_alone(session: Session, ann: Reader, cyd: Reader, group: Group) -> None:
    assert groups.by_id(session, ann, group.id) == group
    assert groups.by_id(session, cyd, group.id) is None
    assert [(one.name, one.role, one.members) for one in groups.groups_of(session, ann)] == [("Class 7b", "owner", 2)]
    assert groups.groups_of(session, cyd) == groups.groups_of(session, None) == []


def test_an_invitation_is_good_until_it_runs_out_or_is_withdrawn(session: Session, ann: Reader, group: Group) -> None:
    first, second = (groups.invite(session, group, ann) for _ in range(2))
    assert len({first.token, second.token}) == 2
    assert len(first.token) >= 22
    assert groups.invitation(session, first.token) == first
    groups.withdraw(session, first)
    second.expires_at = now() - timedelta(seconds=1)
    session.flush()
    assert [groups.invitation(session, one) for one in (first.token, second.token, "")] == [None] * 3
    assert groups.invitations_of(session, group) == []


def test_what_changes_what_a_reader_sees_is_counted(
    session: Session, ann: Reader, bob: Reader, cyd: Reader, group: Group
) -> None:
    def versions() -> tuple[int, ...]:
        for reader in (ann, bob, cyd):
            session.refresh(reader)
        return ann.version, bob.version, cyd.version

    before = versions()
    groups.change(session, group, "Class 8b", False)
    assert versions() == (before[0] + 1, before[1] + 1, before[2])
    groups.join(session, group.id, cyd)
    groups.join(session, group.id, cyd)
    assert versions()[2] == before[2] + 1
    groups.leave(session, group.id, cyd.id)
    assert versions() == (before[0] + 1, before[1] + 1, before[2] + 2)


def after_another(url: str, first: Callable[[Session], object], second: Callable[[Session], object]) -> None:
    """Do the second thing in a transaction that begins before that of the first has ended."""
    one, other = Database(url), Database(url)
    begun = threading.Event()

    def follow() -> None:
        begun.wait(20)
        with other.transaction() as session:
            second(session)

    with ThreadPoolExecutor(1) as executor:
        following = executor.submit(follow)
        with one.transaction() as session:
            first(session)
            session.flush()
            begun.set()
            time.sleep(0.3)
        try:
            following.result(30)
        finally:
            one.close()
            other.close()


def owned_by_two(url: str) -> tuple[int, int, int]:
    """The ids of a group, and of two readers who own it."""
    database = Database(url)
    with database.transaction() as session:
        ann, bob = (welcome(session, name)[0] for name in ("Ann", "Bob"))
        group = groups.make(session, ann, "Class 7b")
        groups.join(session, group.id, bob, "owner")
        ids = group.id, ann.id, bob.id
    database.close()
    return ids


def test_two_owners_who_demote_each_other_leave_one(url: str) -> None:
    group, ann, bob = owned_by_two(url)

    def demote(id: int) -> Callable[[Session], object]:
        return lambda session: groups.appoint(session, session.get_one(Group, group), id, "member")

    with pytest.raises(LastOwner):
        after_another(url, demote(ann), demote(bob))


def test_who_comes_in_twice_at_once_is_in_once(url: str) -> None:
    group, _, _ = owned_by_two(url)
    database = Database(url)
    with database.transaction() as session:
        cyd = welcome(session, "Cyd")[0].id

    def join(session: Session) -> None:
        groups.join(session, group, session.get_one(Reader, cyd))

    after_another(url, join, join)
    with database.transaction() as session:
        assert len(groups.members(session, group)) == 3
    database.close()


def test_notes_that_come_as_an_article_is_closed_are_not_kept(url: str) -> None:
    database = Database(url)
    with database.transaction() as session:
        slug = articles.publish(session, DRAFT).slug
        reader = welcome(session, "Ann")[0].id

    def close(session: Session) -> None:
        moderation.close(session, articles.by_slug(session, slug), session.get_one(Reader, reader))  # type: ignore[arg-type]

    def write(session: Session) -> None:
        annotate(session, articles.by_slug(session, slug), session.get_one(Reader, reader), Span(0, 3))  # type: ignore[arg-type]

    with pytest.raises(NotesClosed):
        after_another(url, close, write)
    database.close()


def test_who_comes_into_an_empty_group_owns_it(session: Session, ann: Reader, bob: Reader, group: Group) -> None:
    for member in (ann, bob):
        groups.leave(session, group.id, member.id)
    groups.join(session, group.id, bob)
    assert [(one.name, one.role) for one in groups.members_of(session, group)] == [("Bob", "owner")]
