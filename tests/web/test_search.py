"""The page of search: what it shows, where it leads, and that nothing that is typed breaks it."""

import re
from itertools import product
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.storage.database import Database
from tests.library import mark, publish, statements, welcome
from tests.web.conftest import HTMX, browser, saved, seen, send


@pytest.fixture
def shore(database: Database) -> str:
    """Where an article stands that can be found."""
    return publish(
        database,
        "The lighthouse keeper counts the waves. Nobody else does.",
        "A <b>café</b> & a pier.",
        "灯台守は夜の波を数える。",
        title="The Keeper & his Waves",
    )


def test_what_is_found_opens_at_its_place(client: TestClient, shore: str) -> None:
    id = saved(client, f"/articles/{shore}", 0, 14, note="Why the *waves*?", tags="sea, night work")
    page = seen(client, "/search?q=waves")
    links = [link["href"] for link in page.all("a", cls="of")]
    assert links == [f"/articles/{shore}", f"/articles/{shore}#p0", f"/annotations/{id}"]
    assert page.all("p", cls="counts")[0].text.strip() == "1 article, 1 passage, 1 note"
    assert [mark.text for mark in page.by_id("results").all("mark")] == ["Waves", "waves", "waves"]
    answer = client.get(f"/annotations/{id}", follow_redirects=False)
    assert answer.headers["Location"].startswith(f"/articles/{shore}")
    assert seen(client, links[1].partition("#")[0]).by_id("p0")


def test_words_are_shown_as_they_were_written(client: TestClient, shore: str) -> None:
    answer = client.get("/search", params={"q": "cafe"})
    assert "A &lt;b&gt;<mark>café</mark>&lt;/b&gt; &amp; a pier." in answer.text
    answer = client.get("/search", params={"q": '"><script>alert(1)</script>'})
    assert "<script>alert" not in answer.text


def test_a_tag_of_a_note_leads_to_the_others(client: TestClient, shore: str) -> None:
    saved(client, f"/articles/{shore}", 0, 14, note="Waves", tags="night work")
    other = saved(client, f"/articles/{shore}", 4, 14, tags="Night Work")
    (tag,) = (link for link in seen(client, "/search?q=waves").all("a") if link.text == "#night work")
    assert {link["href"] for link in seen(client, tag["href"]).all("a", cls="of")} >= {f"/annotations/{other}"}


def test_htmx_gets_the_results_alone(client: TestClient, shore: str) -> None:
    answer = client.get("/search?q=waves", headers=HTMX)
    assert answer.text.lstrip().startswith('<div id="results">')
    assert "HX-Request" in answer.headers["Vary"]
    assert answer.headers["Cache-Control"] == "private, no-cache"
    whole = client.get("/search?q=waves").text
    assert answer.text.strip() in whole


def test_who_has_typed_nothing_is_told_what_one_may_type(client: TestClient, shore: str) -> None:
    for path in ("/search", "/search?q=", "/search?q=+", "/search?q=-waves", "/search?q=in:here", "/search?kind="):
        page = seen(client, path)
        assert page.all("dl", cls="how"), path
        assert not page.all(cls="hits"), path
    page = seen(client, "/search?q=nowheretobefound")
    assert "Nothing that you may see is like that." in page.text
    assert page.all("dl", cls="how")


def test_of_many_all_can_be_looked_through(client: TestClient, database: Database, shore: str) -> None:
    _, token = welcome(database, "Ada")
    ids = {mark(database, shore, 0, 14, token, note=f"Newt {number}") for number in range(45)}
    page = seen(client, "/search?q=newt+")
    assert len(page.all("a", cls="of")) == 6
    (more,) = (link["href"] for link in page.all("a") if link.text == "All notes")
    found: list[str] = []
    while more:
        page = seen(client, more)
        found += [link["href"] for link in page.all("a", cls="of")]
        more = next((link["href"] for link in page.all("a", rel="next")), "")
    assert len(found) == len(set(found)) == 45
    assert set(found) == {f"/annotations/{id}" for id in ids}
    assert "There is nothing more" in seen(client, "/search?q=newt+&kind=notes&after=900").text


