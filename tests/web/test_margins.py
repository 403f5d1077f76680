"""What the margin shows: filters that are links and are remembered, crowds that open, all notes in order."""

import re

import pytest
from starlette.testclient import TestClient

from app.storage import articles
from app.storage.annotations import annotate
from app.storage.database import Database
from app.storage.people import readers
from app.text.spans import Span
from tests.html import Element, parse
from tests.library import publish, statements
from tests.web.conftest import HTMX, PARAGRAPHS, browser, saved, seen, send


def notes(page: Element) -> list[str]:
    return [note.id for note in page.all(cls="note")]


@pytest.fixture
def four(client: TestClient, other: TestClient, text: str) -> dict[str, int]:
    """Four notes, each unlike the others."""
    made = {
        "green": saved(client, text, 0, 8, note="One", colour="green", tags="law, Irony"),
        "pink": saved(other, text, 9, 20, note="Two", colour="pink"),
        "bare": saved(other, text, 22, 31),
        "settled": saved(client, text, 32, 38, note="Three", colour="blue"),
    }
    send(other, f"/annotations/{made['green']}/replies", note="An answer")
    send(other, f"/annotations/{made['settled']}/resolve")
    return made


FILTERED = {
    "colour=green": ["green"],
    "tag=irony": ["green"],
    "tag=none": [],
    "state=resolved": ["settled"],
    "state=open": ["green", "pink", "bare"],
    "replies=yes": ["green"],
    "since=2026-01-01": ["green", "pink", "bare", "settled"],
    "since=2999-01-01": [],
    "colour=&tag=&by=&since=": ["green", "pink", "bare", "settled"],
    "colour=pink&state=open": ["pink"],
}


def test_a_filtered_view_is_a_link(client: TestClient, text: str, four: dict[str, int]) -> None:
    for query, shown in FILTERED.items():
        page = seen(browser(client), f"{text}?{query}")
        assert notes(page) == [f"a{four[name]}" for name in shown], query
        marked = {id for mark in page.all("mark") for id in mark["data-annotations"].split()}
        assert marked == {str(four[name]) for name in shown}, query
        if len(shown) < 4:
            assert f"Shown: {len(shown)} of 4 notes" in page.one("form", cls="filtered").text, query
        assert page.by_id("tally").text.startswith("3 notes"), query
        listed = seen(browser(client), f"{text}/annotations?{query}")
        assert len(listed.all("li")) == len(shown), query


def test_notes_may_be_chosen_by_their_reader(client: TestClient, text: str, four: dict[str, int]) -> None:
    options = seen(client, text).one("select", name="by").all("option")
    assert [option.text for option in options] == ["everyone", "Guest 2", "Guest 3"]
    page = seen(client, f"{text}?by={options[2]['value']}")
    assert notes(page) == [f"a{four['pink']}", f"a{four['bare']}"]


@pytest.mark.parametrize("query", ["colour=mauve", "by=x", "by=0", "state=1", "since=yesterday", "open=x", "print=x"])
def test_a_filter_that_there_is_not_is_no_address(client: TestClient, text: str, query: str) -> None:
    assert client.get(f"{text}?{query}").status_code == 404


def test_a_choice_is_remembered_for_its_article_until_another_is_made(
    client: TestClient, text: str, four: dict[str, int]
) -> None:
    answer = send(client, f"{text}/filter", colour="green", tag="", by="")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{text}?colour=green")
    assert notes(seen(client, text)) == [f"a{four['green']}"]
    assert seen(client, text).one("form", cls="filtered").one("a")["href"] == "?colour=green"
    assert notes(seen(client, f"{text}?colour=pink")) == [f"a{four['pink']}"]
    assert notes(seen(client, text)) == [f"a{four['green']}"]
    assert len(notes(seen(browser(client), text))) == 4
    assert send(client, f"{text}/filter").headers["Location"] == text
    assert len(notes(seen(client, text))) == 4


def test_what_a_link_leads_to_is_shown_whatever_is_chosen(client: TestClient, text: str, four: dict[str, int]) -> None:
    send(client, f"{text}/filter", colour="green")
    where = client.get(f"/annotations/{four['pink']}", follow_redirects=False).headers["Location"]
    assert notes(seen(client, where)) == [f"a{four['green']}", f"a{four['pink']}"]


