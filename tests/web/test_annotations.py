"""Marking a passage and changing one's marks, with script and without."""

import json
from itertools import pairwise

import pytest
from anyio import create_task_group
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient, Response
from starlette.testclient import TestClient

from app.storage.database import Database
from tests.conftest import ARTICLE, BASE_URL, in_a_loop
from tests.html import Element, parse
from tests.library import everything
from tests.web.conftest import HTMX, WHOLE, browser, saved, seen, send, token_of

FIRST = {
    "start": 0,
    "end": 109,
    "exact": "On the front lines in Ukraine, soldiers are using American weapons "
    "and ammunition to hold off Russian forces.",
}


def rows(answer: Response) -> list[Element]:
    """The paragraph rows of a fragment, each told to find its own place."""
    found = parse(answer.text).all(cls="paragraph")
    assert all(row["hx-swap-oob"] == "true" for row in found)
    return found


def marked(page: Element, id: int) -> str:
    """The words over which an annotation lies."""
    return "".join(
        mark.text for mark in page.all("mark") if str(id) in mark.attributes.get("data-annotations", "").split()
    )


def note_of(database: Database, id: int) -> tuple[str, str, str]:
    (found,) = (row for row in everything(database)["annotation"] if row.id == id)
    return found.note, found.colour, found.visibility


# ── marking


def test_a_note_stands_beside_its_words(client: TestClient) -> None:
    answer = client.post(f"{ARTICLE}/annotations", data={**FIRST, "note": "Opens on the *ground*."})
    assert answer.history[0].status_code == 303
    page = parse(answer.text)
    assert page.by_id("a9").one(cls="words").one("em").text == "ground"
    assert marked(page, 9) == FIRST["exact"]


def test_a_mark_is_answered_with_the_way_to_it(client: TestClient, text: str) -> None:
    answer = send(client, f"{text}/annotations", start=0, end=8)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{text}#a9")


def test_a_highlight_has_the_colour_that_was_chosen(client: TestClient, text: str) -> None:
    for colour in ("yellow", "green", "blue", "pink"):
        id = saved(client, text, colour=colour)
        page = seen(client, text)
        assert page.one("mark").classes >= {colour}
        assert colour in page.by_id(f"a{id}").classes


def test_places_are_counted_in_code_points(client: TestClient, text: str) -> None:
    at = WHOLE.index("nine")
    id = saved(client, text, at, at + 4, exact="nine")
    assert marked(seen(client, text), id) == "nine"


def test_sentences_are_marked_without_a_drag(client: TestClient, text: str) -> None:
    form = seen(client, f"{text}/annotations/new?paragraph=1").one("form", cls="compose")
    places = [box["value"] for box in form.all("input", name="sentence")]
    assert places == ["0-8", "9-20"]
    answer = client.post(form["action"], data={"sentence": places, "note": "Both"})
    assert marked(parse(answer.text), 9) == "One two. Three four."


def test_sentences_that_do_not_adjoin_are_refused_with_what_was_typed(
    client: TestClient, text: str, database: Database
) -> None:
    before = everything(database)
    answer = client.post(f"{text}/annotations", data={"sentence": ["0-8", "22-31"], "note": "My <own> words"})
    assert answer.status_code == 422
    page = parse(answer.text)
    assert page.one("textarea").text.strip() == "My <own> words"
    assert "follow each other" in page.text
    assert everything(database) == before


NO_PASSAGES: list[dict[str, object]] = [
    {},
    {"start": 0},
    {"start": 5, "end": 5},
    {"start": 8, "end": 0},
    {"start": 20, "end": 22},
    {"start": 21, "end": 30},
    {"start": 0, "end": 21},
    {"start": 0, "end": 54},
    {"start": 8, "end": 9},
    {"start": 10**9 - 2, "end": 10**9 - 1},
    {"start": 2**31 - 2, "end": 2**31 - 1},
    {"sentence": "0-20"},
    {"sentence": "8-0"},
    {"sentence": ["0-8", "32-38"]},
]


