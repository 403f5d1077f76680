"""A library goes into one file and comes out of it the same, on either database, or nothing is changed."""

import shutil
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text as sql

from app.storage import articles
from app.storage.annotations import Annotation, erase, reply, resolve
from app.storage.database import Database
from app.storage.keeping.backups import BACKUPS_KEPT, NotKept, backup, bring_up_to_date, library_in, restore
from app.storage.keeping.checking import check
from app.storage.people import groups, readers
from app.storage.people.readers import Reader
from app.storage.pictures import Picture
from app.storage.shares import share
from app.text.spans import Span
from tests.conftest import Cluster
from tests.library import everything, mark, publish, welcome

Made = Callable[[str], Database]

VERSION = ("article", "version")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "kept.db"


@pytest.fixture
def library(database: Database) -> Database:
    """Words of many kinds, and rows in many tables; numbers that have been given and are free again."""
    slug = publish(database, "One two. 🐝 ﬁ 三", 'Three "four" \\ \' %s :x', title="Bées\t\n'\"")
    token = welcome(database, "Änn")[1]
    first = mark(database, slug, 0, 8, token, note="*Words* 😀\n\n`x`", tags="tag, другий")
    second = mark(database, slug, 9, 10, token, visibility="me")
    with database.transaction() as session:
        ann = readers.by_token(session, token)
        article = articles.by_slug(session, slug)
        assert ann
        assert article
        group = groups.make(session, ann, "A circle", hides=True)
        groups.invite(session, group, ann)
        answer = reply(session, session.get_one(Annotation, first), ann, "A reply")
        reply(session, answer, ann, "Another")
        resolve(session, answer, ann)
        erase(session, session.get_one(Annotation, second))
        share(session, article, ann, Span(0, 8), expires="week")
        session.add(Picture(sha256="0" * 64, media_type="image/png", width=1, height=1, content=bytes(range(256))))
        gone = Reader(name="Gone")
        session.add(gone)
        session.flush()
        session.delete(gone)
    return database


@pytest.fixture
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Made]:
    """Makes further libraries, of the kind one names, with nothing in them."""
    begun: list[Database] = []
    cluster: Cluster | None = None

    def make(kind: str) -> Database:
        nonlocal cluster
        name = f"t{uuid4().hex}"
        if kind == "sqlite":
            begun.append(Database(f"sqlite:///{tmp_path / name}.db"))
        else:
            cluster = request.getfixturevalue("cluster")
            assert cluster
            cluster.run(f"CREATE DATABASE {name}")
            begun.append(Database(cluster.url(name)))
            begun[-1].migrate()
        return begun[-1]

    yield make
    for database in begun:
        name = database.engine.url.database
        database.close()
        if not database.sqlite and cluster:
            cluster.run(f"DROP DATABASE {name} WITH (FORCE)")


