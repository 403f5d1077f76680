"""My notes: one page with all that one has written, and the files that one takes along."""

import csv
import io
import json

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.storage.database import Database
from tests.html import Element
from tests.library import publish, statements
from tests.web.conftest import browser, saved, seen, send


def listed(client: TestClient, path: str = "/notes") -> list[Element]:
    return [one for one in seen(client, path).by_id("main").all("li") if "of" not in one.classes]


def test_all_that_one_has_written_stands_on_one_page(
    client: TestClient, other: TestClient, text: str, database: Database
) -> None:
    elsewhere = f"/articles/{publish(database, 'Nine ten.', title='Elsewhere')}"
    one = saved(client, text, note="A *note*", tags="bees")
    saved(client, elsewhere, note="Private", visibility="me")
    theirs = saved(other, text, 9, 20, note="Not mine")
    send(client, f"/annotations/{theirs}/replies", note="My answer")
    send(client, f"/annotations/{saved(client, text, note='Deleted')}/delete")
    answer, private, note = listed(client)
    assert "My answer" in answer.text
    assert "Three four." in answer.text
    assert "Not mine" not in answer.text
    assert "only me" in private.text
    assert "Elsewhere" in private.text
    assert note.one("em").text == "note"
    assert note.one("blockquote").one("a")["href"] == f"/annotations/{one}"
    assert client.get(f"/annotations/{one}").url.path == text
    assert "#bees" in note.text
    assert "Deleted" not in seen(client, "/notes").text


def test_they_are_searched_and_filtered(client: TestClient, text: str) -> None:
    saved(client, text, note="Über Bienen", tags="Hive", colour="blue")
    saved(client, text, 9, 20, note="100% of them")
    for query, count in (
        ("q=BIENEN", 1),
        ("q=über+one", 1),
        ("q=three", 1),
        ("q=%25", 1),
        ("q=100_", 0),
        ("q=a+text", 2),
        ("tag=hive", 1),
        ("colour=blue", 1),
        ("colour=blue&q=three", 0),
        ("q=&tag=&colour=&order=article", 2),
        ("q=%00", 2),
    ):
        assert len(listed(client, f"/notes?{query}")) == count, query
    for query in ("colour=brown", "order=none", "after=x", "after=1-2", f"q={'a' * 201}"):
        assert client.get(f"/notes?{query}").status_code == 404
    assert "Nothing that you have written is like that" in seen(client, "/notes?q=nothing").text


def test_what_is_sought_stays_in_the_form(client: TestClient, text: str) -> None:
    saved(client, text, note="Bees", tags="Hive", colour="blue")
    form = seen(client, "/notes?q=%22bees&tag=hive&colour=blue&order=article").by_id("main").one("form")
    assert form.one("input")["value"] == '"bees'
    assert [one.text for one in form.all("option") if "selected" in one] == ["Hive", "blue", "by article"]


@pytest.mark.parametrize("order", ["newest", "article"])
def test_many_come_page_by_page(client: TestClient, text: str, order: str) -> None:
    ids = [saved(client, text, start % 7, 8, note=f"Number {start}") for start in range(103)]
    path, found = f"/notes?order={order}&q=number", list[str]()
    while path:
        page = seen(client, path)
        assert "103 notes" in page.text
        found += [one["href"] for one in page.all("a") if one["href"].startswith("/annotations/")]
        following = page.all("a", rel="next")
        path = following[0]["href"] if following else ""
    assert sorted(found) == sorted(f"/annotations/{id}" for id in ids)


def test_a_page_of_notes_asks_no_more_the_more_there_are(client: TestClient, text: str, app: FastAPI) -> None:
    counts = []
    for number in (1, 12):
        for _ in range(number):
            saved(client, text, note="Mine", tags="a")
        with statements(app.state.database.engine) as sent:
            seen(client, "/notes?q=mine")
        counts.append(len(sent))
    assert counts[0] == counts[1]


def test_they_are_taken_along_as_files(client: TestClient, other: TestClient, text: str) -> None:
    saved(client, text, note="Bees", tags="hive")
    saved(client, text, 9, 20, note="Ants")
    saved(other, text, note="Not mine")
    bodies = {}
    for kind, media in (("md", "text/markdown"), ("csv", "text/csv"), ("json", "application/json")):
        answer = client.get(f"/notes.{kind}?q=bees")
        assert answer.headers["Content-Type"].startswith(media)
        assert answer.headers["Content-Disposition"] == f'attachment; filename="postil-notes.{kind}"'
        assert answer.headers["Cache-Control"] == "private, no-cache"
        assert "Ants" not in answer.text
        assert "Not mine" not in answer.text
        bodies[kind] = answer.text
    assert "> One two." in bodies["md"]
    assert [row["Note"] for row in csv.DictReader(io.StringIO(bodies["csv"]))] == [".hive Bees"]
    assert [one["note"] for one in json.loads(bodies["json"])["notes"]] == ["Bees"]
    assert len(json.loads(client.get("/notes.json").text)["notes"]) == 2
    assert client.get("/notes.pdf").status_code == 404
    assert browser(client).get("/notes.json").status_code == 404


def test_who_has_written_nothing_is_told_what_stands_here(client: TestClient, text: str) -> None:
    send(client, f"/annotations/{saved(client, text)}/delete")
    assert "You have written nothing yet" in seen(client, "/notes").text
    page = seen(browser(client), "/notes").by_id("main")
    assert page.all("a", href="/session/new?next=/notes")
