"""How often one may do what: who asks too often is told when to ask again, and nobody else is."""

import time
from collections.abc import Iterator
from statistics import median
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.requests import Request
from starlette.testclient import TestClient
from uvicorn.config import Config

from app.cli.serving import believing
from app.main import create_app
from app.web.entrance import limits
from app.web.entrance.limits import KEPT, Limits, TooOften, address_of
from tests.conftest import BASE_URL, settings
from tests.html import parse
from tests.library import everything
from tests.web.conftest import HTMX, PASSWORD, account_link, own, reader_id, saved, send, sign_in, sign_up
from tests.web.entrance.test_safety import writes


@pytest.fixture
def backend() -> str:
    """Nothing here depends on the kind of the database."""
    return "sqlite"


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that stands still until it is set: on a busy machine a minute may end in the middle of a test."""
    clock = [1_800_000_000.0]
    monkeypatch.setattr(time, "time", lambda: clock[0])
    return clock


@pytest.fixture
def app(url: str) -> FastAPI:
    """An app that counts."""
    return create_app(settings(url, rate_limits=True))


def at(app: FastAPI, address: str) -> TestClient:
    """A browser at an address."""
    return TestClient(app, base_url=BASE_URL, raise_server_exceptions=False, client=(address, 50_000))


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, base_url=BASE_URL, raise_server_exceptions=False, client=("192.0.2.1", 50_000)) as client:
        yield client


# ── passwords


def test_thirty_wrong_passwords_are_too_many_and_the_right_reader_elsewhere_is_none_the_worse(
    app: FastAPI, client: TestClient
) -> None:
    sign_up(client, "Ann")
    thief = at(app, "203.0.113.5")
    answers = [sign_in(thief, "Ann", f"wrong password {number}") for number in range(30)]
    assert [answer.status_code for answer in answers] == [422] * 10 + [429] * 20
    last = answers[-1]
    assert 1 <= int(last.headers["Retry-After"]) <= 30 * 60
    page = parse(last.text)
    assert page.by_id("name")["value"] == "Ann"
    assert "Too many wrong passwords" in page.by_id("fault").text
    assert "wrong password 29" not in last.text
    # Nor does the right one help there any more; elsewhere it does.
    assert sign_in(thief, "Ann").status_code == 429
    assert sign_in(at(app, "198.51.100.7"), "Ann").status_code == 303


def test_one_password_tried_on_many_names_is_too_many_as_well(app: FastAPI, client: TestClient) -> None:
    thief = at(app, "203.0.113.5")
    statuses = [sign_in(thief, f"Reader {number}", "Sommer2026!").status_code for number in range(35)]
    assert statuses == [422] * 30 + [429] * 5
    assert sign_in(at(app, "203.0.113.6"), "Reader 1", "Sommer2026!").status_code == 422


def test_too_many_are_refused_before_anything_is_hashed_or_looked_up(app: FastAPI, client: TestClient) -> None:
    for _ in range(10):
        sign_in(client, "Ann", "wrong password")
    hash, app.state.passwords = app.state.passwords, None
    assert sign_in(client, "Ann", "wrong password").status_code == 429
    app.state.passwords = hash


def test_a_class_signs_in_at_the_same_time_from_one_address(app: FastAPI, client: TestClient, text: str) -> None:
    pupils = [at(app, "192.0.2.1") for _ in range(30)]
    for number, pupil in enumerate(pupils):
        assert sign_up(pupil, f"Pupil {number}").status_code == 303
    for number, pupil in enumerate(pupils):
        if number % 3 == 0:
            assert sign_in(pupil, f"Pupil {number}", "wrong password").status_code == 422
        assert sign_in(pupil, f"Pupil {number}").status_code == 303
        for _ in range(10):
            saved(pupil, text)


def test_the_right_password_is_not_counted(client: TestClient) -> None:
    sign_up(client, "Ann")
    assert {sign_in(client, "Ann").status_code for _ in range(40)} == {303}


def test_the_password_of_who_is_signed_in_is_not_tried_for_ever(client: TestClient) -> None:
    sign_up(client, "Ann")
    fields = {"password_now": "wrong password", "password": "another one of mine", "name": "Bea"}
    for path in ("/account/password", "/account/name"):
        statuses = [send(client, path, **fields).status_code for _ in range(12)]
        assert statuses[-1] == 429
    assert send(client, "/account/password", **fields).headers["Retry-After"]


def test_an_unknown_name_takes_as_long_as_a_known_one(url: str) -> None:
    app = create_app(settings(url, password_memory=16))
    with TestClient(app, base_url=BASE_URL) as client:
        sign_up(client, "Ann")
        took: dict[str, list[float]] = {"Ann": [], "Bob": []}
        for _ in range(25):
            for name, times in took.items():
                began = time.perf_counter()
                assert sign_in(client, name, "wrong password").status_code == 422
                times.append(time.perf_counter() - began)
    ratio = median(took["Ann"]) / median(took["Bob"])
    assert 0.75 <= ratio <= 1.33, ratio


# ── accounts


def test_accounts_are_not_made_without_end(app: FastAPI, client: TestClient) -> None:
    answers = [sign_up(at(app, "192.0.2.9"), f"Reader {number}") for number in range(62)]
    assert [answer.status_code for answer in answers] == [303] * 60 + [429] * 2
    page = parse(answers[-1].text)
    assert page.by_id("name")["value"] == "Reader 61"
    assert answers[-1].headers["Retry-After"]
    assert PASSWORD not in answers[-1].text


# ── writes


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["form", "htmx"])
def test_ten_times_as_many_writes_as_may_be_are_refused_with_their_words(
    app: FastAPI, client: TestClient, text: str, headers: dict[str, str]
) -> None:
    id = saved(client, text)
    answers = [send(client, f"/annotations/{id}/resolve", headers, note=f"Words {number}") for number in range(1_200)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert len(refused) == 1_200 - 120
    assert 1 <= int(refused[-1].headers["Retry-After"]) <= 121
    assert "send it again in" in refused[-1].text
    if not headers:
        assert parse(refused[-1].text).one("textarea").text.strip() == "Words 1199"
    # What was refused takes nothing from others behind the same address.
    for _ in range(400):
        assert send(at(app, "192.0.2.1"), f"{text}/annotations", start=0, end=0).status_code == 422


def test_an_address_without_a_cookie_is_counted_as_well(app: FastAPI, client: TestClient, text: str) -> None:
    before = len(everything(app.state.database)["reader"])
    statuses = [
        send(at(app, f"2001:db8:1:2::{number:x}"), f"{text}/annotations", start=0, end=0).status_code
        for number in range(610)
    ]
    assert statuses[:600] == [422] * 600
    assert set(statuses[600:]) == {429}
    assert len(everything(app.state.database)["reader"]) == before
    assert send(at(app, "2001:db8:1:3::1"), f"{text}/annotations", start=0, end=0).status_code == 422


def test_shares_have_a_limit_of_their_own(app: FastAPI, client: TestClient, text: str) -> None:
    id = saved(client, text)
    statuses = [send(client, f"/annotations/{id}/shares").status_code for _ in range(35)]
    assert statuses == [303] * 30 + [429] * 5
    assert saved(client, text)


def test_every_write_there_is_has_a_limit(
    app: FastAPI, client: TestClient, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = writes(client, text)
    monkeypatch.setitem(limits.PER_ADDRESS, "writes", "1/minute")
    monkeypatch.setitem(limits.PER_ADDRESS, "shares", "1/minute")
    monkeypatch.setitem(limits.PER_ADDRESS, "places", "1/minute")
    monkeypatch.setitem(limits.PER_ADDRESS, "imports", "1/minute")
    app.state.limits = Limits(on=True)
    for path in ("/session/name", f"{text}/shares", f"{text}/place", "/articles"):
        send(client, path)
    before = everything(app.state.database)
    for path, fields in every:
        for headers in ({}, HTMX):
            answer = send(client, path, headers, **fields)
            assert answer.status_code == 429, path
            assert answer.headers["Retry-After"]
            assert PASSWORD not in answer.text
    assert everything(app.state.database) == before


def test_without_limits_nothing_is_counted(url: str) -> None:
    with TestClient(create_app(settings(url)), base_url=BASE_URL) as client:
        own(client)
        assert {send(client, "/readers").status_code for _ in range(130)} == {303}
        assert client.get(account_link(client, "reset", "Olive Owner")).status_code == 200
        assert reader_id(client, "Olive Owner")


# ── counting


def request_from(host: str | None) -> Request:
    return Request({"type": "http", "client": (host, 1) if host else None, "headers": []})


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::"),
        ("testclient", "testclient"),
        (None, ""),
    ],
)
def test_an_address_is_that_of_a_household(host: str | None, address: str) -> None:
    assert address_of(request_from(host)) == address


def test_a_count_fades_and_says_when(clock: list[float]) -> None:
    counting = Limits(on=True)
    for _ in range(20):
        waits = 0
        for _ in range(200):
            try:
                counting.count("writes", who="1")
            except TooOften as error:
                waits += 1
                clock[0] += error.seconds
                counting.count("writes", who="1")  # after the time that was said there is room
        assert waits
        clock[0] += 7.3


def test_what_is_counted_does_not_fill_the_memory() -> None:
    counting = Limits(on=True)
    for number in range(KEPT + 500):
        counting.count("writes", f"address {number}")
    assert len(counting._counts.storage) <= KEPT
    assert len(counting._counts.expirations) <= KEPT


# ── behind a proxy


@pytest.mark.parametrize(
    ("proxies", "seen"),
    [
        ([], ("192.0.2.200", "http")),
        (["10.0.0.0/8"], ("192.0.2.200", "http")),
        (["192.0.2.0/24"], ("1.2.3.4", "https")),
    ],
)
def test_only_a_proxy_that_is_named_is_believed(proxies: list[str], seen: tuple[str, str]) -> None:
    found: list[Any] = []

    async def app(scope: Any, _receive: Any, send: Any) -> None:
        found.append((scope["client"][0], scope["scheme"]))
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    config = Config(app, log_config=None, **believing(proxies))
    config.load()
    said = {"X-Forwarded-For": "1.2.3.4", "X-Forwarded-Proto": "https"}
    TestClient(config.loaded_app, client=("192.0.2.200", 1)).get("/", headers=said)
    assert found == [seen]
