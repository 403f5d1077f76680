"""The library page: what is on the shelf, in what order, how far one is in it, and what one has put away."""

import json
from base64 import urlsafe_b64encode
from itertools import product

import pytest
from fastapi import FastAPI
from sqlmodel import Session, delete, select
from starlette.testclient import TestClient

from app.storage import accounts, articles, collections
from app.storage.articles import Article
from app.storage.database import Database
from app.storage.people import readers
from app.storage.people.readers import Reader
from app.storage.readings import Reading
from app.text.drafts import Draft, DraftParagraph
from app.web import library as page_of_library
from tests.html import Element
from tests.library import account, mark, statements
from tests.web.conftest import HTMX, browser, own, saved, seen, send, sign_up, token_of

TEXTS = (("Être là", "fr", 3), ("Zebras", "en", 5), ("apples", "en", 1), ("“Quoted”", "en", 4), ("Part 10", "uk", 2))


@pytest.fixture
def many(database: Database) -> list[str]:
    """Five articles instead of the one that every library begins with: their slugs."""
    with database.transaction() as session:
        session.exec(delete(Article))
        return [make(session, *text).slug for text in TEXTS]


def make(session: Session, title: str, language: str = "en", paragraphs: int = 1) -> Article:
    words = tuple(DraftParagraph(f"Paragraph {number} has six words.") for number in range(paragraphs))
    return articles.publish(session, Draft(title, words, language=language))


def shelf(client: TestClient, query: str = "") -> list[str]:
    return [one.one("h2").text for one in items(client, query)]


def items(client: TestClient, query: str = "") -> list[Element]:
    found = seen(client, f"/{query}").all("ul", cls="shelf")
    return [item for one in found for item in one.all("li")]


def item(client: TestClient, title: str, query: str = "") -> Element:
    (found,) = (one for one in items(client, query) if one.one("h2").text == title)
    return found


@pytest.mark.parametrize(
    ("order", "titles"),
    [
        ("", ["Part 10", "“Quoted”", "apples", "Zebras", "Être là"]),
        ("title", ["apples", "Être là", "Part 10", "“Quoted”", "Zebras"]),
        ("longest", ["Zebras", "“Quoted”", "Être là", "Part 10", "apples"]),
        ("shortest", ["apples", "Part 10", "Être là", "“Quoted”", "Zebras"]),
    ],
)
def test_the_shelf_is_in_order(client: TestClient, many: list[str], order: str, titles: list[str]) -> None:
    assert shelf(client, f"?order={order}") == titles
    assert shelf(client, f"?order={order}&language=en") == [
        one for one in titles if one in ("Zebras", "apples", "“Quoted”")
    ]


