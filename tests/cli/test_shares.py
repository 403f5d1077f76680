"""`postil share …`: the links that are out there."""

from pathlib import Path

import pytest

from app.storage import articles
from app.storage.database import Database
from app.storage.people import readers
from app.storage.shares import by_id, is_alive, share
from app.text.spans import Span
from tests.cli.conftest import postil
from tests.library import everything, publish, welcome


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a library is kept, with two links in it, by Ann and by Bob."""
    database = Database(f"sqlite:///{tmp_path / 'postil.db'}")
    database.migrate()
    slug = publish(database, "One two.", "Three\tfour.")
    tokens = [welcome(database, name)[1] for name in ("Ann", "Bob")]
    with database.transaction() as session:
        article = articles.by_slug(session, slug)
        assert article
        for token, passage, expires in zip(tokens, (Span(0, 8), Span(10, 21)), ("never", "week"), strict=True):
            reader = readers.by_token(session, token)
            share(session, article, reader, passage, expires=expires)  # type: ignore[arg-type]
    database.close()
    return tmp_path


def kept(folder: Path, table: str) -> list[object]:
    database = Database(f"sqlite:///{folder / 'postil.db'}")
    rows = list(everything(database)[table])
    database.close()
    return rows


def test_links_are_listed_without_what_opens_them(folder: Path) -> None:
    ran = postil(folder, "share", "list")
    assert (ran.returncode, ran.stderr) == (0, "")
    lines = [line.split("\t") for line in ran.stdout.splitlines()]
    assert [(line[0], line[1], line[2], line[-1]) for line in lines] == [
        ("#2", "Bob", "passage", "Three four."),
        ("#1", "Ann", "passage", "One two."),
    ]
    assert lines[0][3].startswith("ends 20")
    tokens = [row.token for row in kept(folder, "share")]  # type: ignore[attr-defined]
    assert not any(token in ran.stdout for token in tokens)
    listed = postil(folder, "share", "list", "--reader", "#1", "--links").stdout
    assert f"/s/{tokens[0]}" in listed
    assert tokens[1] not in listed


@pytest.mark.parametrize("how", ["number", "token", "link"])
def test_a_link_is_ended(folder: Path, how: str) -> None:
    token = kept(folder, "share")[0].token  # type: ignore[attr-defined]
    which = {"number": "#1", "token": token, "link": f"http://127.0.0.1:8000/s/{token}#passage"}[how]
    for _ in range(2):
        assert postil(folder, "share", "revoke", which, "--reason", "spam").returncode == 0
    database = Database(f"sqlite:///{folder / 'postil.db'}")
    with database.transaction() as session:
        alive = [is_alive(session, found) for id in (1, 2) if (found := by_id(session, id))]
    database.close()
    assert alive == [False, True]
    (entry,) = kept(folder, "log")
    assert (entry.deed, entry.subject_id, entry.reason) == ("withdrew", 1, "spam")  # type: ignore[attr-defined]


def test_what_is_no_link_is_refused_in_one_line(folder: Path) -> None:
    for which in ("#9", "nothing", "http://127.0.0.1:8000/s/nothing"):
        ran = postil(folder, "share", "revoke", which)
        assert ran.returncode != 0
        assert len(ran.stderr.splitlines()) == 1
    assert postil(folder, "share", "list", "--reader", "Nobody").returncode != 0