def test_what_is_no_passage_is_refused_with_what_was_typed(client: TestClient, text: str, database: Database) -> None:
    before = everything(database)
    for fields in NO_PASSAGES:
        for headers in ({}, HTMX):
            answer = send(client, f"{text}/annotations", headers, note="My words", **fields)
            assert answer.status_code == 422, fields
            assert headers or parse(answer.text).one("textarea").text.strip() == "My words"
    assert everything(database) == before


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["form", "htmx"])
def test_words_that_have_changed_under_a_mark_are_shown_beside_it(
    client: TestClient, text: str, database: Database, headers: dict[str, str]
) -> None:
    before = everything(database)
    answer = send(client, f"{text}/annotations", headers, start=0, end=8, exact="One too.", note="My words")
    assert answer.status_code == 409
    page = parse(answer.text)
    assert "One two." in page.text
    if not headers:
        assert "One too." in page.text
        assert page.one("textarea").text.strip() == "My words"
    assert everything(database) == before


def test_a_mark_on_words_that_have_changed_can_be_laid_on_what_stands_there_now(client: TestClient, text: str) -> None:
    answer = send(client, f"{text}/annotations", start=9, end=31, exact="Three for.", note="My words")
    form = parse(answer.text).by_id("main").one("form")
    fields = {field["name"]: field["value"] for field in form.all("input")}
    page = parse(client.post(form["action"], data={**fields, "note": form.one("textarea").text}).text)
    assert marked(page, 9) == "Three four.Five six."
    assert page.by_id("a9").one(cls="words").text.strip() == "My words"


def test_a_form_that_was_given_back_can_be_sent_again(client: TestClient, text: str) -> None:
    answer = send(client, f"{text}/annotations", start=0, end=8, note="x" * 10_001, colour="blue")
    form = parse(answer.text).one("form", "card")
    fields = {field["name"]: field["value"] for field in form.all("input")}
    again = client.post(form["action"], data={**fields, "note": "Shorter"})
    assert marked(parse(again.text), 9) == "One two."
    assert parse(again.text).one("mark").classes == {"blue", "mine"}


def test_line_ends_are_one_character_however_a_browser_sends_them(client: TestClient, text: str) -> None:
    id = saved(client, text, 9, 31, exact="Three four.\r\n\r\nFive six.")
    assert marked(seen(client, text), id) == "Three four.Five six."


def test_a_note_of_ten_thousand_characters_fits(client: TestClient, text: str, database: Database) -> None:
    typed = "😀\r\n" * 4_999 + "ab"
    id = saved(client, text, note=typed)
    assert note_of(database, id)[0] == typed.replace("\r\n", "\n")
    assert len(note_of(database, id)[0]) == 10_000


def test_a_note_of_one_character_more_does_not_and_comes_back(
    client: TestClient, text: str, database: Database
) -> None:
    before = everything(database)
    answer = send(client, f"{text}/annotations", start=0, end=8, note="<" * 10_001)
    assert answer.status_code == 422
    page = parse(answer.text)
    assert page.one("textarea").text.strip() == "<" * 10_001
    assert "at most 10,000 characters fit; this has 10,001" in page.text
    assert everything(database) == before


def test_a_note_is_shown_as_markdown_and_runs_nothing(client: TestClient, text: str) -> None:
    id = saved(client, text, note="<script>alert(1)</script> *so* [x](javascript:alert(1)) ![](http://h/i.png)")
    note = seen(client, text).by_id(f"a{id}")
    assert note.one("em").text == "so"
    assert "<script>alert(1)</script>" in note.text
    assert not note.all("script")
    assert not note.all("img")


# ── the form to mark without a drag


