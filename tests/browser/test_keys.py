"""Reading, marking and noting by keyboard alone, from a page that has just been opened."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Copy, Opener

FOCUSED = "document.activeElement.id"
PICKED = """() => {
  const all = [...document.querySelectorAll(".sentence")];
  return [...document.querySelectorAll(".sentence.picked")].map((one) => all.indexOf(one) + 1);
}"""


def press(page: Page, keys: str) -> int:
    """Press keys, said apart by spaces; gives how many a hand has had to press, each of a chord counted."""
    for key in keys.split():
        page.keyboard.press(key)
    return sum(len(key.split("+")) for key in keys.split())


def focused(page: Page) -> Locator:
    return page.locator("*:focus")


@pytest.mark.parametrize(
    ("keys", "sentences"),
    [
        ("j", [1]),
        ("j j j", [3]),
        ("j j k", [1]),
        ("j J J", [1, 2, 3]),
        ("j J J K", [1, 2]),
        ("j j j K", [2, 3]),
        ("k", [1]),
        ("} }", [3]),
        ("} } } {", [3]),
        ("g 2 3 Enter", [37]),
        ("g 2 3 Enter j", [38]),
        ("g 9 9 Enter", []),
        ("g 3 3 Enter } j j j j", [57]),
        ("j Escape", []),
    ],
)
def test_keys_go_from_sentence_to_sentence(copy: Copy, open_page: Opener, keys: str, sentences: list[int]) -> None:
    page = open_page(copy.url)
    press(page, keys)
    assert page.evaluate(PICKED) == sentences
    if sentences:
        expect(focused(page)).to_be_in_viewport()


def test_a_note_on_sentence_37_takes_at_most_eight_keys_beside_its_words(copy: Copy, open_page: Opener) -> None:
    page = open_page(copy.url)
    taken = press(page, "g 2 3 Enter n")
    page.keyboard.type("By hand.")
    taken += press(page, "Control+Enter")
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    expect(page.locator(f"#p{copy.paragraph(23).start} .note")).to_contain_text("By hand.")
    assert taken <= 8
    assert copy.only().exact == page.locator(".sentence").nth(36).inner_text()


@pytest.mark.parametrize(
    ("key", "colour"), [("1", "yellow"), ("2", "green"), ("3", "blue"), ("4", "pink"), ("h", "yellow")]
)
def test_a_key_highlights_in_its_colour(copy: Copy, open_page: Opener, key: str, colour: str) -> None:
    page = open_page(copy.url)
    press(page, f"j {key}")
    expect(page.locator(f"mark.{colour}")).to_have_count(1)
    assert (copy.only().colour, copy.only().exact) == (colour, page.locator(".sentence").first.inner_text())


def test_the_hand_stays_where_it_was_after_saving(copy: Copy, open_page: Opener) -> None:
    page = open_page(copy.url)
    press(page, "j j j n")
    page.keyboard.type("Here.")
    press(page, "Control+Enter")
    expect(page.locator(".note")).to_contain_text("Here.")
    expect(page.locator(".sentence").nth(2)).to_be_focused()
    press(page, "j")
    assert page.evaluate(PICKED) == [4]


def test_escape_leaves_the_composer_for_the_sentence(copy: Copy, open_page: Opener) -> None:
    page = open_page(copy.url)
    press(page, "j j n")
    expect(page.get_by_label("Note, in Markdown")).to_be_focused()
    press(page, "Escape")
    expect(page.locator("form.compose")).to_have_count(0)
    expect(page.locator(".sentence").nth(1)).to_be_focused()


def test_enter_goes_to_the_note_and_escape_back_to_the_passage(copy: Copy, open_page: Opener) -> None:
    note = copy.mark(copy.reader("Ada"), "The total amount exceeds the total amount.", "Really?")
    page = open_page(copy.url)
    press(page, "g 3 Enter j Enter")
    expect(page.locator(f"#a{note}")).to_be_focused()
    press(page, "Escape")
    expect(page.locator(".sentence", has_text="The total amount exceeds")).to_be_focused()


@pytest.mark.parametrize("field", ["textarea[name=note]", "select[name=visibility]", "[name=colour][value=yellow]"])
def test_no_key_acts_while_a_field_of_the_form_has_the_focus(copy: Copy, open_page: Opener, field: str) -> None:
    page = open_page(copy.url)
    press(page, "j j n")
    page.locator(f"form.compose {field}").focus()
    page.keyboard.type("jkJK{}ghn1234")
    expect(page.locator(f"form.compose {field}")).to_be_focused()
    expect(page.locator("form.compose")).to_have_count(1)
    assert page.evaluate(PICKED) == [2]
    assert copy.annotations() == []


def test_what_is_typed_into_a_note_is_nothing_but_words(copy: Copy, open_page: Opener) -> None:
    page = open_page(copy.url)
    press(page, "j n")
    page.keyboard.type("jkJK{}ghn1234")
    expect(page.get_by_label("Note, in Markdown")).to_have_value("jkJK{}ghn1234")


def test_no_key_acts_in_the_field_of_a_link(copy: Copy, open_page: Opener) -> None:
    copy.mark(copy.reader("Ada"), "The total amount exceeds the total amount.", "Really?")
    page = open_page(copy.url, permissions=["clipboard-read", "clipboard-write"])
    page.locator(".note").hover()
    page.locator(".note .by").click()
    page.locator(".note").get_by_role("button", name="Copy link").click()
    page.get_by_role("status").get_by_role("textbox").focus()
    page.keyboard.type("jh3n")
    assert page.evaluate(PICKED) == []
    assert len(copy.annotations()) == 1


def test_a_key_with_a_modifier_is_left_to_the_browser(copy: Copy, open_page: Opener) -> None:
    page = open_page(copy.url)
    press(page, "j Control+1 Alt+1 Control+h")
    assert page.evaluate(PICKED) == [1]
    assert copy.annotations() == []


def tab_stops(page: Page) -> list[str]:
    """What the Tab key comes to, by class or element, from the page's start on until it leaves."""
    stops: list[str] = []
    for _ in range(200):
        page.keyboard.press("Tab")
        stop = page.evaluate(
            """() => document.activeElement === document.body
                ? "" : document.activeElement.classList[0] || document.activeElement.localName"""
        )
        if not stop:
            return stops
        stops.append(stop)
    raise AssertionError("the Tab key never leaves the page")


