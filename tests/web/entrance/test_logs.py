"""What is written down of a request: enough to find a fault, never what would open a share."""

import logging

import pytest
from sqlalchemy import text as sql
from starlette.testclient import TestClient

from app.storage.database import Database
from app.web.entrance.logs import WithoutTokens, logging_config, without_token
from tests.web.conftest import PASSWORD, account_link, saved, seen, send, shared, sign_in, sign_up, token_of

TOKEN = "mD6nSzJg0cVb1kq_-Yh2Aw"


@pytest.mark.parametrize(
    ("path", "written"),
    [
        (f"/s/{TOKEN}", "/s/…"),
        (f"/s/{TOKEN}/revoke", "/s/…/revoke"),
        (f"/pictures/{TOKEN}", "/pictures/…"),
        (f"/s/{TOKEN}?a=b", "/s/…?a=b"),
        (f"/session/name?next=/s/{TOKEN}", "/session/name?next=/s/…"),
        (f"/session/name?next=%2Fs%2F{TOKEN}", "/session/name?next=%2Fs%2F…"),
        (f"/session/name?next=%2fs%2f{TOKEN}&a=b", "/session/name?next=%2fs%2f…&a=b"),
        (f"/account/reset/{TOKEN}", "/account/reset/…"),
        (f"/account/join/{TOKEN}?next=/", "/account/join/…?next=/"),
        (f"/session/new?next=/join/{TOKEN}", "/session/new?next=/join/…"),
        (f"/session/new?next=%2Faccount%2Fjoin%2F{TOKEN}", "/session/new?next=%2Faccount%2Fjoin%2F…"),
        ("//s/token", "//s/…"),
        ("/s//token", "/s//…"),
        ("/./s/token", "/./s/…"),
        ("/s/.//../token", "/s/.//../…"),
        ("/account//join/token", "/account//join/…"),
        ("/session/new?next=%2F%2Fs%2F.%2Ftoken", "/session/new?next=%2F%2Fs%2F.%2F…"),
        (f"/articles/../s/{TOKEN}/", "/articles/../s/…/"),
        (f"/{TOKEN}", "/…"),
        ("/articles/what-an-american-election-means", "/articles/what-an-american-election-means"),
        ("/account/name", "/account/name"),
        ("/articles/s/annotations", "/articles/s/annotations"),
        ("/s", "/s"),
        ("/", "/"),
    ],
)
def test_a_path_is_written_down_without_the_token(path: str, written: str) -> None:
    assert without_token(path) == written


@pytest.mark.parametrize(
    ("path", "written"),
    [(f"/s/{TOKEN}", "/s/…"), (f"/session/new?next=/s/{TOKEN}", "/session/new?…"), ("/notes?q=my+secret", "/notes?…")],
)
def test_the_access_log_has_no_token_in_it_and_no_words(path: str, written: str) -> None:
    record = logging.LogRecord("uvicorn.access", 20, "", 0, '%s - "%s %s HTTP/%s" %d', (), None)
    record.args = ("127.0.0.1:1", "GET", path, "1.1", 200)
    assert WithoutTokens().filter(record)
    assert record.getMessage() == f'127.0.0.1:1 - "GET {written} HTTP/1.1" 200'


def test_the_access_log_goes_through_that_filter() -> None:
    config = logging_config()
    assert config["handlers"]["access"]["filters"] == ["without_tokens"]
    assert config["filters"]["without_tokens"]["()"] is WithoutTokens


def test_no_page_leads_where_a_token_would_be_written_down(client: TestClient, text: str) -> None:
    link = shared(client, saved(client, text))
    for page in (seen(client, link), seen(client, text)):
        for element in page.below():
            for name in ("href", "action", "src", "hx-get", "hx-post"):
                address = element.attributes.get(name, "")
                assert link.removeprefix("/s/") not in without_token(address.removeprefix("http://127.0.0.1:8000"))


@pytest.mark.parametrize(
    "spoil",
    [
        "CREATE UNIQUE INDEX spoilt ON annotation (visibility) WHERE id > 8",
        "ALTER TABLE annotation RENAME TO spoilt",
    ],
    ids=["a mark too many", "a table gone"],
)
def test_a_fault_is_written_down_without_what_was_said(
    client: TestClient, text: str, database: Database, caplog: pytest.LogCaptureFixture, spoil: str
) -> None:
    link = shared(client, saved(client, text))
    with database.engine.begin() as connection:
        connection.execute(sql(spoil))
    assert send(client, f"{text}/annotations", start=0, end=8, note="Between you and me").status_code in (500, 503)
    with database.engine.begin() as connection:
        connection.execute(sql("ALTER TABLE share RENAME TO spoilt_too"))
    assert client.get(link).status_code in (500, 503)
    assert "POST /articles/a-text/annotations failed" in caplog.text
    assert "GET /s/… failed" in caplog.text
    assert link.removeprefix("/s/") not in caplog.text
    assert "Between you and me" not in caplog.text


def test_no_password_and_no_session_is_written_down(
    client: TestClient, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    sign_up(client, "Ann")
    token = token_of(client)
    with database.engine.begin() as connection:
        connection.execute(sql("ALTER TABLE reader_session RENAME TO spoilt"))
    for answer in (sign_in(client, "Ann"), send(client, account_link(client, "reset", "Ann"), password=PASSWORD)):
        assert answer.status_code in (500, 503)
        assert PASSWORD not in answer.text
    assert "POST /session failed" in caplog.text
    assert "POST /account/reset/… failed" in caplog.text
    assert PASSWORD not in caplog.text
    assert token not in caplog.text
    assert "argon2" not in caplog.text
