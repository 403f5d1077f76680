"""`postil backup`, `restore` and `check`: what they say, and with which status."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.storage.database import Database
from tests.cli.conftest import postil
from tests.conftest import start_server
from tests.library import mark, publish

SUBJECTS = 10


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a library in it: an article, and a note."""
    folder = tmp_path / "library"
    database = Database(f"sqlite:///{folder / 'postil.db'}")
    database.migrate()
    mark(database, publish(database, "Wunderlich words."), 0, 10, note="Wunderlich")
    database.close()
    return folder


def run(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / "postil.db")) as connection, connection:
        connection.execute(statement)


def test_a_library_goes_to_another_folder_by_a_file(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "kept.db"
    ran = postil(folder, "backup", str(file))
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith(f"Backed up 1 article, 1 note, 0 pictures to {file} (")
    ran = postil(tmp_path / "other", "restore", str(file))
    assert (ran.returncode, ran.stderr) == (0, "")
    said, *verdicts = ran.stdout.splitlines()
    assert said == f"Restored 1 article, 1 note, 0 pictures from {file}."
    assert len(verdicts) >= SUBJECTS
    assert all(verdict.endswith(": ok") for verdict in verdicts)


def test_a_library_that_is_whole_is_said_to_be(folder: Path) -> None:
    ran = postil(folder, "check")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert all(line.endswith(": ok") for line in ran.stdout.splitlines())


def test_a_fault_is_named_without_its_words_and_gives_a_status(folder: Path) -> None:
    run(folder, "UPDATE annotation SET exact = 'Words'")
    ran = postil(folder, "check")
    assert ran.returncode == 1
    assert "notes: 1 fault\n  annotation 1 on revision 1: its quote" in ran.stdout
    assert ran.stderr == "postil: the library is not whole; the lines above say where.\n"
    assert "ords" not in ran.stdout


def test_what_has_a_fault_is_backed_up_and_restored_and_the_fault_is_told(folder: Path, tmp_path: Path) -> None:
    run(folder, "UPDATE annotation SET exact = 'Words'")
    assert postil(folder, "backup", str(tmp_path / "kept.db")).returncode == 0
    ran = postil(tmp_path / "other", "restore", str(tmp_path / "kept.db"))
    assert ran.returncode == 1
    assert "Restored 1 article" in ran.stdout
    assert "notes: 1 fault" in ran.stdout


def test_a_library_that_is_served_is_not_restored(folder: Path, tmp_path: Path) -> None:
    assert postil(folder, "backup", str(tmp_path / "kept.db")).returncode == 0
    server = start_server(folder)
    try:
        ran = postil(folder, "restore", str(tmp_path / "kept.db"), "--overwrite")
    finally:
        server.process.terminate()
        server.process.wait(20)
    assert ran.returncode == 1
    assert ran.stderr == "postil: a server, or another command, uses the library. Stop it, and try again.\n"
    assert postil(folder, "restore", str(tmp_path / "kept.db"), "--overwrite").returncode == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["backup", "there.db"], "--overwrite"),
        (["backup", "nowhere/kept.db"], "No such file or directory"),
        (["restore", "nowhere.db"], "there is no file"),
        (["restore", "there.db"], "holds 1 article, 1 note, 0 pictures; --overwrite"),
        (["restore", "there.db", "--overwrite"], "no backup that can be read"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_is_said_in_one_line(folder: Path, tmp_path: Path, arguments: list[str], said: str) -> None:
    (tmp_path / "there.db").write_text("These are words. " * 100)
    command, file, *rest = arguments
    ran = postil(folder, command, str(tmp_path / file), *rest)
    assert ran.returncode == 1
    assert said in ran.stderr
    assert ran.stderr.startswith("postil: ")
    assert ran.stderr.count("\n") == 1
    assert postil(folder, "check").returncode == 0


def test_nothing_is_made_where_nothing_is(tmp_path: Path) -> None:
    for command in (["backup", str(tmp_path / "kept.db")], ["check"]):
        ran = postil(tmp_path / "nowhere", *command)
        assert ran.returncode == 1
        assert "there is no library" in ran.stderr
    assert list(tmp_path.glob("**/*.db")) == []


def test_a_migration_says_where_the_library_as_it_was_is(folder: Path) -> None:
    database = Database(f"sqlite:///{folder / 'postil.db'}")
    database.migrate("-1")
    database.close()
    ran = postil(folder, "check")
    assert ran.returncode == 1
    assert "`postil serve` migrates it" in ran.stdout
    ran = postil(folder, "share", "list")
    (kept,) = (folder / "backups").iterdir()
    assert ran.stderr == f"The library has been migrated. As it was before, it is in {kept}.\n"
    assert postil(folder, "share", "list").stderr == ""
    assert len(list((folder / "backups").iterdir())) == 1
