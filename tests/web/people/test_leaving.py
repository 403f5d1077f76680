"""Taking everything along, and going for good."""

import json
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.main import create_app
from app.storage.accounts import bring, by_id, by_name
from app.storage.annotations import annotate
from app.storage.articles import by_slug
from app.storage.database import Database
from app.storage.keeping.leaving import leave
from app.storage.moderation import Flag
from app.storage.people.readers import Reader, is_here
from app.text.spans import Span
from tests.conftest import BASE_URL, ROOT, settings
from tests.library import everything, statements
from tests.web.conftest import (
    HTMX,
    PASSWORD,
    browser,
    own,
    reader_id,
    saved,
    seen,
    send,
    shared,
    sign_in,
    sign_up,
    token_of,
)

MARKER = f"marker{uuid4().hex}"


def gone(client: TestClient, answered: str = "keep", password: str = PASSWORD) -> None:
    """Delete the account, or all that is a guest's."""
    answer = send(client, "/account/delete", answered=answered, password_now=password)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account/deleted"), answer.text


@pytest.mark.parametrize("has_account", [True, False], ids=["account", "guest"])
def test_of_who_goes_nothing_is_left(
    client: TestClient, other: TestClient, text: str, database: Database, has_account: bool
) -> None:
    id = saved(client, text, note=f"{MARKER} alone", tags=MARKER)
    if has_account:
        sign_up(client, MARKER)
    else:
        send(client, "/session/name", name=MARKER)
    replied = saved(client, text, note=f"{MARKER} replied to")
    send(other, f"/annotations/{replied}/replies", note="An answer")
    link = shared(client, id)
    token = token_of(client)
    before = other.get(text).headers["ETag"]
    gone(client, "blank")
    assert MARKER not in repr(everything(database))
    page = other.get(text)
    assert page.headers["ETag"] != before
    assert MARKER not in page.text
    assert "An answer" in page.text
    assert other.get(link).status_code == 404
    assert seen(browser(client, token), "/notes").all("a", href="/session/new?next=/notes")
    if has_account:
        assert sign_in(other, MARKER).status_code == 422
        assert sign_up(browser(client), MARKER).status_code == 303


def test_words_that_were_answered_stay_without_a_name(
    client: TestClient, other: TestClient, text: str, database: Database
) -> None:
    sign_up(client, "Ann Example")
    replied = saved(client, text, note="Worth an answer")
    send(other, f"/annotations/{replied}/replies", note="An answer")
    gone(client, "keep")
    page = seen(other, text)
    note = page.by_id(f"a{replied}")
    assert "Worth an answer" in note.text
    assert "A former reader" in note.text
    assert "Ann Example" not in repr(everything(database))


@pytest.mark.parametrize("way", ["a note", "a reply", "other words", "a note brought back"])
def test_what_one_saves_elsewhere_while_one_leaves_is_not_kept(
    client: TestClient, other: TestClient, text: str, database: Database, backend: str, way: str
) -> None:
    sign_up(client, "Ann")
    answered, theirs = saved(client, text, note="Worth an answer"), saved(other, text, note="Of another")
    send(other, f"/annotations/{answered}/replies", note="An answer")
    path, fields = {
        "a note": (f"{text}/annotations", {"start": 0, "end": 8}),
        "a reply": (f"/annotations/{theirs}/replies", {}),
        "other words": (f"/annotations/{answered}", {}),
        "a note brought back": (f"/annotations/{answered}/restore", {}),
    }[way]
    if way == "a note brought back":
        send(client, f"/annotations/{answered}/delete")
    ann = reader_id(client, "Ann")
    with ThreadPoolExecutor(1) as pool:
        with database.transaction() as session:
            reader = by_id(session, ann)
            assert reader
            leave(session, reader, "blank")
            late = pool.submit(send, client, path, note=MARKER, **fields)
            with pytest.raises(TimeoutError):
                late.result(1)
        answer = late.result(20)
    rows = everything(database)
    assert not any(row.reader_id == ann and (row.note or not row.deleted_at) for row in rows["annotation"])
    if backend == "sqlite" and way in ("a note", "a reply"):
        # Nobody knew them any more as they began to write, so a guest wrote, who can take it away.
        assert answer.status_code == 303
    else:
        assert 400 <= answer.status_code < 500
        assert MARKER in answer.text
        assert MARKER not in repr(rows)


def test_who_leaves_waits_for_what_they_are_saving_elsewhere_and_takes_it_along(
    client: TestClient, text: str, database: Database
) -> None:
    sign_up(client, "Ann")
    with ThreadPoolExecutor(1) as pool:
        with database.transaction() as session:
            ann = by_name(session, "Ann")
            assert ann
            assert is_here(session, ann)
            late = pool.submit(gone, client)
            with pytest.raises(TimeoutError):
                late.result(1)
            article = by_slug(session, text.removeprefix("/articles/"))
            assert article
            annotate(session, article, ann, Span(0, 8), note=MARKER)
        late.result(20)
    assert MARKER not in repr(everything(database))


def test_what_a_guest_saves_while_they_sign_in_elsewhere_is_not_lost_without_a_word(
    client: TestClient, other: TestClient, text: str, database: Database, backend: str
) -> None:
    sign_up(other, "Ann")
    id = saved(client, text, note="As a guest")
    (guest,) = (row.reader_id for row in everything(database)["annotation"] if row.id == id)
    with ThreadPoolExecutor(1) as pool:
        with database.transaction() as session:
            reader, ann = by_id(session, guest), by_name(session, "Ann")
            assert reader
            assert ann
            bring(session, reader, ann)
            late = pool.submit(send, client, f"{text}/annotations", start=0, end=8, note=MARKER)
            with pytest.raises(TimeoutError):
                late.result(1)
        answer = late.result(20)
    assert answer.status_code == (303 if backend == "sqlite" else 403)
    assert MARKER in (repr(everything(database)) if backend == "sqlite" else answer.text)


