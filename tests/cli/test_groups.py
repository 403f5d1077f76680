"""`postil group …`: what an owner of the library does about groups without a browser."""

import re
from pathlib import Path

import pytest

from app.storage.database import Database
from tests.cli.conftest import postil
from tests.library import account, everything, welcome


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a library is kept, with two accounts and a guest."""
    database = Database(f"sqlite:///{tmp_path / 'postil.db'}")
    database.migrate()
    account(database, "Ann")
    account(database, "Bob")
    welcome(database, "A guest")
    database.close()
    return tmp_path


def test_a_group_is_made_filled_and_emptied(folder: Path) -> None:
    ran = postil(folder, "group", "add", " Class \n7b", "--owner", "Ann", "--hides")
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "1\n", "")
    assert postil(folder, "group", "join", "1", "bob").returncode == 0
    assert postil(folder, "group", "join", "1", "#3", "--role", "owner").returncode == 0
    assert postil(folder, "group", "list").stdout == "1\tClass 7b\t3, hides\n"
    members = postil(folder, "group", "members", "1").stdout.splitlines()
    assert set(members) == {"#1\tAnn\towner", "#3\tA guest\towner", "#2\tBob\tmember"}
    for who in ("Ann", "#3"):
        assert postil(folder, "group", "remove", "1", who).returncode == 0
    assert postil(folder, "group", "members", "1").stdout == "#2\tBob\towner\n"


def test_an_invitation_is_a_link(folder: Path) -> None:
    postil(folder, "group", "add", "Class 7b", "--owner", "Ann")
    ran = postil(folder, "group", "invite", "1", "--days", "2", environment={"POSTIL_BASE_URL": "https://a.example"})
    assert re.fullmatch(r"https://a\.example/join/[\w-]{20,}\n", ran.stdout)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["add", "Class", "--owner", "Nobody"], "there is no 'Nobody'"),
        (["add", "Class", "--owner", "#3"], "A guest is a guest"),
        (["add", " ", "--owner", "Ann"], "between 1 and 80"),
        (["add", "x" * 81, "--owner", "Ann"], "between 1 and 80"),
        (["members", "7"], "there is no group 7"),
        (["members", str(2**70)], f"there is no group {2**70}"),
        (["remove", "1", "Bob"], "Bob is not in that group"),
        (["join", "1", "Ann", "--role", "member"], "A group needs an owner"),
        (["invite", "7"], "there is no group 7"),
    ],
    ids=str,
)
def test_what_cannot_be_is_said_in_a_line(folder: Path, arguments: list[str], said: str) -> None:
    postil(folder, "group", "add", "Class 7b", "--owner", "Ann")
    before = kept(folder)
    ran = postil(folder, "group", *arguments)
    assert ran.returncode != 0
    assert said in ran.stderr
    assert len(ran.stderr.splitlines()) == 1
    assert kept(folder) == before


def kept(folder: Path) -> object:
    database = Database(f"sqlite:///{folder / 'postil.db'}")
    found = everything(database)
    database.close()
    return found
