"""Talk: replies, what is resolved, and two who change the same note."""

from datetime import timedelta

import pytest
from sqlmodel import col, update
from starlette.testclient import TestClient

from app.storage.annotations import Annotation
from app.storage.database import Database, now
from app.storage.keeping.purging import purge
from tests.html import parse
from tests.web.conftest import HTMX, browser, saved, seen, send, token_of


def replied(client: TestClient, id: int, note: str) -> int:
    """Reply to an annotation; gives the reply's id."""
    answer = send(client, f"/annotations/{id}/replies", note=note)
    assert answer.status_code == 303, answer.text
    return int(answer.headers["Location"].rpartition("#a")[2])


def test_a_reply_stands_below_its_note(client: TestClient, other: TestClient, text: str) -> None:
    id = saved(client, text, note="A note")
    first = replied(other, id, "An *answer*")
    second = replied(client, first, "An answer to it")
    note = seen(client, text).by_id(f"a{id}")
    assert [reply.id for reply in note.all(cls="reply")] == [f"a{first}", f"a{second}"]
    reply = note.by_id(f"a{first}")
    assert reply.one("em").text == "answer"
    assert (reply["role"], reply["aria-label"]) == ("comment", "Reply by Guest 3")
    assert reply.one("a", cls="back")["href"] == f"#a{id}"
    assert note.one("a", cls="turns").text == "2 replies"
    assert "1 note and 2 replies by 2 readers" in seen(client, text).by_id("tally").text


def test_a_reply_comes_back_in_its_row(client: TestClient, other: TestClient, text: str) -> None:
    id = saved(client, text, note="A note")
    answer = send(other, f"/annotations/{id}/replies", HTMX, note="An answer")
    fragment = parse(answer.text)
    assert [row.id for row in fragment.all(cls="paragraph")] == ["p0"]
    assert len(fragment.by_id(f"a{id}").all(cls="reply")) == 1
    assert "You are" in fragment.by_id("status").text


def test_an_empty_reply_comes_back(client: TestClient, text: str) -> None:
    id = saved(client, text, note="A note")
    assert send(client, f"/annotations/{id}/replies", note="  ").status_code == 422
    answer = send(client, f"/annotations/{id}/replies", note="é" * 10_001)
    assert answer.status_code == 422
    assert parse(answer.text).one("textarea").text.strip() == "é" * 10_001


def test_the_form_to_reply_is_there_with_script_and_without(client: TestClient, other: TestClient, text: str) -> None:
    id = saved(client, text, note="A note")
    for headers in ({}, HTMX):
        form = parse(other.get(f"/annotations/{id}/replies/new", headers=headers).text).one("form", cls="compose")
        assert form["action"] == f"/annotations/{id}/replies"
        assert form.one("textarea")["name"] == "note"


def test_one_changes_and_deletes_ones_own_reply_and_no_other(client: TestClient, other: TestClient, text: str) -> None:
    id = saved(client, text, note="A note")
    reply = replied(other, id, "An answer")
    assert send(client, f"/annotations/{reply}", note="Theirs").status_code == 404
    assert send(client, f"/annotations/{reply}/delete").status_code == 404
    form = seen(other, f"/annotations/{reply}/edit").one("form", cls="compose")
    assert not form.all("input", name="colour")
    assert not form.all("input", name="tags")
    answer = send(other, f"/annotations/{reply}", note="Other words")
    assert answer.headers["Location"] == f"{text}#a{reply}"
    assert "Other words" in seen(client, text).by_id(f"a{reply}").text
    send(other, f"/annotations/{reply}/delete")
    assert f"a{reply}" not in seen(client, text).ids()
    send(other, f"/annotations/{reply}/restore")
    assert f"a{reply}" in seen(client, text).ids()


