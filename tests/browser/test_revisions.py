"""Revising in the browser, as somebody does it who reads and writes there."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from app.storage import articles, revisions
from app.storage.database import Database
from app.storage.people.readers import by_token
from app.text.drafts import JOINT, Draft, DraftParagraph
from app.text.spans import Span
from app.web.entrance.dependencies import COOKIE
from tests.browser.conftest import Copy, Opener, drag, published
from tests.conftest import Server
from tests.library import account

PARAGRAPHS = (
    "The ferry leaves at seven. It carries letters, bread and a few people who do not talk.",
    "On the other side there is a school. Its bell was cast in the year of the flood.",
    "A teacher writes the date on the board. Somebody has drawn a fish below it.",
    "In the evening the ferry comes back, and with it whoever has missed the morning.",
)
GONE = "A teacher writes the date on the board."
CHANGED = "It carries letters, bread and a few people who do not talk."

PLACE = JOINT.join(PARAGRAPHS).index(GONE)

As = Callable[..., Page]


@pytest.fixture
def ferry(server: Server, library: Database) -> Copy:
    """An article of four paragraphs."""
    return published(server, library, Draft("The ferry", tuple(map(DraftParagraph, PARAGRAPHS)), language="en"))


@pytest.fixture
def as_reader(library: Database, open_page: Opener) -> As:
    """Open a page as a reader with an account, of some role."""

    def as_reader(url: str, name: str, role: str = "reader", **options: object) -> Page:
        _, token = account(library, name, role)
        cookie = {"name": COOKIE, "value": token, "domain": "127.0.0.1", "path": "/"}
        return open_page(url, storage_state={"cookies": [cookie], "origins": []}, **options)

    return as_reader


def revised(copy: Copy) -> None:
    """Publish another revision: one sentence has gone, one has been changed."""
    text = [PARAGRAPHS[0].replace("a few people", "some people"), PARAGRAPHS[1], PARAGRAPHS[2].replace(GONE + " ", "")]
    draft = Draft("The ferry", tuple(map(DraftParagraph, [*text, PARAGRAPHS[3]])), language="en")
    with copy.library.transaction() as session:
        article = articles.get(session, copy.id)
        revisions.revise(session, article, draft, None, based_on=article.revision)


def test_an_article_is_edited_looked_over_and_published(ferry: Copy, as_reader: As) -> None:
    ferry.mark(ferry.reader("Ada"), GONE, "Which date?")
    page = as_reader(ferry.url, "Edie", "publisher")
    page.get_by_role("link", name="Edit the article").click()
    field = page.get_by_label("Text", exact=True)
    assert field.input_value() == "\n\n".join(PARAGRAPHS) + "\n"
    field.fill(field.input_value().replace(GONE + " ", "").replace("a school", "a small school"))
    page.get_by_role("button", name="See what changes").click()
    expect(page.locator(".outcome")).to_contain_text("loses its words")
    expect(page.locator("ins")).to_have_text(["small "])
    expect(page.locator("#main")).to_contain_text("Which date?")
    page.get_by_role("button", name="Go on editing").click()
    expect(page.get_by_label("Text", exact=True)).to_have_value(
        "\n\n".join(PARAGRAPHS).replace(GONE + " ", "").replace("a school", "a small school") + "\n"
    )
    page.get_by_role("button", name="See what changes").click()
    page.get_by_role("button", name="Publish this revision").click()
    expect(page).to_have_url(ferry.url)
    expect(page.locator("#text")).to_contain_text("a small school")
    expect(page.locator(".orphans")).to_contain_text(GONE)


def test_a_note_whose_words_changed_shows_what_they_were(ferry: Copy, open_page: Opener) -> None:
    id = ferry.mark(ferry.reader("Ada"), CHANGED, "Who are they?")
    revised(ferry)
    page = open_page(ferry.url)
    expect(page.locator(f"#a{id}")).to_contain_text("was: " + CHANGED)
    expect(page.locator(f"mark[data-annotations='{id}']").first).to_contain_text("It carries letters")


def test_what_has_lost_its_words_is_attached_again_by_a_mark(ferry: Copy, as_reader: As) -> None:
    page = as_reader(ferry.url, "Ada")
    drag(page, Span(PLACE, PLACE + len(GONE)))
    page.get_by_role("button", name="Note", exact=True).click()
    page.get_by_label("Note, in Markdown").fill("Which date?")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#status")).to_contain_text("Saved")
    id = ferry.only().id
    revised(ferry)
    page.goto(f"{ferry.server.url}/annotations/{id}")
    expect(page.locator(f".orphans #a{id}")).to_be_in_viewport()
    page.locator(".orphans").get_by_role("link", name="Attach again").click()
    expect(page.get_by_text("Mark the passage to which this note belongs")).to_be_in_viewport()
    page.locator("#text [data-start]").last.scroll_into_view_if_needed()
    expect(page.get_by_text("Mark the passage to which this note belongs")).to_be_in_viewport()
    start = int(page.locator("#text [data-start]").nth(2).get_attribute("data-start") or 0)
    drag(page, Span(start, start + len("Somebody has drawn a fish below it.")))
    page.get_by_role("button", name="Attach here").click()
    expect(page.locator(".orphans")).to_have_count(0)
    expect(page.locator(f"mark[data-annotations='{id}']")).to_have_text("Somebody has drawn a fish below it.")
    expect(page.locator(f".margin #a{id}")).to_contain_text("Which date?")


def test_what_has_lost_its_words_is_attached_again_without_script(
    ferry: Copy, library: Database, open_page: Opener
) -> None:
    id, token = ferry_note(ferry, library)
    revised(ferry)
    cookie = {"name": COOKIE, "value": token, "domain": "127.0.0.1", "path": "/"}
    page = open_page(ferry.url, storage_state={"cookies": [cookie], "origins": []}, java_script_enabled=False)
    page.locator(".orphans").get_by_role("link", name="Attach again").click()
    page.get_by_label("Or choose sentences of paragraph").fill("3")
    page.get_by_role("button", name="Show them").click()
    expect(page.get_by_text("Somebody has drawn a fish")).to_be_visible()
    page.get_by_role("button", name="Attach here").click()
    expect(page.locator(".orphans")).to_have_count(0)
    expect(page.locator(f"mark[data-annotations='{id}']")).to_have_text("Somebody has drawn a fish below it.")


def test_brackets_walk_on_to_what_has_lost_its_words_and_back(ferry: Copy, open_page: Opener) -> None:
    reader = ferry.reader("Ada")
    gone = ferry.mark(reader, GONE, "- Which date?\n- And who is she?")
    stands = ferry.mark(reader, CHANGED, "Who are they?")
    revised(ferry)
    page = open_page(ferry.url)
    walked = []
    for key in ("]", "]", "]", "["):
        page.keyboard.press(key)
        walked.append(page.evaluate("document.activeElement.id"))
    assert walked == [f"a{stands}", f"a{gone}", f"a{gone}", f"a{stands}"]


def ferry_note(ferry: Copy, library: Database) -> tuple[int, str]:
    """A note on what will be gone, and the token of its author."""
    _, token = account(library, "Grace")
    with library.transaction() as session:
        reader = by_token(session, token)
        assert reader
        session.expunge(reader)
    return ferry.mark(reader, GONE, "Which date?"), token


def test_a_revision_is_compared_read_and_undone(ferry: Copy, as_reader: As) -> None:
    id = ferry.mark(ferry.reader("Ada"), GONE, "Which date?")
    revised(ferry)
    page = as_reader(ferry.url, "Olga", "publisher")
    page.get_by_role("link", name="Revisions", exact=True).click()
    page.get_by_role("button", name="Compare the two").click()
    expect(page.locator("del")).to_contain_text([GONE])
    page.get_by_role("link", name="revision 1", exact=True).click()
    expect(page.locator(".earlier")).to_contain_text("This is revision 1 of 2")
    expect(page.locator(f".margin #a{id}")).to_be_visible()
    page.get_by_role("link", name="All revisions").click()
    page.get_by_role("link", name="Undo").click()
    expect(page.locator(".outcome")).to_contain_text("finds its words again")
    page.get_by_role("button", name="Undo it").click()
    expect(page.locator(f".margin #a{id}")).to_contain_text("Which date?")
    expect(page.locator("#text")).to_contain_text(GONE)