def test_the_form_for_a_paragraph_is_a_page_or_its_part(client: TestClient, text: str) -> None:
    page = seen(client, f"{text}/annotations/new?paragraph=2")
    part = seen(client, f"{text}/annotations/new?paragraph=2", HX_Request="true")
    assert page.all("main")
    assert not part.all("main")
    boxes = [[box["value"] for box in one.all("input", name="sentence")] for one in (page, part)]
    assert boxes == [["22-31", "32-38"]] * 2


def test_the_only_sentence_of_a_paragraph_is_chosen_already(client: TestClient, text: str) -> None:
    assert "checked" in seen(client, f"{text}/annotations/new?paragraph=3").one("input", name="sentence")


def test_there_is_no_form_for_a_paragraph_that_is_not_there(client: TestClient, text: str) -> None:
    for paragraph in ["0", "4", "-1", "x", "", "1e3", str(2**31 - 1), str(2**31), str(10**30)]:
        assert client.get(f"{text}/annotations/new", params={"paragraph": paragraph}).status_code == 404, paragraph


# ── to htmx: the rows that were touched, and nothing else


@pytest.mark.parametrize(
    ("start", "end", "places"),
    [(0, 8, ["p0"]), (22, 31, ["p22"]), (9, 31, ["p0", "p22"]), (3, 50, ["p0", "p22", "p40"])],
)
def test_only_the_touched_paragraphs_come_back(
    client: TestClient, text: str, start: int, end: int, places: list[str]
) -> None:
    answer = send(client, f"{text}/annotations", HTMX, start=start, end=end)
    assert answer.status_code == 200
    assert [row.id for row in rows(answer)] == places
    assert answer.headers["HX-Reswap"] == "none"
    assert json.loads(answer.headers["HX-Trigger"]) == {"postil:saved": {"id": 9}}


def test_everything_in_the_answer_finds_its_place_on_the_page(client: TestClient, text: str) -> None:
    answer = parse(send(client, f"{text}/annotations", HTMX, start=9, end=31, note="a").text)
    page = seen(client, text)
    swapped = [child for child in answer.children if isinstance(child, Element)]
    assert all("hx-swap-oob" in element for element in swapped)
    assert {element.id for element in swapped} >= {"p0", "p22", "b0", "b22", "tally", "count", "status"}
    assert all(page.by_id(element.id) for element in swapped)


def test_a_row_that_comes_back_is_the_row_of_the_page(client: TestClient, text: str) -> None:
    saved(client, text, 2, 12, note="before")
    fragment = send(client, f"{text}/annotations", HTMX, start=9, end=31, note="*a*", colour="blue").text
    page = client.get(text).text
    for start, end in pairwise([*(fragment.index(f'<div class="paragraph" id="p{at}"') for at in (0, 22)), None]):
        row = fragment[start:end].replace(' hx-swap-oob="true"', "")
        assert row[: row.index('<a class="n') if '<a class="n' in row else row.index("<i id=")].strip() in page


def test_a_row_that_comes_back_has_the_notes_of_others_in_it(client: TestClient, other: TestClient, text: str) -> None:
    theirs = saved(other, text, 9, 20, note="theirs")
    hidden = saved(other, text, 9, 20, note="hidden", visibility="me")
    answer = send(client, f"{text}/annotations", HTMX, start=0, end=8)
    (row,) = rows(answer)
    assert row.by_id(f"a{theirs}")
    assert not row.all(id=f"a{hidden}")


def test_the_status_line_says_what_happened_and_offers_to_undo_it(client: TestClient, text: str) -> None:
    status = parse(send(client, f"{text}/annotations", HTMX, start=0, end=8).text).by_id("status")
    assert "Saved." in status.text
    assert status.one("form")["action"] == "/annotations/9/delete"
    status = parse(send(client, "/annotations/9/delete", HTMX).text).by_id("status")
    assert "Deleted." in status.text
    assert status.one("form")["action"] == "/annotations/9/restore"
    assert "It is back." in parse(send(client, "/annotations/9/restore", HTMX).text).by_id("status").text


