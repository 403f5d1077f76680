"""Keeping a library under fire: backed up while eight write, and everything that keeps it killed (`kill -9`) midway."""

import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import text as sql

from app.storage import articles
from app.storage.database import Database, head
from app.storage.keeping import backups, checking
from tests.cli.conftest import postil
from tests.conftest import ROOT
from tests.library import everything, mark, publish, welcome
from tests.long.crowds import SHORT, assert_kept, guests, state
from tests.long.servers import running
from tests.long.test_kill import WRITERS, wait_until_all_write, write_until

pytestmark = pytest.mark.long

BACKUPS = 3 if SHORT else 20
KILLS = 6 if SHORT else 40
ARTICLES = 60 if SHORT else 400


def assert_whole(database: Database) -> None:
    with database.snapshot() as session:
        assert [found.said for found in checking.check(session) if found.number] == []
    database.close()


def test_a_backup_under_writers_holds_every_write_that_was_told_before_it_began(
    tmp_path: Path, url: str, backend: str
) -> None:
    folder = tmp_path / "served"
    folder.mkdir()
    over = Event()
    with running(folder, POSTIL_DATABASE_URL=url) as server, guests(server.url, url, WRITERS) as crowd:
        with ThreadPoolExecutor(WRITERS) as pool:
            writers = [pool.submit(write_until, over, guest) for guest in crowd]
            try:
                for number in range(BACKUPS):
                    wait_until_all_write(crowd)
                    told = [{id: replace(note) for id, note in list(guest.notes.items())} for guest in crowd]
                    file = tmp_path / f"{number}.db"
                    ran = postil(folder, "backup", str(file), environment={"POSTIL_DATABASE_URL": url})
                    assert ran.returncode == 0, ran.stderr
                    found = state(f"sqlite:///{file}")
                    for guest, notes in zip(crowd, told, strict=True):
                        for id, note in notes.items():
                            assert id in found.notes
                            if guest.notes[id] == note:  # else it was changed meanwhile, before it was copied or after
                                assert found.notes[id] == note
                    assert_whole(backups.library_in(file))
                ran = postil(folder, "check", environment={"POSTIL_DATABASE_URL": url})
                assert ran.returncode == 0, ran.stdout
            finally:
                over.set()
        for one in writers:
            one.result()
    assert_kept(crowd, state(url))
    ran = postil(folder, "restore", str(file), "--overwrite", environment={"POSTIL_DATABASE_URL": url})
    assert ran.returncode == 0, ran.stderr + ran.stdout
    assert state(url).notes == found.notes


# ── kill -9


@pytest.fixture
def large(database: Database) -> Database:
    """A library that takes a moment to copy."""
    words = "One of many sentences stands here. " * 200
    for number in range(ARTICLES):
        slug = publish(database, *(f"{number}. {words}",) * 3, title=f"Article {number}")
        mark(database, slug, 0, 5, note="A note")
    database.close()
    return database


# A word as each piece is done: what listens knows how far it is.
TELLING = """
import sys
from pathlib import Path
from app.storage import database
from app.storage.keeping import backups, copying
backups.PAGES_AT_ONCE, copying.ROWS_AT_ONCE = 32, 50
def told(what, done, of):
    print(what, done, of, flush=True)
library = database.Database(sys.argv[1])
folder = Path(sys.argv[2])
"""
BACK_UP = TELLING + "backups.backup(library, folder, told=told)"
RESTORE = TELLING + "backups.restore(library, folder, folder.parent, overwrite=True, told=told)"
MIGRATE = (
    TELLING
    + "database.shipped = lambda name: folder / name\n"
    + "backups.bring_up_to_date(library, folder / 'backups', told)"
)


def begin(url: str, *command: str) -> "subprocess.Popen[str]":
    kept = {name: value for name, value in os.environ.items() if not name.startswith("POSTIL_")}
    return subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT,
        env=kept | {"POSTIL_DATABASE_URL": url, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
    )