def test_a_deleted_note_keeps_its_replies(client: TestClient, other: TestClient, text: str) -> None:
    id = saved(client, text, note="MYWORDS", tags="mytag")
    reply = replied(other, id, "An answer")
    send(client, f"/annotations/{id}/delete")
    for who in (client, other, browser(client)):
        page = seen(who, text)
        note = page.by_id(f"a{id}")
        assert "An answer" in note.by_id(f"a{reply}").text
        assert "deleted" in note.all("p", cls="by")[0].text
        assert page.all("mark", data_annotations=str(id))
        assert "MYWORDS" not in who.get(text).text
        assert "mytag" not in who.get(text).text
    assert [form["action"] for form in seen(client, text).by_id(f"a{id}").all("form")] == [f"/annotations/{id}/restore"]
    assert not seen(browser(client), text).by_id(f"a{id}").one(cls="shy").all("form")
    send(client, f"/annotations/{id}/restore")
    assert "MYWORDS" in seen(other, text).by_id(f"a{id}").text


def test_a_deleted_reply_keeps_what_hangs_on_it(client: TestClient, other: TestClient, text: str) -> None:
    id = saved(client, text, note="A note")
    first = replied(other, id, "GONEWORDS")
    second = replied(client, first, "Still here")
    send(other, f"/annotations/{first}/delete")
    note = seen(client, text).by_id(f"a{id}")
    assert [reply.id for reply in note.all(cls="reply")] == [f"a{first}", f"a{second}"]
    assert "GONEWORDS" not in client.get(text).text


def test_nobody_replies_to_what_they_may_not_see(client: TestClient, other: TestClient, text: str) -> None:
    secret = saved(client, text, note="A secret", visibility="me")
    for path in (f"/annotations/{secret}/replies", f"/annotations/{secret}/resolve", f"/annotations/{secret}/reopen"):
        assert send(other, path, note="An answer").status_code == 404
        assert send(other, "/annotations/999999/" + path.split("/")[-1], note="An answer").status_code == 404
    mine = replied(client, secret, "MORESECRET")
    assert "MORESECRET" in client.get(text).text
    assert "MORESECRET" not in other.get(text).text
    assert send(other, f"/annotations/{mine}/replies", note="An answer").status_code == 404


def test_a_note_with_others_replies_cannot_become_private(client: TestClient, other: TestClient, text: str) -> None:
    id = saved(client, text, note="A note")
    replied(other, id, "An answer")
    answer = send(client, f"/annotations/{id}", note="Other words", visibility="me")
    assert answer.status_code == 422
    assert parse(answer.text).one("textarea").text.strip() == "Other words"
    assert "Others have replied" in answer.text
    assert f"a{id}" in seen(other, text).ids()


def test_a_deleted_reply_can_come_back_where_all_see_it(client: TestClient, other: TestClient, text: str) -> None:
    id = saved(client, text, note="A note")
    reply = replied(other, id, "An answer")
    send(other, f"/annotations/{reply}/delete")
    assert send(client, f"/annotations/{id}", note="A note", visibility="me").status_code == 422
    send(other, f"/annotations/{reply}/restore")
    assert f"a{reply}" in seen(other, text).ids()


def test_of_a_deleted_note_nothing_can_be_told_but_its_replies(
    client: TestClient, other: TestClient, text: str
) -> None:
    id = saved(client, text, note="A note", colour="green")
    replied(other, id, "An answer")
    send(client, f"/annotations/{id}/delete")
    visitor = browser(client)
    for query in ("by=2", "by=3", "colour=green", "state=open", "since=2000-01-01"):
        assert not seen(visitor, f"{text}?{query}").all(cls="note"), query
    for query in ("", "replies=yes", "notes=all"):
        assert len(seen(visitor, f"{text}?{query}").all(cls="note")) == 1, query


def test_a_note_is_resolved_and_reopened(client: TestClient, other: TestClient, text: str) -> None:
    id = saved(client, text, note="A note")
    answer = send(other, f"/annotations/{id}/resolve")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{text}#a{id}")
    note = seen(client, text).by_id(f"a{id}")
    assert "resolved" in note.classes
    assert f"/annotations/{id}/reopen" in [form["action"] for form in note.all("form")]
    assert "resolved" in seen(client, text).one("mark").classes
    send(client, f"/annotations/{id}/reopen")
    note = seen(other, text).by_id(f"a{id}")
    assert "resolved" not in note.classes
    assert f"/annotations/{id}/resolve" in [form["action"] for form in note.all("form")]