@pytest.mark.parametrize("path", ["kind=readers", "after=-1", "after=1000", "after=x", "after=99999999999999999999"])
def test_what_the_page_never_asks_is_refused(client: TestClient, path: str) -> None:
    assert client.get(f"/search?q=a&{path}").status_code == 404


HOSTILE = [
    '"',
    '"""',
    "*",
    "***",
    "-",
    "--",
    ":",
    "tag:",
    "tag:,,,",
    "by:*",
    "in:*",
    "in:",
    "has:",
    "has:nothing waves",
    "NEAR(waves counts, 2)",
    "waves AND",
    "OR waves NOT",
    "words : waves",
    "{words} : waves",
    "^waves",
    "waves + counts",
    "waves & counts | !other <-> x",
    "'waves' 'x':*",
    "waves\\",
    "(((((",
    "search_note",
    "_e",
    "_r1 _a1 _",
    "\x00",
    "waves\x00counts",
    "in:\x00a waves",
    "by:\x00a tag:\x00",
    "\x01\x1f\x7f\x85",
    "😀",
    "👩‍👩‍👧‍👦",
    "\u202eseva\u202c",
    "مرحبا بالعالم",
    "%",
    "_",
    "%00",
    "a" * 100_000,
    "a " * 50_000,
    "海" * 100_000,
    '"a ' * 10_000,
    "-a " * 10_000,
    "\u0301" * 1_000,
    "ﷺ" * 500,
    "tag:" + "ﷺ" * 400,
    "by:" + "a" * 5_000,
    " ".join(f"tag:t{number} by:b{number} in:i{number} w{number} -x{number}" for number in range(100)),
]


def test_nothing_that_is_typed_is_an_error(client: TestClient, shore: str) -> None:
    for typed, kind in product(HOSTILE, ("", "notes")):
        answer = client.get(f"/search?q={quote(typed[:2_000])}&kind={kind}")
        assert answer.status_code == 200, (typed[:100], answer.text)
        assert 'id="results"' in answer.text, typed[:100]


def test_what_is_no_text_is_no_error_either(client: TestClient) -> None:
    for typed in ("%ff%fe", "%ed%a0%80", "%c0%80", "%F0%9F%98"):
        assert client.get(f"/search?q={typed}").status_code == 200


@pytest.mark.parametrize("typed", ["waves", "tag:sea", "by:ada waves", "has:note waves", "in:keeper waves"])
def test_the_queries_do_not_grow_with_what_is_found(
    client: TestClient, app: FastAPI, database: Database, shore: str, typed: str
) -> None:
    counts = []
    for number in (1, 30):
        token = welcome(database, "Ada")[1]
        for _ in range(number):
            mark(database, shore, 0, 14, token, note="waves", tags="sea")
        with statements(app.state.database.engine) as sent:
            seen(client, f"/search?q={quote(typed)}")
        counts.append(len([one for one in sent if "import" not in one]))  # what is brought in meanwhile asks, too
    assert counts[0] == counts[1]
    assert counts[0] <= 10


def test_a_note_is_found_as_it_is_now(client: TestClient, shore: str) -> None:
    def finds(typed: str) -> bool:
        return f'href="/annotations/{id}"' in client.get(f"/search?q={typed}").text

    id = saved(client, f"/articles/{shore}", 0, 14, note="Heron", tags="birds")
    assert finds("heron")
    send(client, f"/annotations/{id}", note="Egret", tags="waders")
    assert (finds("heron"), finds("tag:birds"), finds("egret"), finds("tag:waders")) == (False, False, True, True)
    send(client, f"/annotations/{id}/delete")
    assert not finds("egret")
    send(client, f"/annotations/{id}/restore")
    assert finds("egret")


def test_no_search_engine_keeps_what_was_looked_for(client: TestClient) -> None:
    assert re.search(r'<meta name="robots" content="noindex">', client.get("/search?q=waves").text)


def test_a_stranger_in_an_open_library_finds_what_all_may_see(client: TestClient, shore: str) -> None:
    saved(client, f"/articles/{shore}", 0, 14, note="Heron")
    saved(client, f"/articles/{shore}", 0, 14, note="Heron, to myself", visibility="me")
    for who, number in ((client, 2), (browser(client), 1)):
        assert f"{number} note" in seen(who, "/search?q=heron").all("p", cls="counts")[0].text
