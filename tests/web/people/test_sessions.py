"""Who is reading: a guest from the first mark on, under the name that they choose."""

from http.cookies import Morsel, SimpleCookie

import pytest
from fastapi import FastAPI
from httpx2 import Response
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from app.storage.database import Database
from app.web.entrance.answers import DISPLAY_COOKIE
from app.web.entrance.dependencies import COOKIE
from tests.conftest import BASE_URL
from tests.html import Element, parse
from tests.library import everything
from tests.web.conftest import HTMX, browser, saved, seen, send, token_of


def cookie(answer: Response) -> "Morsel[str]":
    """The one cookie that an answer sets."""
    (header,) = answer.headers.get_list("Set-Cookie")
    kept = SimpleCookie(header)
    return kept[COOKIE] if COOKIE in kept else kept[f"__Host-{COOKIE}"]


# ── the first mark


def test_nobody_gets_a_cookie_for_reading(client: TestClient, text: str, database: Database) -> None:
    before = everything(database)
    for path in ("/", text, f"{text}/annotations/new?paragraph=1", "/session/name", "/nowhere", "/annotations/1"):
        assert "Set-Cookie" not in client.get(path).headers
    assert everything(database) == before


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["form", "htmx"])
def test_the_first_mark_makes_a_reader(client: TestClient, text: str, headers: dict[str, str]) -> None:
    answer = send(client, f"{text}/annotations", headers, start=0, end=8)
    kept = cookie(answer)
    assert (kept["httponly"], kept["samesite"], kept["path"], kept["secure"]) == (True, "lax", "/", "")
    assert kept["domain"] == ""
    assert int(kept["max-age"]) >= 30 * 24 * 60 * 60


@pytest.mark.parametrize(("base_url", "secure"), [("https://postil.example", True), ("http://postil.example", "")])
def test_a_cookie_that_belongs_to_https_never_travels_without(
    url: str, text: str, base_url: str, secure: object
) -> None:
    app = create_app(Settings(_env_file=None, database_url=url, base_url=base_url))
    with TestClient(app, base_url=base_url) as client:
        kept = cookie(send(client, f"{text}/annotations", start=0, end=8))
        assert kept["secure"] == secure
        # A browser takes a cookie of such a name over https alone, for all of one host: no sibling can set it.
        assert (kept.key, kept["path"], kept["domain"]) == (f"__Host-{COOKIE}" if secure else COOKIE, "/", "")


def test_the_second_mark_is_of_the_same_reader(client: TestClient, text: str, database: Database) -> None:
    first = saved(client, text)
    answer = send(client, f"{text}/annotations", start=22, end=31)
    assert "Set-Cookie" not in answer.headers
    by = {row.id: row.reader_id for row in everything(database)["annotation"]}
    assert by[first] == by[first + 1]
    assert len(everything(database)["reader_session"]) == 2  # with the one who wrote the sample notes


def test_only_a_hash_of_the_token_is_kept(client: TestClient, text: str, database: Database) -> None:
    saved(client, text)
    assert token_of(client) not in str(everything(database))


@pytest.mark.parametrize(
    "refusal",
    [
        {"start": 0, "end": 8, "exact": "One too."},
        {"start": 0, "end": 0},
        {"start": 0, "end": 8, "note": "a" * 10_001},
        {"sentence": ["0-8", "32-38"]},
    ],
    ids=["changed", "empty", "long", "apart"],
)
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["form", "htmx"])
def test_a_first_mark_that_is_refused_makes_nobody_a_reader(
    client: TestClient, text: str, database: Database, refusal: dict[str, object], headers: dict[str, str]
) -> None:
    before = everything(database)
    answer = send(client, f"{text}/annotations", headers, **refusal)
    assert answer.status_code in (409, 422)
    assert "Set-Cookie" not in answer.headers
    assert "Guest" not in answer.text
    assert everything(database) == before


@pytest.mark.parametrize("token", ["nonsense", "a" * 4_000, "%00", '"', "=", "é".encode().decode("latin-1"), ";"])
def test_a_token_that_is_none_is_a_stranger(client: TestClient, text: str, token: str) -> None:
    saved(client, text, note="A secret", visibility="me")
    headers = {b"Cookie": f"{COOKIE}={token}".encode("latin-1")}
    stranger = browser(client)
    page = stranger.get(text, headers=headers)
    assert page.status_code == 200
    assert "A secret" not in page.text
    answer = stranger.post(f"{text}/annotations", data={"start": 0, "end": 8}, headers=headers, follow_redirects=False)
    assert cookie(answer).value != token


def test_a_new_reader_is_told_who_they_are(client: TestClient, text: str) -> None:
    first = parse(send(client, f"{text}/annotations", HTMX, start=0, end=8).text)
    assert "You are Guest 2 here." in first.by_id("status").text
    assert first.by_id("me").text == "Guest 2"
    second = parse(send(client, f"{text}/annotations", HTMX, start=0, end=8).text)
    assert "Guest" not in second.text


# ── a name


def test_a_name_stands_beside_what_was_written_before(client: TestClient, other: TestClient, text: str) -> None:
    id = saved(client, text, note="a")
    assert "Guest 2" in seen(other, text).by_id(f"a{id}").text
    answer = send(client, "/session/name", name="  Ann \n Example ", next=text)
    assert (answer.status_code, answer.headers["Location"]) == (303, text)
    assert seen(other, text).by_id(f"a{id}").one("bdi").text == "Ann Example"
    assert seen(client, text).by_id(f"a{id}").one("bdi").text == "You"
    assert seen(client, "/session/name").one("input", name="name")["value"] == "Ann Example"


