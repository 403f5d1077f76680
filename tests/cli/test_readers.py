"""`postil reader …`: what the owner does without a browser."""

import subprocess
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.storage.database import Database
from tests.cli.conftest import postil
from tests.conftest import BASE_URL, settings, start_server
from tests.library import everything, welcome
from tests.web.conftest import PASSWORD, send, sign_in


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a library is kept, with one guest in it."""
    database = Database(f"sqlite:///{tmp_path / 'postil.db'}")
    database.migrate()
    welcome(database, "A guest")
    database.close()
    return tmp_path


def kept(folder: Path, table: str) -> list[object]:
    database = Database(f"sqlite:///{folder / 'postil.db'}")
    rows = list(everything(database)[table])
    database.close()
    return rows


def add(folder: Path, *arguments: str, password: str = PASSWORD) -> subprocess.CompletedProcess[str]:
    cheap = {"POSTIL_PASSWORD_MEMORY": "1"}
    return postil(folder, "reader", "add", *arguments, piped=f"{password}\n".encode(), environment=cheap)


def test_an_account_is_made_by_a_password_that_is_no_argument(folder: Path) -> None:
    ran = add(folder, "Ann Example", "--role", "owner")
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "#2\tAnn Example\n", "")
    assert postil(folder, "reader", "list").stdout == "#2\tAnn Example\towner\n#1\tA guest\tguest\n"
    with TestClient(create_app(settings(f"sqlite:///{folder / 'postil.db'}")), base_url=BASE_URL) as client:
        assert sign_in(client, "ann example").status_code == 303


def test_an_account_that_cannot_be_is_refused(folder: Path) -> None:
    assert add(folder, "Ann").returncode == 0
    assert "taken" in add(folder, "ＡNN").stderr
    assert "at least 8" in add(folder, "Bob", password="short").stderr
    assert "at least 8" in add(folder, "Bob", password="").stderr
    assert len(kept(folder, "reader")) == 2


def test_a_link_makes_an_account_or_sets_a_password_anew(folder: Path) -> None:
    with TestClient(create_app(settings(f"sqlite:///{folder / 'postil.db'}")), base_url=BASE_URL) as client:
        for arguments, fields in (
            (["--owner"], {"name": "Olive"}),
            ([], {"name": "Ann"}),
            (["Ann"], {}),
        ):
            ran = postil(folder, "reader", "link", *arguments)
            assert ran.stdout.startswith(f"{BASE_URL}/account/")
            assert "Good once" in ran.stderr
            path = ran.stdout.strip().removeprefix(BASE_URL)
            assert send(client, path, password=PASSWORD, **fields).status_code == 303
    assert "owner already" in postil(folder, "reader", "link", "--owner").stderr


def test_a_role_a_ban_and_a_name_are_given_and_taken(folder: Path) -> None:
    add(folder, "Ann")
    add(folder, "Olive", "--role", "owner")
    for arguments in (
        ["role", "ann", "publisher"],
        ["ban", "#1", "--reason", "Rude"],
        ["rename", "Ann", "Bea"],
        ["ban", "Bea"],
        ["unban", "BEA"],
    ):
        ran = postil(folder, "reader", *arguments)
        assert (ran.returncode, ran.stderr) == (0, ""), arguments
    listed = postil(folder, "reader", "list").stdout
    assert listed == "#2\tBea\tpublisher\n#3\tOlive\towner\n#1\tA guest\tguest, banned\n"
    assert [row.deed for row in kept(folder, "log")] == ["appointed", "banned", "banned", "unbanned"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ban", "Nobody"], "there is no 'Nobody'"),
        (["ban", "#99"], "there is no '#99'"),
        (["role", "#1", "publisher"], "is a guest"),
        (["link", "#1"], "is a guest"),
        (["rename", "#1", "\u200b"], "something that one can see"),
        (["rename", "#1", "a" * 81], "80 characters"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_is_said_in_one_line(folder: Path, arguments: list[str], said: str) -> None:
    ran = postil(folder, "reader", *arguments)
    assert ran.returncode != 0
    assert said in ran.stderr
    assert ran.stderr.startswith("postil: ")
    assert ran.stderr.count("\n") == 1


def test_serving_tells_how_to_become_the_owner_until_there_is_one(tmp_path: Path) -> None:
    links = []
    for _ in range(2):
        server = start_server(tmp_path, POSTIL_ACCESS="closed")
        server.process.terminate()
        server.process.wait(20)
        links = [line.split("account: ")[1] for line in server.log.read_text().splitlines() if "Nobody owns" in line]
    assert len(links) == 2
    first, second = (link.removeprefix(server.url).rpartition("/account")[2] for link in links)
    with TestClient(
        create_app(settings(f"sqlite:///{tmp_path / 'postil.db'}", access="closed")), base_url=BASE_URL
    ) as client:
        assert client.get(f"/account{first}").status_code == 404
        assert send(client, f"/account{second}", name="Olive", password=PASSWORD).status_code == 303
    server = start_server(tmp_path, POSTIL_ACCESS="closed")
    server.process.terminate()
    server.process.wait(20)
    assert server.log.read_text().count("Nobody owns") == 2
    assert "only" not in server.log.read_text().split("serves")[0]


def test_only_an_open_library_is_kept_from_the_network(tmp_path: Path) -> None:
    for access, refused in (("open", True), ("read", False), ("closed", False)):
        ran = postil(tmp_path, "serve", "--host", "0.0.0.0", environment={"POSTIL_ACCESS": access})
        # What the others want is a name to answer to.
        assert ("--open-to-network" in ran.stderr) == refused, access
        assert ("POSTIL_BASE_URL" in ran.stderr) != refused, access
