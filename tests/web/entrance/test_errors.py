"""Whatever is sent: an answer that says what is wrong, words given back, nothing changed, and nothing shown of us."""

from collections.abc import Iterable, Iterator
from itertools import chain, product
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from httpx2 import Response
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markupsafe import escape
from sqlalchemy import Connection, event
from sqlalchemy import text as sql
from starlette.testclient import TestClient
from starlette.types import Message

from app.storage.database import Database
from tests.conftest import in_a_loop
from tests.html import parse
from tests.library import everything
from tests.web.conftest import HTMX, saved, send, shared

FORM = "application/x-www-form-urlencoded"


def refused(answer: Response, typed: Iterable[str] = ()) -> bool:
    """Whether it is an answer to a mistake of the client, and tells nothing of our inside but what was typed."""
    told = answer.text
    for words in typed:
        told = told.replace(str(escape(words)), "")
    inside = ("Traceback", 'File "', "sqlalchemy", "psycopg", "sqlite", "SELECT ", "pydantic", "fastapi")
    return 400 <= answer.status_code < 500 and not any(word in told for word in inside)


@pytest.fixture
def note(client: TestClient, text: str) -> int:
    """A note of the client's own, so that nothing but what is wrong stands in the way."""
    return saved(client, text, note="Mine")


@pytest.fixture
def link(client: TestClient, note: int) -> str:
    return shared(client, note)


# ── addresses


IDS = ["0", "-1", "abc", "1e3", "1.5", "0x9", "%20", "%00", "%ED%A0%80", "%F0%9F%98%80", "999999", "9" * 400]
IDS += [str(number) for number in (2**31, 2**32, 2**63 - 1, 2**63, 2**64, 10**30)]
SLUGS = [
    "%00",
    "a-text%00",
    "%ED%A0%80",
    "%FF",
    "%F0%9F%98%80",
    "A-TEXT",
    "a-text%20",
    "a-text.",
    "%2e%2e",
    "a_text",
]
SLUGS += [
    "'",
    "%27%20OR%201=1--",
    "%25",
    "_" * 6,
    "<script>",
    "%0d%0aSet-Cookie:a=b",
    "a" * 5_000,
    quote("é" * 2_000),
    "-",
]


def addresses() -> Iterator[tuple[str, str]]:
    for id in IDS:
        yield "GET", f"/annotations/{id}"
        yield "GET", f"/annotations/{id}/edit"
        for act in ("", "/delete", "/restore", "/shares"):
            yield "POST", f"/annotations/{id}{act}"
    for slug in SLUGS:
        yield "GET", f"/articles/{slug}"
        yield "GET", f"/articles/{slug}/annotations/new?paragraph=1"
        yield "POST", f"/articles/{slug}/annotations"
        yield "POST", f"/articles/{slug}/shares"
        yield "GET", f"/s/{slug}"
        yield "POST", f"/s/{slug}/revoke"
        yield "GET", f"/static/{slug}"
    for undo in ("0", "-1", "abc", str(2**63), str(10**30), "%00"):
        yield "GET", f"/articles/a-text?undo={undo}"
    for path in "/nowhere /%2Fevil.example/ /articles /articles/ /s/ /annotations/ /static/ /docs".split():
        yield "GET", path
        yield "POST", path
    yield "GET", "/openapi.json"


def test_an_address_that_is_none_is_not_found(client: TestClient, note: int, database: Database) -> None:
    before = everything(database)
    for (method, path), headers in product(addresses(), ({}, HTMX)):
        body = {"start": "0", "end": "8", "note": "Mine"} if method == "POST" else None
        answer = client.request(method, path, data=body, headers=headers, follow_redirects=False)
        assert isinstance(answer, Response)
        assert answer.status_code in (404, 405), (method, path, answer.status_code)
        assert refused(answer), path
    assert everything(database) == before


def test_a_page_that_is_not_there_is_no_way_to_another_host(client: TestClient) -> None:
    page = parse(client.post("/%2Fevil.example/path", data={"note": "Mine"}).text)
    for element in page.below():
        for name in ("action", "href", "src"):
            assert not element.attributes.get(name, "").startswith("//")


