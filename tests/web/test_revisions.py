"""Revising in the browser: the editor, what it would change, the revisions, and what has lost its words."""

from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import Response
from sqlalchemy import event
from starlette.testclient import TestClient

from app.storage import articles
from app.storage.annotations import annotate
from app.storage.database import Database
from app.storage.people import readers
from app.text.drafts import DraftParagraph
from app.text.spans import Span
from tests.html import Element, parse
from tests.library import account, publish
from tests.pictures import illustrated, picture, pictured
from tests.web.conftest import PARAGRAPHS, browser, saved, seen, send, shared
from tests.web.roles import ROLES, SEEN, STATES, made

REVISED = "One two. Three four.\n\nNine ten.\n\nEight 😀 nine.\n"


@pytest.fixture
def editor(client: TestClient, database: Database) -> TestClient:
    """The browser of somebody who may publish."""
    return browser(client, account(database, "Edie", "publisher")[1])


def said(page: Element) -> dict[str, str]:
    """What the editor on a page would send."""
    form = next(one for one in page.all("form") if one.attributes.get("action", "").startswith("/articles/"))
    fields = {one["name"]: one.attributes.get("value", "") for one in form.all("input") if one.attributes.get("name")}
    return fields | {one["name"]: one.text for one in form.all("textarea") if one.attributes.get("name")}


def edited(client: TestClient, text: str, deed: str = "publish", /, **changed: Any) -> Response:
    """Change an article by way of its editor."""
    fields = said(seen(client, f"{text}/edit")) | {"deed": deed} | changed
    return send(client, text, **fields)


def published(client: TestClient, text: str, words: str = REVISED, /) -> None:
    answer = edited(client, text, text=words)
    assert answer.status_code == 303, answer.text


def words(page: Element) -> str:
    return " ".join(page.text.split())


# ── the editor


def test_a_plain_article_looks_plain_in_the_editor(editor: TestClient, text: str) -> None:
    page = seen(editor, f"{text}/edit")
    assert page.by_id("text").text.strip("\n") == "\n\n".join(PARAGRAPHS)
    assert said(page)["title"] == "A text"
    assert said(page)["based_on"] == "1"


def test_only_who_may_publish_edits(client: TestClient, editor: TestClient, database: Database, text: str) -> None:
    fields = said(seen(editor, f"{text}/edit"))
    for other in (client, browser(client), browser(client, account(database, "Rita")[1])):
        nothing = other.get("/articles/nowhere/edit").status_code
        assert nothing == other.get(f"{text}/edit").status_code == 404
        assert send(other, text, **fields, deed="publish").status_code == 404
        assert send(other, text, **fields, deed="preview").status_code == 404
        assert other.get(f"{text}/revisions/1/restore").status_code == 404
        assert send(other, f"{text}/revisions/1/restore", based_on=1).status_code == 404
    assert "REVISION" not in seen(client, text).text.upper()


def test_nothing_is_published_before_one_has_seen_what_changes(
    client: TestClient, editor: TestClient, text: str
) -> None:
    saved(client, text, 0, 8, note="First")
    saved(client, text, 22, 30, note="Second")
    answer = edited(editor, text, "preview", text=REVISED)
    page = parse(answer.text)
    assert answer.status_code == 200
    assert [part.text for part in page.all("del")] == ["Five six. Seven."]
    assert [part.text for part in page.all("ins")] == ["Nine ten."]
    assert "1stays" in "".join(words(page).split())
    assert "1losesitswords" in "".join(words(page).split())
    assert "Second" in page.text
    assert "Five six. Seven." in seen(client, text).text
    published = send(editor, text, **said(page), deed="publish")
    assert (published.status_code, published.headers["Location"]) == (303, text)
    assert "Nine ten." in seen(client, text).text


