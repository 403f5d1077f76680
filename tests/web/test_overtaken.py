"""Writing beside a text that has been revised meanwhile: what is written lands where its words went, or comes back."""

import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import col, delete
from starlette.testclient import TestClient

from app.storage import articles, revisions
from app.storage.annotations import Annotation
from app.storage.collections import Collection
from app.storage.database import Database
from app.text.drafts import Draft, DraftParagraph
from tests.html import parse
from tests.library import everything, publish
from tests.web.conftest import HTMX, PARAGRAPHS, own, saved, seen, send, shared

#          0        10          22       31      39
REVISED = ("New here. One two. Three score.", "Nobody knows. Seven.", "Eight 😀 nine.")


def revise(database: Database, text: str, *paragraphs: str) -> None:
    with database.transaction() as session:
        article = articles.by_slug(session, text.removeprefix("/articles/"))
        assert article
        draft = Draft(article.title, tuple(map(DraftParagraph, paragraphs)), language="en")
        revisions.revise(session, article, draft, None, based_on=article.revision)


def marked(client: TestClient, text: str, id: int) -> str:
    return "".join(mark.text for mark in seen(client, text).all("mark") if str(id) in mark["data-annotations"].split())


@pytest.mark.parametrize("exact", [{"exact": "One two."}, {}], ids=["seen", "unseen"])
def test_a_mark_on_an_older_text_stands_where_its_words_are_now(
    client: TestClient, text: str, database: Database, exact: dict[str, str]
) -> None:
    revise(database, text, *REVISED)
    assert marked(client, text, saved(client, text, 0, 8, **exact)) == "One two."


def test_sentences_chosen_on_an_older_text_are_marked_where_they_are_now(
    client: TestClient, text: str, database: Database
) -> None:
    revise(database, text, *REVISED)
    answer = send(client, f"{text}/annotations", sentence=["0-8"])
    assert marked(client, text, int(answer.headers["Location"].partition("#a")[2])) == "One two."


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["form", "htmx"])
def test_a_mark_on_words_that_were_changed_comes_back_with_both_texts(
    client: TestClient, text: str, database: Database, headers: dict[str, str]
) -> None:
    revise(database, text, *REVISED)
    before = everything(database)
    answer = send(client, f"{text}/annotations", headers, start=9, end=20, exact="Three four.", note="My words")
    assert answer.status_code == 409
    assert "Three score." in parse(answer.text).text
    assert headers or "Three four." in parse(answer.text).text
    assert everything(database) == before


def test_who_agrees_to_the_changed_words_marks_them(client: TestClient, text: str, database: Database) -> None:
    revise(database, text, *REVISED)
    answer = send(client, f"{text}/annotations", start=9, end=20, exact="Three four.", note="My words")
    form = parse(answer.text).by_id("main").one("form")
    fields = {field["name"]: field["value"] for field in form.all("input")}
    again = send(client, form["action"], **fields, note=form.one("textarea").text)
    assert marked(client, text, int(again.headers["Location"].partition("#a")[2])) == "Three score."


def test_a_mark_on_words_that_are_gone_comes_back_with_what_stands_there(
    client: TestClient, database: Database
) -> None:
    text = f"/articles/{publish(database, 'Once. A dog came along the river and sang.')}"
    revise(database, text, "Twice. A dog came along the river and sang.")
    before = everything(database)
    answer = send(client, f"{text}/annotations", start=0, end=5, exact="Once.", note="My words")
    assert answer.status_code == 409
    page = parse(answer.text)
    assert page.one("textarea").text.strip() == "My words"
    assert "“Once.”" in page.text
    assert "Twice. A dog came along" in page.text
    assert everything(database) == before


def test_a_revision_that_there_is_not_has_no_passages(client: TestClient, text: str) -> None:
    for fields in ({"start": 0, "end": 8}, {"sentence": "0-8"}):
        assert send(client, f"{text}/annotations", revision=7, **fields).status_code == 422


def test_a_page_of_a_revision_says_so_in_its_forms_and_one_of_the_first_does_not(
    client: TestClient, text: str, database: Database
) -> None:
    assert 'name="revision"' not in client.get(text).text
    revise(database, text, *REVISED)
    for path in (text, f"{text}/annotations/new?paragraph=1"):
        assert {
            field["value"] for field in seen(client, path).all("input") if field.attributes.get("name") == "revision"
        } == {"2"}
    assert marked(client, text, saved(client, text, 10, 18, exact="One two.", revision=2)) == "One two."


def test_a_page_that_has_been_overtaken_is_brought_anew(client: TestClient, text: str, database: Database) -> None:
    fields = {"start": 0, "end": 8, "note": "x"}
    assert "HX-Refresh" not in send(client, f"{text}/annotations", HTMX, **fields).headers
    revise(database, text, *REVISED)
    assert send(client, f"{text}/annotations", HTMX, **fields).headers["HX-Refresh"] == "true"
    of_two = {"start": 10, "end": 18, "revision": 2}
    assert "HX-Refresh" not in send(client, f"{text}/annotations", HTMX, **of_two).headers


