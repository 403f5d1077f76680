"""Copying a link and opening it elsewhere: over plain http, with a clipboard or without one."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from app.storage.annotations import Annotation, reword
from app.storage.people import groups
from app.storage.people.readers import Reader, open_session
from app.web.entrance.dependencies import COOKIE
from tests.browser.conftest import Copy, Opener, click
from tests.conftest import Server, start_server

CLIPBOARD = ["clipboard-read", "clipboard-write"]
WORDS = "The total amount exceeds the total amount."
NO_COPYING = """
Object.defineProperty(Navigator.prototype, "clipboard", { get: () => undefined });
document.execCommand = () => false;
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that answers by a name that is not the machine's own, too: there plain http is not to be trusted."""
    server = start_server(tmp_path_factory.mktemp("library"), POSTIL_HOSTS="plain.test")
    yield server
    server.process.terminate()
    server.process.wait(20)


def copy_link(page: Page, id: int) -> str:
    """Copy the link of a note; gives what stands in the field beside it."""
    page.locator(f"#a{id}").hover()
    page.locator(f"#a{id} .by").click()
    page.locator(f"#a{id}").get_by_role("button", name="Copy link").click()
    field = page.get_by_role("status").get_by_label("Anyone with this link can open it")
    expect(field).to_be_visible()
    return field.input_value()


@pytest.fixture
def noted(copy: Copy) -> int:
    return copy.mark(copy.reader("Ada"), WORDS, "Does it *really*?")


