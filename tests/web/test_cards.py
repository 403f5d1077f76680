"""The picture of a shared passage: there for whom the share opens, drawn once, gone with it."""

import re
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.main import create_app
from app.rendering.pictures import Picture, Pictures
from app.settings import Settings
from app.storage.database import Database
from tests.conftest import BASE_URL
from tests.library import publish, statements
from tests.web.conftest import browser, saved, seen, send, shared
from tests.web.test_shares import meta


@pytest.fixture
def pictures(app: FastAPI) -> Pictures:
    made: Pictures = app.state.pictures
    return made


def card_of(client: TestClient, link: str) -> str:
    """Where the picture of a share is, as its page says."""
    address = meta(seen(client, link), "og:image")
    assert address.startswith(f"{BASE_URL}{link}/card.png?v=")
    return address.removeprefix(BASE_URL)


def test_a_share_has_a_picture_for_anybody(client: TestClient, text: str) -> None:
    link = shared(client, saved(client, text, note="Mine"))
    visitor = browser(client)
    answer = visitor.get(card_of(visitor, link))
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/png")
    assert answer.content.startswith(b"\x89PNG")
    assert int(answer.headers["Content-Length"]) == len(answer.content) <= 300_000
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Content-Encoding" not in answer.headers
    assert "Set-Cookie" not in answer.headers
    assert client.head(f"{link}/card.png").headers["Content-Length"] == answer.headers["Content-Length"]


def test_the_page_says_how_large_the_picture_is_and_what_is_on_it(client: TestClient, text: str) -> None:
    page = seen(client, shared(client, saved(client, text)))
    assert [meta(page, f"og:image:{name}") for name in ("type", "width", "height")] == ["image/png", "1200", "630"]
    assert meta(page, "og:image:alt") == "One two."
    assert meta(page, "twitter:card") == "summary_large_image"


def test_a_picture_is_drawn_once_for_all_shares_of_the_same(
    client: TestClient, other: TestClient, text: str, pictures: Pictures
) -> None:
    id = saved(client, text, note="Mine")
    one, another = shared(client, id), shared(other, id)
    assert one != another
    for link in (one, one, another):
        assert client.get(f"{link}/card.png").status_code == 200
    assert pictures.drawings == 1


def test_who_has_the_picture_is_not_sent_it_again(client: TestClient, text: str, pictures: Pictures) -> None:
    link = shared(client, saved(client, text))
    first = client.get(f"{link}/card.png")
    again = client.get(f"{link}/card.png", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "no-cache" in first.headers["Cache-Control"]
    assert "private" in first.headers["Cache-Control"]
    assert pictures.drawings == 1


def test_with_another_colour_or_name_it_is_another_picture(client: TestClient, text: str, pictures: Pictures) -> None:
    id = saved(client, text)
    link = shared(client, id)
    addresses = [card_of(client, link)]
    etags = [client.get(addresses[0]).headers["ETag"]]
    for path, fields in ((f"/annotations/{id}", {"colour": "blue"}), ("/session/name", {"name": "Zoë"})):
        send(client, path, **fields)
        addresses.append(card_of(client, link))
        etags.append(client.get(addresses[-1]).headers["ETag"])
    assert len(set(addresses)) == len(set(etags)) == pictures.drawings == 3


@pytest.mark.parametrize("end", ["withdrawn", "deleted", "private", "never there"])
def test_a_picture_goes_with_its_share(client: TestClient, text: str, end: str) -> None:
    id = saved(client, text, note="Mine")
    link = shared(client, id) if end != "never there" else "/s/never-there"
    before = client.get(f"{link}/card.png")
    match end:
        case "withdrawn":
            send(client, f"{link}/revoke")
        case "deleted":
            send(client, f"/annotations/{id}/delete")
        case "private":
            send(client, f"/annotations/{id}", visibility="me")
    for headers in ({}, {"If-None-Match": before.headers.get("ETag", "*")}):
        page, picture = (browser(client).get(path, headers=headers) for path in (link, f"{link}/card.png"))
        assert picture.status_code == page.status_code == (404 if end == "never there" else 410)
        assert picture.headers["Content-Type"] == page.headers["Content-Type"]
        assert picture.text.replace(f"{link}/card.png", link) == page.text


def test_a_picture_is_drawn_after_the_transaction(app: FastAPI, client: TestClient, text: str) -> None:
    class Watched(Pictures):
        connections = -1

        def png(self, picture: Picture) -> bytes:
            self.connections = app.state.database.engine.pool.checkedout()
            return super().png(picture)

    pictures = app.state.pictures = Watched(1_000_000)
    assert client.get(f"{shared(client, saved(client, text))}/card.png").status_code == 200
    assert pictures.connections == 0


def test_a_picture_asks_as_little_of_the_library_as_the_page_does(app: FastAPI, client: TestClient, text: str) -> None:
    link = shared(client, saved(client, text))
    with statements(app.state.database.engine) as page:
        client.get(link)
    with statements(app.state.database.engine) as picture:
        client.get(f"{link}/card.png")
    assert len(picture) <= len(page)


def test_a_bare_passage_and_a_whole_article_have_pictures_too(client: TestClient, text: str) -> None:
    bare = send(client, f"{text}/shares", start=9, end=31).headers["Location"]
    whole = shared(client, saved(client, text), "article")
    assert len({client.get(card_of(client, link)).content for link in (bare, whole)}) == 2


@pytest.mark.parametrize("words", ['#import "a"\\ $x$ <b>', "\ue000", "w" * 20_000, "\u202e\u0301\u0301", "שלום, 世界"])
def test_any_words_have_a_picture(client: TestClient, database: Database, words: str) -> None:
    text = f"/articles/{publish(database, words, title=words[:200])}"
    link = send(client, f"{text}/shares", start=0, end=len(words)).headers["Location"]
    answer = client.get(f"{link}/card.png")
    assert answer.status_code == 200
    assert len(answer.content) <= 300_000


def test_a_link_into_a_closed_library_shows_a_picture_without_words(url: str, client: TestClient, text: str) -> None:
    link = shared(client, saved(client, text))
    closed = create_app(Settings(_env_file=None, database_url=url, base_url=BASE_URL, access="closed"))
    with TestClient(closed, base_url=BASE_URL) as visitor:
        page = seen(visitor, text)  # which leads to where one signs in
        assert meta(page, "og:image") == f"{BASE_URL}/card.png"
        assert (visitor.get("/card.png").status_code, visitor.get(f"{link}/card.png").status_code) == (200, 200)


def test_the_library_has_a_picture_without_anybodys_words(client: TestClient, text: str) -> None:
    address = meta(seen(client, "/"), "og:image")
    assert urlsplit(address).path == "/card.png"
    answer = client.get("/card.png")
    assert answer.content.startswith(b"\x89PNG")
    saved(client, text, note="Mine")
    assert client.get("/card.png").headers["ETag"] == answer.headers["ETag"]
    assert not re.search("og:image", client.get(text).text)