@pytest.mark.parametrize(
    ("act", "event", "marks"),
    [("", "reworded", 2), ("/delete", "deleted", 0), ("/restore", "restored", 2)],
)
def test_each_change_comes_back_as_the_rows_that_it_touched(
    client: TestClient, text: str, act: str, event: str, marks: int
) -> None:
    id = saved(client, text, 9, 31)
    if act == "/restore":
        send(client, f"/annotations/{id}/delete")
    answer = send(client, f"/annotations/{id}{act}", HTMX)
    assert [row.id for row in rows(answer)] == ["p0", "p22"]
    assert len(parse(answer.text).all("mark")) == marks
    assert json.loads(answer.headers["HX-Trigger"]) == {f"postil:{event}": {"id": id}}


# ── what one may do with one's own


def test_a_note_is_reworded(client: TestClient, text: str, database: Database) -> None:
    id = saved(client, text, note="First")
    answer = send(client, f"/annotations/{id}", note="*Second*", colour="pink", visibility="me")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{text}#a{id}")
    assert note_of(database, id) == ("*Second*", "pink", "me")
    assert seen(client, text).by_id(f"a{id}").one("em").text == "Second"


def test_what_is_not_said_stays_as_it_was(client: TestClient, text: str, database: Database) -> None:
    id = saved(client, text, note="First", colour="blue", visibility="me")
    send(client, f"/annotations/{id}", colour="pink")
    assert note_of(database, id) == ("First", "pink", "me")
    send(client, f"/annotations/{id}", note="Second")
    assert note_of(database, id) == ("Second", "pink", "me")
    send(client, f"/annotations/{id}")
    assert note_of(database, id) == ("Second", "pink", "me")


def test_a_note_that_is_emptied_becomes_a_highlight(client: TestClient, text: str, database: Database) -> None:
    id = saved(client, text, note="First", colour="blue")
    send(client, f"/annotations/{id}", note="", colour="blue", visibility="everyone")
    assert note_of(database, id) == ("", "blue", "everyone")
    assert "bare" in seen(client, text).by_id(f"a{id}").classes


def test_a_rewording_that_does_not_fit_comes_back(client: TestClient, text: str, database: Database) -> None:
    id = saved(client, text, note="First")
    answer = send(client, f"/annotations/{id}", note="é" * 10_001, colour="pink")
    assert answer.status_code == 422
    assert parse(answer.text).one("textarea").text.strip() == "é" * 10_001
    assert note_of(database, id) == ("First", "yellow", "everyone")


def test_the_form_to_reword_has_the_note_as_it_was_typed(client: TestClient, text: str) -> None:
    id = saved(client, text, note="</textarea>*a*\n\n& <b>", colour="green", visibility="me")
    for headers in ({}, HTMX):
        form = parse(client.get(f"/annotations/{id}/edit", headers=headers).text).one("form", cls="compose")
        assert form["action"] == f"/annotations/{id}"
        assert form.one("textarea").text == "</textarea>*a*\n\n& <b>"
        assert [one["value"] for one in form.all("input", name="colour") if "checked" in one] == ["green"]
        assert [one["value"] for one in form.all("option") if "selected" in one] == ["me"]


def test_a_deleted_note_is_gone_and_can_be_brought_back(client: TestClient, other: TestClient, text: str) -> None:
    id = saved(client, text, note="Gone")
    answer = send(client, f"/annotations/{id}/delete")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{text}?undo={id}#p0")
    for who in (client, other):
        page = seen(who, text)
        assert not page.all("mark")
        assert not page.all(id=f"a{id}")
        assert who.get(f"/annotations/{id}", follow_redirects=False).status_code == 404
    undo = seen(client, f"{text}?undo={id}").by_id("status").one("form")
    assert client.post(undo["action"]).status_code == 200
    assert marked(seen(other, text), id) == "One two."


