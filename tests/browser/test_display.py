"""Aa: how pages look, chosen by the reader, kept by the server, in the first HTML."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Copy, Opener

PAPER = "getComputedStyle(document.documentElement).backgroundColor"


def test_a_theme_shows_at_once_and_stays(copy: Copy, open_page: Opener) -> None:
    page = open_page(copy.url)
    page.get_by_text("Aa", exact=True).click()
    with page.expect_response("**/session/display"):
        page.get_by_text("Sepia", exact=True).click()
    chosen = page.evaluate(PAPER)
    assert chosen == "rgb(245, 236, 217)"
    page.reload()
    assert page.evaluate(PAPER) == chosen


def test_it_is_chosen_without_script_too_and_stands_in_the_first_html(copy: Copy, open_page: Opener) -> None:
    page = open_page(copy.url, java_script_enabled=False)
    page.get_by_text("Aa", exact=True).click()
    page.get_by_text("Dark", exact=True).click()
    page.get_by_text("Huge", exact=True).click()
    page.get_by_role("button", name="Apply").click()
    expect(page).to_have_url(copy.url)
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator("html")).to_have_attribute("data-size", "huge")


def test_2_1_4_keys_can_be_switched_off(copy: Copy, open_page: Opener) -> None:
    page = open_page(copy.url)
    page.keyboard.press("d")
    page.get_by_role("group", name="Keys").get_by_text("Off", exact=True).click()
    page.keyboard.press("Escape")
    page.mouse.click(5, 500)
    page.keyboard.press("j")
    expect(page.locator(".sentence.picked")).to_have_count(0)


def test_notes_go_out_of_sight_and_come_back(copy: Copy, open_page: Opener) -> None:
    copy.mark(copy.reader("Ada"), "weapons pipeline", "By Ada.")
    page = open_page(copy.url)
    page.keyboard.press("m")
    expect(page.get_by_text("By Ada.")).to_be_hidden()
    page.keyboard.press("m")
    expect(page.get_by_text("By Ada.")).to_be_visible()


def test_a_list_of_keys_opens_at_a_question_mark(copy: Copy, open_page: Opener) -> None:
    page = open_page(copy.url)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()


def test_brackets_walk_the_notes(copy: Copy, open_page: Opener) -> None:
    reader = copy.reader("Ada")
    first, second = (copy.mark(reader, words, "Here.") for words in ("weapons pipeline", "end wars"))
    page = open_page(copy.url)
    walked = []
    for key in ("]", "]", "["):
        page.keyboard.press(key)
        walked.append(page.evaluate("document.activeElement.id"))
    assert walked == [f"a{first}", f"a{second}", f"a{first}"]


def test_x_deletes_ones_own_note_and_z_brings_it_back(copy: Copy, open_page: Opener) -> None:
    page = open_page(copy.url)
    page.keyboard.press("j")
    page.keyboard.press("h")
    expect(page.locator(".note.mine")).to_have_count(1)
    page.keyboard.press("x")
    expect(page.locator(".note.mine")).to_have_count(0)
    page.keyboard.press("z")
    expect(page.locator(".note.mine")).to_have_count(1)


def test_s_shares_the_passage(copy: Copy, open_page: Opener) -> None:
    page = open_page(copy.url, permissions=["clipboard-read", "clipboard-write"])
    page.keyboard.press("j")
    page.keyboard.press("s")
    expect(page.get_by_role("status").get_by_role("link", name="Open")).to_be_visible()


def test_c_copies_the_quote_with_its_address(copy: Copy, open_page: Opener) -> None:
    page = open_page(copy.url, permissions=["clipboard-read", "clipboard-write"])
    page.keyboard.press("j")
    page.keyboard.press("c")
    expect(page.get_by_role("status")).to_contain_text("copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == f"“{copy.text[:109]}”\n{copy.url}#s0"


def test_notes_that_are_out_of_sight_stay_so_folded_or_not(copy: Copy, open_page: Opener) -> None:
    for name in ("Ada", "Ben", "Cy", "Di"):
        copy.mark(copy.reader(name), "weapons pipeline", f"By {name}.")
    page = open_page(copy.url)
    page.keyboard.press("m")
    expect(page.get_by_role("status")).to_contain_text("out of sight")
    expect(page.locator(".note:visible")).to_have_count(0)


def test_what_is_marked_while_notes_are_out_of_sight_brings_them_back(copy: Copy, open_page: Opener) -> None:
    page = open_page(copy.url)
    for key in ("m", "j", "h"):
        page.keyboard.press(key)
    expect(page.locator(".note.mine")).to_be_visible()


@pytest.mark.parametrize("width", [320, 390, 1440])
def test_the_choices_stand_within_the_page(copy: Copy, open_page: Opener, width: int) -> None:
    page = open_page(copy.url, width=width)
    page.keyboard.press("j")
    page.keyboard.press("h")
    expect(page.locator(".note.mine")).to_have_count(1)
    page.get_by_text("Aa", exact=True).click()
    edges = "(form) => { const box = form.getBoundingClientRect(); return [box.left >= 0, box.right <= innerWidth]; }"
    assert page.locator("#display .panel").evaluate(edges) == [True, True]
