"""What holds for every request: where a write may come from, what a browser may do with the answer."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI
from httpx2 import Response
from sqlalchemy import text as sql
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from app.formats import works
from app.main import create_app
from app.rendering.assets import assets
from app.settings import Settings
from app.storage import collections, imports
from app.storage.database import Database
from app.storage.people import groups, readers
from app.text.drafts import Draft, DraftParagraph, Work
from app.web.entrance.safety import HEADERS
from tests.conftest import ARTICLE, BASE_URL, settings
from tests.html import parse
from tests.library import everything
from tests.web.conftest import (
    HTMX,
    PASSWORD,
    account_link,
    browser,
    own,
    reader_id,
    saved,
    seen,
    send,
    shared,
    sign_up,
    token_of,
)

# ── where a write may come from


def writes(client: TestClient, text: str) -> list[tuple[str, dict[str, object]]]:
    """Every write that there is, each as it would be done."""
    id = saved(client, text, note="Mine")
    link = shared(client, id)
    passage: dict[str, object] = {"start": 0, "end": 8}
    own(client)
    for name in ("Bob", "Cleo"):
        sign_up(browser(client), name)
    bob = reader_id(client, "Bob")
    password: dict[str, object] = {"password": PASSWORD}
    return [
        (f"{text}/annotations", passage),
        (f"{text}/shares", passage),
        (f"/annotations/{id}", {"note": "Theirs"}),
        (f"/annotations/{id}/shares", {"scope": "article"}),
        (f"{link}/revoke", {}),
        ("/session/name", {"name": "Theirs"}),
        ("/session/display", {"theme": "dark"}),
        (f"/annotations/{id}/replies", {"note": "Theirs"}),
        (f"/annotations/{id}/resolve", {}),
        (f"/annotations/{id}/reopen", {}),
        (f"{text}/filter", {"colour": "green"}),
        (text, {"title": "Theirs", "text": "Words of theirs.", "based_on": 1, "deed": "publish"}),
        (f"/annotations/{id}/attach", {"start": 0, "end": 5, "revision": 2}),
        (f"{text}/revisions/1/restore", {"based_on": 2}),
        (f"{text}/place", {"start": 9}),
        (f"{text}/read", {"read": "true"}),
        (f"{text}/archive", {}),
        (f"{text}/unarchive", {}),
        *import_writes(client),
        *group_writes(client),
        *moderation_writes(client, id, text),
        (f"/annotations/{id}/delete", {}),
        (f"/annotations/{id}/restore", {}),
        ("/readers", {}),
        (f"/readers/{bob}/reset", {}),
        (f"/readers/{bob}/role", {"role": "publisher"}),
        (f"/readers/{bob}/ban", {"reason": "Theirs"}),
        (f"/readers/{bob}/unban", {}),
        ("/account/name", {"name": "Theirs", "password_now": PASSWORD}),
        ("/account/password", {"password_now": PASSWORD, "password": "theirs alone"}),
        ("/account/sessions/delete", {}),
        # From here on it is another who is signed in.
        (account_link(client, "reset", "Cleo"), password),
        (account_link(client, "join"), password | {"name": "Dora"}),
        ("/account", password | {"name": "Emil"}),
        ("/session", password | {"name": "Bob"}),
        ("/account/delete", {"password_now": PASSWORD, "answered": "keep"}),
        ("/session/delete", {}),
    ]


def import_writes(client: TestClient) -> list[tuple[str, dict[str, object]]]:
    """The writes to what a publisher has brought in: nothing reads it, so that each finds it as it was."""
    app: Any = client.app
    with app.state.database.transaction() as session:
        reader = readers.by_token(session, token_of(client))
        assert reader
        brought = [imports.bring(session, reader, b"Theirs").id for _ in range(4)]
        for _ in brought:
            one = imports.claim(session)
            assert one
            work = Work("Theirs", (Draft("Theirs", (DraftParagraph("Words."),)),))
            imports.finish(session, one.id, one.attempt, works.write(work), "Theirs")
    first, again, third, last = (f"/imports/{id}" for id in brought)
    return [
        ("/articles", {"text": "Theirs."}),
        (first, {"title": "Theirs"}),
        (f"{again}/revise", {"title": "Theirs"}),
        (f"{third}/stop", {}),
        (f"{third}/again", {}),
        (f"{last}/delete", {}),
    ]


def group_writes(client: TestClient) -> list[tuple[str, dict[str, object]]]:
    """The writes to a group that the reader owns, and to the invitation into another."""
    database: Database = client.app.state.database  # type: ignore[attr-defined]
    with database.transaction() as session:
        reader = readers.by_token(session, token_of(client))
        friend, _ = readers.welcome(session, "Friend")
        assert reader
        reader.name_key = reader.name_key or uuid4().hex
        session.add(reader)
        group, elsewhere = (groups.make(session, reader, "A group"), groups.make(session, friend, "Another"))
        groups.join(session, group.id, friend)
        ours, theirs = groups.invite(session, group, reader), groups.invite(session, elsewhere, friend)
        at, number, member, token = f"/groups/{group.id}", ours.id, friend.id, theirs.token
    return [
        ("/groups", {"name": "Theirs"}),
        (at, {"name": "Theirs"}),
        (f"{at}/invitations", {}),
        (f"{at}/invitations/{number}/revoke", {}),
        (f"{at}/members/{member}", {"role": "owner"}),
        (f"{at}/members/{member}/remove", {}),
        (f"/join/{token}", {}),
        (f"{at}/leave", {}),
    ]


def moderation_writes(client: TestClient, id: int, text: str) -> list[tuple[str, dict[str, object]]]:
    """What an owner does: the reader is one by now."""
    database: Database = client.app.state.database  # type: ignore[attr-defined]
    with database.transaction() as session:
        reader = readers.by_token(session, token_of(client))
        assert reader
        reader.role = "owner"
        session.add(reader)
        collections.gather(session, "1")
    return [
        (f"/annotations/{id}/flags", {"reason": "Rude"}),
        (f"/annotations/{id}/hide", {}),
        (f"/annotations/{id}/show", {}),
        (f"/annotations/{id}/dismiss", {}),
        (f"{text}/close", {}),
        (f"{text}/open", {}),
        ("/collections", {"title": "Theirs"}),
        ("/collections/1", {"title": "Theirs", "add": "a-text"}),
        ("/collections/1/delete", {}),
        (f"{text}/delete", {}),
        (f"{text}/restore", {}),
    ]


ELSEWHERE: list[dict[str, str]] = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "nonsense"},
    {"Sec-Fetch-Site": "cross-site", "Origin": BASE_URL},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": ""},
    {"Origin": "http://127.0.0.1:9000"},
    {"Origin": "http://127.0.0.1"},
    {"Origin": "http://127.0.0.1:8000.evil.example"},
    {"Origin": "http://evil.example@127.0.0.1:8000"},
    {"Origin": "http://["},
    {"Origin": "127.0.0.1:8000"},
]
HERE: list[dict[str, str]] = [
    {},
    {"Origin": BASE_URL},
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
]


def test_a_write_from_elsewhere_changes_nothing(client: TestClient, text: str, database: Database) -> None:
    every = writes(client, text)
    before = everything(database)
    for path, fields in every:
        for headers in ELSEWHERE:
            for more in ({}, HTMX):
                answer = send(client, path, headers | more, **fields)
                assert answer.status_code == 403, (path, headers)
                assert "nothing has been changed" in answer.text
    assert everything(database) == before


def test_every_route_that_writes_is_one_of_those_that_are_guarded(app: FastAPI, client: TestClient, text: str) -> None:
    known = {
        re.sub(r"(?<=/s/)[^/]+|(?<=/join/)[^/]+|(?<=/reset/)[^/]+|a-text|(?<=/)\d+", "*", path)
        for path, _ in writes(client, text)
    }
    routes = [route for included in app.routes for route in flat(included)]
    written = {re.sub(r"{\w+}", "*", route.path) for route in routes if route.methods - {"GET", "HEAD"}}
    assert written == known


def flat(route: Any) -> list[Any]:
    """A route, or those of the router that it includes."""
    router = getattr(route, "original_router", None)
    return [one for inner in router.routes for one in flat(inner)] if router else [route]


@pytest.mark.parametrize("headers", HERE, ids=str)
def test_a_write_from_here_or_from_no_browser_is_done(client: TestClient, text: str, headers: dict[str, str]) -> None:
    for path, fields in writes(client, text):
        assert send(client, path, headers, **fields).status_code == 303, path


def test_anybody_may_link_here(client: TestClient, text: str) -> None:
    for headers in ELSEWHERE:
        assert client.get(text, headers=headers).status_code == 200


# ── by which name


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1.evil.example", "127.0.0.1@evil.example", "", "[", "127.0.0.1:8000, evil.example"],
)
def test_a_name_that_is_not_ours_is_not_answered(client: TestClient, text: str, database: Database, host: str) -> None:
    saved(client, text)
    before = everything(database)
    for headers in ({"Host": host}, {"Host": host, "Origin": f"http://{host}"}):
        assert client.get(text, headers=headers).status_code == 400
        assert send(client, f"{text}/annotations", headers, start=0, end=8).status_code in (400, 403)
    assert everything(database) == before


def test_our_own_names_are_answered(url: str) -> None:
    app = create_app(
        Settings(_env_file=None, database_url=url, base_url="https://postil.example", hosts=("other.example",))
    )
    with TestClient(app) as client:
        for host, status in (
            ("postil.example", 200),
            ("POSTIL.example:443", 200),
            ("other.example", 200),
            ("www.postil.example", 400),
            ("127.0.0.1", 400),
        ):
            assert client.get("/", headers={"Host": host}).status_code == status, host


def test_on_this_machine_every_name_of_this_machine_is_answered(client: TestClient) -> None:
    for host in ("127.0.0.1:8000", "localhost:8000", "localhost", "[::1]:8000"):
        assert client.get("/", headers={"Host": host}).status_code == 200, host


# ── what a browser may do with an answer


def answers(client: TestClient, text: str) -> dict[str, Response]:
    """One of every kind."""
    id = saved(client, text, note="Mine")
    link = shared(client, id)
    tag = client.get(text).headers["ETag"]
    asked = {
        "library": client.get("/"),
        "article": client.get(text),
        "fragment": send(client, f"{text}/annotations", HTMX, start=0, end=8),
        "form": client.get(f"{text}/annotations/new?paragraph=1"),
        "edit": client.get(f"/annotations/{id}/edit"),
        "share": browser(client).get(link),
        "own share": client.get(link),
        "name": client.get("/session/name"),
        "303": send(client, f"/annotations/{id}"),
        "304": client.get(text, headers={"If-None-Match": client.get(text).headers["ETag"]}),
        "400": client.get("/", headers={"Host": "evil.example"}),
        "400 form": client.post(f"{text}/annotations", data={f"f{number}": "" for number in range(2_000)}),
        "403": send(client, "/session/name", {"Origin": "null"}, name="A"),
        "404": client.get("/nowhere"),
        "404 htmx": client.get("/nowhere", headers=HTMX),
        "405": client.put("/"),
        "409": send(client, f"{text}/annotations", start=0, end=8, exact="a", note="b"),
        "413": send(client, f"{text}/annotations", note="a" * 1_000_000),
        "415": client.post(f"{text}/annotations", json={}),
        "422": send(client, f"{text}/annotations", start=0, end=0, note="b"),
        **{kind: client.get(f"/static/{asset.name}") for kind, asset in assets().items()},
        "static 404": client.get("/static/nothing.css"),
        "favicon": client.get("/favicon.ico"),
        "health": client.get("/healthz"),
    }
    send(client, f"{link}/revoke")
    assert tag
    found = asked | {"410": client.get(link)}
    for name, answer in found.items():
        assert isinstance(answer, Response)
        status = re.match(r"\d{3}", name)
        assert answer.status_code == (int(status[0]) if status else 404 if "404" in name else 200), name
    return {name: answer for name, answer in found.items() if isinstance(answer, Response)}


def test_every_answer_tells_the_browser_to_run_and_load_nothing_but_ours(client: TestClient, text: str) -> None:
    for name, answer in answers(client, text).items():
        policy = dict(one.partition(" ")[::2] for one in answer.headers["Content-Security-Policy"].split("; "))
        assert policy["default-src"] == "'none'", name
        assert set(policy.values()) == {"'none'", "'self'"}, name
        assert policy["frame-ancestors"] == policy["base-uri"] == "'none'", name
        assert answer.headers["X-Content-Type-Options"] == "nosniff", name
        assert answer.headers["Referrer-Policy"] in ("same-origin", "no-referrer"), name
        assert all(header in answer.headers for header in HEADERS), name
        assert "Server" not in answer.headers, name


def test_no_page_has_script_or_style_in_it_or_names_another_host(client: TestClient, text: str) -> None:
    for name, answer in answers(client, text).items():
        if "text/html" not in answer.headers.get("Content-Type", ""):
            continue
        for element in parse(answer.text).below():
            assert element.tag not in ("style", "iframe", "object", "embed", "base"), name
            assert element.tag != "script" or (element["src"].startswith("/static/") and not element.text.strip()), name
            for attribute, value in element.attributes.items():
                assert not attribute.startswith(("on", "hx-on")), (name, attribute)
                assert attribute not in ("style", "srcdoc"), (name, attribute)
                if attribute in ("href", "src", "action", "formaction", "hx-get", "hx-post", "content", "value"):
                    assert not re.match(r"(?!http://127\.0\.0\.1:8000/)(\w+:)?//|javascript:|data:", value), (
                        name,
                        value,
                    )


def test_what_is_not_a_page_says_so(client: TestClient, text: str) -> None:
    kinds = {name: answer.headers.get("Content-Type", "") for name, answer in answers(client, text).items()}
    assert kinds["css"] == "text/css; charset=utf-8"
    assert kinds["js"] == "text/javascript; charset=utf-8"
    assert kinds["svg"] == "image/svg+xml"
    assert kinds["304"] == ""
    assert kinds["404 htmx"] == kinds["article"] == "text/html; charset=utf-8"


def test_a_style_or_script_may_be_kept_for_ever_and_everybody(client: TestClient) -> None:
    for asset in assets().values():
        answer = client.get(f"/static/{asset.name}")
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.content == asset.body
        assert "Cookie" not in answer.headers["Vary"]


def test_a_mistake_is_never_kept(client: TestClient, text: str) -> None:
    for name, answer in answers(client, text).items():
        if answer.status_code >= 400 and name != "400":
            assert answer.headers["Cache-Control"] == "no-store", name


# ── what nobody foresaw


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["form", "htmx"])
@pytest.mark.parametrize(
    ("spoil", "statuses"),
    [
        ("UPDATE paragraph SET sentences = 'spoilt'", {500}),
        ("ALTER TABLE paragraph RENAME TO spoilt", {500, 503}),
    ],
    ids=["nonsense in a table", "a table gone"],
)
def test_a_fault_of_ours_is_answered_in_our_own_look_and_shows_nothing_of_it(
    client: TestClient, text: str, database: Database, headers: dict[str, str], spoil: str, statuses: set[int]
) -> None:
    link = shared(client, saved(client, text))
    with database.engine.begin() as connection:
        connection.execute(sql(spoil))
    stranger = browser(client)
    for answer in (
        client.get(text, headers=headers),
        stranger.get(text, headers=headers),
        stranger.get(link, headers=headers),
        client.get(f"{text}/annotations/new?paragraph=1", headers=headers),
        send(client, f"{text}/annotations", headers, start=0, end=8, note="Mine"),
        send(stranger, f"{text}/annotations", headers, start=0, end=8, note="Mine"),
    ):
        assert answer.status_code in statuses
        assert HEADERS.items() <= {name: answer.headers.get(name) for name in HEADERS}.items()
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in answer.headers
        assert not re.search(r"Traceback|JSONDecodeError|spoilt|sqlalchemy|File \"", answer.text)
        assert "in a moment" in parse(answer.text).text
        assert bool(parse(answer.text).all("main")) != bool(headers)
    assert client.get("/groups").status_code == 200


def fail_at_commit(database: Database) -> None:
    """Let every annotation break a promise that is only checked when the transaction is committed."""
    promise = "CREATE TABLE witness (id INTEGER REFERENCES reader (id) DEFERRABLE INITIALLY DEFERRED)"
    break_it = "INSERT INTO witness VALUES (-1)"
    with database.engine.begin() as connection:
        connection.execute(sql(promise))
        if database.sqlite:
            connection.execute(sql(f"CREATE TRIGGER break_it AFTER INSERT ON annotation BEGIN {break_it}; END"))
        else:
            returning = f"BEGIN {break_it}; RETURN NEW; END"
            connection.execute(sql(f"CREATE FUNCTION break_it() RETURNS trigger LANGUAGE plpgsql AS $$ {returning} $$"))
            connection.execute(
                sql("CREATE TRIGGER break_it AFTER INSERT ON annotation FOR EACH ROW EXECUTE FUNCTION break_it()")
            )


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["form", "htmx"])
def test_a_commit_that_fails_is_not_answered_as_done(
    client: TestClient, other: TestClient, text: str, database: Database, headers: dict[str, str]
) -> None:
    saved(client, text)
    fail_at_commit(database)
    before = everything(database)
    for who in (client, other):
        answer = send(who, f"{text}/annotations", headers, start=0, end=8, note="Mine")
        assert answer.status_code in (500, 503)
        assert HEADERS.items() <= {name: answer.headers.get(name) for name in HEADERS}.items()
        assert "in a moment" in answer.text
        assert "Set-Cookie" not in answer.headers
        assert "HX-Trigger" not in answer.headers
    assert everything(database) == before
    with database.engine.begin() as connection:
        connection.execute(sql("DROP TRIGGER break_it" + ("" if database.sqlite else " ON annotation")))
    assert send(client, f"{text}/annotations", headers, start=0, end=8, note="Mine").status_code < 400


def watched(app: FastAPI, look: Callable[[], object], seen: list[object]) -> Callable[[Scope, Receive, Send], object]:
    """The app, with a look at the library in the moment in which an answer begins to leave."""

    async def watch(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_seen(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen.append(look())
            await send(message)

        await app(scope, receive, send_seen)

    return watch


def test_a_write_is_committed_before_its_answer_leaves(url: str, text: str, database: Database) -> None:
    notes: list[object] = []
    app = watched(create_app(settings(url)), lambda: len(everything(database)["annotation"]), notes)
    with TestClient(app, base_url=BASE_URL) as client:  # type: ignore[arg-type]
        saved(client, text)
        send(client, f"{text}/annotations", HTMX, start=0, end=8)
    assert notes == [9, 10]


def test_what_is_read_and_never_closed_is_given_back(app: FastAPI, client: TestClient, text: str) -> None:
    id = saved(client, text)
    for path in (text, "/nowhere", f"/annotations/{id}/edit", "/annotations/99/edit"):
        for _ in range(60):
            client.get(path)
    assert app.state.database.engine.pool.checkedout() == 0
    assert seen(client, ARTICLE)