def test_a_write_brings_back_no_more_than_was_chosen(client: TestClient, text: str, four: dict[str, int]) -> None:
    (field,) = seen(client, f"{text}?colour=pink").all("input", cls="opened")
    shown = {field["name"]: field["value"]}
    answer = send(client, f"{text}/annotations", HTMX, start=0, end=8, note="Mine", colour="yellow", **shown)
    found = notes(parse(answer.text))
    assert f"a{four['green']}" not in found
    assert f"a{four['pink']}" in found
    assert len(found) == 2


def test_whose_notes_are_shown_may_be_said_by_the_address(client: TestClient, text: str) -> None:
    assert seen(client, f"{text}?notes=mine").one("html")["data-notes"] == "mine"
    assert "data-notes" not in seen(client, text).one("html")
    send(client, "/session/display", notes="none")
    assert seen(client, text).one("html")["data-notes"] == "none"
    assert "data-notes" not in seen(client, f"{text}?notes=all").one("html")


def test_sentences_that_several_readers_marked_are_pointed_out_if_one_asks(client: TestClient, text: str) -> None:
    for _ in range(3):
        saved(browser(client), text, 0, 8)
    saved(browser(client), text, 9, 20)
    assert not seen(client, text).all(cls="popular")
    page = seen(client, f"{text}?popular=yes")
    assert [one.id for one in page.all("span", cls="popular")] == ["s0"]
    assert page.one("p", cls="popular").text == "3 readers marked this"
    assert len(notes(page)) == 4


# ── crowds


def fill(database: Database, text: str, number: int) -> None:
    """Let as many readers mark the first sentence as one says, and three more the second paragraph."""
    with database.transaction() as session:
        article = articles.by_slug(session, text.rpartition("/")[2])
        assert article
        for one in range(number):
            reader, _ = readers.welcome(session)
            annotate(session, article, reader, Span(0, 8), note=f"Crowd {one}")
        for one in range(3):
            annotate(session, article, readers.welcome(session)[0], Span(22, 31), note=f"Few {one}")


def test_a_crowd_is_counted_and_comes_when_it_is_asked_for(client: TestClient, text: str, database: Database) -> None:
    fill(database, text, 400)
    page = seen(client, text)
    assert [note.all(cls="words")[0].text for note in page.all(cls="note")] == ["Few 0", "Few 1", "Few 2"]
    crowd = page.by_id("c0")
    assert crowd.text.split() == "400 notes by 400 readers".split()
    sentence = page.by_id("s0")
    assert (sentence["aria-details"], sentence["data-anchors"]) == ("c0", crowd["data-anchor"])
    assert page.by_id("b0")["aria-label"] == "Paragraph 1: 400 notes"
    assert page.by_id("tally").text == "403 notes by 403 readers"

    opened = seen(client, crowd.one("a")["href"].split("#")[0])
    assert len(opened.all(cls="note")) == 23
    assert "380 more notes" in opened.by_id("c0").text
    fragment = seen(client, crowd.one("a")["hx-get"], HX_Request="true")
    (row,) = fragment.all(cls="paragraph")
    assert (row.id, len(row.all(cls="note"))) == ("p0", 20)
    assert row.one("input", cls="opened")["value"] == "0-20"
    more = seen(client, row.by_id("c0").all("a")[0]["hx-get"] + "&open=0-20", HX_Request="true")
    assert len(more.all(cls="note")) == 40
    folded = seen(client, row.by_id("c0").all("a")[1]["hx-get"] + "&open=0-20", HX_Request="true")
    assert not folded.all(cls="note")


def test_the_text_is_whole_under_a_crowd(client: TestClient, text: str, database: Database) -> None:
    fill(database, text, 400)
    for address in (text, f"{text}?open=0-20"):
        blocks = [row.all("p")[0].text for row in seen(client, address).all(cls="paragraph")]
        assert blocks == list(PARAGRAPHS)


def test_my_own_note_never_goes_down_in_a_crowd(client: TestClient, text: str, database: Database) -> None:
    fill(database, text, 400)
    id = saved(client, text, 0, 8, note="Mine")
    assert f"a{id}" in notes(seen(client, text))
    answer = send(client, f"{text}/annotations", HTMX, start=4, end=8, note="Mine, too")
    assert answer.text.count('class="note ') == 2
    assert "400 notes" in answer.text


def test_a_write_leaves_open_what_was_open(client: TestClient, text: str, database: Database) -> None:
    fill(database, text, 400)
    answer = send(client, f"{text}/annotations", HTMX, start=0, end=8, note="Mine", open="0-20")
    assert answer.text.count('class="note ') == 21