def test_a_link_comes_onto_the_clipboard(copy: Copy, noted: int, open_page: Opener) -> None:
    page = open_page(copy.url, permissions=CLIPBOARD)
    link = copy_link(page, noted)
    expect(page.get_by_role("status").get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == link


def test_a_link_is_copied_over_plain_http_too(copy: Copy, noted: int, open_page: Opener) -> None:
    page = open_page(copy.url.replace("127.0.0.1", "plain.test"))
    assert page.evaluate("navigator.clipboard === undefined")
    link = copy_link(page, noted)
    expect(page.get_by_role("status").get_by_role("button", name="Copied")).to_be_visible()
    where_it_may_be_read = open_page(copy.url, permissions=CLIPBOARD)
    assert where_it_may_be_read.evaluate("navigator.clipboard.readText()") == link


def test_a_browser_that_copies_nothing_still_shows_the_link_selected(copy: Copy, noted: int, open_page: Opener) -> None:
    page = open_page("about:blank")
    page.add_init_script(NO_COPYING)
    page.goto(copy.url)
    link = copy_link(page, noted)
    expect(page.get_by_role("status").get_by_role("button", name="Copy", exact=True)).to_be_visible()
    assert page.evaluate("getSelection().toString()") == link


@pytest.mark.parametrize("width", [1440, 360])
def test_the_copied_link_opens_at_the_passage_with_its_note(
    copy: Copy, noted: int, open_page: Opener, width: int
) -> None:
    link = copy_link(open_page(copy.url, permissions=CLIPBOARD), noted)
    theirs = open_page(link, width=width, height=720)
    card = theirs.get_by_label("A shared passage")
    expect(card).to_contain_text(WORDS)
    expect(card.locator("em")).to_have_text("really")
    expect(card).to_contain_text("Note by Ada")
    passage = theirs.locator("mark.pointed")
    expect(passage).to_have_text(WORDS)
    expect(passage).to_be_in_viewport()
    assert passage.evaluate("(one) => getComputedStyle(one).boxShadow") != "none"
    expect(theirs.locator(f"#a{noted} .words")).to_be_in_viewport()
    theirs.get_by_role("link", name="Go to passage").click()
    expect(passage).to_be_in_viewport()


def test_a_bare_passage_is_shared_as_it_was_picked(copy: Copy, open_page: Opener) -> None:
    page = open_page(copy.url, permissions=CLIPBOARD)
    click(page, copy.text.index(WORDS) + 5)
    page.get_by_role("toolbar").get_by_role("button", name="Share").click()
    link = page.get_by_role("status").get_by_label("Anyone with this link can open it").input_value()
    theirs = open_page(link)
    expect(theirs.locator("mark.pointed")).to_have_text(WORDS)
    expect(theirs.locator("mark.pointed")).to_be_in_viewport()
    assert copy.annotations() == []


def test_the_link_into_the_article_outlines_the_passage(copy: Copy, noted: int, open_page: Opener) -> None:
    page = open_page(f"{copy.server.url}/annotations/{noted}")
    expect(page).to_have_url(f"{copy.url}?note={noted}#a{noted}")
    expect(page.locator("mark", has_text=WORDS)).to_be_in_viewport()
    assert page.locator("mark", has_text=WORDS).evaluate("(one) => getComputedStyle(one).outlineStyle") != "none"
    expect(page.locator(f"#a{noted}")).to_be_in_viewport()


def test_a_withdrawn_link_says_so_where_it_was_copied(copy: Copy, noted: int, open_page: Opener) -> None:
    page = open_page(copy.url, permissions=CLIPBOARD)
    link = copy_link(page, noted)
    page.get_by_role("status").get_by_role("button", name="Withdraw").click()
    expect(page.get_by_role("status")).to_contain_text("The link has been withdrawn")
    answer = page.context.request.get(re.sub("#.*", "", link))
    assert answer.status == 410
    assert WORDS not in answer.text()


def test_withdrawn_on_its_own_page_a_link_leaves_for_the_article(copy: Copy, noted: int, open_page: Opener) -> None:
    page = open_page(copy.url, permissions=CLIPBOARD)
    page.goto(copy_link(page, noted))
    page.get_by_role("button", name="Withdraw").click()
    expect(page).to_have_url(copy.url)


# ── choosing what is seen


def test_what_will_be_seen_changes_with_the_choice(copy: Copy, open_page: Opener) -> None:
    page = open_page(copy.url, permissions=CLIPBOARD)
    click(page, copy.text.index(WORDS) + 5)
    page.get_by_role("toolbar").get_by_role("button", name="Share").click()
    page.get_by_role("link", name="What will be seen · change").click()
    rows = page.locator("#preview .paragraph")
    expect(rows).to_have_count(3)
    page.get_by_role("radio", name="The whole article").check()
    expect(rows).to_have_count(len(copy.draft.paragraphs))
    page.get_by_label("For how long").select_option("A week")
    page.get_by_role("button", name="Make the link").click()
    expect(page.get_by_label("A shared passage")).to_contain_text("It ends")
    expect(page.locator(".paragraph")).to_have_count(len(copy.draft.paragraphs))
    page.get_by_role("link", name="All your links").click()
    expect(page.get_by_role("button", name="Withdraw")).to_have_count(2)


def test_without_script_one_looks_chooses_and_shares(copy: Copy, noted: int, open_page: Opener) -> None:
    page = open_page(f"{copy.server.url}/annotations/{noted}/shares/new", java_script_enabled=False, width=360)
    page.get_by_label("The whole article").check()
    page.get_by_role("button", name="Show what will be seen").click()
    expect(page.get_by_label("The whole article")).to_be_checked()
    expect(page.locator(".paragraph")).to_have_count(len(copy.draft.paragraphs))
    page.get_by_role("button", name="Make the link").click()
    link = page.url
    page.goto(f"{copy.server.url}/shares")
    expect(page.get_by_role("link", name=WORDS)).to_have_attribute("href", link.removeprefix(copy.server.url))
    theirs = open_page(link, java_script_enabled=False, width=360)
    expect(theirs.locator("mark.pointed")).to_have_text(WORDS)
    expect(theirs.locator(f"#a{noted}")).to_contain_text("really")
    page.get_by_role("button", name="Withdraw").click()
    expect(page).to_have_url(f"{copy.server.url}/shares")
    assert theirs.request.get(link).status == 410


def test_a_note_for_a_group_is_shared_by_a_choice(copy: Copy, open_page: Opener) -> None:
    ada = copy.reader("Ada")
    with copy.library.transaction() as session:
        found = session.get_one(Reader, ada.id)
        group = groups.make(session, found, "Circle").id
        token = open_session(session, found)
    noted = copy.mark(ada, WORDS, "For the circle.")
    with copy.library.transaction() as session:
        reword(session, session.get_one(Annotation, noted), visibility=f"group:{group}")
    cookie = {"name": COOKIE, "value": token, "domain": "127.0.0.1", "path": "/"}
    page = open_page(copy.url, storage_state={"cookies": [cookie], "origins": []})
    page.locator(f"#a{noted} .by").click()
    page.locator(f"#a{noted}").get_by_role("button", name="Copy link").click()
    expect(page).to_have_url(f"{copy.server.url}/annotations/{noted}/shares/new")
    expect(page.get_by_role("radio")).to_have_count(2)
    expect(page.locator("#preview")).to_contain_text("For the circle.")