def test_one_goes_on_editing_with_what_one_has_typed(editor: TestClient, text: str) -> None:
    typed = 'One *two*.\n\n\n<b>&amp; "three"\n'
    page = parse(edited(editor, text, "preview", text=typed, title="Mine & “yours”").text)
    again = parse(send(editor, text, **said(page), deed="edit").text)
    assert said(again)["text"].replace("\r\n", "\n").strip("\n") == typed.strip("\n")
    assert said(again)["title"] == "Mine & “yours”"


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ({"text": " \n"}, "no text"),
        ({"title": ""}, "title"),
        ({"title": "x" * 301}, "300"),
        ({"language": "no language"}, "language"),
        ({"author": "a\x01b"}, "character"),
    ],
)
def test_what_cannot_be_published_is_given_back(
    editor: TestClient, text: str, wrong: dict[str, str], fault: str
) -> None:
    typed = {"text": "Words that I typed"} | wrong
    answer = edited(editor, text, "publish", **typed)
    page = parse(answer.text)
    assert answer.status_code == 422
    assert fault in page.one(role="alert").text
    assert said(page)["text"].strip() == typed["text"].strip()


def test_what_has_not_been_changed_is_no_revision(editor: TestClient, text: str) -> None:
    for deed in ("preview", "publish"):
        answer = edited(editor, text, deed)
        assert answer.status_code == 422
        assert "Nothing has been changed" in answer.text
    assert "has stood as it is" in seen(editor, f"{text}/revisions").text


def test_a_revision_that_came_between_keeps_both_texts(editor: TestClient, text: str) -> None:
    fields = said(seen(editor, f"{text}/edit")) | {"text": "One two.\n\nMy own words."}
    published(editor, text)
    for deed in ("preview", "publish"):
        answer = send(editor, text, **fields, deed=deed)
        page = parse(answer.text)
        assert answer.status_code == 409
        assert "Nine ten." in page.text
        assert said(page)["text"].strip() == "One two.\r\n\r\nMy own words.".replace("\r\n", "\n")
        assert said(page)["based_on"] == "2"
    assert "My own words" not in seen(editor, text).text
    assert send(editor, text, **said(page), deed="publish").status_code == 303
    assert "My own words." in seen(editor, text).text


def test_what_is_sent_twice_is_published_once(editor: TestClient, text: str) -> None:
    fields = said(seen(editor, f"{text}/edit")) | {"text": "One two.\r\n\r\nMy *own* words.", "deed": "publish"}
    for _ in range(2):
        answer = send(editor, text, **fields)
        assert (answer.status_code, answer.headers["Location"]) == (303, text)
    for _ in range(2):
        assert send(editor, f"{text}/revisions/1/restore", based_on=2, undo="true").status_code == 303
    assert len(seen(editor, f"{text}/revisions").one("ol").all("li")) == 3
    assert send(editor, f"{text}/revisions/2/restore", based_on=2).status_code == 409


def test_a_long_article_can_be_edited(editor: TestClient, database: Database) -> None:
    """Its form is sent in parts: in the other kind of form, letters that are not English take nine bytes each."""
    slug = publish(database, *(f"第{number}段。" + "海" * 1_000 for number in range(70)))
    page = seen(editor, f"/articles/{slug}/edit")
    fields = said(page) | {"text": page.by_id("text").text + "\n\n終わり。", "deed": "publish"}
    assert len(fields["text"].encode()) > 200_000
    parts = {name: (None, value.encode()) for name, value in fields.items()}
    answer = editor.post(f"/articles/{slug}", files=parts, follow_redirects=False)
    assert answer.status_code == 303, answer.text[:500]
    assert "終わり。" in seen(editor, f"/articles/{slug}").text


def test_title_and_source_are_revised_too(editor: TestClient, text: str) -> None:
    page = parse(edited(editor, text, "preview", title="Another", language="de").text)
    assert "Every word of the text stays as it is" in words(page)
    assert [part.text for part in page.all("ins")] == ["Another", "de"]
    assert send(editor, text, **said(page), deed="publish").status_code == 303
    assert seen(editor, text).one("h1").text == "Another"


def test_counts_are_of_what_one_may_see(client: TestClient, editor: TestClient, database: Database, text: str) -> None:
    """Numbers of what one may not see would say that it is there."""
    saved(client, text, 22, 30, note="A secret", visibility="me")
    page = parse(edited(editor, text, "preview", text=REVISED).text)
    assert "no notes here that you may see" in words(page)
    assert "A secret" not in page.text
    mine = saved(editor, text, 22, 30, note="My own", visibility="me")
    page = parse(edited(editor, text, "preview", text=REVISED).text)
    assert "1losesitswords" in "".join(words(page).split())
    assert mine