def rows(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """All that a library holds, but for the versions of articles, which are new after each restoring."""
    return {
        table: [tuple(value for name, value in row._mapping.items() if (table, name) != VERSION) for row in kept]
        for table, kept in everything(database).items()
    }


def faults(database: Database) -> list[str]:
    with database.snapshot() as session:
        return [found.said for found in check(session) if found.number and found.subject != "pictures"]


def numbered_next(database: Database) -> int:
    with database.transaction() as session:
        made = Reader(name="Next")
        session.add(made)
        session.flush()
        return made.id


@pytest.mark.parametrize("to", ["sqlite", "postgresql"])
def test_what_goes_into_a_backup_comes_out_the_same(library: Database, made: Made, file: Path, to: str) -> None:
    before = rows(library)
    holds = backup(library, file)
    assert holds.said == "2 articles, 12 notes, 1 picture"
    other = made(to)
    other.close()
    assert restore(other, file, file.parent) == (holds, None)
    assert rows(other) == before
    assert faults(other) == []
    assert numbered_next(other) == numbered_next(library)


def test_nobody_else_may_read_a_backup_and_nothing_lies_beside_it(library: Database, file: Path) -> None:
    backup(library, file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [one.name for one in file.parent.glob("*kept*")] == ["kept.db"]
    assert [one.name for one in file.parent.glob(".*")] == []


def test_a_file_is_overwritten_only_if_one_says_so(library: Database, file: Path) -> None:
    file.write_text("precious")
    with pytest.raises(NotKept, match="--overwrite"):
        backup(library, file)
    assert file.read_text() == "precious"
    backup(library, file, overwrite=True)
    assert rows(library_in(file)) == rows(library)


def test_a_backup_is_one_state_whoever_writes_meanwhile(library: Database, file: Path) -> None:
    slug = publish(library, "Meanwhile.")
    before = rows(library)
    written: list[int] = []

    def write(_what: str, _done: int, _of: int) -> None:
        if not written:
            written.append(mark(library, slug, 0, 3))

    backup(library, file, told=write)
    assert written
    kept = library_in(file)
    assert rows(kept) == before
    kept.close()


def test_a_library_that_holds_something_is_overwritten_only_if_one_says_so(
    library: Database, made: Made, file: Path
) -> None:
    other = made("sqlite" if library.sqlite else "postgresql")
    other.migrate()
    publish(other, "Other words.")
    before = rows(other)
    backup(library, file)
    other.close()
    with pytest.raises(NotKept, match="1 article, 0 notes, 0 pictures; --overwrite"):
        restore(other, file, file.parent)
    assert rows(other) == before
    other.close()
    kept = restore(other, file, file.parent, overwrite=True).before
    assert rows(other) == rows(library)
    assert faults(other) == []
    assert kept
    assert kept.parent == file.parent / "backups"
    assert kept.stat().st_mode & 0o77 == 0
    other.close()
    restore(other, kept, file.parent, overwrite=True)
    assert rows(other) == before


def test_what_cannot_be_set_aside_is_not_overwritten(library: Database, file: Path) -> None:
    before = rows(library)
    backup(library, file)
    (file.parent / "backups").write_text("no folder")
    library.close()
    with pytest.raises(NotKept, match="Nothing has been changed"):
        restore(library, file, file.parent, overwrite=True)
    assert rows(library) == before


def test_pages_that_browsers_kept_are_stale_after_restoring(library: Database, file: Path) -> None:
    backup(library, file)
    slug = everything(library)["article"][0].slug
    for _ in range(3):
        mark(library, slug, 0, 3)
    before = {row.version for row in everything(library)["article"]}
    library.close()
    restore(library, file, file.parent, overwrite=True)
    assert min(row.version for row in everything(library)["article"]) > max(before)


def test_a_library_in_use_is_not_restored(library: Database, url: str, file: Path) -> None:
    backup(library, file)
    before = rows(library)
    library.close()
    server = Database(url)
    with server.engine.connect():
        pass  # a connection lies in its pool
    with pytest.raises(NotKept, match="uses the library"):
        restore(library, file, file.parent, overwrite=True)
    assert rows(library) == before
    server.close()
    library.close()
    restore(library, file, file.parent, overwrite=True)


@pytest.mark.parametrize("what", ["nothing", "words", "half", "another", "torn", "newer", "trigger"])
def test_what_is_no_sound_backup_changes_nothing(library: Database, file: Path, what: str) -> None:
    before = rows(library)
    backup(library, file)
    whole = file.read_bytes()
    if what == "nothing":
        file.unlink()
    elif what == "words":
        file.write_text("These are words. " * 1000)
    elif what == "half":
        file.write_bytes(whole[: len(whole) // 2])
    elif what == "another":
        other = Database(f"sqlite:///{file}2")
        with other.engine.begin() as connection:
            connection.execute(sql("CREATE TABLE bees (id INTEGER)"))
        other.close()
        shutil.move(f"{file}2", file)
    elif what == "torn":
        file.write_bytes(whole[:40960] + bytes(4096) + whole[45056:])
    elif what == "newer":
        kept = library_in(file)
        with kept.engine.begin() as connection:
            connection.execute(sql("UPDATE alembic_version SET version_num = '2999_01_01'"))
        kept.close()
    elif what == "trigger":
        kept = library_in(file)
        with kept.engine.begin() as connection:
            acts = "BEGIN UPDATE annotation SET visibility = 'everyone' WHERE id = new.id; END"
            connection.execute(sql(f"CREATE TRIGGER shows AFTER INSERT ON annotation {acts}"))
        kept.close()
    library.close()
    said = r"is damaged|is no backup|no library|there is no file|2999_01_01|shows is strange"
    with pytest.raises(Exception, match=said):
        restore(library, file, file.parent, overwrite=True)
    assert rows(library) == before
    assert [one.name for one in file.parent.glob(".*")] == []


def test_nothing_is_backed_up_where_there_is_nothing(empty_url: str, file: Path) -> None:
    database = Database(empty_url)
    with pytest.raises(NotKept, match="no library"):
        backup(database, file)
    database.close()
    assert not file.exists()


# ── before a migration


@pytest.fixture
def older(library: Database) -> Database:
    """A library as another version of Postil has left it."""
    library.migrate("-1")
    return library


def test_what_is_in_a_library_is_backed_up_before_it_is_migrated(older: Database, made: Made, tmp_path: Path) -> None:
    with older.engine.connect() as connection:
        words = sorted(connection.execute(sql("SELECT text FROM paragraph")).scalars())
    kept = bring_up_to_date(older, tmp_path / "backups")
    assert kept
    assert faults(older) == []
    with library_in(kept).engine.connect() as connection:
        assert sorted(connection.execute(sql("SELECT text FROM paragraph")).scalars()) == words
    for to in ("sqlite", "postgresql"):
        other = made(to)
        other.close()
        restore(other, kept, tmp_path)
        assert {name: len(found) for name, found in rows(other).items()} == {
            name: len(found) for name, found in rows(older).items()
        }
        assert faults(other) == []


def test_a_library_that_is_up_to_date_or_empty_is_not_backed_up(
    library: Database, empty_url: str, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    assert bring_up_to_date(library, folder) is None
    empty = Database(empty_url)
    assert bring_up_to_date(empty, folder) is None
    empty.migrate("-1")
    assert bring_up_to_date(empty, folder) is None
    empty.close()
    assert not folder.exists()


def test_a_library_that_cannot_be_backed_up_is_not_migrated(older: Database, tmp_path: Path) -> None:
    (tmp_path / "backups").write_text("in the way")
    with older.engine.connect() as connection:
        before = connection.execute(sql("SELECT version_num FROM alembic_version")).scalar()
    with pytest.raises(NotKept, match="Nothing has been changed"):
        bring_up_to_date(older, tmp_path / "backups")
    with older.engine.connect() as connection:
        assert connection.execute(sql("SELECT version_num FROM alembic_version")).scalar() == before
    (tmp_path / "backups").unlink()
    assert bring_up_to_date(older, tmp_path / "backups")


def test_only_the_last_backups_stay(library: Database, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / "mine.db").write_text("mine")
    for number in range(5):
        (folder / f"before-2026_01_01-2026010{number}T000000Z.db").write_text("old")
    library.migrate("-1")
    kept = bring_up_to_date(library, folder)
    assert kept
    left = {one.name for one in folder.iterdir()}
    assert {kept.name, "mine.db"} <= left
    assert len(left) == BACKUPS_KEPT + 1