def test_who_leaves_twice_at_once_leaves_once(client: TestClient, text: str, database: Database) -> None:
    sign_up(client, "Ann")
    send(browser(client), f"/annotations/{saved(client, text, note=MARKER)}/replies", note="An answer")
    ann = reader_id(client, "Ann")
    with database.transaction() as session:
        late = by_id(session, ann)
        assert late
        session.expunge(late)
    with database.transaction() as session:
        leave(session, session.get_one(Reader, ann), "keep")
    with database.transaction() as session:
        leave(session, late, "blank")
    assert MARKER in repr(everything(database))


def test_the_browser_is_nobodys_afterwards(client: TestClient, text: str) -> None:
    saved(client, text)
    answer = send(client, "/account/delete", answered="keep")
    assert 'postil_session=""' in answer.headers["Set-Cookie"]
    page = seen(client, "/account/deleted")
    assert page.all("signed-out")
    assert not seen(client, "/account/deleted").all("signed-out")
    assert client.get("/account/delete").status_code == 404


def test_an_account_goes_by_its_password_alone(client: TestClient, text: str, database: Database) -> None:
    saved(client, text, note="Mine")
    sign_up(client, "Ann Example")
    before = everything(database)
    for password in ("", "wrong and long", PASSWORD.upper()):
        for headers in ({}, HTMX):
            answer = send(client, "/account/delete", headers, answered="blank", password_now=password)
            assert answer.status_code == 422
    assert "This is not your password." in answer.text
    assert everything(database) == before


def test_passwords_are_not_tried_here_without_end(url: str, client: TestClient, text: str) -> None:
    limited = create_app(settings(url).model_copy(update={"rate_limits": True}))
    with TestClient(limited, base_url=BASE_URL) as ann:
        sign_up(ann, "Ann Example")
        answers = [
            send(ann, "/account/delete", answered="keep", password_now=f"wrong {attempt}") for attempt in range(12)
        ]
    assert answers[0].status_code == 422
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_the_only_owner_is_told_to_name_another_first(client: TestClient, text: str, database: Database) -> None:
    own(client)
    before = everything(database)
    answer = send(client, "/account/delete", answered="keep", password_now=PASSWORD)
    assert answer.status_code == 422
    assert "only owner" in answer.text
    assert everything(database) == before


def test_one_sees_first_what_goes_and_what_stays(client: TestClient, other: TestClient, text: str) -> None:
    for _ in range(2):
        saved(client, text)
    replied = saved(client, text, note="Mine")
    send(other, f"/annotations/{replied}/replies", note="An answer")
    page = seen(client, "/account/delete")
    assert "2 notes, highlights and replies of yours go" in page.text
    assert "1 note of yours has been replied to" in page.text
    assert not page.all("input", type="password")
    sign_up(client, "Ann Example")
    assert seen(client, "/account/delete").all("input", type="password")
    for choice in ({}, {"answered": "both"}):
        assert send(client, "/account/delete", password_now=PASSWORD, **choice).status_code == 422


def test_who_is_nobody_here_has_nothing_to_take_or_to_delete(client: TestClient, text: str) -> None:
    for path in ("/account/export", "/account/delete"):
        assert client.get(path).status_code == 404
    assert send(client, "/account/delete", answered="keep").status_code == 404


def test_everything_is_taken_along_and_no_word_of_others(
    client: TestClient, other: TestClient, text: str, database: Database
) -> None:
    sign_up(client, "Ann Example")
    mine = saved(client, text, note="Mine", tags="bees")
    private = saved(client, text, note="Private", visibility="me")
    deleted = saved(client, text, note="Deleted")
    send(client, f"/annotations/{deleted}/delete")
    theirs = saved(other, text, 9, 20, note=MARKER, tags=MARKER)
    send(other, "/session/name", name=MARKER)
    send(client, f"/annotations/{theirs}/replies", note="My answer")
    send(other, f"/annotations/{mine}/replies", note=MARKER)
    link = shared(client, mine)
    with database.transaction() as session:
        session.add(Flag(annotation_id=theirs, reader_id=2, reason="Not kind"))
    answer = client.get("/account/export")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="postil-account.json"'
    assert MARKER not in answer.text
    said = json.loads(answer.text)
    assert (said["profile"]["name"], said["profile"]["account"], said["sessions"]) == ("Ann Example", True, 1)
    assert {one["note"] for one in said["notes"]} == {"Mine", "Private", "Deleted", "My answer"}
    assert [one["id"] for one in said["notes"] if one["deleted_at"]] == [deleted]
    assert [one["visibility"] for one in said["notes"] if one["id"] == private] == ["me"]
    assert [one["url"] for one in said["shares"]] == [BASE_URL + link]
    described = (ROOT / "docs/exports.md").read_text()
    assert all(f"`{name}`" in described for name in (*said, *said["profile"], *said["shares"][0]))
    assert "password" not in answer.text
    assert "hash" not in answer.text


def test_what_is_taken_along_is_asked_for_all_at_once(client: TestClient, text: str, app: FastAPI) -> None:
    counts = []
    for number in (1, 6):
        for _ in range(number):
            shared(client, saved(client, text, note="Mine"))
        with statements(app.state.database.engine) as sent:
            client.get("/account/export")
        counts.append(len(sent))
    assert counts[0] == counts[1]
