"""Keeping order: a flag reaches the owner, and what the owner does is done and written down."""

import pytest
from starlette.testclient import TestClient

from app.storage.database import Database
from tests.html import Element
from tests.library import account, everything
from tests.web.conftest import HTMX, browser, saved, seen, send


@pytest.fixture
def owner(client: TestClient, database: Database) -> TestClient:
    return browser(client, account(database, "Olga", "owner")[1])


def reported(owner: TestClient) -> Element:
    return seen(owner, "/moderation").one("main")


def test_a_flag_reaches_the_owner_with_its_note(
    owner: TestClient, client: TestClient, other: TestClient, text: str
) -> None:
    id = saved(client, text, note="A *rude* note")
    saved(other, text, 9, 20)
    assert "Nobody has flagged anything" in reported(owner).text
    assert f"/annotations/{id}/flags/new" in other.get(text).text
    assert f"/annotations/{id}/flags/new" not in client.get(text).text  # it is one's own
    answer = send(other, f"/annotations/{id}/flags", reason="Rude </textarea>")
    assert answer.status_code == 303
    assert "Rude </textarea>" in seen(other, answer.headers["Location"]).one("textarea").text
    send(other, f"/annotations/{id}/flags", reason="Very rude")
    (one,) = reported(owner).all("article")
    assert all(words in one.text for words in ("A rude note", "One two.", "Very rude", "Guest"))
    assert "Rude <" not in one.text
    assert "A <em>rude</em> note" in client.get(text).text


def test_the_owner_is_told_how_many_notes_are_flagged(
    owner: TestClient, client: TestClient, other: TestClient, text: str
) -> None:
    ids = [saved(client, text, note="A rude note") for _ in range(2)]
    tag = owner.get(text).headers["ETag"]
    for number, id in enumerate(ids, start=1):
        send(other, f"/annotations/{id}/flags", reason="Rude")
        for path in (text, "/"):
            page = seen(owner, path)
            assert page.by_id("me").one("summary").text == f"Olga {number}"
        assert f"Moderation {number}" in page.by_id("me").text
    assert owner.get(text, headers={"If-None-Match": tag}).status_code == 200
    send(owner, f"/annotations/{ids[0]}/hide")
    send(owner, f"/annotations/{ids[1]}/dismiss")
    assert seen(owner, text).by_id("me").one("summary").text == "Olga"
    assert "Rude" not in other.get(text).text


def test_what_the_owner_hides_only_its_author_sees(
    owner: TestClient, client: TestClient, other: TestClient, text: str
) -> None:
    id = saved(client, text, note="A rude note")
    send(other, f"/annotations/{id}/replies", note="Indeed")
    for asking in (other, owner):
        assert "A rude note" in asking.get(text).text
    assert send(owner, f"/annotations/{id}/hide", next="/moderation").headers["Location"] == "/moderation"
    for asking in (other, owner, browser(client)):
        page = asking.get(text)
        assert "A rude note" not in page.text
        assert "Indeed" not in page.text
        assert "no notes yet" in page.text
        assert asking.get(f"/annotations/{id}").status_code == 404
    assert "hidden by the owner" in seen(client, text).by_id(f"a{id}").text
    assert "A rude note" in reported(owner).text
    send(client, f"/annotations/{id}", note="Rude again")
    assert "Rude again" not in other.get(text).text
    send(owner, f"/annotations/{id}/show")
    assert "Rude again" in other.get(text).text
    assert "hidden" not in seen(client, text).by_id(f"a{id}").text


def test_the_owner_hides_beside_the_text_and_undoes_it(owner: TestClient, client: TestClient, text: str) -> None:
    id = saved(client, text, note="A rude note")
    assert f'action="/annotations/{id}/hide"' in owner.get(text).text
    answer = send(owner, f"/annotations/{id}/hide", HTMX)
    assert answer.status_code == 200
    assert "A rude note" not in answer.text
    assert f"/annotations/{id}/show" in answer.text
    assert "A rude note" in send(owner, f"/annotations/{id}/show", HTMX).text


def test_what_is_left_as_it_is_waits_no_longer(
    owner: TestClient, client: TestClient, other: TestClient, text: str
) -> None:
    id = saved(client, text, note="A blunt note")
    send(other, f"/annotations/{id}/flags")
    assert "without a word" in reported(owner).text
    send(owner, f"/annotations/{id}/dismiss")
    assert "Nobody has flagged anything" in reported(owner).text
    assert "A blunt note" in other.get(text).text


