"""Accounts: a guest becomes one and keeps everything, signs in and out, and nobody else does in their place."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http.cookies import SimpleCookie

import pytest
from fastapi import FastAPI
from httpx2 import Response
from sqlalchemy import text as sql
from starlette.testclient import TestClient

from app.main import create_app
from app.storage.accounts import by_name, set_password
from app.storage.database import Database, now
from app.storage.people.passwords import Passwords
from tests.conftest import settings
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
    sign_in,
    sign_up,
    token_of,
)


def me(client: TestClient) -> str:
    """How the page greets this browser."""
    return seen(client, "/").by_id("me").text.strip().split("\n")[0]


def authors(database: Database) -> dict[int, int]:
    return {row.id: row.reader_id for row in everything(database)["annotation"]}


# ── making one


def test_a_guest_who_makes_an_account_keeps_every_note(client: TestClient, text: str, database: Database) -> None:
    ids = [saved(client, text, note=str(number)) for number in range(3)]
    before = everything(database)["annotation"]
    answer = sign_up(client, "  Ann \u00a0 Example ", next=text)
    assert (answer.status_code, answer.headers["Location"]) == (303, text)
    assert everything(database)["annotation"] == before
    page = seen(client, text)
    assert [page.by_id(f"a{id}").one("bdi").text for id in ids] == ["You"] * 3
    assert "Ann Example" in seen(browser(client), text).by_id(f"a{ids[0]}").text


def test_who_has_written_nothing_makes_an_account_as_well(client: TestClient, other: TestClient) -> None:
    sign_up(client, "Ann")
    assert "Ann" in me(client)
    assert me(other) == "Sign in"
    assert sign_in(other, "Ann").status_code == 303
    assert "Ann" in me(other)


@pytest.mark.parametrize("name", ["ann", "ＡＮＮ", " A\u200bnn", "ANN"])
def test_a_name_belongs_to_one_account(client: TestClient, other: TestClient, name: str) -> None:
    sign_up(client, "Ann")
    answer = sign_up(other, name)
    assert answer.status_code == 422
    page = parse(answer.text)
    assert "taken" in page.by_id("fault").text
    assert page.by_id("name")["value"].strip() == name.strip()
    assert PASSWORD not in answer.text
    # Nor does a guest write under it.
    assert send(other, "/session/name", name=name).status_code == 422


def test_one_signs_in_by_the_name_however_it_is_typed(client: TestClient, other: TestClient) -> None:
    sign_up(client, "Ann Example")
    assert sign_in(other, "  aNN   eXAMPLE").status_code == 303


@pytest.mark.parametrize("name", ["\u200b\u2060", "\u3164", "A\u202enn"])
def test_a_name_that_nobody_sees_is_none(client: TestClient, name: str, database: Database) -> None:
    before = everything(database)
    assert sign_up(client, name).status_code == 422
    assert everything(database) == before


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("1234567", "at least 8"),
        ("password", "first"),
        ("PASSWORD123", "first"),
        ("12345678", "first"),
        ("aaaaaaaaaa", "first"),
        ("ann-example1", ""),
        ("annexample", "name"),
        ("AnnExample99", "name"),
        ("all of these words are mine", ""),
        ("ａｌｌ of these 😀", ""),
    ],
)
def test_a_password_is_long_and_no_stranger_tries_it_first(client: TestClient, password: str, fault: str) -> None:
    answer = sign_up(client, "Ann Example", password)
    assert answer.status_code == (422 if fault else 303), answer.text
    if fault:
        page = parse(answer.text)
        assert fault in page.by_id("fault").text
        assert page.by_id("name")["value"] == "Ann Example"
        assert "value" not in page.by_id("password")


def test_a_password_may_be_a_page_and_not_a_book(client: TestClient, other: TestClient) -> None:
    assert sign_up(client, "Ann", "bee " * 250).status_code == 303
    answer = sign_up(other, "Bob", "bee " * 250 + "c")
    assert answer.status_code == 422
    assert "bee bee" not in answer.text


def test_only_a_slow_hash_of_a_password_is_kept(client: TestClient, database: Database) -> None:
    sign_up(client, "Ann")
    kept = str(everything(database))
    assert "$argon2id$v=19$m=1024,t=3,p=4$" in kept
    assert PASSWORD not in kept


def test_nobody_becomes_the_owner_without_the_link(client: TestClient, other: TestClient, database: Database) -> None:
    send(client, "/account", name="Ann", password=PASSWORD, role="owner", kind="owner")
    assert {row.role for row in everything(database)["reader"]} == {"reader"}
    link = account_link(client, "owner")
    assert "owner" in seen(client, link).one("h1").text
    own(client, "Olive")
    # Neither that link nor a newer one makes a second.
    assert send(other, link, name="Bob", password=PASSWORD).status_code == 404
    assert send(other, account_link(client, "owner"), name="Bob", password=PASSWORD).status_code == 404
    assert [row.name for row in everything(database)["reader"] if row.role == "owner"] == ["Olive"]


def test_only_the_newest_link_for_the_owner_is_good(client: TestClient) -> None:
    old = account_link(client, "owner")
    new = account_link(client, "owner")
    assert client.get(old).status_code == 404
    assert client.get(new).status_code == 200


# ── signing in


def test_a_wrong_name_and_a_wrong_password_answer_alike(client: TestClient, other: TestClient) -> None:
    sign_up(client, "Ann")
    known, unknown = sign_in(other, "Ann", "wrong password"), sign_in(other, "Bob", "wrong password")
    assert known.status_code == unknown.status_code == 422
    assert known.text.replace("Ann", "Bob") == unknown.text
    assert parse(known.text).by_id("name")["value"] == "Ann"
    assert "wrong password" not in known.text
    assert "Set-Cookie" not in known.headers


def test_each_signing_in_has_a_token_of_its_own_and_the_old_one_is_dead(
    client: TestClient, text: str, database: Database
) -> None:
    saved(client, text)
    tokens = [token_of(client)]
    acts: list[Callable[[], Response]] = [
        lambda: sign_up(client, "Ann"),
        lambda: sign_in(client, "Ann"),
        lambda: send(client, "/account/password", password_now=PASSWORD, password="another one of mine"),
        lambda: send(client, "/account/sessions/delete"),
        lambda: send(client, account_link(client, "reset", "Ann"), password="a third one of mine"),
    ]
    for act in acts:
        assert act().status_code == 303
        tokens.append(token_of(client))
    assert len(set(tokens)) == 6
    for token in tokens[:-1]:
        assert me(browser(client, token)) == "Sign in"
    assert "Ann" in me(browser(client, tokens[-1]))
    assert not any(token in str(everything(database)) for token in tokens)


def test_a_token_that_somebody_plants_is_not_the_one_that_signs_in(client: TestClient, other: TestClient) -> None:
    sign_up(other, "Ann")
    planted = "planted-by-another-who-waits"
    victim = browser(client, planted)
    assert sign_in(victim, "Ann").status_code == 303
    assert me(browser(client, planted)) == "Sign in"


def test_a_stolen_cookie_is_worth_nothing_after_signing_out(client: TestClient, text: str) -> None:
    sign_up(client, "Ann")
    saved(client, text, note="A secret", visibility="me")
    thief = browser(client, token_of(client))
    assert "A secret" in thief.get(text).text
    answer = send(client, "/session/delete")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/session/new")
    assert me(client) == "Sign in"
    assert me(thief) == "Sign in"
    assert "A secret" not in thief.get(text).text
    assert thief.get("/account", follow_redirects=False).status_code == 303


def test_signing_out_everywhere_leaves_this_browser_alone(client: TestClient, other: TestClient) -> None:
    sign_up(client, "Ann")
    sign_in(other, "Ann")
    assert "In 2 browsers" in client.get("/account").text
    assert send(client, "/account/sessions/delete").status_code == 303
    assert "Ann" in me(client)
    assert me(other) == "Sign in"


def test_a_session_ends_by_itself(client: TestClient, other: TestClient, text: str, database: Database) -> None:
    sign_up(client, "Ann")
    saved(other, text)
    for days, account, guest in ((59, "Ann", "Guest"), (61, "Sign in", "Guest"), (366, "Sign in", "Sign in")):
        with database.engine.begin() as connection:
            began = sql("UPDATE reader_session SET created_at = :at").bindparams(at=now() - timedelta(days=days))
            connection.execute(began)
        assert me(client).startswith(account), days
        assert me(other).startswith(guest), days


@pytest.mark.parametrize("elsewhere", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:a"])
def test_one_is_never_sent_elsewhere(client: TestClient, other: TestClient, elsewhere: str) -> None:
    assert sign_up(client, "Ann", next=elsewhere).headers["Location"] == "/"
    assert sign_in(other, "Ann", next=elsewhere).headers["Location"] == "/"
    for path in ("/session/new", "/account/new"):
        page = parse(browser(client).get(path, params={"next": elsewhere}).text)
        assert page.by_id("main").one("input", name="next")["value"] == "/"
        assert "evil" not in page.text


def test_what_one_has_written_is_not_lost_for_want_of_the_right_word(client: TestClient, other: TestClient) -> None:
    sign_up(client, "Ann")
    for path in ("/session", "/account"):
        answer = send(other, path, name="Bob", password="", next="/x")
        assert answer.status_code == 422
        page = parse(answer.text)
        assert page.by_id("name").text.strip() == "Bob"
        assert page.by_id("main").one("input", name="next")["value"] == "/x"
        assert page.one("input", type="password")["name"] == "password"


# ── a guest signs in


def wander(client: TestClient, other: TestClient, text: str) -> dict[str, int]:
    """Let a guest write, reply, resolve and share, beside somebody with an account."""
    theirs = saved(other, text, 0, 8, note="Theirs")
    mine = saved(client, text, 9, 20, note="Mine")
    secret = saved(client, text, 22, 31, note="A secret", visibility="me")
    send(client, f"/annotations/{theirs}/replies", note="A reply")
    send(client, f"/annotations/{theirs}/resolve")
    send(client, f"/annotations/{mine}/shares", scope="article")
    return {"theirs": theirs, "mine": mine, "secret": secret}


def test_a_guest_who_signs_in_brings_everything(
    client: TestClient, other: TestClient, text: str, database: Database
) -> None:
    sign_up(other, "Ann")
    saved(other, text, note="Of Ann")
    guest = client
    ids = wander(guest, browser(client), text)
    ann = reader_id(client, "Ann")
    before = everything(database)
    was = authors(database)[ids["mine"]]
    mine = [row.id for row in before["annotation"] if row.reader_id == was]
    assert len(mine) == 3
    form = seen(guest, "/session/new")
    assert "3 notes" in form.by_id("main").text
    assert "checked" in form.one("input", name="bring")
    tag = browser(client).get(text).headers["ETag"]
    assert sign_in(guest, "Ann", bring="true").status_code == 303
    after = everything(database)
    assert len(after["annotation"]) == len(before["annotation"])
    assert {authors(database)[id] for id in mine} == {ann}
    assert {row.reader_id for row in after["share"]} == {ann}
    assert {row.resolved_by for row in after["annotation"]} == {ann, None}
    assert was not in {row.id for row in after["reader"]}
    assert "A secret" in guest.get(text).text
    assert "Ann" in seen(browser(client), text).by_id(f"a{ids['mine']}").text
    assert browser(client).get(text).headers["ETag"] != tag


def test_a_guest_who_would_rather_not_leaves_everything(
    client: TestClient, other: TestClient, text: str, database: Database
) -> None:
    sign_up(other, "Ann")
    ids = wander(client, browser(client), text)
    before = everything(database)["annotation"]
    token = token_of(client)
    sign_in(client, "Ann")
    assert everything(database)["annotation"] == before
    assert "A secret" not in client.get(text).text
    assert me(browser(client, token)) == "Sign in"
    assert seen(browser(client), text).by_id(f"a{ids['mine']}")


def test_nobody_brings_what_an_account_has_written(client: TestClient, other: TestClient, text: str) -> None:
    sign_up(client, "Ann")
    id = saved(client, text, note="Of Ann")
    sign_up(other, "Bob")
    sign_in(client, "Bob", bring="true")
    assert "Ann" in seen(client, text).by_id(f"a{id}").text


# ── one's own


def test_another_name_stands_beside_everything_and_signs_in(client: TestClient, other: TestClient, text: str) -> None:
    sign_up(client, "Ann")
    id = saved(client, text, note="a")
    assert send(client, "/account/name", name="Bea", password_now="wrong password").status_code == 422
    assert send(client, "/account/name", name="Bea", password_now=PASSWORD).status_code == 303
    assert "Bea" in seen(other, text).by_id(f"a{id}").text
    assert sign_in(other, "Ann").status_code == 422
    assert sign_in(other, "Bea").status_code == 303
    sign_up(browser(client), "Cleo")
    answer = send(client, "/account/name", name="CLEO", password_now=PASSWORD)
    assert answer.status_code == 422
    assert "taken" in answer.text


def test_another_password_takes_the_old_one_and_ends_every_other_session(client: TestClient, other: TestClient) -> None:
    sign_up(client, "Ann")
    sign_in(other, "Ann")
    new = "another one of mine"
    for now_, then in (("wrong password", new), (PASSWORD, "short"), (PASSWORD, "12345678")):
        answer = send(client, "/account/password", password_now=now_, password=then)
        assert answer.status_code == 422
        assert parse(answer.text).by_id("password-fault").text
        assert new not in answer.text
        assert PASSWORD not in answer.text
    assert send(client, "/account/password", password_now=PASSWORD, password=new).status_code == 303
    assert "Ann" in me(client)
    assert me(other) == "Sign in"
    assert sign_in(other, "Ann").status_code == 422
    assert sign_in(other, "Ann", new).status_code == 303


def test_a_link_sets_a_forgotten_password_once(client: TestClient, other: TestClient, database: Database) -> None:
    sign_up(client, "Ann")
    older, link = account_link(client, "reset", "Ann"), account_link(client, "reset", "Ann")
    assert other.get(older).status_code == 404
    assert link.rpartition("/")[2] not in str(everything(database))
    page = other.get(link)
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "Ann" in page.text
    assert send(other, link, password="short").status_code == 422
    assert send(other, link, password="another one of mine").status_code == 303
    assert "Ann" in me(other)
    assert me(client) == "Sign in"
    assert send(client, link, password="yet another one").status_code == 404
    assert sign_in(client, "Ann", "another one of mine").status_code == 303


@pytest.mark.parametrize("way", ["by changing it", "by the link"])
def test_who_tries_the_old_password_while_it_changes_stays_out(
    client: TestClient, other: TestClient, database: Database, way: str
) -> None:
    sign_up(client, "Ann")
    link = account_link(client, "reset", "Ann")
    with ThreadPoolExecutor(1) as pool:
        with database.transaction() as session:
            ann = by_name(session, "Ann")
            assert ann
            set_password(session, ann, "the hash of another")
            if way == "by the link":
                late = pool.submit(send, other, link, password=PASSWORD + " set")
            else:
                late = pool.submit(sign_in, other, "Ann")
            with pytest.raises(TimeoutError):
                late.result(1)
        assert late.result(20).status_code == (404 if way == "by the link" else 422)
    assert other.get("/account", follow_redirects=False).status_code == 303


def test_a_link_to_a_forgotten_password_ends_with_the_password(client: TestClient, other: TestClient) -> None:
    sign_up(client, "Ann")
    link = account_link(client, "reset", "Ann")
    assert send(client, "/account/password", password_now=PASSWORD, password=PASSWORD + "!").status_code == 303
    assert seen(other, link, 404)
    assert send(other, link, password=PASSWORD + " another's").status_code == 404


def test_a_link_is_good_for_a_day(client: TestClient, database: Database) -> None:
    sign_up(client, "Ann")
    link = account_link(client, "reset", "Ann")
    with database.engine.begin() as connection:
        connection.execute(sql("UPDATE account_link SET expires_at = :at").bindparams(at=now()))
    assert client.get(link).status_code == 404
    assert send(client, link, password="another one of mine").status_code == 404


def test_a_link_of_one_kind_is_none_of_another(client: TestClient, other: TestClient) -> None:
    sign_up(client, "Ann")
    reset, join = account_link(client, "reset", "Ann"), account_link(client, "join")
    for wrong in (reset.replace("reset", "join"), join.replace("join", "reset")):
        assert other.get(wrong).status_code == 404
        assert send(other, wrong, name="Bob", password=PASSWORD).status_code == 404


def test_what_only_accounts_have_leads_a_guest_to_sign_in(client: TestClient, text: str) -> None:
    saved(client, text)
    answer = client.get("/account", follow_redirects=False)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/session/new?next=/account")
    for path in ("/account/name", "/account/password", "/account/sessions/delete"):
        for headers in ({}, HTMX):
            fields = {"name": "Ann", "password_now": PASSWORD, "password": PASSWORD}
            answer = send(client, path, headers, **fields)
            assert answer.status_code == 403
            assert PASSWORD not in answer.text
            assert "/session/new" in answer.text


# ── over https


def test_the_browser_forgets_a_cookie_as_it_was_told_to_keep_it(client: TestClient) -> None:
    sign_up(client, "Ann")
    said = [SimpleCookie(one) for one in send(client, "/session/delete").headers.get_list("Set-Cookie")]
    (gone,) = (one["postil_session"] for one in said if "postil_session" in one)
    assert (gone.value, gone["path"], gone["max-age"]) == ("", "/", "0")


def test_over_https_everything_that_was_kept_here_is_forgotten(url: str) -> None:
    app = create_app(settings(url, base_url="https://postil.example"))
    with TestClient(app, base_url="https://postil.example") as client:
        sign_up(client, "Ann")
        assert list(client.cookies) == ["__Host-postil_session"]
        # A cookie of the plain name, which a sibling subdomain can set, is nobody's.
        token = client.cookies["__Host-postil_session"]
        planted = TestClient(app, base_url="https://postil.example", cookies={"postil_session": token})
        assert me(planted) == "Sign in"
        answer = send(client, "/session/delete")
        assert answer.headers["Clear-Site-Data"] == '"storage"'
        said = [SimpleCookie(one) for one in answer.headers.get_list("Set-Cookie")]
        (gone,) = (one["__Host-postil_session"] for one in said if "__Host-postil_session" in one)
        assert (gone["secure"], gone["path"], gone["domain"], gone["max-age"]) == (True, "/", "", "0")
        assert me(client) == "Sign in"


def test_a_commit_that_fails_signs_nobody_in(app: FastAPI, client: TestClient, database: Database) -> None:
    sign_up(client, "Ann")
    stranger = browser(client)
    with database.engine.begin() as connection:
        connection.execute(sql("ALTER TABLE reader_session RENAME TO gone"))
    answer = sign_in(stranger, "Ann")
    assert answer.status_code in (500, 503)
    assert "Set-Cookie" not in answer.headers
    assert PASSWORD not in answer.text


class Watching(Passwords):
    """Passwords that look, whenever one is tried or hashed, how many transactions write just then."""

    def __init__(self, database: Database) -> None:
        super().__init__(1)
        self.database = database
        self.writing: list[int] = []

    async def hash(self, password: str) -> str:
        self.writing.append(self.database._writers.borrowed_tokens)
        return await super().hash(password)

    async def attempt(self, password: str, hash: str) -> tuple[bool, str]:
        self.writing.append(self.database._writers.borrowed_tokens)
        return await super().attempt(password, hash)


def test_nobody_waits_to_write_while_a_password_is_tried(app: FastAPI, client: TestClient) -> None:
    watching = app.state.passwords = Watching(app.state.database)
    new = {"password_now": PASSWORD, "password": PASSWORD + "!"}
    for answer in (
        sign_up(client, "Ann"),
        sign_in(client, "Ann"),
        sign_in(client, "Ann", "wrong password"),
        send(client, "/account/name", name="Bea", password_now=PASSWORD),
        send(client, "/account/password", **new),
        send(client, account_link(client, "reset", "Bea"), password=PASSWORD),
        send(client, account_link(client, "join"), name="Cleo", password=PASSWORD),
        send(client, "/account/delete", answered="keep", password_now="wrong password"),
        send(client, "/account/delete", answered="keep", password_now=PASSWORD),
    ):
        assert answer.status_code in (303, 422)
    assert len(watching.writing) >= 9
    assert set(watching.writing) == {0}