def test_what_is_there_answers_only_to_what_it_is_for(
    client: TestClient, text: str, note: int, link: str, database: Database
) -> None:
    before = everything(database)
    gets = ["/", text, f"/annotations/{note}/edit", f"{text}/annotations/new?paragraph=1", "/session/name", link]
    posts = [f"{text}/annotations", f"/annotations/{note}/delete", f"{text}/shares", f"{link}/revoke"]
    for path in gets + posts:
        for method in ("PUT", "PATCH", "DELETE", "TRACE", "NONSENSE"):
            answer = client.request(method, path)
            assert isinstance(answer, Response)
            assert answer.status_code == 405, (method, path)
            assert refused(answer)
    for path in posts[1:]:
        assert client.get(path, follow_redirects=False).status_code == 405, path
    assert everything(database) == before


# ── fields


NOTES = ["\0", "a\x0bb", "a\x0cb", "\x7f", "\x1b[31m", "a" * 10_001, "😀" * 10_001, "a\n" * 5_001]
WRONG: dict[str, list[str]] = {
    "note": NOTES,
    "colour": ["red", "YELLOW", "yellow ", "\0", "yellow;", "a" * 1_000],
    "visibility": ["nobody", "group:1", "\0", "Me"],
    "start": ["-1", "abc", "1.5", "1e3", "0x1", "NaN", "1_", "\0", str(10**9), str(2**31), str(2**63), "9" * 5_000],
    "end": ["-1", "0", "abc", "1.5", "\0", str(10**9 - 1), str(10**9), str(2**31), str(2**63), str(10**30)],
    "exact": ["", "One", "\0", "One two.\0", "😀", "a" * 100_000][1:],
}


def test_a_field_that_is_wrong_changes_nothing(client: TestClient, text: str, note: int, database: Database) -> None:
    right = {"start": "0", "end": "8", "note": "My words"}
    before = everything(database)
    for name, values in WRONG.items():
        for value, headers in product(values, ({}, HTMX)):
            answer = send(client, f"{text}/annotations", headers, **(right | {name: value}))
            assert answer.status_code == (409 if name == "exact" else 422), (name, value[:20])
            assert refused(answer)
            if name not in ("note", "colour", "visibility"):
                answer = send(client, f"{text}/shares", headers, **(right | {name: value}))
            elif name != "note" or value in NOTES:
                answer = send(client, f"/annotations/{note}", headers, **{name: value})
            assert answer.status_code in (409, 422), (name, value[:20])
            assert refused(answer)
    for name in ["", " \n\t", "\0", "a" * 81, "a\x07b"]:
        assert send(client, "/session/name", name=name).status_code == 422
    for scope in ["world", "\0", "Article"]:
        assert send(client, f"/annotations/{note}/shares", scope=scope).status_code == 422
    assert everything(database) == before


def test_what_is_wrong_is_said_at_its_field(client: TestClient, text: str) -> None:
    page = parse(send(client, f"{text}/annotations", start="0", end="8", note="a" * 10_001).text)
    area = page.one("textarea", name="note")
    assert area["aria-invalid"] == "true"
    assert "at most 10,000 characters fit" in page.by_id(area["aria-describedby"]).text


def test_nothing_that_was_typed_is_lost_and_all_of_it_is_only_words(client: TestClient, text: str) -> None:
    typed = "</textarea><script>alert(1)</script>\"'&amp;\n\n  😀 end"
    for fields in ({"start": "9", "end": "4"}, {"colour": typed}, {"sentence": ["0-8", "32-38"]}, {"start": typed}):
        answer = client.post(f"{text}/annotations", data={"note": typed, **fields})
        page = parse(answer.text)
        assert page.one("textarea").text.removeprefix("\n") == typed
        assert [script["src"][:8] for script in page.all("script")] == ["/static/"]
    page = parse(send(client, "/session/name", name=typed + "a" * 80).text)
    assert page.one("textarea", name="name").text.removeprefix("\n") == typed + "a" * 80


# ── bodies


def multipart(value: bytes, name: bytes = b"note", head: bytes = b"") -> bytes:
    fields = [b'form-data; name="start"\r\n\r\n0', b'form-data; name="end"\r\n\r\n8']
    fields.append(b'form-data; name="' + name + b'"' + head + b"\r\n\r\n" + value)
    return b"".join(b"--X\r\nContent-Disposition: " + field + b"\r\n" for field in fields) + b"--X--\r\n"