def test_a_flag_shows_the_owner_no_note_that_is_private_by_now(
    owner: TestClient, client: TestClient, other: TestClient, text: str
) -> None:
    id = saved(client, text, note="A secret")
    send(other, f"/annotations/{id}/flags", reason="Look at this")
    send(client, f"/annotations/{id}", visibility="me")
    assert "A secret" not in owner.get("/moderation").text
    for deed in ("hide", "show", "dismiss"):
        assert send(owner, f"/annotations/{id}/{deed}").status_code == 404


def test_a_reply_to_a_hidden_reply_stays_in_the_thread(
    owner: TestClient, client: TestClient, other: TestClient, text: str
) -> None:
    id = saved(client, text, note="A note")
    first = send(other, f"/annotations/{id}/replies", note="A rude reply").headers["Location"].rsplit("#a", 1)[1]
    send(client, f"/annotations/{first}/replies", note="Mind your words")
    send(owner, f"/annotations/{first}/hide")
    page = seen(client, text)
    assert "A rude reply" not in page.text
    assert "Mind your words" in page.by_id(f"a{id}").text
    assert "A rude reply" in seen(other, text).text


def test_notes_are_closed_and_opened_again(owner: TestClient, client: TestClient, other: TestClient, text: str) -> None:
    id = saved(client, text, note="Before")
    assert send(owner, f"{text}/close").status_code == 303
    page = seen(client, text)
    assert "Notes are closed" in page.text
    assert page.all("a", cls="add") == []
    assert page.all("template", id="compose") == []
    for path, words in ((f"{text}/annotations", {"start": 0, "end": 8}), (f"/annotations/{id}/replies", {})):
        answer = send(other, path, note="My long thought", **words)
        assert answer.status_code == 403
        assert "My long thought" in answer.text
    assert send(client, f"/annotations/{id}", note="Mended").status_code == 303
    assert "A text" in reported(owner).text
    assert send(owner, f"{text}/open", next="/moderation").headers["Location"] == "/moderation"
    saved(other, text, note="After")


def test_all_of_it_is_written_down(owner: TestClient, client: TestClient, text: str) -> None:
    assert "Nothing yet" in owner.get("/moderation/log").text
    id = saved(client, text, note="A rude note")
    for deed in ("hide", "hide", "show", "dismiss"):
        send(owner, f"/annotations/{id}/{deed}")
    for deed in ("close", "close", "open"):
        send(owner, f"{text}/{deed}")
    page = seen(owner, "/moderation/log").one("ol")
    said = [" ".join(one.all("span")[0].text.split()) for one in page.all("li")]
    guest = said[-1].removeprefix("Olga hid a note by ").removesuffix(" on A text")
    assert guest.startswith("Guest ")
    assert said == [
        "Olga opened the notes on A text",
        "Olga closed the notes on A text",
        f"Olga left as it is a flagged note by {guest} on A text",
        f"Olga showed again a note by {guest} on A text",
        f"Olga hid a note by {guest} on A text",
    ]
    assert "A rude note" not in page.text


def test_for_everybody_else_there_is_no_moderation(
    owner: TestClient, client: TestClient, database: Database, text: str
) -> None:
    id = saved(client, text, note="A note")
    for asking in (client, browser(client), browser(client, account(database, "Ann")[1])):
        before = everything(database)
        for path in ("/moderation", "/moderation/log"):
            assert asking.get(path).status_code == 404
        for path in ("hide", "show", "dismiss"):
            assert send(asking, f"/annotations/{id}/{path}").status_code == 404
        for path in ("close", "open"):
            assert send(asking, f"{text}/{path}").status_code == 404
        assert everything(database) == before


def test_nobody_flags_what_they_cannot_see(client: TestClient, other: TestClient, text: str) -> None:
    secret = saved(client, text, note="A secret", visibility="me")
    paths = [f"/annotations/{one}/flags" for one in (secret, 999999)]
    for answers in (
        [send(other, path, reason="?") for path in paths],
        [other.get(f"{path}/new") for path in paths],
    ):
        assert {one.status_code for one in answers} == {404}
        assert len({one.text.replace(path, "") for one, path in zip(answers, paths, strict=True)}) == 1
