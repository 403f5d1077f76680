"""Nothing moves that one is not about: on a wide page nothing but notes, on a narrow one only what is below."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import POINT, Copy, Opener
from tests.browser.conftest import show as scroll_to

# What the browser says has moved (also right after a key or a click), by its row or its own name.
WATCH = """() => {
  window.moved = [];
  new PerformanceObserver((list) => {
    for (const { sources } of list.getEntries()) {
      for (const { node, previousRect, currentRect } of sources) {
        const element = node?.nodeType === Node.TEXT_NODE ? node.parentElement : node;
        if (!element?.isConnected || element.closest("#status")) continue;
        const row = element.closest(".paragraph");
        moved.push([row ? row.id : element.outerHTML.slice(0, 60), Math.round(currentRect.top - previousRect.top),
          Math.round(currentRect.left - previousRect.left)]);
      }
    }
  }).observe({ type: "layout-shift", buffered: true });
}"""
STILL = ".paragraph > [data-start], .bar, .bar > a, .bar nav a, .bar summary, .title, .title > *"
STANDING = """(still) => Object.fromEntries([
  ...[...document.querySelectorAll(still)].filter((one) => one.checkVisibility())
    .map((one) => {
      const { left, top } = one.getBoundingClientRect();
      return [one.dataset.start ?? `${one.localName} ${one.className}`, [left, top]];
    }),
  ["scroll", [scrollX, scrollY]],
])"""
PAINTED = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 50))))"
HERE = 12
"""The number of the paragraph that is marked; notes of others stand well above and below."""


def said(page: Page, words: str) -> None:
    expect(page.get_by_role("status")).to_contain_text(words)


def save(page: Page) -> None:
    page.keyboard.press("h")
    said(page, "Saved.")


def delete(page: Page) -> None:
    page.keyboard.press("x")
    said(page, "Deleted.")


def undo(page: Page) -> None:
    page.keyboard.press("z")
    said(page, "It is back.")


def recolour(page: Page) -> None:
    page.locator(".note.mine").get_by_role("link", name="Edit").click()
    page.get_by_role("radio", name="pink").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".note.mine.pink")).to_have_count(1)


def show(page: Page) -> None:
    page.keyboard.press("m")
    said(page, "sight")


def mine(page: Page) -> None:
    page.locator(".bar summary", has_text="Notes").click()
    page.get_by_role("group", name="Notes").get_by_text("Mine", exact=True).click()
    page.keyboard.press("Escape")


Deed = Callable[[Page], None]
ROUND: list[Deed] = [save, delete, undo, recolour]


@pytest.fixture
def noted(copy: Copy) -> Copy:
    ada = copy.reader("Ada")
    for number in (3, HERE, 22):
        span = copy.paragraph(number)
        copy.mark(ada, copy.text[span.end - 40 : span.end], "Well away from the rest.")
    return copy


def begun(noted: Copy, open_page: Opener, width: int) -> Page:
    page = open_page(noted.url, width=width, reduced_motion="reduce")
    page.evaluate(WATCH)
    page.evaluate(PAINTED)
    assert page.evaluate("moved") == []
    for key in ("g", *str(HERE), "Enter"):
        page.keyboard.press(key)
    page.evaluate(PAINTED)
    page.evaluate("moved.length = 0")
    return page


def after(page: Page, deed: Deed) -> tuple[dict[str, Any], dict[str, Any], list[list[Any]]]:
    """What stood where before a deed and stands after it, and what has moved meanwhile."""
    before: dict[str, Any] = page.evaluate(STANDING, STILL)
    deed(page)
    page.evaluate(PAINTED)
    moved: list[list[Any]] = page.evaluate("moved.splice(0)")
    return before, page.evaluate(STANDING, STILL), moved


def test_on_a_wide_page_nothing_moves_but_notes_in_the_row(noted: Copy, open_page: Opener) -> None:
    page = begun(noted, open_page, 1440)
    row = f"p{noted.paragraph(HERE).start}"
    for deed in ROUND:
        before, now, moved = after(page, deed)
        assert now == before, deed.__name__
        assert [one for one in moved if one[0] != row] == [], deed.__name__


def test_notes_go_and_come_beside_a_text_that_stands_still(noted: Copy, open_page: Opener) -> None:
    page = begun(noted, open_page, 1440)
    for deed in (show, show):
        before, now, moved = after(page, deed)
        assert now == before
        assert moved == []
    page.evaluate("scrollTo(0, 0)")
    before, now, moved = after(page, mine)
    assert now == before
    assert moved == []


@pytest.mark.parametrize("width", [360, 768])
def test_on_a_narrow_page_only_what_is_below_moves_and_as_far_as_the_row_has_grown(
    noted: Copy, open_page: Opener, width: int
) -> None:
    page = begun(noted, open_page, width)
    start = noted.paragraph(HERE).start
    for deed in ROUND:
        before, now, _ = after(page, deed)
        by = {now[key][1] - before[key][1] for key in before if key.isdigit() and int(key) > start}
        assert len(by) == 1, deed.__name__
        still = [key for key in before if not key.isdigit() or int(key) <= start]
        assert {key: now[key] for key in still} == {key: before[key] for key in still}, deed.__name__


def test_a_click_moves_no_text(noted: Copy, open_page: Opener) -> None:
    page = begun(noted, open_page, 1440)
    place = noted.paragraph(HERE).start + 5
    scroll_to(page, place)
    before, now, _ = after(page, lambda page: page.mouse.click(*page.evaluate(POINT, [place, "left"])))
    assert {key: value for key, value in now.items() if key.isdigit()} == {
        key: value for key, value in before.items() if key.isdigit()
    }