@pytest.mark.parametrize("show", ["", "unread", "reading", "mine", "archived"])
def test_page_after_page_gives_all_of_them_once(
    client: TestClient, many: list[str], show: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_up(client, "Ada")
    for slug in many:
        if show in ("reading", "mine"):
            send(client, f"/articles/{slug}/place", HTMX, start=0)
        if show == "mine":
            saved(client, f"/articles/{slug}", 0, 9)
        if show == "archived":
            send(client, f"/articles/{slug}/archive")
    for order in ("", "title", "longest", "shortest", "read"):
        if order == "read":
            for slug in many:
                send(client, f"/articles/{slug}/place", HTMX, start=0)
        whole = shelf(client, f"?order={order}&show={show}")
        assert len(whole) == (0 if (order, show) == ("read", "unread") else 5)
        with monkeypatch.context() as a_page_of_two:
            a_page_of_two.setattr(page_of_library, "AT_A_TIME", 2)
            found, pages = turned(client, f"/?order={order}&show={show}")
        assert found == whole
        assert pages == (3 if whole else 1)


def turned(client: TestClient, path: str) -> tuple[list[str], int]:
    """The titles on a page and on all that follow it, and how many pages these are."""
    found, pages = [], 0
    while path:
        page = seen(client, path)
        found += [one.text for shelves in page.all("ul", cls="shelf") for one in shelves.all("h2")]
        path = next((one["href"] for one in page.all("a") if one.attributes.get("rel") == "next"), "")
        pages += 1
    return found, pages


def test_what_comes_meanwhile_is_neither_left_out_nor_shown_twice(
    client: TestClient, many: list[str], database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_of_library, "AT_A_TIME", 2)
    (onwards,) = (link for link in seen(client, "/").all("a") if link.attributes.get("rel") == "next")
    with database.transaction() as session:
        make(session, "New")
    assert shelf(client, onwards["href"][1:]) == ["apples", "Zebras"]


KEYS = ("nonsense", "W10", "WzFd", "e30", "W251bGxd", "WyJcdTAwMDAiLDFd", "WyJcdWQ4MDAiLDFd")


def test_a_key_that_names_no_place_is_refused(client: TestClient, many: list[str]) -> None:
    for key, order in product(KEYS, ("title", "longest", "read")):
        assert client.get(f"/?order={order}&after={key}").status_code == 404, (key, order)


def test_a_key_that_no_database_takes_is_refused(client: TestClient, many: list[str]) -> None:
    sign_up(client, "Ada")
    send(client, f"/articles/{many[0]}/place", HTMX, start=0)
    for order, said in (
        ("read", ["2026-01-01T00:00:00", 1]),
        ("read", ["0001-01-01T00:00:00+23:59", 1]),
        ("read", ["9999-12-31T23:59:59-23:59", 1]),
        ("newest", [True]),
        ("longest", [True, 1]),
    ):
        key = urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")
        assert client.get(f"/?order={order}&after={key}").status_code == 404, (order, said)


def test_how_far_one_is_stands_beside_it_and_is_nobody_elses_to_see(
    client: TestClient, other: TestClient, many: list[str]
) -> None:
    for one, name in ((client, "Ada"), (other, "Bob")):
        sign_up(one, name)
    path = "/articles/zebras"
    before = client.get(path).headers["ETag"]
    third = 2 * (len("Paragraph 0 has six words.") + 2)
    assert send(client, f"{path}/place", HTMX, start=third).status_code == 204
    place = item(client, "Zebras").one("div", cls="place")
    assert place.one("a")["href"] == f"{path}#p{third}"
    assert place.text.strip() == "1 min left"
    assert place.one("progress")["value"] == "41"
    assert shelf(client, "?show=reading") == ["Zebras"]
    assert shelf(client, "?order=read") == ["Zebras"]
    assert "These are the articles that you have begun" in seen(client, "/?order=read").text
    assert "Zebras" not in shelf(client, "?show=unread")
    assert item(other, "Zebras").one("div", cls="place").text.strip() == ""
    assert shelf(other, "?show=reading") == []
    send(client, f"{path}/place", HTMX, start=0, finished="true")
    assert "Finished" in item(client, "Zebras").one("div", cls="place").text
    assert shelf(client, "?show=finished") == ["Zebras"]
    assert shelf(client, "?show=reading") == []
    assert client.get(path, headers={"If-None-Match": before}).status_code == 304


def test_who_has_finished_once_has(client: TestClient, many: list[str]) -> None:
    sign_up(client, "Ada")
    send(client, "/articles/zebras/read", read="true", next="/?show=unread")
    assert shelf(client, "?show=finished") == ["Zebras"]
    send(client, "/articles/zebras/place", start=28)
    assert shelf(client, "?show=finished") == ["Zebras"]
    send(client, "/articles/zebras/read", read="false")
    assert shelf(client, "?show=unread") == shelf(client)


def test_the_place_of_nobody_is_kept_nowhere(client: TestClient, many: list[str], database: Database) -> None:
    assert send(client, "/articles/zebras/place", start=28).status_code == 404
    assert "Set-Cookie" not in client.get("/").headers
    with database.transaction() as session:
        assert session.exec(select(Reading)).all() == []
    # What their browser keeps is put there by script: where, and for how long a text.
    (link,) = (one for one in item(client, "Zebras").all("a") if "data-length" in one)
    assert (link["data-article"], link["data-length"]) == ("zebras", str(5 * 26 + 4 * 2))


def test_what_one_archives_is_out_of_ones_own_sight(client: TestClient, other: TestClient, many: list[str]) -> None:
    answer = send(client, "/articles/zebras/archive")  # a guest may, too
    page = seen(client, answer.headers["Location"])
    assert "Zebras" not in [one.text for one in page.all("h2")]
    assert "Archived: Zebras" in page.by_id("status").text
    assert shelf(client, "?show=archived") == ["Zebras"]
    assert "Zebras" in shelf(other)
    assert "Archived" not in seen(other, answer.headers["Location"]).text
    send(client, page.by_id("status").one("form")["action"])
    assert "Zebras" in shelf(client)
    assert shelf(client, "?show=archived") == []


def test_an_account_takes_along_what_the_guest_has_read(client: TestClient, many: list[str], app: FastAPI) -> None:
    database: Database = app.state.database
    _, token = account(database, "Ada")
    mine = browser(client, token)
    saved(client, "/articles/zebras")
    send(mine, "/articles/zebras/place", start=56)
    send(client, "/articles/zebras/place", start=84)
    send(client, "/articles/apples/read", read="true")
    with database.transaction() as session:
        guest = readers.by_token(session, token_of(client))
        ada = session.exec(select(Reader).where(Reader.name == "Ada")).one()
        assert guest
        accounts.bring(session, guest, ada)
    assert item(mine, "Zebras").one("div", cls="place").one("a")["href"] == "/articles/zebras#p84"
    assert shelf(mine, "?show=finished") == ["apples"]


def test_notes_are_counted_and_ones_own_among_them(client: TestClient, other: TestClient, many: list[str]) -> None:
    saved(client, "/articles/zebras", 0, 9, note="Mine")
    saved(other, "/articles/zebras", 0, 9, note="Theirs")
    saved(other, "/articles/zebras", 0, 9, note="Theirs alone", visibility="me")
    assert "2 notes by 2 readers, 1 yours" in item(client, "Zebras").text
    assert "3 notes by 2 readers, 2 yours" in item(other, "Zebras").text
    assert shelf(client, "?show=mine") == ["Zebras"]
    assert "2 notes by 2 readers" in item(browser(client), "Zebras").text


def test_languages_are_to_choose_from_where_there_are_several(
    client: TestClient, many: list[str], database: Database
) -> None:
    chosen = [one.text for one in seen(client, "/").all("option")]
    assert {"English", "French", "Ukrainian"} <= set(chosen)
    assert "Ukrainian" in item(client, "Part 10").text
    with database.transaction() as session:
        session.exec(delete(Article).where(Article.language != "en"))  # type: ignore[arg-type]
    page = seen(client, "/")
    assert "English" not in page.text


def test_an_empty_shelf_says_what_one_can_do(client: TestClient, database: Database) -> None:
    with database.transaction() as session:
        session.exec(delete(Article))
    assert "There is no article here yet" in seen(client, "/").text
    assert not [one for one in seen(client, "/").all("a") if one["href"] == "/articles/new"]
    own(client)
    assert [one for one in seen(client, "/").all("a") if one["href"] == "/articles/new"]
    for show, words in (
        ("mine", "written on none"),
        ("reading", "begun none"),
        ("finished", "finished none"),
        ("archived", "archived nothing"),
        ("deleted", "Nothing is deleted"),
    ):
        assert words in seen(client, f"/?show={show}").text


def test_the_deleted_are_listed_to_who_may_bring_them_back(
    client: TestClient, other: TestClient, many: list[str]
) -> None:
    own(client)
    send(client, "/articles/zebras/delete")
    page = seen(client, "/?show=deleted")
    assert "Zebras" in page.text
    assert "30 days" in page.text
    assert other.get("/?show=deleted").status_code == 404
    back = [form for form in page.all("form") if form["action"].endswith("/restore")]
    assert send(client, back[0]["action"], next="/?show=deleted").headers["Location"] == "/?show=deleted"
    assert "Zebras" in shelf(other)


def test_the_page_asks_no_more_of_many_articles_than_of_few(
    app: FastAPI, client: TestClient, many: list[str], database: Database
) -> None:
    sign_up(client, "Ada")
    counts = []
    for more in (0, 60):
        with database.transaction() as session:
            made = [make(session, f"Another {number}") for number in range(more)]
            collections.gather(session, "Some", made or [articles.by_slug(session, "zebras") or make(session, "?")])
        mark(database, "zebras", 0, 9, note="A note")
        for query in ("", "?order=title", "?show=unread&order=longest", "?show=mine", "?order=read", "?language=en"):
            with statements(app.state.database.engine) as sent:
                client.get(f"/{query}")
            counts.append((query, len(sent)))
    assert counts[:6] == counts[6:]
    assert max(number for _, number in counts) <= 8