def test_shares_and_permalinks_go_on_working(client: TestClient, text: str, database: Database) -> None:
    id = saved(client, text, 0, 8, note="Beside")
    note = shared(client, id)
    bare = send(client, f"{text}/shares", start=0, end=8, exact="One two.").headers["Location"]
    gone = send(client, f"{text}/shares", start=22, end=31, exact="Five six.").headers["Location"]
    revise(database, text, *REVISED)
    assert seen(client, note).by_id("passage").text == "One two."
    assert seen(client, bare).by_id("passage").text == "One two."
    assert "no longer in the article" in seen(client, gone).text
    assert client.get(f"/annotations/{id}", follow_redirects=False).headers["Location"].endswith(f"#a{id}")
    assert send(client, f"/annotations/{id}/shares").headers["Location"] == note
    revise(database, text, *PARAGRAPHS)
    assert seen(client, gone).by_id("passage").text == "Five six."


@pytest.mark.parametrize("scope", ["passage", "article"])
def test_a_link_to_a_note_whose_words_are_gone_still_shows_it(
    client: TestClient, text: str, other: TestClient, database: Database, scope: str
) -> None:
    id = saved(client, text, 22, 31, note="My own words")
    saved(client, text, 22, 31, note="For me alone", visibility="me")
    another = saved(client, text, 22, 31, note="Beside it", visibility="everyone")
    link = send(client, f"/annotations/{id}/shares", scope=scope).headers["Location"]
    revise(database, text, *REVISED)
    page = seen(other, link)
    assert "no longer in the article" in page.text
    assert "My own words" in page.one("section", cls="shared").text
    assert "For me alone" not in page.text
    assert ("Beside it" in page.text) == (scope == "article")
    assert page.by_id(f"a{id}").one("mark").text == "Five six."
    assert "Five six. Seven." in page.by_id(f"a{id}").text
    assert "?revision" not in other.get(link).text
    if scope == "article":
        assert page.by_id(f"a{another}").one("mark").text == "Five six."
    revise(database, text, *PARAGRAPHS)
    assert seen(other, link).by_id("passage").text == "Five six."


def test_a_link_to_a_bare_passage_that_is_gone_shows_what_stood_around_it(
    client: TestClient, text: str, other: TestClient, database: Database
) -> None:
    link = send(client, f"{text}/shares", start=22, end=31, exact="Five six.").headers["Location"]
    revise(database, text, *REVISED)
    around = seen(other, link).one("figure", cls="gone").text
    assert "Three four." in around
    assert "Five six. Seven." in around


def test_a_passage_of_an_older_text_is_shared_where_it_is_now(
    client: TestClient, text: str, database: Database
) -> None:
    revise(database, text, *REVISED)
    looked = seen(client, f"{text}/shares/new?start=0&end=8")
    fields = {one["name"]: one["value"] for one in looked.all("input") if one["type"] == "hidden"}
    assert (fields["start"], fields["end"], fields["revision"]) == ("10", "18", "2")
    for said in ({"start": 0, "end": 8}, fields):
        link = send(client, f"{text}/shares", **said).headers["Location"]
        assert re.fullmatch(r"/s/\S+", link)
        assert seen(client, link).by_id("passage").text == "One two."


def test_the_note_of_an_orphan_is_still_its_authors(client: TestClient, text: str, database: Database) -> None:
    id = saved(client, text, 22, 31, note="My own words")
    revise(database, text, *REVISED)
    assert "My own words" in seen(client, "/notes").text
    for path in (f"/annotations/{id}", f"/annotations/{id}/delete", f"/annotations/{id}/restore"):
        for headers in ({}, HTMX):
            answer = send(client, path, headers, note="Said otherwise")
            assert answer.status_code in (200, 303), path
    assert "Said otherwise" in seen(client, "/notes").text


@pytest.mark.parametrize("kind", ["note", "collection"])
def test_what_has_gone_for_good_meanwhile_is_not_there(
    client: TestClient, text: str, database: Database, kind: str
) -> None:
    own(client)
    id = saved(client, text)
    send(client, "/collections", title="Places")
    gone, path, fields = {
        "note": (delete(Annotation).where(col(Annotation.id) == id), f"/annotations/{id}", {"note": "Late words"}),
        "collection": (delete(Collection), "/collections/places", {"title": "Places"}),
    }[kind]
    with ThreadPoolExecutor(1) as thread:
        with database.transaction() as session:
            session.exec(gone)
            sent = thread.submit(send, client, path, **fields)
            time.sleep(0.5)  # it waits for this transaction
        answer = sent.result(60)
    assert answer.status_code == 404
    assert all(words in answer.text for words in fields.values())