def test_the_permalink_of_a_reply_leads_to_it(client: TestClient, text: str) -> None:
    id = saved(client, text, note="A note")
    reply = replied(client, id, "An answer")
    answer = client.get(f"/annotations/{reply}", follow_redirects=False)
    assert answer.headers["Location"] == f"{text}?note={id}#a{reply}"


# ── tags


def test_tags_stand_with_their_note(client: TestClient, other: TestClient, text: str) -> None:
    id = saved(client, text, note="A note", tags=" #law,Close  reading, law")
    links = seen(other, text).by_id(f"a{id}").one(cls="tags").all("a")
    assert [(link.text, link["href"]) for link in links] == [
        ("law", "?tag=law"),
        ("Close reading", "?tag=Close%20reading"),
    ]
    assert seen(client, f"/annotations/{id}/edit").one("input", name="tags")["value"] == "law, Close reading"
    send(client, f"/annotations/{id}", note="Other words")
    assert len(seen(other, text).by_id(f"a{id}").one(cls="tags").all("a")) == 2
    send(client, f"/annotations/{id}", tags="")
    assert not seen(other, text).by_id(f"a{id}").all(cls="tags")


def test_tags_that_do_not_fit_come_back(client: TestClient, text: str) -> None:
    answer = send(client, f"{text}/annotations", start=0, end=8, note="A note", tags="é" * 61)
    assert answer.status_code == 422
    page = parse(answer.text)
    assert [one.text.strip() for one in page.all("textarea")] == ["A note", "é" * 61]
    assert "Your tags" in page.text


def test_known_tags_are_offered(client: TestClient, other: TestClient, text: str) -> None:
    saved(client, text, tags="law")
    saved(client, text, tags="hidden", visibility="me")
    offered = [option["value"] for option in seen(other, text).by_id("tags").all("option")]
    assert offered == ["law"]


# ── two who change the same note


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_note_saved_elsewhere_meanwhile_is_not_written_over(
    client: TestClient, text: str, headers: dict[str, str]
) -> None:
    id = saved(client, text, note="First", tags="old")
    tabs = [browser(client, token_of(client)) for _ in range(2)]
    was = [seen(tab, f"/annotations/{id}/edit").one("input", name="was")["value"] for tab in tabs]
    first = {"note": "From one tab", "tags": "precious", "visibility": "me", "was": was[0]}
    assert send(tabs[0], f"/annotations/{id}", **first).status_code == 303
    second = {"note": "From the other", "tags": "old", "visibility": "everyone", "was": was[1]}
    answer = send(tabs[1], f"/annotations/{id}", headers, **second)
    assert answer.status_code == 409
    page = parse(answer.text)
    assert "From one tab" in page.text
    if not headers:
        assert page.one("textarea", name="note").text.strip() == "From the other"
        agreed = {field["name"]: field["value"] for field in page.one("form", cls="card").all("input")}
    else:
        button = page.one("button")
        agreed = {"was": was[1], button["name"]: button["value"]}
    assert "From one tab" in seen(client, text).by_id(f"a{id}").text
    said = second | agreed
    assert send(tabs[1], f"/annotations/{id}", **said).status_code == 303
    note = seen(client, text).by_id(f"a{id}")
    assert "From the other" in note.text
    assert "only me" in note.text
    assert note.one(cls="tags").text.strip() == "precious"


def test_what_has_been_purged_cannot_be_restored(
    client: TestClient, other: TestClient, text: str, database: Database
) -> None:
    id = saved(client, text, note="Long gone", tags="old")
    send(other, f"/annotations/{id}/replies", note="Still here")
    send(client, f"/annotations/{id}/delete")
    assert seen(client, text).all("form", action=f"/annotations/{id}/restore")
    with database.engine.begin() as connection:
        connection.execute(
            update(Annotation).where(col(Annotation.id) == id).values(deleted_at=now() - timedelta(days=40))
        )
    before = client.get(text).headers["ETag"]
    purge(database, 30)
    page = client.get(text)
    assert page.headers["ETag"] != before
    assert not parse(page.text).all("form", action=f"/annotations/{id}/restore")
    assert "This note has been deleted." in page.text
    assert "Still here" in page.text
    for headers in ({}, HTMX):
        answer = send(client, f"/annotations/{id}/restore", headers)
        assert answer.status_code == 410
        assert "gone for good" in answer.text
