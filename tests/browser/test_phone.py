"""On a phone: every note a line that opens, and the form to write with a sheet at the bottom of the screen."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import POINT, Copy, Opener, show, until

WORDS = "The total amount exceeds the total amount."
NOTE = "textarea[name=note]"
LONG = "First words of it. " + "And then many more. " * 20


@pytest.fixture
def phone(copy: Copy, open_page: Opener) -> Callable[..., Page]:
    def open_phone(**options: bool) -> Page:
        return open_page(copy.url, width=390, height=800, has_touch=True, is_mobile=True, **options)

    return open_phone


def tap(page: Page, offset: int) -> None:
    show(page, offset)
    page.touchscreen.tap(*page.evaluate(POINT, [offset, "left"]))


def compose(page: Page, offset: int) -> Locator:
    tap(page, offset)
    page.get_by_role("toolbar").get_by_role("button", name="Note").tap()
    sheet = page.get_by_role("dialog", name="Write a note")
    expect(sheet).to_be_visible()
    return sheet


def height(note: Locator) -> float:
    box = note.bounding_box()
    assert box
    return box["height"]


@pytest.mark.parametrize("script", [True, False])
def test_each_note_is_a_line_that_opens_at_a_tap(copy: Copy, phone: Callable[..., Page], script: bool) -> None:
    ids = [copy.mark(copy.reader("Ada"), exact, LONG) for exact in (WORDS, "The total", "American weapons")]
    page = phone(java_script_enabled=script)
    notes = [page.locator(f"#a{id}") for id in ids]
    assert [height(note) <= 40 for note in notes] == [True] * 3
    for note in notes:
        shown = note.evaluate("(one) => [...one.children].map((part) => part.getBoundingClientRect().width > 20)")
        assert shown[:2] == [True, True]  # whose it is, and how it begins
    notes[1].tap()
    assert height(notes[1]) > 100
    expect(notes[1].get_by_role("button", name="Copy link")).to_be_visible()
    assert [height(note) <= 40 for note in (notes[0], notes[2])] == [True] * 2
    page.goto(f"{copy.url}#a{ids[0]}")
    assert height(notes[0]) > 100


def test_a_note_opens_wherever_it_is_tapped(copy: Copy, phone: Callable[..., Page]) -> None:
    id = copy.mark(copy.reader("Ada"), WORDS, LONG)
    page = phone()
    for x in range(10, 330, 40):
        page.goto(f"{copy.url}?x={x}")
        page.locator(f"#a{id}").tap(position={"x": x, "y": 18})
        assert height(page.locator(f"#a{id}")) > 100, x
        assert page.url.endswith(f"?x={x}")


def test_ones_own_note_is_a_line_too_and_its_buttons_can_be_pressed(copy: Copy, phone: Callable[..., Page]) -> None:
    page = phone()
    compose(page, copy.text.index(WORDS) + 3)
    page.locator(NOTE).fill(LONG)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".note.mine")).to_have_count(1)
    page.reload()
    note = page.locator(".note.mine")
    assert height(note) <= 40
    note.tap()
    assert height(note) > 100
    note.get_by_role("button", name="Delete").tap()
    expect(page.get_by_role("status")).to_contain_text("Deleted.")


def test_the_form_is_a_sheet_with_the_quote_above_the_words(copy: Copy, phone: Callable[..., Page]) -> None:
    page = phone()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    sheet = compose(page, copy.text.index(WORDS) + 3)
    assert [url for url in asked if "/static/" not in url] == []
    expect(sheet.locator(".quote")).to_have_text(WORDS)
    expect(page.locator(NOTE)).to_be_focused()
    box = sheet.bounding_box()
    passage = page.locator(".sentence.picked").bounding_box()
    assert box
    assert passage
    assert (box["x"], box["width"], box["y"] + box["height"]) == (0, 390, 800)
    assert passage["y"] >= 0
    assert passage["y"] + passage["height"] <= box["y"]


def test_the_sheet_stands_above_the_keyboard(copy: Copy, phone: Callable[..., Page]) -> None:
    page = phone()
    sheet = compose(page, len(copy.text) - 5)
    # A keyboard takes its room from what is seen of the page, not from the page.
    page.evaluate(
        """() => {
          Object.defineProperty(visualViewport, "height", { value: innerHeight - 300 });
          visualViewport.dispatchEvent(new Event("resize"));
        }"""
    )
    box = sheet.bounding_box()
    passage = page.locator(".sentence.picked").bounding_box()
    assert box
    assert passage
    assert box["y"] + box["height"] == 500
    assert passage["y"] + passage["height"] <= box["y"] or passage["y"] <= 20


def test_after_saving_the_focus_is_at_the_passage(copy: Copy, phone: Callable[..., Page]) -> None:
    page = phone()
    compose(page, copy.text.index(WORDS) + 3)
    page.keyboard.type("From a phone.")
    page.get_by_role("button", name="Save").tap()
    expect(page.locator(".note.mine")).to_contain_text("From a phone.")
    expect(page.get_by_role("dialog", name="Write a note")).to_have_count(0)
    expect(page.locator(".sentence:focus")).to_have_text(WORDS)
    expect(page.locator(".sentence:focus")).to_be_in_viewport()
    assert copy.only().exact == WORDS


@pytest.mark.parametrize("way", ["Escape", "back", "beside"])
def test_a_sheet_that_is_closed_keeps_its_draft(copy: Copy, phone: Callable[..., Page], way: str) -> None:
    page = phone()
    offset = copy.text.index(WORDS) + 3
    sheet = compose(page, offset)
    page.keyboard.type("Half a thou")
    if way == "Escape":
        page.keyboard.press("Escape")
    elif way == "back":
        page.go_back()
    else:
        page.touchscreen.tap(200, 30)
    expect(sheet).to_have_count(0)
    expect(page).to_have_url(copy.url)
    expect(page.locator(".sentence:focus")).to_have_text(WORDS)
    compose(page, offset)
    expect(page.locator(NOTE)).to_have_value("Half a thou")


def test_cancel_throws_the_draft_of_a_sheet_away(copy: Copy, phone: Callable[..., Page]) -> None:
    page = phone()
    offset = copy.text.index(WORDS) + 3
    sheet = compose(page, offset)
    page.keyboard.type("Better not")
    page.get_by_role("link", name="Cancel").tap()
    expect(sheet).to_have_count(0)
    compose(page, offset)
    expect(page.locator(NOTE)).to_have_value("")


def test_a_sheet_leaves_no_step_behind_in_the_history(copy: Copy, phone: Callable[..., Page]) -> None:
    page = phone()
    page.goto(f"{copy.server.url}/")
    page.goto(copy.url)
    page.evaluate("history.replaceState('the article', '')")
    sheet = compose(page, copy.text.index(WORDS) + 3)
    page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)
    until(page, "history.state", "the article")
    page.go_back()
    expect(page).to_have_url(f"{copy.server.url}/")


def test_ones_own_note_is_edited_in_a_sheet(copy: Copy, phone: Callable[..., Page]) -> None:
    page = phone()
    compose(page, copy.text.index(WORDS) + 3)
    page.keyboard.type("First")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".note.mine")).to_contain_text("First")
    page.locator(".note.mine").tap()
    page.get_by_role("link", name="Edit").tap()
    sheet = page.get_by_role("dialog", name="Edit your note")
    expect(sheet.locator(".quote")).to_have_text(WORDS)
    expect(page.locator(NOTE)).to_have_value("First")
    page.locator(NOTE).fill("Second")
    sheet.get_by_role("button", name="Save").tap()
    expect(page.locator(".note.mine")).to_contain_text("Second")
    expect(sheet).to_have_count(0)
    assert copy.only().note == "Second"


def test_the_sentences_of_a_plus_are_chosen_in_a_sheet(copy: Copy, phone: Callable[..., Page]) -> None:
    page = phone()
    page.get_by_role("link", name="Mark sentences of paragraph 3", exact=True).tap()
    sheet = page.get_by_role("dialog", name="Write a note")
    sheet.get_by_role("checkbox").nth(1).check()
    sheet.locator(NOTE).fill("By its plus")
    sheet.get_by_role("button", name="Save").tap()
    expect(page.locator(".note.mine")).to_contain_text("By its plus")
    assert copy.only().exact == WORDS


def test_without_script_the_form_is_a_page(copy: Copy, phone: Callable[..., Page]) -> None:
    page = phone(java_script_enabled=False)
    page.get_by_role("link", name="Mark sentences of paragraph 3", exact=True).tap()
    page.get_by_role("checkbox").nth(1).check()
    page.locator(NOTE).fill("From a page")
    page.get_by_role("button", name="Save").tap()
    expect(page.locator(".note.mine")).to_contain_text("From a page")
