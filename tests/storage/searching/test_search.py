"""Search: found is what has the words and may be seen, on both kinds of database alike."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product

import pytest
from sqlalchemy import event
from sqlmodel import Session

from app.storage import articles, moderation
from app.storage import library as deleting
from app.storage.annotations import Annotation, annotate, erase, restore, reword
from app.storage.database import Database
from app.storage.people import groups, readers
from app.storage.searching import search
from app.storage.searching.hits import KINDS
from app.text.searching.queries import query_of
from app.text.spans import Span
from tests.library import publish
from tests.storage.shores import EASTERN, KEEPER, article_titled, by_the_sea, complaints, found, named


@pytest.fixture
def library(database: Database) -> Database:
    return by_the_sea(database)


QUERIES: dict[str, set[str]] = {
    "lighthouse ": {"The Lighthouse", *KEEPER},
    "LIGHTHOUSE ": {"The Lighthouse", *KEEPER},
    "lighthous": {"The Lighthouse", *KEEPER},
    "lighthous ": set(),
    "lighth*": {"The Lighthouse", *KEEPER},
    "keeper waves": {*KEEPER},
    '"counts the waves"': {"p: The lighthou"},
    '"waves the counts"': set(),
    "cafe": {"p: A café stand"},
    "CAFÉ crepes": {"p: A café stand"},
    "naive": {"p: A café stand"},
    "waves -counted": {"p: The lighthou", "note: Why does he", "note: Since the WA"},
    '-"weigh more" keeper': {"p: The lighthou"},
    "orsted": {"The Lighthouse"},
    "LOVLAND": {"The Lighthouse"},
    "東京": EASTERN,
    "京東": set(),
    "波": {"p: 灯台守は夜の波を数える。"},
    "灯台": {"灯台の話", "p: 灯台守は夜の波を数える。", "note: 東京の灯台についてのメモ"},
    "서울": {"p: 등대지기는 밤에 파도를"},
    "파도 밤": {"p: 등대지기는 밤에 파도를"},
    "foghorn 東京": {"p: A foghorn in"},
    "tag:sea": {"note: Why does he", "note:"},
    "tag:SEA has:note": {"note: Why does he"},
    "tag:海": {"note: 東京の灯台についてのメモ"},
    'tag:"night work"': {"note: Why does he"},
    "tag:nig": {"note: Why does he"},
    "tag:sea -tag:night* ": {"note:"},
    "by:ada": {"note: Why does he"},
    'by:"grace ink" waves': {"note: Since the WA"},
    "by:grâce": {"note: Since the WA", "note:", "note: 東京の灯台についてのメモ"},
    "by:nobody waves": set(),
    "by:me": set(),
    "in:the-lighthouse waves": {*KEEPER, "note: Why does he", "note: Since the WA"},
    'in:"Shores of all kinds" waves': {*KEEPER, "note: Why does he", "note: Since the WA"},
    "in:灯台 東京": EASTERN,
    "in:nowhere waves": set(),
    "in:lighthouse 東京": set(),
    "has:note lighthouse": {"p: The lighthou"},
    "waves has:note": {"p: The lighthou", "note: Why does he", "note: Since the WA"},
    "-waves": set(),
    "": set(),
    "clandestine": set(),
}


def test_found_is_what_has_the_words(library: Database) -> None:
    with Session(library.engine) as session:
        assert {typed: found(session, typed) for typed in QUERIES} == QUERIES


# ── who may see


def test_one_finds_ones_own(library: Database) -> None:
    with Session(library.engine) as session:
        ada, grace = named(session, "Ada Quill"), named(session, "Grâce Ínk")
        assert found(session, "clandestine", ada) == {"note: Mine alone:"}
        assert found(session, "clandestine", grace) == set()
        assert found(session, "by:me clandestine", ada) == {"note: Mine alone:"}
        assert found(session, "by:me -waves ", grace) == {"note:", "note: 東京の灯台についてのメモ"}


def test_what_is_not_there_to_see_is_not_found(library: Database) -> None:
    def seen_by(*names: str) -> list[set[str]]:
        with Session(library.engine) as session:
            return [found(session, "weasels", named(session, name) if name else None) for name in names]

    everybody, note = ("", "Ada Quill", "Grâce Ínk"), {"note: Weasels agai"}
    with library.transaction() as session:
        ada, grace = named(session, "Ada Quill"), named(session, "Grâce Ínk")
        circle = groups.make(session, grace, "Circle")
        groups.join(session, circle.id, ada)
        article = article_titled(session, "The Lighthouse")
        made = annotate(session, article, ada, Span(0, 3), note="Weasels again", visibility=f"group:{circle.id}")
        id = made.id
    assert seen_by(*everybody) == [set(), note, note]
    with library.transaction() as session:
        reword(session, session.get_one(Annotation, id), visibility="everyone")
    assert seen_by(*everybody) == [note, note, note]
    with library.transaction() as session:
        moderation.hide(session, session.get_one(Annotation, id), named(session, "Grâce Ínk"))
    assert seen_by(*everybody) == [set(), note, set()]
    with library.transaction() as session:
        moderation.unhide(session, session.get_one(Annotation, id), named(session, "Grâce Ínk"))
        erase(session, session.get_one(Annotation, id))
    assert seen_by(*everybody) == [set(), set(), set()]
    with library.transaction() as session:
        restore(session, session.get_one(Annotation, id))
    assert seen_by(*everybody) == [note, note, note]
    assert complaints(library) == []


def test_who_has_not_written_first_does_not_find_what_others_have(library: Database) -> None:
    with library.transaction() as session:
        grace, article = named(session, "Grâce Ínk"), article_titled(session, "The Lighthouse")
        hiding = groups.make(session, grace, "Hiding", hides=True)
        ada, bob = named(session, "Ada Quill"), readers.welcome(session, "Bob Reed")[0]
        for member in (ada, bob):
            groups.join(session, hiding.id, member)
        annotate(session, article, bob, Span(0, 3), note="Stoats", visibility=f"group:{hiding.id}")
        assert found(session, "stoats", ada) == set()
        assert found(session, "stoats", grace) == {"note: Stoats"}
        annotate(session, article, ada, Span(0, 3), note="Mine", visibility=f"group:{hiding.id}")
        assert found(session, "stoats", ada) == {"note: Stoats"}


def test_what_others_keep_to_themselves_changes_no_order(library: Database) -> None:
    def order() -> list[str]:
        with Session(library.engine) as session:
            return said_in_order(session, "otter beaver ")

    def write(visibility: str, *notes: str) -> None:
        with library.transaction() as session:
            ada, article = named(session, "Ada Quill"), article_titled(session, "The Lighthouse")
            for note in notes:
                annotate(session, article, ada, Span(0, 3), note=note, visibility=visibility)

    write("everyone", "otter otter otter beaver and more", "otter beaver beaver beaver and more")
    before = order()
    assert len(before) == 2
    for word in ("otter", "beaver"):
        write("me", *[f"{word} " * 9] * 30)
        assert order() == before


def test_a_deleted_article_is_not_found_until_it_is_back(library: Database) -> None:
    with library.transaction() as session:
        deleting.delete(session, article_titled(session, "The Lighthouse"), None)
    with Session(library.engine) as session:
        for typed in ("lighthouse ", "waves ", "tag:sea", "in:the-lighthouse waves", "by:ada", "has:note waves"):
            assert found(session, typed) == set(), typed
            assert found(session, typed, named(session, "Grâce Ínk")) == set(), typed
    with library.transaction() as session:
        article = deleting.deleted(session, "the-lighthouse")
        assert article
        deleting.restore(session, article, None)
    with Session(library.engine) as session:
        assert found(session, "lighthouse ") == QUERIES["lighthouse "]
        assert found(session, "tag:sea") == QUERIES["tag:sea"]


def test_an_article_that_is_deleted_stands_before_no_other_of_its_name(database: Database) -> None:
    for title in ("Garden", "Garden tales"):
        publish(database, "One fish.", title=title)
    with database.transaction() as session:
        article = articles.by_slug(session, "garden")
        assert article
        deleting.delete(session, article, None)
    with Session(database.engine) as session:
        hits = search.find(session, None, query_of("fish in:garden"))["passages"]
    assert [one.slug for one in hits.found] == ["garden-tales"]


# ── order and number


def said_in_order(session: Session, typed: str) -> list[str]:
    hits = search.find(session, None, query_of(typed), ("notes",))["notes"]
    return ["".join(piece.words for piece in one.excerpt) for one in hits.found]


def test_the_best_come_first(library: Database) -> None:
    with library.transaction() as session:
        ada, article = named(session, "Ada Quill"), article_titled(session, "The Lighthouse")
        long = "A heron, " + "and much else that is said at length, " * 20
        for note in (long, "A grey heron.", "Heron? Grey, this heron.", "Herons are grey."):
            annotate(session, article, ada, Span(0, 3), note=note)
        in_order = [said[:8] for said in said_in_order(session, "grey heron")]
        assert in_order == ["A grey h", "Heron? G", "Herons a"]
        in_order = [said[:8] for said in said_in_order(session, "heron")]
        assert in_order == ["Heron? G", "A grey h", "Herons a", "A heron,"]


def test_of_many_the_newest_are_ranked(library: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    with library.transaction() as session:
        ada, article = named(session, "Ada Quill"), article_titled(session, "The Lighthouse")
        ids = [annotate(session, article, ada, Span(0, 3), note=f"newt {number}").id for number in range(30)]
    monkeypatch.setattr(search, "RANKED", 20)
    with Session(library.engine) as session:
        first, second, last = (
            search.find(session, None, query_of("newt "), ("notes",), skip, 15)["notes"] for skip in (0, 15, 30)
        )
    assert (first.count, first.more) == (20, True)
    shown = [one.id for one in [*first.found, *second.found]]
    assert sorted(shown) == ids[10:]
    assert last.found == []


def test_what_many_answer_is_seen_alike(library: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    with Session(library.engine) as session:
        readers_of = (None, named(session, "Ada Quill"))
        queries = ("waves", "tag:sea", "tag:sea has:note", "by:ada", "waves has:note")
        for typed, reader in product(queries, readers_of):
            usual = search.find(session, reader, query_of(typed), ("notes",))
            with monkeypatch.context() as as_if_many:
                as_if_many.setattr(search, "SIFTED", 0)
                assert search.find(session, reader, query_of(typed), ("notes",)) == usual, typed
            assert usual["notes"].count


# ── how the database is asked


@contextmanager
def asked(library: Database) -> Iterator[list[str]]:
    """The statements that the database is told meanwhile."""
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        said.append(" ".join(statement.split()))

    event.listen(library.engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(library.engine, "before_cursor_execute", note)


def test_all_kinds_are_looked_up_at_once(library: Database) -> None:
    with Session(library.engine) as session:
        for typed in ("waves", "waves has:note", "lighthouse ", "tag:sea", "nowhere-to-be-found "):
            of_each = search.find(session, None, query_of(typed))
            with asked(library) as said:
                search.find(session, None, query_of(typed))
            assert len(said) == 1 + sum(1 for hits in of_each.values() if hits.count), typed
            alone = {kind: search.find(session, None, query_of(typed), (kind,))[kind] for kind in KINDS}
            assert alone == of_each, typed


@pytest.mark.parametrize("backend", ["sqlite"])
def test_no_limit_is_a_parameter(library: Database) -> None:
    """SQLite would plan the statement anew each time that it is asked, which takes longer than to look a word up."""
    with Session(library.engine) as session, asked(library) as said:
        for typed in ("waves", "waves has:note", "by:ada waves", "in:light waves"):
            search.find(session, named(session, "Ada Quill"), query_of(typed))
    limits = [limit for statement in said for limit in re.findall(r"LIMIT (\S+) OFFSET (\S+)", statement)]
    assert limits
    assert not [limit for limit in limits if "?" in limit]