def test_the_text_is_one_stop_for_the_tab_key(copy: Copy, open_page: Opener) -> None:
    for exact in ("American weapons", "Outside NATO.", "the company"):
        copy.mark(copy.reader("Ada"), exact, "A note")
    page = open_page(copy.url)
    stops = tab_stops(page)
    assert stops.count("sentence") == 1
    assert stops.count("handle") == stops.count("add") == 1
    assert stops.count("back") == 3


def test_one_sees_where_the_tab_key_has_come_to(copy: Copy, open_page: Opener) -> None:
    page = open_page(copy.url)
    while page.evaluate("document.activeElement.className") != "sentence":
        page.keyboard.press("Tab")
    shown = focused(page).evaluate("(one) => getComputedStyle(one).outlineStyle + getComputedStyle(one).boxShadow")
    assert shown != "nonenone"


def test_the_text_is_entered_again_where_it_was_left(copy: Copy, open_page: Opener) -> None:
    page = open_page(copy.url)
    press(page, "j j j j Tab Shift+Tab")
    expect(page.locator(".sentence").nth(3)).to_be_focused()


def test_what_has_just_been_marked_is_what_the_next_key_means(copy: Copy, open_page: Opener) -> None:
    page = open_page(copy.url)
    press(page, "j J h")
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    expect(page.locator(".note.mine")).to_have_count(1)
    press(page, "n")
    expect(page.locator("compose-form .quote")).to_have_text(copy.paragraph(1).of(copy.text))
    press(page, "Escape")
    expect(focused(page)).to_have_class("sentence")
    press(page, "Enter")
    expect(focused(page)).to_have_class(re.compile("note"))