@pytest.fixture
def few_bound(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if a database took no more than a hundred bound variables: SQLite, as it is built by default, takes 32,766."""
    monkeypatch.setattr("app.storage.margins.AT_ONCE", 60)

    def count(_connection: Any, _cursor: Any, statement: str, bound: Any, _context: Any, executemany: bool) -> None:
        assert executemany or len(bound) <= 100, statement

    event.listen(app.state.database.engine, "before_cursor_execute", count)


@pytest.mark.usefixtures("few_bound")
def test_of_more_notes_than_a_statement_can_name_the_first_are_shown_and_all_are_counted(
    editor: TestClient, database: Database, text: str
) -> None:
    with database.transaction() as session:
        article = articles.by_slug(session, text.rpartition("/")[2])
        assert article
        reader, _ = readers.welcome(session, "Ada")
        for number in range(120):
            annotate(session, article, reader, Span(22 + number % 3, 30), note=f"Said {number:03}")
    page = parse(edited(editor, text, "preview", text=REVISED).text)
    assert "120losetheirwords" in "".join(words(page).split())
    assert len(page.one("ul", cls="in-order").all("li")) == 50
    assert "Said 000" in page.text
    assert "and 70 more" in words(page)
    published(editor, text)
    assert len(seen(editor, text).one("section", cls="orphans").all("li")) == 120


# ── the revisions that there are


def test_revisions_are_listed_with_who_made_them(client: TestClient, editor: TestClient, text: str) -> None:
    published(editor, text)
    page = seen(client, f"{text}/revisions")
    assert [link.text for link in page.all("a") if link.text.startswith("Revision ")] == ["Revision 2", "Revision 1"]
    assert "by Edie" in words(page)
    assert not page.all("a", href=f"{text}/edit")


def test_two_revisions_are_compared(client: TestClient, editor: TestClient, text: str) -> None:
    published(editor, text)
    page = seen(client, f"{text}/compare?from=1&to=2")
    assert [part.text for part in page.all("del")] == ["Five six. Seven."]
    assert [part.text for part in seen(client, f"{text}/compare?from=2&to=1").all("ins")] == ["Five six. Seven."]
    assert seen(client, f"{text}/compare").all("ins")
    assert client.get(f"{text}/compare?from=1&to=3").status_code == 404
    tag = client.get(f"{text}/compare?from=1&to=2").headers["ETag"]
    assert client.get(f"{text}/compare?from=1&to=2", headers={"If-None-Match": tag}).status_code == 304
    assert client.get(f"{text}/compare?from=2&to=1", headers={"If-None-Match": tag}).status_code == 200


def test_a_revision_is_brought_back_and_undone(client: TestClient, editor: TestClient, text: str) -> None:
    saved(client, text, 22, 30, note="About six")
    published(editor, text)
    page = seen(editor, f"{text}/revisions/1/restore")
    assert "1findsitswordsagain" in "".join(words(page).split())
    answer = send(editor, f"{text}/revisions/1/restore", based_on=2, undo="true")
    assert (answer.status_code, answer.headers["Location"]) == (303, text)
    page = seen(client, text)
    assert "Five six. Seven." in page.text
    assert "About six" in page.text
    assert "brings back revision 1" in words(seen(client, f"{text}/revisions"))
    assert send(editor, f"{text}/revisions/2/restore", based_on=3).status_code == 303
    assert "Nine ten." in seen(client, text).text
    assert send(editor, f"{text}/revisions/1/restore", based_on=3).status_code == 409
    assert send(editor, f"{text}/revisions/9/restore", based_on=4).status_code == 404
    assert editor.get(f"{text}/revisions/4/restore").status_code == 404


# ── a former revision, and what has lost its words


def test_a_former_revision_is_read_with_its_notes_and_nothing_else(
    client: TestClient, editor: TestClient, text: str
) -> None:
    saved(client, text, 22, 30, note="About six")
    published(editor, text)
    page = seen(client, f"{text}?revision=1")
    assert "This is revision 1 of 2" in words(page)
    assert "Five six. Seven." in page.text
    assert "About six" in page.one(cls="note").text
    assert not page.all("annotated-text")
    assert not [form for form in page.all("form") if "/annotations" in form.attributes.get("action", "")]
    assert client.get(f"{text}?revision=3").status_code == 404
    assert "This is revision" not in seen(client, f"{text}?revision=2").text


def test_a_page_of_one_revision_says_nothing_of_revisions(client: TestClient, editor: TestClient, text: str) -> None:
    saved(client, text, 22, 30, note="About six")
    assert "evision" not in client.get(text).text
    assert seen(editor, text).all("a", href=f"{text}/edit")


def test_what_has_lost_its_words_stands_at_the_end_with_them(client: TestClient, editor: TestClient, text: str) -> None:
    id = saved(client, text, 22, 30, note="About six")
    send(client, f"/annotations/{id}/replies", note="And more")
    published(editor, text)
    orphans = seen(client, text).one("section", cls="orphans")
    assert "Five six." in orphans.one("blockquote").text
    assert "About six" in orphans.text
    assert "And more" in orphans.text
    assert orphans.by_id(f"a{id}")
    led = client.get(f"/annotations/{id}", follow_redirects=False)
    assert led.headers["Location"].endswith(f"#a{id}")
    assert seen(client, led.headers["Location"]).by_id(f"a{id}").tag == "li"


def test_nobody_else_sees_what_they_may_not_among_what_lost_its_words(
    client: TestClient, editor: TestClient, text: str
) -> None:
    saved(client, text, 22, 30, note="For myself", visibility="me")
    published(editor, text)
    assert seen(client, text).all("section", cls="orphans")
    assert "orphans" not in editor.get(text).text


def test_a_former_revision_shows_at_its_end_what_had_lost_its_words_by_then(
    client: TestClient, editor: TestClient, text: str
) -> None:
    lost, replied = saved(client, text, 22, 30, note="About six"), saved(client, text, 32, 38, note="About seven")
    send(client, f"/annotations/{replied}/replies", note="And more")
    later = saved(client, text, 9, 20, note="About three")
    saved(client, text, 22, 30, note="For myself", visibility="me")
    published(editor, text)
    published(editor, text, "One two.\n\nEleven.\n\nFive six.\n")
    former = seen(client, f"{text}?revision=2")
    orphans = former.one("section", cls="orphans")
    assert "Five six." in orphans.one("li", id=f"a{lost}").one("blockquote").text
    assert "And more" in orphans.one("li", id=f"a{replied}").text
    assert "For myself" in orphans.text
    assert not former.one("article").all(id=f"a{lost}")
    assert former.one("article").all(id=f"a{later}")
    assert not orphans.all("form")
    assert not orphans.all(cls="acts")
    assert "For myself" not in seen(editor, f"{text}?revision=2").text
    assert [one["href"].partition("#")[0] for one in orphans.one("li", id=f"a{lost}").all("a")] == [
        f"?revision=1&note={lost}"
    ]
    assert not seen(client, f"{text}?revision=1").all("section", cls="orphans")


def test_all_notes_in_order_end_with_what_has_lost_its_words(client: TestClient, editor: TestClient, text: str) -> None:
    lost, stands = saved(client, text, 22, 30, note="About six", tags="odd"), saved(client, text, 40, 47, note="Nine")
    send(client, f"/annotations/{lost}/replies", note="And more")
    saved(client, text, 32, 38, note="For myself", visibility="me", colour="pink")
    published(editor, text)
    page = seen(client, f"{text}/annotations")
    assert "3 notes" in words(page.one("main"))
    assert [item.one("blockquote").one("a").text for item in page.all("li")] == ["Eight 😀", "Five six", "Seven."]
    assert [item.one("blockquote").one("a")["href"] for item in page.all("li")][:2] == [
        f"/annotations/{stands}",
        f"/annotations/{lost}",
    ]
    assert "And more" in page.all("li")[1].text
    assert page.one("h2").text == seen(client, text).one("section", cls="orphans").one("h2").text
    assert "For myself" not in editor.get(f"{text}/annotations").text
    chosen = seen(client, f"{text}/annotations?colour=pink")
    assert "Shown: 1" in words(chosen)
    assert [item.one("blockquote").text for item in chosen.all("li")] == ["Seven."]
    assert "odd" in page.one("select", name="tag").text
    assert not seen(client, f"{text}/annotations?colour=green").all("li")


def test_all_notes_in_order_go_on_from_the_text_to_what_has_lost_its_words(
    client: TestClient, editor: TestClient, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.web.margins.AT_A_TIME", 2)
    for start, end in ((0, 8), (22, 30), (32, 38), (40, 47), (9, 20)):
        saved(client, text, start, end, note="Said")
    published(editor, text)
    path, listed = f"{text}/annotations", list[list[str]]()
    while path:
        page = seen(client, path)
        listed.append([one.text for one in page.all("blockquote")])
        further = page.all("a", rel="next")
        path = f"{text}/annotations" + further[0]["href"] if further else ""
    assert listed == [["One two.", "Three four."], ["Eight 😀", "Five six"], ["Seven."]]


def test_a_note_whose_words_changed_says_what_they_were(client: TestClient, editor: TestClient, text: str) -> None:
    id = saved(client, text, 0, 20, note="About four")
    published(editor, text, "One two. Three and four.\n\nFive six. Seven.\n\nEight 😀 nine.\n")
    page = seen(client, text)
    assert "was: One two. Three four." in words(page.by_id(f"a{id}"))
    assert page.by_id(f"a{id}").tag == "div"


def test_its_author_attaches_it_again_by_a_mark(client: TestClient, editor: TestClient, text: str) -> None:
    id = saved(client, text, 22, 30, note="About six")
    published(editor, text)
    page = seen(client, f"{text}?attach={id}")
    form = next(
        one
        for one in page.all("form")
        if one.attributes.get("action") == f"/annotations/{id}/attach" and one.attributes.get("method") == "post"
    )
    assert {one["name"] for one in form.all("input")} == {"start", "end", "exact", "revision"}
    answer = send(client, f"/annotations/{id}/attach", start=22, end=31, exact="Nine ten.", revision=2)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{text}#a{id}")
    page = seen(client, text)
    assert page.by_id(f"a{id}").tag == "div"
    assert not page.all("section", cls="orphans")
    assert send(client, f"/annotations/{id}/attach", start=22, end=31, revision=2).status_code == 422
    assert client.get(f"/annotations/{id}/attach").status_code == 422


def test_links_to_it_are_about_what_it_is_attached_to(client: TestClient, editor: TestClient, text: str) -> None:
    id = saved(client, text, 22, 30, note="About six")
    link = shared(client, id).partition("#")[0]
    published(editor, text)
    send(client, f"/annotations/{id}/attach", start=22, end=31, exact="Nine ten.", revision=2)
    page = seen(browser(client), link)
    (title,) = (one["content"] for one in page.all("meta") if one.attributes.get("property") == "og:title")
    assert title == "Nine ten."
    assert "Nine ten." in seen(client, "/shares").text


def test_its_author_attaches_it_again_without_script(client: TestClient, editor: TestClient, text: str) -> None:
    id = saved(client, text, 22, 30, note="About six")
    published(editor, text)
    page = seen(client, f"/annotations/{id}/attach?paragraph=3")
    sentence = page.all("input", name="sentence")[0]["value"]
    nothing = send(client, f"/annotations/{id}/attach", paragraph=3, revision=2)
    assert nothing.status_code == 422
    assert "Choose a sentence" in parse(nothing.text).one(role="alert").text
    assert send(client, f"/annotations/{id}/attach", sentence=sentence, paragraph=3, revision=2).status_code == 303
    assert not seen(client, text).all("section", cls="orphans")


def test_nobody_else_attaches_it_but_the_owner(
    client: TestClient, editor: TestClient, database: Database, text: str
) -> None:
    id = saved(client, text, 22, 30, note="About six")
    secret = saved(client, text, 22, 30, note="Mine alone", visibility="me")
    published(editor, text)
    passage = {"start": 22, "end": 31, "revision": 2}
    keeper = browser(client, account(database, "Olive", "owner")[1])
    for other in (editor, browser(client), browser(client, account(database, "Rita")[1])):
        assert other.get(f"/annotations/{id}/attach").status_code == 404
        assert send(other, f"/annotations/{id}/attach", **passage).status_code == 404
        assert not [link for link in seen(other, text).all("a") if "attach" in link.attributes.get("href", "")]
    assert send(keeper, f"/annotations/{secret}/attach", **passage).status_code == 404
    quote = "".join(mark.text for mark in seen(keeper, text).one("section", cls="orphans").all("mark"))
    assert send(keeper, f"/annotations/{id}/attach", **passage).status_code == 303
    log = seen(keeper, "/moderation/log").one("ol", cls="list").text
    assert "attached to other words a note by" in log
    assert quote in log


def test_it_is_deleted_and_comes_back(client: TestClient, editor: TestClient, text: str) -> None:
    id = saved(client, text, 22, 30, note="About six")
    published(editor, text)
    answer = send(client, f"/annotations/{id}/delete")
    assert answer.status_code == 303
    page = seen(client, answer.headers["Location"].partition("#")[0])
    assert not page.all("section", cls="orphans")
    assert send(client, f"/annotations/{id}/restore").status_code == 303
    assert "About six" in seen(client, text).one("section", cls="orphans").text


# The clause itself is asked on both kinds of database by the matrix.
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("role", ROLES)
def test_what_has_lost_its_words_is_seen_by_whom_it_was_seen_before(
    client: TestClient, editor: TestClient, database: Database, role: str
) -> None:
    world = made(client, database)
    reader = world.clients[role]
    may_see = {state for state in STATES if (role, state) in SEEN}
    published(editor, world.text, "Nothing of all this.\n\nAnd no more.")
    page = seen(reader, world.text)
    assert {state for state in STATES if world.words[state] in page.text} == may_see
    assert {state for state in STATES if page.all(id=f"a{world.ids[state]}")} == may_see
    assert len(page.all("li", id=f"a{world.ids['everyone']}")) == 1
    before = seen(reader, f"{world.text}?revision=1")
    assert {state for state in STATES if world.words[state] in before.text} == may_see
    assert page.by_id("count").text == before.by_id("count").text == str(len(may_see))
    mine = [world.author.get(f"/annotations/{world.ids[state]}/attach").status_code for state in STATES]
    assert mine == [404 if state == "deleted" else 200 for state in STATES]
    for state in STATES:
        answer = reader.get(f"/annotations/{world.ids[state]}/attach").status_code
        assert answer == (200 if role == "owner" and state in may_see else 404)
    if role == "owner":
        outlook = seen(reader, f"{world.text}/revisions/1/restore")
        assert {state for state in STATES if world.words[state] in outlook.text} <= may_see
        become = "1findsitswordsagain" if len(may_see) == 1 else f"{len(may_see)}findtheirwordsagain"
        assert become in "".join(outlook.text.split())


def test_pictures_stay_where_they_are(editor: TestClient, database: Database) -> None:
    draft = illustrated(
        DraftParagraph("Hives stand in rows."), pictured("Two rows of hives.", "wide.png"), wide=picture()
    )
    with database.transaction() as session:
        text = f"/articles/{articles.publish(session, draft).slug}"
    shown = [one["src"] for one in seen(editor, text).all("img")]
    source = seen(editor, f"{text}/edit").by_id("text").text
    assert f"![Two rows of hives.]({shown[0]})" in source
    assert edited(editor, text).status_code == 422
    published(editor, text, source.replace("in rows.", "in long rows."))
    page = seen(editor, text)
    assert [one["src"] for one in page.all("img")] == shown
    assert "in long rows." in page.text


def test_it_is_said_which_pictures_will_not_be_there(editor: TestClient, database: Database) -> None:
    draft = illustrated(DraftParagraph("Hives stand in rows."), pictured("Two rows.", "wide.png"), wide=picture())
    with database.transaction() as session:
        text = f"/articles/{articles.publish(session, draft).slug}"
    source = seen(editor, f"{text}/edit").by_id("text").text
    assert "Pictures that stay away" not in edited(editor, text, "preview", text=source + "\nOne more.\n").text
    source += "\n![A bee](https://bees.example/bee.png)\n\n![A hive](/pictures/AAAAAAAAAAAAAAAAAAAAAA)\n"
    away = parse(edited(editor, text, "preview", text=source).text).one("section", **{"aria-labelledby": "missing"})
    assert [one.text for one in away.all("li")] == [
        "https://bees.example/bee.png",
        "/pictures/AAAAAAAAAAAAAAAAAAAAAA",
    ]
    assert "2 pictures of this text are not in the article" in words(away)
    published(editor, text, source)
    page = seen(editor, text)
    assert len(page.all("img")) == 1
    assert "A bee" in page.text
