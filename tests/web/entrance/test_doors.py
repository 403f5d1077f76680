"""What one may do without an account, and what one may not do any more."""

from collections.abc import Iterator
from typing import Any

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from app.main import create_app
from app.storage import accounts
from app.storage.database import Database, now
from app.storage.people import groups
from app.storage.people.readers import Reader
from tests.conftest import BASE_URL, settings
from tests.html import parse
from tests.library import everything, mark, statements
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
    sign_in,
    sign_up,
)


def opened(url: str, **decided: Any) -> Iterator[TestClient]:
    with TestClient(create_app(settings(url, **decided)), base_url=BASE_URL, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def read(url: str) -> Iterator[TestClient]:
    """A library that anyone reads."""
    yield from opened(url, access="read")


@pytest.fixture
def closed(url: str) -> Iterator[TestClient]:
    yield from opened(url, access="closed")


# ── read


def test_where_access_is_read_anyone_reads(read: TestClient, text: str) -> None:
    for path in ("/", text, f"{text}/annotations/new?paragraph=1", "/session/name"):
        assert read.get(path).status_code == 200, path


def test_a_write_without_an_account_says_so_and_keeps_the_words(
    read: TestClient, text: str, database: Database
) -> None:
    id = mark(database, text.removeprefix("/articles/"), 0, 8, note="a")
    before = everything(database)
    page = f"{BASE_URL}{text}?colour=green"
    writes: list[tuple[str, dict[str, object]]] = [
        (f"{text}/annotations", {"start": 0, "end": 8, "note": "Not to be lost"}),
        (f"/annotations/{id}/replies", {"note": "Not to be lost"}),
        (f"/annotations/{id}/resolve", {"note": "Not to be lost"}),
        (f"/annotations/{id}/reopen", {"note": "Not to be lost"}),
        (f"/annotations/{id}/shares", {"note": "Not to be lost"}),
        (f"/annotations/{id}/flags", {"note": "Not to be lost"}),
        (f"/annotations/{id}", {"note": "Not to be lost"}),
        ("/session/name", {"name": "Not to be lost"}),
        ("/nowhere", {"note": "Not to be lost"}),
    ]
    for path, fields in writes:
        answer = send(read, path, {"Referer": page}, **fields)
        assert answer.status_code == 403, path
        back = parse(answer.text)
        assert "Not to be lost" in back.one("textarea").text
        (link,) = [one for one in back.by_id("main").all("a") if "Sign in" in one.text]
        assert link["href"] == f"/session/new?next={text}%3Fcolour%3Dgreen"
        htmx = parse(send(read, path, HTMX | {"Referer": page}, **fields).text)
        assert htmx.one("a")["href"] == link["href"]
        assert not htmx.all("html")
    assert everything(database) == before


def test_whence_a_write_came_is_only_believed_of_our_own_pages(read: TestClient, text: str) -> None:
    for referer in ("https://evil.example/x", "http://[", "//evil.example/x", "", f"{BASE_URL}//evil.example"):
        answer = send(read, f"{text}/annotations", HTMX | {"Referer": referer}, start=0, end=8)
        assert parse(answer.text).one("a")["href"] == "/session/new?next=/"


def test_who_signs_in_goes_on_where_they_were(read: TestClient, text: str) -> None:
    assert sign_up(read, "Ann", next=text).headers["Location"] == text
    assert saved(read, text, note="Mine")
    send(read, "/session/delete")
    assert send(read, f"{text}/annotations", start=0, end=8).status_code == 403
    assert sign_in(read, "Ann", next=text).headers["Location"] == text
    assert saved(read, text, note="Mine")


def test_a_guest_of_earlier_days_needs_an_account_now_and_keeps_their_notes(
    client: TestClient, read: TestClient, text: str
) -> None:
    id = saved(client, text, note="Of earlier days")
    read.cookies = client.cookies
    assert send(read, f"/annotations/{id}", note="b").status_code == 403
    assert sign_up(read, "Ann").status_code == 303
    assert send(read, f"/annotations/{id}", note="b").status_code == 303


def test_what_the_browser_alone_keeps_is_anybodys_to_choose(read: TestClient, text: str) -> None:
    assert send(read, f"{text}/filter", colour="green").status_code == 303
    assert send(read, "/session/display", theme="dark").status_code == 303


# ── closed


def test_where_one_is_invited_the_way_in_makes_no_offer(client: TestClient, closed: TestClient) -> None:
    assert "Make an account" in client.get("/session/new").text
    assert "Make an account" not in closed.get("/session/new").text
    assert "Make an account" in closed.get("/session/new?next=/join/abc").text


def test_a_closed_library_answers_alike_whatever_there_is(
    client: TestClient, closed: TestClient, text: str, database: Database
) -> None:
    id = saved(client, text, note="A secret")
    paths = (
        "/",
        text,
        "/articles/there-is-none",
        f"{text}/annotations",
        f"{text}/annotations/new?paragraph=1",
        f"/annotations/{id}",
        "/annotations/999",
        f"/annotations/{id}/edit",
        "/groups",
        "/shares",
        "/readers",
        "/moderation",
        "/session/name",
        "/account/",
        "/nowhere",
        "//s/x",
        "/s",
        "/static",
    )
    for path in paths:
        answer = closed.get(path, follow_redirects=False)
        assert answer.status_code == 303, path
        assert answer.headers["Location"].startswith("/session/new?next=/"), path
        assert answer.content == b""
        assert closed.get(path, headers=HTMX, follow_redirects=False).status_code == 403, path
    before = everything(database)
    said = set()
    for path in (
        f"{text}/annotations",
        "/articles/there-is-none/annotations",
        f"/annotations/{id}",
        "/annotations/999",
    ):
        for headers in ({}, HTMX):
            answer = send(closed, path, headers, start=0, end=8, note="Not to be lost")
            assert answer.status_code == 403
            assert "A secret" not in answer.text
            said.add((bool(headers), answer.text.replace(path, "…").replace(path.replace("/", "%2F"), "…")))
    assert len(said) == 2
    assert closed.put(text).status_code == closed.put("/nowhere").status_code == 403
    assert everything(database) == before


def test_a_closed_library_asks_its_database_alike_whatever_there_is(
    client: TestClient, closed: TestClient, text: str
) -> None:
    saved(client, text)
    app: Any = closed.app
    counts = []
    for token in ("", "nonsense"):
        for path in (text, "/articles/there-is-none", "/annotations/1"):
            with statements(app.state.database.engine) as sent:
                browser(closed, token).get(path, follow_redirects=False)
            counts.append((bool(token), len([one for one in sent if one.startswith("SELECT")])))
    assert set(counts) == {(False, 0), (True, 1)}


def test_a_closed_library_still_lets_in(client: TestClient, closed: TestClient, text: str) -> None:
    link = shared(client, saved(client, text, note="For all"))
    for path in (link, "/session/new", "/account/new", "/favicon.ico", "/healthz", account_link(client, "join")):
        assert closed.get(path, follow_redirects=False).status_code == 200, path
    assert "For all" in closed.get(link).text
    stylesheet = seen(closed, "/session/new").one("link", rel="icon")["href"]
    assert closed.get(stylesheet).status_code == 200
    assert closed.get("/s/nonsense", follow_redirects=False).status_code == 404
    assert closed.get("/pictures/nonsense", follow_redirects=False).status_code == 404


def test_who_goes_for_good_is_told_so(closed: TestClient, read: TestClient, client: TestClient, text: str) -> None:
    assert send(closed, account_link(closed, "join"), name="Ann", password=PASSWORD).status_code == 303
    answer = send(closed, "/account/delete", answered="keep", password_now=PASSWORD)
    assert answer.status_code == 303
    assert closed.get(answer.headers["Location"], follow_redirects=False).status_code == 200
    # A guest of earlier days may go as well.
    saved(client, text)
    read.cookies = client.cookies
    assert send(read, "/account/delete", answered="keep").status_code == 303


def test_who_comes_by_an_invitation_makes_an_account_first(read: TestClient) -> None:
    own(read)
    id = reader_id(read, "Olive Owner")
    app: Any = read.app
    with app.state.database.transaction() as session:
        owner = accounts.by_id(session, id)
        assert owner
        path = f"/join/{groups.invite(session, groups.make(session, owner, 'A group'), owner).token}"
    stranger = browser(read)
    answer = send(stranger, path, {"Referer": f"{BASE_URL}{path}"})
    assert answer.status_code == 403
    assert f"/session/new?next={path}" in answer.text
    assert sign_up(stranger, "Ann", next=path).headers["Location"] == path
    assert send(stranger, path).status_code == 303


def test_who_comes_to_a_closed_library_comes_where_they_wanted_to(closed: TestClient, text: str) -> None:
    answer = closed.get(f"{text}?note=1&colour=green", follow_redirects=False)
    page = parse(closed.get(answer.headers["Location"]).text)
    assert page.by_id("main").one("input", name="next")["value"] == f"{text}?note=1&colour=green"


def test_a_closed_library_takes_those_who_are_invited(closed: TestClient, text: str) -> None:
    assert "By invitation" in closed.get("/account/new").text
    assert sign_up(closed, "Ann").status_code == 404
    link = account_link(closed, "join")
    assert send(closed, link, name="Ann", password=PASSWORD).status_code == 303
    assert closed.get(text).status_code == 200
    assert send(browser(closed), link, name="Bob", password=PASSWORD).status_code == 404


def test_an_invitation_into_a_group_is_one_into_the_library(closed: TestClient) -> None:
    own(closed)
    app: Any = closed.app
    id = reader_id(closed, "Olive Owner")
    with app.state.database.transaction() as session:
        owner = accounts.by_id(session, id)
        assert owner
        invitation = groups.invite(session, groups.make(session, owner, "A group"), owner)
        path = f"/join/{invitation.token}"
    guest = browser(closed)
    assert guest.get(path).status_code == 200
    for wrong in ("/join/nonsense", f"/x{path}", f"{path}x", "/"):
        assert sign_up(guest, "Ann", next=wrong).status_code == 404
    assert sign_up(guest, "Ann", next=path).headers["Location"] == path
    assert send(guest, path).status_code == 303
    assert "Ann" in closed.get("/groups/1").text


def test_the_first_one_in_a_closed_library_is_its_owner(closed: TestClient) -> None:
    own(closed, "Olive")
    assert "Readers" in closed.get("/").text
    assert closed.get("/readers").status_code == 200


# ── sign up, whatever the access


@pytest.mark.parametrize(
    ("access", "sign_up_", "may"),
    [
        ("open", "", True),
        ("read", "", True),
        ("closed", "", False),
        ("open", "invited", False),
        ("closed", "anyone", True),
    ],
)
@pytest.mark.parametrize("backend", ["sqlite"])
def test_who_may_make_an_account_is_a_setting(url: str, access: str, sign_up_: str, may: bool) -> None:
    for client in opened(url, access=access, sign_up=sign_up_):
        assert sign_up(client, "Ann").status_code == (303 if may else 404)


# ── who may publish


@pytest.mark.parametrize(
    ("access", "guests", "who", "may"),
    [
        ("open", False, "nobody", False),
        ("open", True, "nobody", True),
        ("read", True, "nobody", False),
        ("open", False, "reader", False),
        ("open", True, "reader", True),
        ("read", True, "reader", False),
        ("read", False, "publisher", True),
        ("closed", False, "owner", True),
        ("open", True, "banned", False),
        ("closed", False, "banned publisher", False),
    ],
)
@pytest.mark.parametrize("backend", ["sqlite"])
def test_who_may_publish_is_said_once(
    url: str, database: Database, access: str, guests: bool, who: str, may: bool
) -> None:
    role = who.removeprefix("banned").strip() or "reader"
    reader = None if who == "nobody" else Reader(name="Ann", name_key="ann", role=role)
    if reader and "banned" in who:
        reader.banned_at = now()
    assert accounts.may_publish(reader, settings(url, access=access, guests_publish=guests)) == may


@pytest.mark.parametrize("deed", ["close", "open"])
def test_who_may_publish_closes_the_notes_on_an_article(
    client: TestClient, other: TestClient, text: str, deed: str
) -> None:
    own(client)
    sign_up(other, "Bob")
    assert send(other, f"{text}/{deed}").status_code == 404
    assert send(browser(client), f"{text}/{deed}").status_code == 404
    assert not [one for one in seen(other, text).all("form") if one.attributes.get("action", "").endswith(deed)]
    send(client, f"/readers/{reader_id(client, 'Bob')}/role", role="publisher")
    assert send(other, f"{text}/{deed}").status_code == 303
    left = "open" if deed == "close" else "close"
    assert [one for one in seen(other, text).all("form") if one.attributes.get("action", "").endswith(left)]


@pytest.mark.parametrize("backend", ["sqlite"])
def test_guests_close_notes_where_they_may_publish(url: str, text: str) -> None:
    for guest in opened(url, guests_publish=True):
        assert send(guest, f"{text}/close").status_code == 303


# ── banned


def test_who_is_banned_reads_as_nobody_and_writes_nothing(
    client: TestClient, other: TestClient, text: str, database: Database
) -> None:
    own(client)
    sign_up(other, "Bob")
    mine = saved(other, text, note="Of Bob")
    secret = saved(other, text, 22, 31, note="A secret", visibility="me")
    answer = send(client, f"/readers/{reader_id(client, 'Bob')}/ban", reason="Rude")
    assert answer.status_code == 303
    page = seen(other, text)
    assert page.by_id("me").text == "Sign in"
    assert "Of Bob" in page.text
    assert "A secret" not in page.text
    assert other.get("/account", follow_redirects=False).status_code == 303
    before = everything(database)
    for path, fields in (
        (f"{text}/annotations", {"start": 0, "end": 8, "note": "Not to be lost"}),
        (f"/annotations/{mine}", {"note": "Not to be lost"}),
        (f"/annotations/{secret}/delete", {"note": "Not to be lost"}),
        ("/session/name", {"name": "Not to be lost"}),
    ):
        for headers in ({}, HTMX):
            answer = send(other, path, headers, **fields)
            assert answer.status_code == 403, path
            assert "may not write here any more" in answer.text
            assert headers or "Not to be lost" in parse(answer.text).one("textarea").text
    assert everything(database) == before
    # They are told why they cannot sign in only once they have said the right password.
    assert "closed this account" in sign_in(other, "Bob").text
    assert "closed this account" not in sign_in(other, "Bob", "wrong password").text
    assert sign_in(other, "Bob").status_code == 403
    assert other.get(account_link(client, "reset", "Bob")).status_code == 404
    send(client, f"/readers/{reader_id(client, 'Bob')}/unban")
    assert "A secret" in other.get(text).text
    assert [row.deed for row in everything(database)["log"]] == ["banned", "unbanned"]


def test_a_guest_is_banned_as_well(client: TestClient, other: TestClient, text: str, database: Database) -> None:
    own(client)
    saved(other, text, note="Of a guest")
    (guest,) = [row.id for row in everything(database)["reader"] if row.name.startswith("Guest")]
    send(client, f"/readers/{guest}/ban")
    assert send(other, f"{text}/annotations", start=0, end=8).status_code == 403


# ── the owner's


def test_readers_are_the_owners_affair(client: TestClient, other: TestClient, text: str, database: Database) -> None:
    own(client)
    sign_up(other, "Bob")
    bob, stranger = reader_id(client, "Bob"), browser(client)
    before = everything(database)
    nothing = other.get("/nowhere")
    for who in (other, stranger):
        assert who.get("/readers").status_code == 404
        for path in ("/readers", *(f"/readers/{bob}/{deed}" for deed in ("reset", "role", "ban", "unban"))):
            answer = send(who, path, role="owner")
            assert answer.status_code == 404, path
    assert other.get("/readers").text.replace("/readers", "/nowhere") == nothing.text
    assert everything(database) == before
    assert "Bob" in client.get("/readers").text
    assert "Bob" in client.get("/readers?name=BO").text
    assert "Bob" not in seen(client, "/readers?name=olive").one(cls="people").text


def test_a_link_is_shown_once_to_the_owner(client: TestClient, other: TestClient, database: Database) -> None:
    own(client)
    sign_up(other, "Bob")
    for path, words in (("/readers", "make an account"), (f"/readers/{reader_id(client, 'Bob')}/reset", "Bob")):
        answer = send(client, path)
        assert answer.headers["Location"] == "/readers"
        assert "link" in answer.headers["Set-Cookie"]
        assert "Path=/readers" in answer.headers["Set-Cookie"]
        assert "HttpOnly" in answer.headers["Set-Cookie"]
        page = seen(client, "/readers")
        made = page.one(cls="made")
        assert words in made.text
        link = made.one("input")["value"].removeprefix(BASE_URL)
        assert client.get("/readers").text.count(link) == 0
        assert browser(client).get(link).status_code == 200
    # A cookie that somebody else has set shows nothing that is none of ours.
    for planted in ("nonsense", "%00"):
        answer = client.get("/readers", headers={"Cookie": f"{dict_of(client)}; postil_link={planted}"})
        assert not parse(answer.text).all(cls="made")


def dict_of(client: TestClient) -> str:
    return "; ".join(f"{name}={value}" for name, value in client.cookies.items())


def test_the_owner_names_who_may_publish(client: TestClient, other: TestClient, database: Database) -> None:
    own(client)
    sign_up(other, "Bob")
    bob = reader_id(client, "Bob")
    send(client, f"/readers/{bob}/role", role="publisher")
    assert {row.name: row.role for row in everything(database)["reader"]}["Bob"] == "publisher"
    assert "may publish articles" in client.get("/readers").text
    for wrong in ("king", ""):
        assert send(client, f"/readers/{bob}/role", role=wrong).status_code == 422
    me = reader_id(client, "Olive Owner")
    assert send(client, f"/readers/{me}/role", role="reader").status_code == 422
    assert send(client, f"/readers/{me}/ban").status_code == 422
    assert client.get("/readers").status_code == 200


def test_no_page_may_be_framed(client: TestClient) -> None:
    own(client)
    for path in ("/session/new", "/account", "/account/new", "/readers", account_link(client, "join")):
        answer = browser(client).get(path) if "new" in path else client.get(path)
        assert isinstance(answer, Response)
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
