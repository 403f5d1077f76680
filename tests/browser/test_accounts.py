"""Accounts in a real browser: coming in without script, and what becomes of words that were being written."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Copy, Opener, click, refused, until
from tests.browser.test_composer import NOTE
from tests.conftest import Server, start_server
from tests.web.conftest import PASSWORD


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A library that anyone reads, and in which one writes with an account."""
    server = start_server(tmp_path_factory.mktemp("library"), POSTIL_ACCESS="read")
    yield server
    server.process.terminate()
    server.process.wait(20)


def fill(page: Page, name: str, button: str) -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name=button).click()


def test_one_comes_in_and_goes_without_script(copy: Copy, open_page: Opener) -> None:
    page = open_page(copy.url, width=390, java_script_enabled=False)
    page.get_by_role("link", name="Sign in").click()
    page.get_by_role("link", name="Make an account").click()
    fill(page, f"Ann {copy.slug}", "Make the account")
    expect(page).to_have_url(copy.url)
    page.get_by_role("link", name="Mark sentences of paragraph 3", exact=True).click()
    page.get_by_role("checkbox").nth(1).check()
    page.get_by_label("Note, in Markdown").fill("Mine")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".note")).to_contain_text("Mine")
    expect(page.get_by_role("link", name="Search")).to_be_hidden()
    page.locator("#me summary").click()
    expect(page.get_by_role("link", name="Search")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="You have signed out")).to_be_visible()
    fill(page, f"ANN {copy.slug}", "Sign in")
    page.goto(copy.url)
    expect(page.locator(".note .by")).to_contain_text("You")


def test_a_note_that_wants_an_account_is_still_there_when_one_has_come_in(
    copy: Copy, open_page: Opener, complaints: list[str]
) -> None:
    page = open_page(copy.url)
    click(page, copy.paragraph(3).start + 2)
    page.get_by_role("toolbar").get_by_role("button", name="Note").click()
    page.keyboard.type("Not to be lost")
    page.get_by_role("button", name="Save").click()
    refused(page, complaints, 403)
    said = page.locator(".compose .error")
    expect(said).to_contain_text("You need an account")
    said.get_by_role("link", name="Sign in").click()
    page.get_by_role("link", name="Make an account").click()
    fill(page, f"Bob {copy.slug}", "Make the account")
    expect(page).to_have_url(copy.url)
    page.locator(".add[data-draft]").click()
    expect(page.get_by_label("Note, in Markdown")).to_have_value("Not to be lost")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".note.mine")).to_contain_text("Not to be lost")
    assert copy.only().note == "Not to be lost"


def test_a_highlight_that_wants_an_account_says_so(copy: Copy, open_page: Opener, complaints: list[str]) -> None:
    page = open_page(copy.url)
    page.keyboard.press("j")
    page.keyboard.press("2")
    refused(page, complaints, 403)
    expect(page.get_by_role("status").get_by_role("link", name="Sign in")).to_be_visible()
    assert copy.annotations() == []


def test_words_that_were_refused_without_script_wait_for_one_who_signs_in_in_another_tab(
    copy: Copy, open_page: Opener, complaints: list[str]
) -> None:
    page = open_page(f"{copy.url}/annotations/new?paragraph=3", java_script_enabled=False)
    page.get_by_role("checkbox").first.check()
    page.get_by_label("Note, in Markdown").fill("Not to be lost")
    page.get_by_role("button", name="Save").click()
    refused(page, complaints, 403)
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in or make an account").click()
    opened.value.get_by_role("link", name="Make an account").click()
    fill(opened.value, f"Cleo {copy.slug}", "Make the account")
    expect(opened.value.locator("#me")).to_contain_text("Cleo")
    page.get_by_role("button", name="Send it again").click()
    expect(page.locator(".note")).to_contain_text("Not to be lost")


def test_who_signs_out_leaves_no_words_behind(copy: Copy, open_page: Opener) -> None:
    page = open_page(f"{copy.server.url}/account/new?next=/articles/{copy.slug}")
    fill(page, f"Dora {copy.slug}", "Make the account")
    click(page, copy.paragraph(3).start + 2)
    page.get_by_role("toolbar").get_by_role("button", name="Note").click()
    page.keyboard.type("Between me and me")
    page.keyboard.press("Escape")
    until(page, "Object.keys(localStorage).filter((key) => key.startsWith('postil:draft')).length", 1)
    page.locator("#me summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="You have signed out")).to_be_visible()
    until(page, "Object.keys(localStorage).filter((key) => key.startsWith('postil:')).length", 0)
    # A link to that page from elsewhere throws nothing away.
    page.evaluate("localStorage.setItem('postil:draft:x|y', '1 Mine')")
    page.goto(f"{copy.server.url}/session/new")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    until(page, "localStorage.getItem('postil:draft:x|y')", "1 Mine")


def test_the_next_who_signs_in_finds_nothing_of_what_another_has_not_sent(copy: Copy, open_page: Opener) -> None:
    def draft(page: Page, words: str) -> None:
        page.goto(copy.url)
        click(page, copy.paragraph(3).start + 2)
        page.get_by_role("toolbar").get_by_role("button", name="Note").click()
        expect(page.locator(NOTE)).to_have_value(words)

    def come(name: str, button: str) -> None:
        fill(page, f"{name} {copy.slug}", button)
        expect(page.locator("#me")).to_contain_text(name)

    page = open_page(f"{copy.server.url}/account/new")
    come("Fay", "Make the account")
    draft(page, "")
    page.locator(NOTE).fill("Between me and me")
    page.context.clear_cookies()  # as if the session had ended, here or from elsewhere
    draft(page, "")
    page.locator(NOTE).fill("Of nobody yet")
    page.goto(f"{copy.server.url}/account/new")
    come("Gus", "Make the account")
    draft(page, "Of nobody yet")
    page.locator(NOTE).fill("Of Gus")
    page.reload()
    draft(page, "Of Gus")
    page.context.clear_cookies()
    draft(page, "Of nobody yet")
    page.locator(NOTE).fill("")
    page.goto(f"{copy.server.url}/session/new")
    come("Fay", "Sign in")
    draft(page, "Between me and me")


def test_the_menu_opens_and_closes_by_keyboard(copy: Copy, open_page: Opener) -> None:
    page = open_page(f"{copy.server.url}/account/new?next=/articles/{copy.slug}")
    fill(page, f"Emil {copy.slug}", "Make the account")
    page.locator("#me summary").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Account")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Account")).to_be_hidden()
    expect(page.locator("#me summary")).to_be_focused()