def test_a_note_in_a_crowd_is_shown_to_who_follows_its_link(client: TestClient, text: str, database: Database) -> None:
    fill(database, text, 400)
    listed = seen(client, f"{text}/annotations")
    assert len(listed.all("li")) == 100
    link = listed.all("li")[77].one("blockquote").one("a")["href"]
    where = client.get(link, follow_redirects=False).headers["Location"]
    assert link.replace("/annotations/", "a") in notes(seen(client, where))


def test_a_page_asks_the_database_as_often_for_many_crowds_as_for_one(
    client: TestClient, text: str, database: Database
) -> None:

    def asked() -> int:
        with statements(client.app.state.database.engine) as sent:  # type: ignore[attr-defined]
            seen(client, text)
        return len(sent)

    fill(database, text, 400)
    few = asked()
    fill(database, text, 100)
    assert asked() == few


# ── all notes in order


def test_all_notes_stand_in_order_with_their_words(client: TestClient, text: str, four: dict[str, int]) -> None:
    page = seen(client, f"{text}/annotations")
    items = page.all("li")
    quotes = [item.one("blockquote").text for item in items]
    assert quotes == ["One two.", "Three four.", "Five six.", "Seven."]
    assert [item.one("blockquote").one("a")["href"] for item in items] == [f"/annotations/{id}" for id in four.values()]
    assert "An answer" in items[0].text
    assert "resolved" in items[3].text


def test_the_list_goes_on_where_it_ends(client: TestClient, text: str, database: Database) -> None:
    fill(database, text, 150)
    first = seen(client, f"{text}/annotations")
    second = seen(client, f"{text}/annotations" + first.one("a", rel="next")["href"])
    assert [len(page.all("li")) for page in (first, second)] == [100, 53]
    assert not second.all("a", rel="next")


def test_what_is_private_is_in_no_list(client: TestClient, other: TestClient, text: str) -> None:
    saved(client, text, note="MYSECRET", visibility="me")
    assert "MYSECRET" in client.get(f"{text}/annotations").text
    assert "MYSECRET" not in other.get(f"{text}/annotations").text
    assert "Guest" not in seen(other, text).one("select", name="by").text


# ── what a link leads to, and what is printed at the end


def test_a_permalink_shows_its_note_above_the_text(client: TestClient, other: TestClient, text: str) -> None:
    id = saved(client, text, 22, 31, note="A *note*")
    page = seen(other, other.get(f"/annotations/{id}", follow_redirects=False).headers["Location"])
    card = page.one("section", cls="linked")
    assert card.one("blockquote").text == "Five six."
    assert card.one("em").text == "note"
    assert "Guest 2" in card.text
    assert card.one("a")["href"] == f"#a{id}"


def test_a_card_shows_nothing_that_its_reader_may_not_see(
    client: TestClient, other: TestClient, text: str, database: Database
) -> None:
    secret = saved(client, text, note="MYSECRET", visibility="me")
    gone = saved(client, text, note="GONE")
    send(client, f"/annotations/{gone}/delete")
    elsewhere = f"/articles/{publish(database, 'Another text.')}"
    far = saved(client, elsewhere, 0, 7, note="ELSEWHERE")
    for id in (secret, gone, far, 999_999):
        answer = other.get(f"{text}?note={id}")
        assert answer.status_code == 200
        assert "linked" not in answer.text
        assert not {"MYSECRET", "GONE", "ELSEWHERE"} & set(re.findall("[A-Z]{4,}", answer.text))
    assert seen(client, f"{text}?note={secret}").all("section", cls="linked")


def test_notes_at_the_end_have_the_numbers_of_their_passages(
    client: TestClient, text: str, four: dict[str, int]
) -> None:
    page = seen(client, f"{text}?print=endnotes")
    listed = page.one("section", cls="endnotes").all("li")
    assert [item.one("b", data_number=str(number)).text for number, item in enumerate(listed, 1)] == [
        "You",
        "Guest 3",
        "Guest 3",
        "You",
    ]
    assert [mark["data-numbers"] for mark in page.all("mark")] == ["1", "2", "3", "4"]
    assert "An answer" in listed[0].text
    assert not seen(client, text).all("section", cls="endnotes")
    assert len(seen(client, f"{text}?print=endnotes&colour=pink").one("section", cls="endnotes").all("li")) == 1


def test_no_address_opens_more_of_crowds_than_can_be_shown(client: TestClient, text: str, database: Database) -> None:
    fill(database, text, 1_300)
    assert len(seen(client, f"{text}?open=0-9999&open=9-9999").all(cls="note")) == 600
