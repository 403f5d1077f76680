"""`postil revise`: a new text from a file, what becomes of the notes, and back."""

from pathlib import Path

import pytest

from app.storage import articles
from app.storage.database import Database
from tests.cli.conftest import postil
from tests.cli.test_commands import library
from tests.library import mark

#        0               16
ONE = "On bees\nThe bees are out in the garden.\nThey fly from noon until the evening.\n"
TWO = "On bees\nThe bees are in the old garden.\nThere is nobody left.\n"


@pytest.fixture
def bees(tmp_path: Path) -> Path:
    """A library with an article and three notes on it, and the file that it is from."""
    file = tmp_path / "bees.txt"
    file.write_text(ONE, "utf-8")
    assert postil(tmp_path, "import", str(file)).stdout == "on-bees\n"
    database = Database(f"sqlite:///{tmp_path / 'postil.db'}")
    for start, end in ((0, 8), (9, 31), (33, 70)):
        mark(database, "on-bees", start, end)
    database.close()
    return file


def revision(folder: Path) -> tuple[int, str, str]:
    database = Database(f"sqlite:///{folder / 'postil.db'}")
    with database.transaction() as session:
        article = articles.by_slug(session, "on-bees")
        assert article
        found = (article.revision, article.title, article.source)
    database.close()
    return found


def test_a_file_is_the_new_text_and_it_is_said_what_becomes_of_the_notes(bees: Path) -> None:
    folder = bees.parent
    before = library(folder)
    bees.write_text(TWO, "utf-8")
    ran = postil(folder, "revise", "on-bees", str(bees), "--preview")
    assert (ran.stdout, ran.stderr, ran.returncode) == ("Notes: 1 stay, 1 changed, 1 orphaned\n", "", 0)
    assert revision(folder)[0] == 1
    ran = postil(folder, "revise", "on-bees", str(bees))
    assert ran.stdout == "Notes: 1 stay, 1 changed, 1 orphaned\nRevision 2 of on-bees\n"
    assert revision(folder) == (2, "On bees", "bees.txt")
    ran = postil(folder, "revise", "on-bees", "--undo")
    assert ran.stdout == "Notes: 2 stay, 1 found again\nRevision 3 of on-bees\n"
    paragraphs = library(folder)["on-bees"]
    assert paragraphs[-2:] == before["on-bees"]
    ran = postil(folder, "revise", "on-bees", "--restore", "2", "--yes")
    assert ran.stdout == "Notes: 1 stay, 1 changed, 1 orphaned\nRevision 4 of on-bees\n"


def test_the_same_text_again_is_no_revision(bees: Path) -> None:
    ran = postil(bees.parent, "revise", "on-bees", str(bees))
    assert (ran.stdout, ran.returncode) == ("Nothing has changed.\n", 0)
    assert revision(bees.parent)[0] == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("on-ants", "-"), "there is no article on-ants"),
        (("on-bees",), "say what to revise it by"),
        (("on-bees", "-", "--undo"), "say what to revise it by"),
        (("on-bees", "--undo"), "never been revised"),
        (("on-bees", "--restore", "7"), "there is none with the number 7"),
        (("on-bees", "nowhere.txt"), "No such file"),
        (("on-bees", "-"), "-: "),
        (("on-bees", "-", "--language", "?"), "no language"),
    ],
    ids=str,
)
def test_what_cannot_be_done_is_said_in_a_line(bees: Path, arguments: tuple[str, ...], said: str) -> None:
    ran = postil(bees.parent, "revise", *arguments, piped=b"")
    assert said in ran.stderr
    assert (ran.returncode, ran.stderr.count("\n"), ran.stdout) == (1, 1, "")
    assert revision(bees.parent)[0] == 1