BOUNDARY = "multipart/form-data; boundary=X"
NO_FORMS: list[tuple[str, bytes]] = [
    ("application/json", b'{"start": 0, "end": 8, "note": "Theirs"}'),
    ("application/json", b"{"),
    ("application/ld+json", b"[]"),
    ("text/plain", b"start=0&end=8&note=Theirs"),
    ("application/xml", b"<note/>"),
    ("", b"start=0&end=8&note=Theirs"),
    ("nonsense", b"start=0&end=8&note=Theirs"),
    (FORM, b"start=0&end=8&note=%ED%A0%80"),
    (FORM, b"start=0&end=8&note=%ED%B0%80%ED%A0%80"),
    (FORM, b"start=0&end=8&note=%FF"),
    (FORM, b"start=0&end=8&note=%C0%80"),
    (FORM, b"start=0&end=8&note=\xff"),
    (FORM, "start=0&end=8&note=é".encode()),
    (FORM, b"start=0&end=8&no%FFte=a"),
    (FORM, b"start=0&end=8&note=" + b"a" * 10_000_000),
    (FORM + "; charset=utf-7", b"start=0&end=8&note=a"),
    (BOUNDARY, multipart(b"\xed\xa0\x80")),
    (BOUNDARY, multipart(b"\xff\xfe")),
    (BOUNDARY, multipart(b"a", b"no\xffte")),
    (BOUNDARY, multipart(b"a")[:-20]),
    (BOUNDARY, b"nonsense"),
    (BOUNDARY, multipart(b"a" * 10_000_000)),
    ("multipart/form-data", multipart(b"a")),
    ("multipart/form-data; boundary=", multipart(b"a")),
    *(
        (f"{BOUNDARY}; charset={name}", multipart(b"\\ud800 +2AA-"))
        for name in ("utf-7", "unicode_escape", "undefined")
    ),
    *((f"{BOUNDARY}; charset={name}", multipart(b"a")) for name in ("utf-16", "idna", "rot13", "zlib", "nonsense")),
]
ODD_FORMS: list[tuple[str, bytes]] = [
    (FORM, b"start=0&end=8&note=%00"),
    (FORM, b"&".join(b"f%d=" % number for number in range(5_000)) + b"&start=0&end=8"),
    (FORM, b"start=0&end=8&" + b"sentence=0-8&" * 5_000),
    (FORM, b"sentence=0-8&" * 900 + b"sentence=22-31"),
    (FORM, b"&" * 100_000),
    (FORM, b"=" * 100_000),
    (FORM, b"%" * 100_000),
    (BOUNDARY, multipart(b"\0")),
    (BOUNDARY, multipart(b"a", b"start")),
    (BOUNDARY, multipart(b"a" * 10_001)),
    (BOUNDARY, multipart(b"a", b"start", b'; filename="start"')),
    (BOUNDARY, multipart(b"a", b"note", b'; filename="note.txt"')),
    (BOUNDARY, b"--X\r\nContent-Disposition: form-data\r\n\r\na\r\n--X--\r\n"),
    (BOUNDARY, b"--X\r\n\r\na\r\n--X--\r\n"),
    (BOUNDARY, b"--X\r\n" + b"A: b\r\n" * 5_000 + b"\r\na\r\n--X--\r\n"),
    (BOUNDARY, b"--X\r\nContent-Disposition: form-data; name=a\r\n\r\na\r\n" * 2_000 + b"--X--\r\n"),
]


def test_an_odd_form_changes_nothing(client: TestClient, text: str, note: int, database: Database) -> None:
    before = everything(database)
    for (kind, body), headers in product(NO_FORMS + ODD_FORMS, ({}, HTMX)):
        answer = client.post(f"{text}/annotations", content=body, headers={"Content-Type": kind, **headers})
        assert isinstance(answer, Response)
        assert refused(answer), (kind, body[:60], answer.status_code)
    assert everything(database) == before


def test_a_body_that_is_no_form_is_refused_even_where_no_field_is_needed(
    client: TestClient, note: int, link: str, database: Database
) -> None:
    before = everything(database)
    paths = [f"/annotations/{note}", f"/annotations/{note}/delete", f"/annotations/{note}/shares", f"{link}/revoke"]
    for path, (kind, body) in product(paths, NO_FORMS):
        answer = client.post(path, content=body, headers={"Content-Type": kind}, follow_redirects=False)
        assert isinstance(answer, Response)
        assert refused(answer), (path, kind, body[:60], answer.status_code)
    assert everything(database) == before


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["form", "htmx"])
def test_ten_megabytes_are_too_much_however_they_come(
    client: TestClient, text: str, note: int, database: Database, headers: dict[str, str]
) -> None:
    def in_pieces() -> Iterator[bytes]:
        yield b"start=0&end=8&note="
        for _ in range(100):
            yield b"a" * 100_000

    before = everything(database)
    for path in (f"{text}/annotations", f"/annotations/{note}", f"/annotations/{note}/delete", "/session/name"):
        for body in (b"note=" + b"a" * 10_000_000, in_pieces()):
            answer = client.post(path, content=body, headers={"Content-Type": FORM, **headers}, follow_redirects=False)
            assert answer.status_code == 413, path
            assert "Nothing has been saved" in answer.text
    assert everything(database) == before