def test_undo_is_offered_to_who_deleted_and_only_while_it_is_deleted(
    client: TestClient, other: TestClient, text: str
) -> None:
    id = saved(client, text)
    saved(other, text)
    assert not seen(client, f"{text}?undo={id}").by_id("status").all("form")
    send(client, f"/annotations/{id}/delete")
    assert seen(client, f"{text}?undo={id}").by_id("status").all("form")
    assert not seen(other, f"{text}?undo={id}").by_id("status").all("form")


@pytest.mark.parametrize("act", ["delete", "restore"])
def test_the_same_again_changes_nothing_more(client: TestClient, text: str, database: Database, act: str) -> None:
    id = saved(client, text)
    send(client, f"/annotations/{id}/{act}")
    before = everything(database)
    assert send(client, f"/annotations/{id}/{act}").status_code == 303
    assert everything(database) == before


def test_what_one_has_deleted_can_not_be_reworded(client: TestClient, text: str, database: Database) -> None:
    id = saved(client, text, note="First")
    send(client, f"/annotations/{id}/delete")
    before = everything(database)
    answer = send(client, f"/annotations/{id}", note="Second")
    assert answer.status_code == 410
    assert parse(answer.text).one("textarea").text.strip() == "Second"
    assert client.get(f"/annotations/{id}/edit").status_code == 410
    assert everything(database) == before


def test_a_permalink_leads_to_the_note(client: TestClient, other: TestClient, text: str) -> None:
    id = saved(client, text)
    for who in (client, other):
        answer = who.get(f"/annotations/{id}", follow_redirects=False)
        assert (answer.status_code, answer.headers["Location"]) == (303, f"{text}?note={id}#a{id}")


# ── what is another's


def test_nobody_changes_what_is_not_theirs(
    client: TestClient, other: TestClient, text: str, database: Database
) -> None:
    id, gone = saved(client, text, note="Mine"), saved(client, text, note="Gone")
    send(client, f"/annotations/{gone}/delete")
    saved(other, text)
    before = everything(database)
    for who in (other, browser(client), browser(client, "a-token-that-is-none")):
        for headers in ({}, HTMX):
            for path in [f"/annotations/{one}{act}" for one in (id, gone) for act in ("", "/delete", "/restore")]:
                assert send(who, path, headers, note="Theirs", colour="pink").status_code == 404, path
            assert who.get(f"/annotations/{id}/edit", headers=headers).status_code == 404
    assert everything(database) == before


def test_nobody_is_offered_to_change_what_is_not_theirs(client: TestClient, other: TestClient, text: str) -> None:
    id = saved(client, text, note="Mine")
    acts = [link["href"] for link in seen(client, text).by_id(f"a{id}").one(cls="acts").all("a")]
    assert acts == [f"/annotations/{id}/replies/new", f"/annotations/{id}/edit"]
    theirs = seen(other, text).by_id(f"a{id}")
    assert [link["href"] for link in theirs.one(cls="acts").all("a")] == [f"/annotations/{id}/replies/new"]
    assert [form["action"] for form in theirs.all("form")] == [
        f"/annotations/{id}/resolve",
        f"/annotations/{id}/shares",
    ]


# ── only me


def test_what_only_i_may_see_nobody_else_does(client: TestClient, other: TestClient, text: str) -> None:
    secret = saved(client, text, note="A secret", visibility="me")
    saved(other, text, 22, 31)
    stranger = browser(client)
    for path in (text, "/", f"{text}?undo={secret}", f"{text}/annotations/new?paragraph=1"):
        assert "A secret" not in other.get(path).text
        assert "A secret" not in stranger.get(path).text
    assert not marked(seen(other, text), secret)
    assert seen(other, text).by_id("count").text == seen(stranger, text).by_id("count").text == "1"
    assert seen(client, text).by_id("count").text == "2"
    for who in (other, stranger):
        assert who.get(f"/annotations/{secret}", follow_redirects=False).status_code == 404
        assert send(who, f"/annotations/{secret}/shares").status_code == 404
    assert "A secret" not in send(other, f"{text}/annotations", HTMX, start=9, end=20).text