def test_who_has_written_nothing_yet_may_take_a_name(client: TestClient, text: str) -> None:
    answer = send(client, "/session/name", name="Ann")
    assert cookie(answer).value == token_of(client)
    saved(client, text)
    assert seen(browser(client), text).one(cls="note").one("bdi").text == "Ann"


def test_a_name_is_only_words(client: TestClient, other: TestClient, text: str) -> None:
    saved(client, text)
    send(client, "/session/name", name="<b onclick=x>Ann")
    assert seen(other, text).one(cls="note").one("bdi").text == "<b onclick=x>Ann"


@pytest.mark.parametrize("name", ["\u202eAnn", "\ufe0f\u034f", "A Former Reader"])
def test_a_guest_too_has_a_name_that_one_can_see_and_that_is_no_deceit(
    client: TestClient, text: str, database: Database, name: str
) -> None:
    saved(client, text)
    before = everything(database)
    answer = send(client, "/session/name", name=name, next=text)
    assert answer.status_code == 422
    page = parse(answer.text)
    assert page.one("input", name="name")["value"] == name
    form = page.one("form", action="/session/name")
    assert form.one("input", name="next")["value"] == text
    assert form.by_id("fault").text
    assert everything(database) == before


def test_a_name_that_does_not_fit_comes_back(client: TestClient, text: str, database: Database) -> None:
    saved(client, text)
    before = everything(database)
    for name, fault in (
        ("é" * 81, "at most 80 characters fit; this has 81"),
        ("  ", "not be empty"),
        ("a\0", "no text"),
    ):
        answer = send(client, "/session/name", name=name)
        assert answer.status_code == 422
        page = parse(answer.text)
        assert page.one("textarea").text.removeprefix("\n") == name
        assert fault in page.by_id("name-fault").text
    assert everything(database) == before


def test_eighty_characters_are_a_name(client: TestClient) -> None:
    assert send(client, "/session/name", name="😀" * 80).status_code == 303


@pytest.mark.parametrize(
    "elsewhere",
    [
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "evil.example",
        "/a\nSet-Cookie: a=b",
        "/\t/evil.example",
        "/" + "a" * 1_000,
        "/é",
    ],
)
@pytest.mark.parametrize("backend", ["sqlite"])
def test_one_is_never_sent_elsewhere_afterwards(client: TestClient, elsewhere: str) -> None:
    assert send(client, "/session/name", name="Ann", next=elsewhere).headers["Location"] == "/"
    page = parse(client.get("/session/name", params={"next": elsewhere}).text)
    assert page.by_id("main").one("input", name="next")["value"] == "/"
    assert all(link["href"].startswith("/") or link["href"].startswith("#") for link in page.all("a"))


def test_one_comes_back_to_where_one_was(app: FastAPI, client: TestClient, text: str) -> None:
    saved(client, text)
    link = seen(client, text).by_id("me").one("a")["href"]
    page = parse(client.get(link).text)
    assert page.by_id("main").one("input", name="next")["value"] == text
    assert send(client, "/session/name", name="Ann", next=text).headers["Location"] == text
    assert BASE_URL not in page.text


# ── how pages look


def display(answer: Response) -> "Morsel[str]":
    (header,) = answer.headers.get_list("Set-Cookie")
    return SimpleCookie(header)[DISPLAY_COOKIE]


def look(page: Element) -> dict[str, str]:
    """What the root element says of how the page is to look."""
    html = page.one("html").attributes
    return {name: value for name, value in html.items() if name.startswith("data-")}


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["form", "htmx"])
def test_how_pages_look_is_kept_in_a_cookie_and_in_the_first_html(
    client: TestClient, text: str, database: Database, headers: dict[str, str]
) -> None:
    before = everything(database)
    answer = send(client, "/session/display", headers, theme="dark", size="huge", next=text)
    assert answer.status_code == (204 if headers else 303)
    kept = display(answer)
    assert (kept["httponly"], kept["samesite"], kept["path"]) == (True, "lax", "/")
    for path in (text, "/", "/nowhere"):
        assert look(parse(client.get(path).text)) == {"data-theme": "dark", "data-size": "huge"}
    assert look(seen(browser(client), text)) == {}
    assert everything(database) == before


def test_a_page_that_is_to_look_otherwise_is_sent_again(client: TestClient, text: str) -> None:
    saved(client, text)
    first = client.get(text).headers["ETag"]
    send(client, "/session/display", theme="sepia")
    again = client.get(text, headers={"If-None-Match": first})
    assert again.status_code == 200
    assert look(parse(again.text)) == {"data-theme": "sepia"}


@pytest.mark.parametrize(
    "kept", ["theme=neon", "nonsense", "theme=dark&theme=neon", "%00", "a" * 4_000, "theme=%22%3E%3Cscript%3E", "=&=&"]
)
@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_cookie_that_says_what_there_is_not_says_nothing(client: TestClient, text: str, kept: str) -> None:
    page = browser(client).get(text, headers={"Cookie": f"{DISPLAY_COOKIE}={kept}"})
    assert page.status_code == 200
    assert look(parse(page.text)) == {}


def test_what_there_is_not_cannot_be_chosen(client: TestClient) -> None:
    for name, value in (("theme", "neon"), ("size", "\0"), ("face", '"><script>')):
        answer = client.post("/session/display", data={name: value}, follow_redirects=False)
        assert isinstance(answer, Response)
        assert answer.status_code == 422
        assert "Set-Cookie" not in answer.headers
        assert parse(answer.text)
