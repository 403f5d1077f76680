"""Where one has left off is offered at the next visit, and never gone to without being asked."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Copy, Opener, show, until

PLACE = "Object.keys(localStorage).filter((key) => key.startsWith('postil:place:')).map((key) => localStorage[key])[0]"
MOVED = """() => new Promise((resolve) => {
  const found = [];
  const observer = new PerformanceObserver((list) => found.push(...list.getEntries().map((one) => one.value)));
  observer.observe({ type: "layout-shift", buffered: true });
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => resolve(found))));
})"""


def read_to(page: Page, copy: Copy, number: int) -> None:
    """Scroll until a paragraph stands at the top of the window, and wait until that is kept."""
    id = f"p{copy.paragraph(number).start}"
    page.evaluate("(id) => scrollTo(0, document.getElementById(id).getBoundingClientRect().top + scrollY - 40)", id)
    until(page, PLACE, id)


@pytest.mark.parametrize("width", [1440, 390, 320])
def test_the_place_is_offered_and_gone_to_when_asked(copy: Copy, open_page: Opener, width: int) -> None:
    page = open_page(copy.url, width=width, height=700)
    read_to(page, copy, 17)
    page.goto(f"{copy.server.url}/")
    page.goto(copy.url)
    offer = page.get_by_text("You were at paragraph 17, 3 min left")
    expect(offer).to_be_in_viewport()
    assert page.evaluate("scrollY") == 0
    assert page.evaluate(MOVED) == []
    box, title = offer.bounding_box(), page.get_by_role("heading", level=1).bounding_box()
    assert box
    assert title
    assert box["y"] + box["height"] <= title["y"]
    page.get_by_role("link", name="Go there").click()
    expect(page.locator(f"#p{copy.paragraph(17).start}")).to_be_in_viewport()
    expect(offer).to_be_hidden()


def test_an_offer_that_is_dismissed_does_not_come_again(copy: Copy, open_page: Opener) -> None:
    page = open_page(copy.url, height=700)
    read_to(page, copy, 12)
    page.goto(f"{copy.server.url}/")
    page.goto(copy.url)
    page.get_by_role("button", name="Dismiss").click()
    expect(page.get_by_text("You were at paragraph")).to_be_hidden()
    page.goto(f"{copy.server.url}/")
    page.goto(copy.url)
    expect(page.get_by_text("Go there")).to_be_hidden()


def test_nothing_is_offered_at_a_first_visit_nor_where_the_address_leads_elsewhere(
    copy: Copy, open_page: Opener
) -> None:
    page = open_page(copy.url, height=700)
    expect(page.get_by_text("Go there")).to_be_hidden()
    read_to(page, copy, 12)
    page.goto(f"{copy.server.url}/")
    page.goto(f"{copy.url}#p{copy.paragraph(4).start}")
    expect(page.get_by_text("Go there")).to_be_hidden()


def test_who_has_read_to_the_end_begins_anew(copy: Copy, open_page: Opener) -> None:
    page = open_page(copy.url, height=700)
    read_to(page, copy, 12)
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    until(page, PLACE, None)
    page.goto(f"{copy.server.url}/")
    page.goto(copy.url)
    expect(page.get_by_text("Go there")).to_be_hidden()


@pytest.mark.parametrize(("width", "shown"), [(1440, True), (1100, False), (390, False)])
def test_what_is_left_is_said_where_it_covers_no_text(copy: Copy, open_page: Opener, width: int, shown: bool) -> None:
    page = open_page(copy.url, width=width, height=700)
    left = page.locator("reading-place").get_by_text("min left", exact=False).last
    expect(left).to_be_hidden()
    read_to(page, copy, 17)
    expect(left).to_have_text("3 min left")
    assert left.is_visible() is shown
    if shown:
        box: Any = left.bounding_box()
        row: Any = page.locator(f"#p{copy.paragraph(18).start} .handle").bounding_box()
        assert box["x"] + box["width"] <= row["x"]
    show(page, copy.paragraph(25).start)
    expect(left).to_have_text("2 min left")