def test_the_longest_note_on_the_longest_passage_is_not_too_much(client: TestClient, text: str) -> None:
    answer = send(client, f"{text}/annotations", start=0, end=8, exact="😀" * 20_000, note="😀" * 10_000)
    assert answer.status_code == 409


# ── anything at all


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=20) | st.sampled_from(
    ["0", "8", "22", "-1", "0-8", "9-20", "yellow", "me", "everyone", "\0", "\r\n", "One two.", "a" * 10_001]
)
names = st.sampled_from(["start", "end", "exact", "sentence", "note", "colour", "visibility", "scope", "name"]) | words
forms = st.dictionaries(names, words | st.lists(words, max_size=3), max_size=6)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.integers(0, 4), forms, st.booleans())
def test_no_form_breaks_the_server_and_what_it_refuses_it_does_not_do(
    client: TestClient, text: str, note: int, database: Database, which: int, form: dict[str, str], htmx: bool
) -> None:
    path = [
        f"{text}/annotations",
        f"{text}/shares",
        f"/annotations/{note}",
        f"/annotations/{note}/shares",
        "/session/name",
    ]
    before = everything(database)
    answer = send(client, path[which], HTMX if htmx else {}, **form)
    typed = [*form, *chain.from_iterable([value] if isinstance(value, str) else value for value in form.values())]
    assert answer.status_code in (200, 303) or refused(answer, typed), answer.status_code
    if answer.status_code >= 400:
        assert everything(database) == before
    parse(answer.text)
    assert client.get(text).status_code == 200


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from([FORM, BOUNDARY]), st.binary(max_size=200), st.booleans())
def test_no_bytes_break_the_server(
    client: TestClient, text: str, note: int, kind: str, body: bytes, whole: bool
) -> None:
    content = multipart(body) if whole else body
    answer = client.post(f"{text}/annotations", content=content, headers={"Content-Type": kind}, follow_redirects=False)
    assert isinstance(answer, Response)
    assert answer.status_code == 303 or refused(answer), answer.status_code


def test_a_library_that_cannot_be_written_says_so_and_gives_the_words_back(
    app: FastAPI, client: TestClient, text: str, database: Database, backend: str
) -> None:
    saved(client, text)
    before = everything(database)

    @event.listens_for(app.state.database.engine, "begin")
    def fill(connection: Connection) -> None:
        """Leave the disk no page more, or nobody the right to write: what a full or broken disk looks like."""
        if backend == "sqlite":
            connection.exec_driver_sql("PRAGMA max_page_count = 1")
        else:
            connection.exec_driver_sql("SET TRANSACTION READ ONLY")

    answers = [send(client, f"{text}/annotations", start=0, end=8, note="My words " * 1_000) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {503}
    assert answers[0].headers["Retry-After"]
    assert parse(answers[0].text).one("textarea").text.strip().startswith("My words")
    assert everything(database) == before


def test_a_write_between_which_another_has_come_gives_the_words_back(
    client: TestClient, text: str, database: Database
) -> None:
    saved(client, text, visibility="me")
    with database.engine.begin() as connection:
        connection.execute(sql("CREATE UNIQUE INDEX just_now ON annotation (visibility) WHERE visibility = 'me'"))
    before = everything(database)
    answer = send(client, f"{text}/annotations", start=0, end=8, note="My words", visibility="me")
    assert answer.status_code == 503
    assert parse(answer.text).one("textarea").text.strip() == "My words"
    assert "at the same moment" in answer.text
    assert everything(database) == before


def test_who_hangs_up_in_the_middle_is_no_failure(app: FastAPI, text: str, caplog: pytest.LogCaptureFixture) -> None:
    begun: Message = {"type": "http.request", "body": b"start=0", "more_body": True}
    messages = iter([begun, {"type": "http.disconnect"}])
    sent: list[Message] = []

    async def receive() -> Message:
        return next(messages)

    async def send_nobody(message: Message) -> None:
        sent.append(message)

    kind = (b"content-type", b"application/x-www-form-urlencoded")
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": f"{text}/annotations",
        "query_string": b"",
        "headers": [(b"host", b"127.0.0.1:8000"), kind],
    }
    in_a_loop(lambda: app(scope, receive, send_nobody))
    assert sent == []
    assert caplog.records == []