def killed(url: str, *command: str) -> Iterator[bool]:
    """Run something to its end once, then again and again, killed at moments spread over what it does.

    Gives whether it came to its end each time.
    """
    started = time.monotonic()
    process = begin(url, *command)
    said, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    lasts = time.monotonic() - started
    pieces = said.count("\n") if command[0] == "-c" else 0
    yield True
    for number in range(KILLS):
        process = begin(url, *command)
        assert process.stdout
        if pieces:
            for _ in range(pieces * number // KILLS):
                process.stdout.readline()
            time.sleep(random.uniform(0, 0.02))
        else:
            # It takes a while to begin, in which nothing can go wrong.
            time.sleep(lasts * (0.3 + 0.8 * number / KILLS))
        process.kill()
        process.stdout.close()
        yield process.wait(20) == 0


def kept(database: Database) -> dict[str, int]:
    found = {name: len(rows) for name, rows in everything(database).items()}
    database.close()
    return found


def test_a_backup_that_is_killed_is_there_whole_or_not_at_all(large: Database, url: str, tmp_path: Path) -> None:
    expected = kept(large)
    file = tmp_path / "out" / "kept.db"
    file.parent.mkdir()
    for ended in killed(url, "-c", BACK_UP, url, str(file)):
        assert file.exists() or not ended
        if file.exists():
            assert kept(backups.library_in(file)) == expected
            file.unlink()
    assert kept(large) == expected
    for left in file.parent.glob(".*.part*"):
        os.utime(left, (0, 0))
    backups.backup(large, file)
    assert [one.name for one in file.parent.iterdir()] == ["kept.db"]


def test_restoring_that_is_killed_leaves_what_was_there_or_what_was_kept(
    large: Database, url: str, tmp_path: Path
) -> None:
    full = tmp_path / "full.db"
    small = tmp_path / "small.db"
    backups.backup(large, full)
    expected = {"full": kept(large)}
    with large.transaction() as session:
        session.connection().execute(sql("DELETE FROM article WHERE id > 3"))
    backups.backup(large, small)
    expected["small"] = kept(large)
    assert expected["full"] != expected["small"]
    seen = set()
    for number, ended in enumerate(killed(url, "-c", RESTORE, url, str(full))):
        found = kept(large)
        assert found in expected.values()
        assert found == expected["full"] or not ended
        seen.add(found == expected["full"])
        if number % 5 == 0:
            assert_whole(large)
        large.close()
        backups.restore(large, small, tmp_path, overwrite=True)
        large.close()
    assert seen == {True, False}, "every kill came at the same moment"


def test_an_import_that_is_killed_brings_all_or_nothing(large: Database, url: str, tmp_path: Path) -> None:
    words = "One of many sentences stands here. " * 40
    files = []
    for number in range(5):
        files.append(tmp_path / f"{number}.txt")
        files[-1].write_text("\n".join([words] * 40), "utf-8")
    before = len(everything(large)["article"])
    large.close()
    for ended in killed(url, "-m", "app.cli", "import", "--twin", *map(str, files)):
        found = len(everything(large)["article"])
        assert found in (before, before + len(files))
        assert found > before or not ended
        before = found
        large.close()
    assert_whole(large)


def test_a_revision_that_is_killed_is_there_with_every_note_or_not_at_all(
    large: Database, url: str, tmp_path: Path
) -> None:
    paragraphs = [f"Paragraph {number} has a few words of its own, and then some." for number in range(400)]
    slug = publish(large, *paragraphs, title="Revised")
    token = welcome(large, "Ann")[1]
    start = 0
    for paragraph in paragraphs[:100]:
        mark(large, slug, start, start + 20, token, note="A note")
        start += len(paragraph) + 2
    file = tmp_path / "revised.txt"
    file.write_text("\n".join(paragraphs[5:]), "utf-8")
    before = 1
    for number, ended in enumerate(killed(url, "-m", "app.cli", "revise", slug, str(file), "--yes")):
        with large.transaction() as session:
            article = articles.by_slug(session, slug)
            assert article
            id, now_at = article.id, article.revision
        assert now_at in (before, before + 1)
        assert now_at > before or not ended
        with large.engine.connect() as connection:
            placed = "SELECT count(*) FROM placement WHERE article_id = :id AND revision = :now"
            assert connection.execute(sql(placed), {"id": id, "now": now_at}).scalar() == 100
        before = now_at
        large.close()
        file.write_text("\n".join([f"Anew, for the {number}th time.", *paragraphs[number % 7 :]]), "utf-8")
    assert_whole(large)


SLOW = '''"""Takes its time."""

import time

from alembic import op

revision = "2999_01_01_slow"
down_revision = {head!r}


def upgrade() -> None:
    op.execute("CREATE TABLE slow (id INTEGER)")
    for number in range(20):
        op.execute(f"INSERT INTO slow VALUES ({{number}})")
        op.execute("UPDATE annotation SET note = note || 'x'")
        print(number, flush=True)
        time.sleep(0.05)
    op.execute("CREATE TABLE slower (id INTEGER)")


def downgrade() -> None:
    op.execute("DROP TABLE slow")
    op.execute("DROP TABLE slower")
'''


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    """A folder with the migrations of a Postil to come."""
    folder = tmp_path / "newer"
    shutil.copytree(ROOT / "alembic", folder / "alembic", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "alembic" / "versions" / "2999_01_01_slow.py").write_text(SLOW.format(head=head()))
    return folder


def tables(database: Database) -> set[str]:
    with database.engine.connect() as connection:
        found = "SELECT name FROM sqlite_master" if database.sqlite else "SELECT tablename FROM pg_tables"
        names = set(connection.execute(sql(found)).scalars())
    database.close()
    return names & {"slow", "slower"}


def at(database: Database) -> str:
    with database.engine.connect() as connection:
        found = str(connection.execute(sql("SELECT version_num FROM alembic_version")).scalar())
    database.close()
    return found


def test_a_migration_that_is_killed_leaves_the_library_as_it_was(
    large: Database, url: str, tmp_path: Path, newer: Path
) -> None:
    old, before = head(), kept(large)
    notes = [row.note for row in everything(large)["annotation"]]
    large.close()
    seen = set()
    for ended in killed(url, "-c", MIGRATE, url, str(newer)):
        migrated = at(large) != old
        assert tables(large) == ({"slow", "slower"} if migrated else set())
        assert migrated or not ended
        assert kept(large) == before
        if not migrated:
            assert [row.note for row in everything(large)["annotation"]] == notes
            assert_whole(large)
        else:
            with large.engine.begin() as connection:
                connection.execute(sql("DROP TABLE slow"))
                connection.execute(sql("DROP TABLE slower"))
                connection.execute(sql("UPDATE alembic_version SET version_num = :old"), {"old": old})
            notes = [row.note for row in everything(large)["annotation"]]
        seen.add(migrated)
        large.close()
    assert seen == {True, False}
    (one, *_) = sorted((newer / "backups").glob("before-2999_01_01_slow-*.db"))
    assert_whole(backups.library_in(one))


def test_of_several_that_would_migrate_one_does_and_backs_up_once(
    large: Database, url: str, tmp_path: Path, newer: Path
) -> None:
    notes = [row.note for row in everything(large)["annotation"]]
    large.close()
    together = [begin(url, "-c", MIGRATE, url, str(newer)) for _ in range(4)]
    for one in together:
        one.communicate(timeout=120)
    assert [one.returncode for one in together] == [0, 0, 0, 0]
    assert tables(large) == {"slow", "slower"}
    assert [row.note for row in everything(large)["annotation"]] == [f"{note}{'x' * 20}" for note in notes]
    large.close()
    (made,) = (newer / "backups").iterdir()
    assert [row.note for row in everything(backups.library_in(made))["annotation"]] == notes