def test_what_only_i_may_see_is_not_counted_for_others(client: TestClient, other: TestClient, text: str) -> None:
    saved(client, text, note="A secret", visibility="me")
    saved(other, text, note="Said openly")
    summary = {who: seen(who, text).by_id("tally").text for who in (client, other)}
    assert summary == {client: "2 notes by 2 readers", other: "1 note by 1 reader"}
    assert "1 note by 1 reader" in seen(other, "/").text
    assert "2 notes by 2 readers" in seen(client, "/").text


def test_what_only_i_may_see_is_not_shared(client: TestClient, text: str, database: Database) -> None:
    secret = saved(client, text, note="A secret", visibility="me")
    before = everything(database)
    answer = send(client, f"/annotations/{secret}/shares")
    assert answer.status_code == 422
    assert everything(database) == before


def test_what_was_open_and_is_now_mine_alone_goes_from_every_page(
    client: TestClient, other: TestClient, text: str
) -> None:
    id = saved(client, text, note="Said in haste")
    assert "Said in haste" in other.get(text).text
    send(client, f"/annotations/{id}", note="Said in haste", colour="yellow", visibility="me")
    assert "Said in haste" not in other.get(text).text
    assert "Said in haste" in client.get(text).text
    assert "only me" in seen(client, text).by_id(f"a{id}").text


def test_a_reader_is_themselves_in_every_browser_that_has_their_token(client: TestClient, text: str) -> None:
    id = saved(client, text, note="Mine", visibility="me")
    assert "mine" in seen(browser(client, token_of(client)), text).by_id(f"a{id}").classes


# ── many at once


def test_marks_that_are_made_at_once_are_all_kept(app: FastAPI, text: str, database: Database) -> None:
    async def crowd() -> list[int]:
        transport = ASGITransport(app=app)
        answers: list[int] = []

        async def reader(number: int) -> None:
            async with AsyncClient(transport=transport, base_url=BASE_URL) as client:
                for turn in range(4):
                    fields = {"start": "0", "end": "8", "note": f"{number}, {turn}"}
                    answers.append((await client.post(f"{text}/annotations", data=fields)).status_code)
                    await client.get(text)

        async with create_task_group() as readers:
            for number in range(8):
                readers.start_soon(reader, number)
        return answers

    assert in_a_loop(crowd) == [303] * 32
    app.state.database.close()
    kept = everything(database)
    (article,) = (row for row in kept["article"] if text.endswith(row.slug))
    mine = [row for row in kept["annotation"] if row.article_id == article.id]
    assert {row.note for row in mine} == {f"{number}, {turn}" for number in range(8) for turn in range(4)}
    assert len({row.reader_id for row in mine}) == 8
    assert article.version == 1 + 32


def test_a_form_without_a_sentence_offers_them_again(client: TestClient, text: str) -> None:
    form = seen(client, f"{text}/annotations/new?paragraph=2").one("form", cls="compose")
    said = {field["name"]: field["value"] for field in form.all("input", type="hidden")}
    answer = send(client, f"{text}/annotations", note="My words", tags="law", **said)
    assert answer.status_code == 422
    page = parse(answer.text)
    assert len(page.all("input", name="sentence")) == 2
    assert page.one("textarea").text == "My words"
    assert page.one("input", name="tags")["value"] == "law"


def test_a_deleted_note_leaves_its_reader_at_its_paragraph(client: TestClient, text: str) -> None:
    id = saved(client, text, 9, 20, note="Mine")
    assert send(client, f"/annotations/{id}/delete").headers["Location"] == f"{text}?undo={id}#p0"
