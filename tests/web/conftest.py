"""A short article of one's own, and the forms that a browser without script sends about it."""

import re
from typing import Any

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from app.storage.accounts import by_name
from app.storage.database import Database
from app.storage.people import account_links
from app.storage.people.account_links import Kind
from app.web.entrance.dependencies import COOKIE
from tests.conftest import BASE_URL
from tests.html import Element, parse
from tests.library import publish

#             0        9              22        32         40
PARAGRAPHS = ("One two. Three four.", "Five six. Seven.", "Eight 😀 nine.")
WHOLE = "\n\n".join(PARAGRAPHS)
HTMX = {"HX-Request": "true"}


@pytest.fixture
def text(database: Database) -> str:
    """Where the short article stands."""
    return f"/articles/{publish(database, *PARAGRAPHS)}"


def send(client: TestClient, path: str, headers: dict[str, str] | None = None, /, **fields: Any) -> Response:
    """Post a form, and stay with its answer."""
    answer = client.post(path, data=fields, headers=headers or {}, follow_redirects=False)
    assert isinstance(answer, Response)
    return answer


def saved(client: TestClient, text: str, start: int = 0, end: int = 8, /, **fields: Any) -> int:
    """Mark a passage; gives the annotation's id."""
    answer = send(client, f"{text}/annotations", start=start, end=end, **fields)
    assert answer.status_code == 303, answer.text
    found = re.fullmatch(re.escape(text) + r"#a(\d+)", answer.headers["Location"])
    assert found
    return int(found[1])


def shared(client: TestClient, id: int, scope: str = "passage") -> str:
    """Share an annotation; gives where the link leads."""
    answer = send(client, f"/annotations/{id}/shares", scope=scope)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def seen(client: TestClient, path: str, status: int = 200, **headers: str) -> Element:
    """What a browser builds of a page."""
    answer = client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    assert answer.status_code == status, answer.text
    return parse(answer.text)


def token_of(client: TestClient) -> str:
    """By what the server knows this browser again."""
    return str(client.cookies[COOKIE])


def browser(client: TestClient, token: str = "") -> TestClient:
    """Another browser, of the reader with this token or of nobody yet."""
    return TestClient(
        client.app, base_url=BASE_URL, raise_server_exceptions=False, cookies={COOKIE: token} if token else None
    )


PASSWORD = "correct horse battery"


def sign_up(client: TestClient, name: str, password: str = PASSWORD, next: str = "/") -> Response:
    """Make an account of who this browser is."""
    return send(client, "/account", name=name, password=password, next=next)


def sign_in(client: TestClient, name: str, password: str = PASSWORD, **more: Any) -> Response:
    return send(client, "/session", more.pop("headers", {}), name=name, password=password, **more)


def account_link(client: TestClient, kind: Kind, name: str = "") -> str:
    """Where a new link of a kind leads: for the account of this name, if one is said."""
    app: Any = client.app
    with app.state.database.transaction() as session:
        reader = by_name(session, name) if name else None
        token = account_links.make(session, kind, reader)
    return f"/account/{'reset' if kind == 'reset' else 'join'}/{token}"


def own(client: TestClient, name: str = "Olive Owner") -> None:
    """Make who this browser is the owner of the library."""
    answer = send(client, account_link(client, "owner"), name=name, password=PASSWORD)
    assert answer.status_code == 303, answer.text


def reader_id(client: TestClient, name: str) -> int:
    app: Any = client.app
    with app.state.database.transaction() as session:
        reader = by_name(session, name)
        assert reader
        return reader.id
