"""A library that is whole is called whole, and each fault that it could have is found."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text as sql
from sqlmodel import Session

from app.storage import articles, collections, revisions
from app.storage.annotations import Annotation, erase, reply
from app.storage.database import Database
from app.storage.keeping.checking import FIRST, SHOWN, SUBJECTS, Verdict, check
from app.storage.keeping.purging import blank
from app.storage.people import readers
from app.storage.pictures import Picture
from app.storage.shares import share
from app.text.drafts import Draft, DraftParagraph
from app.text.spans import Span
from app.text.structures import Inline, Structure
from tests.library import mark, publish, welcome

SECRET = "wunderlich"
"""Stands in every text and note: no verdict says what people have written."""


@pytest.fixture
def library(database: Database) -> Database:
    """Two articles and all that can be about them: notes, replies, what is deleted, a share, a collection."""
    linked = Structure((Inline(Span(0, 3), "link", "#2"),))
    slug = publish(database, DraftParagraph(f"One {SECRET}. 🐝 Two.", structure=linked), "Three.", title="Bees")
    publish(database, "Ants.", title="Ants")
    token = welcome(database, "Ann")[1]
    first = mark(database, slug, 0, 15, token, note=SECRET)
    across = mark(database, slug, 16, 29, token)
    mark(database, slug, 18, 22, token)
    gone = mark(database, slug, 0, 3, token, note=SECRET)
    with database.transaction() as session:
        ann = readers.by_token(session, token)
        article = articles.by_slug(session, slug)
        assert ann
        assert article
        answer = reply(session, session.get_one(Annotation, first), ann, SECRET)
        reply(session, answer, ann, SECRET)
        erase(session, session.get_one(Annotation, across))
        blank(session, [gone])
        share(session, article, ann, Span(4, 14))
        collections.gather(session, "Insects", [article, articles.get(session, 1)])
    return database


def verdicts(database: Database) -> dict[str, Verdict]:
    with database.snapshot() as session:
        return {found.subject: found for found in check(session)}


@contextmanager
def unminded(database: Database) -> Iterator[Session]:
    """A transaction in which no database minds what is done to a library, and that is taken back."""
    with Session(database.engine) as session:
        if database.sqlite:
            driver: Any = session.connection().connection.driver_connection
            session.rollback()
            driver.execute("PRAGMA foreign_keys = OFF")
        else:
            tables = session.connection().execute(sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
            for table in tables.scalars():
                session.connection().execute(sql(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
        yield session
        session.connection().invalidate()


@pytest.fixture
def revised(library: Database) -> Database:
    """The same after its text has changed: one note lost its words, the words of another are set otherwise."""
    with library.transaction() as session:
        article = articles.by_slug(session, "bees")
        assert article
        draft = Draft("Bees", (DraftParagraph(f"One {SECRET}."), DraftParagraph("Three…")), slug="bees")
        revisions.revise(session, article, draft, None, based_on=1)
    return library


def test_a_library_that_has_been_revised_is_whole_and_so_it_is_when_that_is_undone(revised: Database) -> None:
    assert not any(verdict.number for verdict in verdicts(revised).values())
    with revised.transaction() as session:
        article = articles.by_slug(session, "bees")
        assert article
        revisions.undo(session, article, None, based_on=2)
    assert not any(verdict.number for verdict in verdicts(revised).values())


def test_a_note_on_a_later_text_that_stands_on_other_words_is_found(revised: Database) -> None:
    with unminded(revised) as session:
        for statement in (
            'UPDATE placement SET "end" = "end" - 3 WHERE revision = 2 AND status = \'ok\'',
            "UPDATE placement SET stood = 1 WHERE revision = 2 AND status = 'ok'",
            "UPDATE placement SET stood = 2 WHERE revision = 2 AND status = 'orphan'",
            "DELETE FROM placement WHERE revision = 2",
        ):
            before = session.begin_nested()
            assert session.connection().execute(sql(statement)).rowcount, statement
            assert {verdict.subject for verdict in check(session) if verdict.number} == {"notes"}, statement
            before.rollback()


def test_a_library_that_is_whole_is_called_whole(library: Database) -> None:
    found = verdicts(library)
    assert list(found) == [subject for subject, _ in (*FIRST, *SUBJECTS)]
    assert [verdict.said for verdict in found.values()] == [f"{subject}: ok" for subject in found]


PLACE = '(annotation_id, revision, stood, article_id, start, "end", status) SELECT id, 1, 1, article_id'

REVISION = "(article_id, number, segmenter, title, author, source, language, words, created_at)"

BREAKS = [
    ("keys", "UPDATE annotation SET reader_id = 999 WHERE id = (SELECT max(id) FROM annotation)"),
    ("keys", "DELETE FROM reader"),
    ("keys", "UPDATE share SET annotation_id = 999"),
    ("texts", "UPDATE article SET revision = 7 WHERE slug = 'ants'"),
    ("texts", "UPDATE article SET words = words + 1 WHERE slug = 'ants'"),
    ("texts", f"INSERT INTO revision {REVISION} SELECT article_id, 9, '', '', '', '', '', 0, created_at FROM revision"),
    ("texts", "UPDATE revision SET words = words + 1"),
    ("texts", "UPDATE article SET title_key = 'z' WHERE slug = 'ants'"),
    ("texts", "UPDATE paragraph SET text = text || '!' WHERE text = 'Ants.'"),
    ("texts", "UPDATE paragraph SET text = 'Ant' WHERE text = 'Ants.'"),
    ("texts", 'UPDATE paragraph SET start = start + 1, "end" = "end" + 1 WHERE text = \'Ants.\''),
    ("texts", "UPDATE paragraph SET number = 3 WHERE text = 'Three.'"),
    ("texts", "DELETE FROM paragraph WHERE text LIKE 'One %'"),
    ("texts", "UPDATE paragraph SET sentences = '[0,99]' WHERE text = 'Ants.'"),
    ("texts", "UPDATE paragraph SET sentences = '[0,5,3,4]' WHERE text = 'Ants.'"),
    ("texts", "UPDATE paragraph SET sentences = '[0]' WHERE text = 'Ants.'"),
    ("texts", "UPDATE paragraph SET sentences = 'x' WHERE text = 'Ants.'"),
    ("texts", "UPDATE paragraph SET structure = 'x' WHERE text = 'Ants.'"),
    ("texts", "UPDATE paragraph SET structure = '{\"inline\":[[0,99,\"strong\"]]}' WHERE text = 'Ants.'"),
    ("texts", 'UPDATE paragraph SET structure = \'{"inline":[[0,1,"link","#p3"]]}\' WHERE text = \'Ants.\''),
    ("texts", 'UPDATE paragraph SET structure = \'{"inline":[[0,1,"link","javascript:x"]]}\' WHERE text = \'Ants.\''),
    ("notes", 'UPDATE placement SET "end" = 999 WHERE annotation_id = (SELECT max(annotation_id) FROM placement)'),
    ("notes", "UPDATE placement SET start = 22 WHERE start = 16"),
    ("notes", 'UPDATE placement SET start = "end" WHERE start = 16'),
    ("notes", "UPDATE placement SET status = 'fine' WHERE start = 16"),
    ("notes", "UPDATE placement SET status = 'orphan' WHERE start = 16"),
    ("notes", "UPDATE placement SET stood = 2 WHERE start = 16"),
    ("notes", "UPDATE placement SET article_id = 1 WHERE start = 16"),
    ("notes", "DELETE FROM placement WHERE start = 16"),
    ("notes", "UPDATE annotation SET exact = exact || 's' WHERE exact LIKE 'One %'"),
    ("notes", "UPDATE annotation SET prefix = 'x' WHERE exact LIKE 'One %'"),
    ("notes", "UPDATE annotation SET suffix = '' WHERE exact LIKE 'One %'"),
    (
        "notes",
        f"INSERT INTO placement {PLACE}, 0, 3, 'ok' FROM annotation WHERE root_id > 0",
    ),
    ("threads", "UPDATE annotation SET parent_id = NULL WHERE root_id = parent_id"),
    ("threads", "UPDATE annotation SET article_id = 1 WHERE root_id = parent_id"),
    ("threads", "UPDATE annotation SET parent_id = id WHERE root_id <> parent_id"),
    ("threads", "UPDATE annotation SET parent_id = 1 WHERE root_id <> parent_id"),
    ("threads", "UPDATE annotation SET root_id = parent_id WHERE root_id <> parent_id"),
    ("audiences", "UPDATE annotation SET visibility = 'all' WHERE root_id IS NULL"),
    ("audiences", "UPDATE annotation SET visibility = 'me' WHERE root_id = parent_id"),
    ("audiences", "UPDATE annotation SET group_id = 3"),
    ("audiences", "UPDATE annotation SET group_id = 3, visibility = 'group:4'"),
    ("audiences", "UPDATE annotation SET note = ''"),
    ("links", "UPDATE share SET exact = 'x'"),
    ("links", 'UPDATE share SET "end" = 999'),
    ("links", "UPDATE share SET revision = 2"),
    ("links", "UPDATE share SET scope = 'all'"),
    ("links", "UPDATE share SET annotation_id = 1"),
    ("collections", "UPDATE part SET position = 1"),
    ("collections", "UPDATE article SET gathered = NOT gathered"),
]


def test_what_is_broken_is_found_and_named_without_a_word(library: Database) -> None:
    with unminded(library) as session:
        for subject, statement in BREAKS:
            before = session.begin_nested()
            assert session.connection().execute(sql(statement)).rowcount, statement
            found = {verdict.subject: verdict for verdict in check(session)}
            assert found[subject].number, f"{subject}: {statement}"
            assert not any(SECRET in verdict.said for verdict in found.values()), statement
            before.rollback()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE alembic_version SET version_num = 'older'",
        "ALTER TABLE reader ADD COLUMN shoe_size INTEGER",
        "DROP INDEX ix_share_reader_id",
    ],
)
def test_a_schema_that_is_not_this_softwares_is_found_and_nothing_else_is_asked(
    library: Database, statement: str
) -> None:
    with library.engine.begin() as connection:
        connection.execute(sql(statement))
    found = verdicts(library)
    assert list(found) == ["database", "schema"]
    assert found["schema"].number


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("CREATE TRIGGER shows AFTER INSERT ON annotation BEGIN SELECT 1; END", "shows is strange"),
        ("CREATE VIEW bees AS SELECT 1", "bees is strange"),
        ("DROP TRIGGER {first}", "{first} is missing"),
    ],
)
def test_what_a_library_does_by_itself_is_what_it_should_do(library: Database, statement: str, said: str) -> None:
    with library.engine.begin() as connection:
        kept = connection.execute(sql("SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name"))
        first = kept.scalars().all()[0]
        connection.execute(sql(statement.format(first=first)))
    assert verdicts(library)["schema"].faults == (said.format(first=first),)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("what", ["article SET published_on = 'May'", "annotation SET created_at = '2026-02-30 10:00'"])
def test_a_day_that_is_none_is_found(library: Database, what: str) -> None:
    with library.engine.begin() as connection:
        connection.execute(sql(f"UPDATE {what}"))
    found = verdicts(library)["days"]
    assert found.number == 1
    assert SECRET not in found.said


def test_only_the_first_faults_are_named(library: Database) -> None:
    with unminded(library) as session:
        session.connection().execute(sql("UPDATE paragraph SET sentences = '[0]'"))
        (found,) = [verdict for verdict in check(session) if verdict.subject == "texts"]
    assert found.number > SHOWN
    assert found.said.count("\n") == SHOWN + 1
    assert found.said.endswith(f"and {found.number - SHOWN} more")


def test_an_index_of_words_that_has_drifted_is_found(library: Database) -> None:
    with unminded(library) as session:
        session.connection().execute(sql("DELETE FROM search_note"))
        assert {verdict.subject for verdict in check(session) if verdict.number} == {"search"}


def test_looking_keeps_nobody_from_writing(library: Database, url: str) -> None:
    with library.snapshot() as session:
        assert not any(verdict.number for verdict in check(session))
        elsewhere = Database(url)
        publish(elsewhere, "Meanwhile.")
        elsewhere.close()
        # What has been written since is not seen, and nothing is amiss.
        assert not any(verdict.number for verdict in check(session))


def test_a_picture_that_has_other_bytes_is_found(library: Database) -> None:
    with library.transaction() as session:
        session.add(Picture(sha256="0" * 64, media_type="image/png", width=1, height=1, content=b"x"))
    assert verdicts(library)["pictures"].number == 2


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_damaged_file_is_found(library: Database, url: str) -> None:
    library.close()
    file = Path(url.removeprefix("sqlite:///"))
    whole = file.read_bytes()
    at = whole.index(b"Ants.") // 4096 * 4096
    file.write_bytes(whole[:at] + bytes(64) + whole[at + 64 :])
    found = verdicts(library)
    assert found["database"].number
    assert list(found) == ["database", "schema"]


@pytest.mark.parametrize("backend", ["postgresql"])
def test_an_index_that_is_not_valid_is_found(library: Database) -> None:
    index = "CAST('ix_share_reader_id' AS regclass)"
    with library.engine.begin() as connection:
        connection.execute(sql(f"UPDATE pg_index SET indisvalid = false WHERE indexrelid = {index}"))
    assert "ix_share_reader_id" in verdicts(library)["database"].said
