"""Accounts: nothing of a guest is lost, whatever refers to them, and nothing is left behind."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import insert
from sqlmodel import Session, select

from app.storage import accounts, collections, imports, moderation, readings
from app.storage.accounts import NameTaken, TheOwner
from app.storage.annotations import annotate, reply
from app.storage.articles import Article, Revision
from app.storage.database import Database, Table
from app.storage.people import account_links, groups
from app.storage.people.passwords import Passwords
from app.storage.people.readers import Reader, by_token, open_session, welcome
from app.text.spans import Span


def referring(session: Session, id: int) -> dict[str, int]:
    """In how many rows each column refers to a reader."""
    found = {}
    for table in Table.metadata.sorted_tables:
        for column in table.columns:
            if any(key.column.table.name == "reader" for key in column.foreign_keys):
                rows = session.connection().execute(select(column).where(column == id)).all()
                found[f"{table.name}.{column.name}"] = len(rows)
    return found


def test_all_that_refers_to_a_guest_refers_to_the_account_afterwards(
    session: Session, text: Article, ann: Reader, bob: Reader
) -> None:
    accounts.sign_up(session, bob, "Bob", "hash")
    mark = annotate(session, text, ann, Span(0, 3), note="a")
    reply(session, mark, ann, "b")
    both, hers = groups.make(session, bob, "Both"), groups.make(session, ann, "Hers")
    groups.join(session, both.id, ann)
    groups.invite(session, hers, ann)
    moderation.flag(session, mark, ann, "why")
    moderation.record(session, ann, "did", subject=ann)
    account_links.make(session, "reset", ann)
    mark.resolved_by = ann.id
    session.add(mark)
    collections.gather(session, "Hers", [text], reader=ann)
    imports.bring(session, ann, b"brought")
    readings.archive(session, ann, text)
    first = session.get_one(Revision, (text.id, 1))
    first.reader_id = ann.id
    session.add(first)
    session.connection().execute(
        insert(Table.metadata.tables["share"]).values(
            token="t", article_id=text.id, reader_id=ann.id, scope="article", revision=1, start=0, end=3,
            exact="One", prefix="", suffix="", created_at=mark.created_at, opened=0,
        )
    )  # fmt: skip
    session.flush()
    before, id = referring(session, ann.id), ann.id
    assert {name for name, number in before.items() if not number} == set(), before
    had = referring(session, bob.id)
    accounts.bring(session, ann, bob)
    after = referring(session, bob.id)
    for name, number in before.items():
        lost = name == "reader_session.reader_id"
        twice = name == "membership.reader_id"  # both were in one of the groups
        assert after[name] == had[name] + (0 if lost else number - twice), name
    assert set(referring(session, id).values()) == {0}
    assert session.get(Reader, id) is None


def test_a_page_that_names_a_guest_is_made_anew_for_the_account(
    session: Session, text: Article, ann: Reader, bob: Reader
) -> None:
    annotate(session, text, ann, Span(0, 3))
    session.refresh(text)
    version, theirs = text.version, bob.version
    accounts.sign_up(session, bob, "Bob", "hash")
    accounts.bring(session, ann, bob)
    session.refresh(text)
    session.refresh(bob)
    assert text.version > version
    assert bob.version > theirs


def test_no_two_accounts_have_a_name(session: Session, ann: Reader, bob: Reader) -> None:
    accounts.sign_up(session, ann, "Ann", "hash")
    with pytest.raises(NameTaken):
        accounts.sign_up(session, bob, "ＡNN", "hash")


def test_a_guest_is_not_called_as_an_account_is(session: Session, ann: Reader, bob: Reader) -> None:
    accounts.sign_up(session, ann, "Ann", "hash")
    with pytest.raises(NameTaken):
        accounts.rename(session, bob, "ann ")


def test_there_is_always_an_owner(session: Session, ann: Reader, bob: Reader) -> None:
    accounts.sign_up(session, ann, "Ann", "hash", "owner")
    accounts.sign_up(session, bob, "Bob", "hash")
    with pytest.raises(TheOwner):
        accounts.appoint(session, ann, "reader", None)
    with pytest.raises(TheOwner):
        accounts.ban(session, ann, None)
    accounts.appoint(session, bob, "owner", ann)
    accounts.appoint(session, ann, "reader", bob)
    assert [one.deed for one in moderation.log(session)] == ["appointed", "appointed"]


def test_of_two_owners_who_demote_each_other_one_stays(database: Database) -> None:
    with database.transaction() as session:
        for name in ("Ann", "Bob"):
            accounts.sign_up(session, welcome(session)[0], name, "hash", "owner")
    elsewhere = Database(database.engine.url.render_as_string(hide_password=False))

    def demote_ann() -> None:
        with elsewhere.transaction() as session:
            accounts.appoint(session, called(session, "Ann"), "reader", called(session, "Bob"))

    with ThreadPoolExecutor(1) as other:
        with database.transaction() as session:
            accounts.appoint(session, called(session, "Bob"), "reader", called(session, "Ann"))
            waiting = other.submit(demote_ann)
            with pytest.raises(TimeoutError):
                waiting.result(0.5)
        with pytest.raises(TheOwner):
            waiting.result(20)
    elsewhere.close()
    with database.transaction() as session:
        assert accounts.has_owner(session)


def test_a_new_password_waits_for_who_signs_in_by_the_old_one_and_ends_that_too(database: Database) -> None:
    with database.transaction() as session:
        accounts.sign_up(session, welcome(session)[0], "Ann", "hash")
    elsewhere = Database(database.engine.url.render_as_string(hide_password=False))

    def change() -> None:
        with elsewhere.transaction() as session:
            accounts.set_password(session, called(session, "Ann"), "other")

    with ThreadPoolExecutor(1) as other:
        with database.transaction() as session:
            ann = accounts.by_id(session, called(session, "Ann").id, lock=True)
            assert ann
            waiting = other.submit(change)
            with pytest.raises(TimeoutError):
                waiting.result(0.5)
            token = open_session(session, ann)
        waiting.result(20)
    elsewhere.close()
    with database.transaction() as session:
        assert by_token(session, token) is None


def called(session: Session, name: str) -> Reader:
    found = accounts.by_name(session, name)
    assert found
    return found


def test_a_new_password_ends_every_session(session: Session, ann: Reader) -> None:
    accounts.sign_up(session, ann, "Ann", "hash")
    token = open_session(session, ann)
    session.flush()
    accounts.set_password(session, ann, "other")
    assert by_token(session, token) is None


def test_readers_are_found_by_a_part_of_their_name(session: Session, ann: Reader, bob: Reader) -> None:
    accounts.sign_up(session, ann, "Ann_Example 100%", "hash")
    session.flush()
    for sought in ("nn_e", "100%", "EXAMPLE", "ＡNN"):
        assert [one.id for one in accounts.every(session, sought).readers] == [ann.id], sought
    assert accounts.every(session, "nobody").readers == []
    assert accounts.every(session).readers[0].id == ann.id  # accounts first
    some = accounts.every(session, at_most=1)
    assert some.more
    assert len(some.readers) == 1


def test_a_link_is_good_once(session: Session) -> None:
    token = account_links.make(session, "join")
    assert account_links.use(session, token)
    assert account_links.use(session, token) is None
    assert account_links.by_token(session, token) is None


def test_a_hash_of_another_cost_is_renewed_when_it_is_right() -> None:
    cheap, dear = Passwords(1), Passwords(2)
    kept = cheap.hashed("correct horse")
    assert cheap.tried("correct horse", kept) == (True, "")
    right, newer = dear.tried("correct horse", kept)
    assert right
    assert newer.startswith("$argon2id$v=19$m=2048,")
    assert dear.tried("wrong horse", kept) == (False, "")
    assert dear.tried("correct horse", "") == (False, "")


def test_a_guest_of_a_banned_name_has_no_account(session: Session) -> None:
    guest, _ = welcome(session)
    accounts.ban(session, guest, None, "Rude")
    assert guest.banned_at
    accounts.unban(session, guest, None)
    assert guest.banned_at is None
