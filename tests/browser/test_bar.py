"""What can be done with a picked passage: one bar, which keeps the focus, and on touch moves nothing."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from app.text.spans import Span
from tests.browser.conftest import POINT, Copy, Opener, click, drag, show

PICKED = "[...document.querySelectorAll('.sentence.picked')].map((one) => one.textContent).join(' ')"
PENDING = "[...CSS.highlights.get('pending')].map((range) => range.toString()).join('|')"
CLIPBOARD = ["clipboard-read", "clipboard-write"]


def act(page: Page, name: str) -> Locator:
    return page.get_by_role("toolbar").get_by_role("button", name=name, exact=True)


def saved(page: Page, copy: Copy) -> str:
    act(page, "Highlight in pink").click()
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    return copy.annotations()[-1].exact


@pytest.mark.parametrize(("width", "touch"), [(1440, False), (390, True)])
def test_all_that_can_be_done_is_in_one_bar(copy: Copy, open_page: Opener, width: int, touch: bool) -> None:
    page = open_page(copy.url, width=width, has_touch=touch, is_mobile=touch)
    click(page, 5)
    expect(page.get_by_role("toolbar").get_by_role("button")).to_have_text(
        ["", "", "", "", "Note", "−", "+", "Copy", "Share"]
    )
    boxes = [one.bounding_box() for one in page.get_by_role("toolbar").get_by_role("button").all()]
    least = 40 if touch else 24
    assert [box for box in boxes if not box or min(box["width"], box["height"]) < least] == []


def test_a_sentence_grows_over_paragraphs_and_shrinks_to_itself(copy: Copy, open_page: Opener) -> None:
    page = open_page(copy.url)
    second, third = copy.paragraph(2), copy.paragraph(3)
    click(page, copy.text.index("Slowing or stopping") + 3)
    expect(act(page, "One sentence less")).to_have_attribute("aria-disabled", "true")
    act(page, "One sentence more").click()
    whole = copy.text[copy.text.index("Slowing") : copy.text.index(" The total amount")]
    assert page.evaluate(PICKED) == whole.replace("\n\n", " ")
    expect(page.get_by_role("toolbar").locator(".length")).to_have_text("2 sentences")
    expect(act(page, "One sentence more")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate(PICKED).endswith("The total amount exceeds the total amount.")
    expect(act(page, "One sentence more")).to_be_focused()
    for _ in range(4):
        act(page, "One sentence less").press("Enter")
    assert page.evaluate(PICKED) == copy.text[copy.text.index("Slowing") : second.end]
    expect(act(page, "One sentence less")).to_be_focused()
    expect(act(page, "One sentence less")).to_have_attribute("aria-disabled", "true")
    act(page, "One sentence more").click()
    assert saved(page, copy) == copy.text[copy.text.index("Slowing") : third.start + len(whole.split("\n\n")[1])]


def test_a_drag_grows_to_the_end_of_its_sentence_and_then_by_sentences(copy: Copy, open_page: Opener) -> None:
    page = open_page(copy.url)
    second, third = copy.paragraph(2), copy.paragraph(3)
    start = second.start + 11
    drag(page, Span(start, start + 20))
    act(page, "One sentence more").click()
    assert page.evaluate(PENDING) == copy.text[start : copy.text.index(" Slowing")]
    act(page, "One sentence more").click()
    act(page, "One sentence more").click()
    beyond = copy.text[third.start : copy.text.index(" The total amount")]
    assert page.evaluate(PENDING) == f"{copy.text[start : second.end]}|{beyond}"
    act(page, "One sentence less").click()
    assert page.evaluate(PENDING) == copy.text[start : second.end]
    for _ in range(3):
        act(page, "One sentence less").press("Enter")
    assert saved(page, copy) == copy.text[start : copy.text.index(" Slowing")]


def test_the_last_sentence_does_not_grow(copy: Copy, open_page: Opener) -> None:
    page = open_page(copy.url)
    click(page, len(copy.text) - 3)
    expect(act(page, "One sentence more")).to_have_attribute("aria-disabled", "true")
    act(page, "One sentence more").press("Enter")
    assert copy.text.endswith(saved(page, copy))


def test_the_keys_resize_what_was_drawn_with_the_mouse(copy: Copy, open_page: Opener) -> None:
    page = open_page(copy.url)
    start = copy.paragraph(2).start + 11
    drag(page, Span(start, start + 20))
    expect(page.get_by_role("toolbar")).to_be_visible()
    page.keyboard.press("J")
    assert page.evaluate(PENDING) == copy.text[start : copy.text.index(" Slowing")]


def test_a_quote_is_copied_with_the_address_where_it_begins(copy: Copy, open_page: Opener) -> None:
    page = open_page(copy.url, permissions=CLIPBOARD)
    click(page, copy.text.index("Slowing or stopping") + 3)
    act(page, "One sentence more").click()
    act(page, "Copy").click()
    expect(page.get_by_role("status")).to_contain_text("The quote is copied")
    words, address = page.evaluate("navigator.clipboard.readText()").rsplit("\n", 1)
    assert words.startswith("“Slowing or stopping")
    assert address == f"{copy.url}#s{copy.text.index('Slowing')}"


# ── touch


@pytest.fixture(params=[390, 820, 1280])
def touched(copy: Copy, open_page: Opener, request: pytest.FixtureRequest) -> Page:
    """The article under a finger, with long notes that would open and push if they did."""
    for words in ("The total amount exceeds", "American weapons", "Donald Trump has made no secret"):
        copy.mark(copy.reader("Ada"), words, "A long note. " * 60)
    mobile = request.param < 1000
    return open_page(copy.url, width=request.param, height=800, has_touch=True, is_mobile=mobile)


# Whatever moves but the bar itself, which takes in another line for a link, and notes that open in the margin.
WATCH = """() => {
  window.moved = [];
  const own = (node) => (node?.closest ? node : node?.parentElement)?.closest(".passage-bar, .note");
  new PerformanceObserver((list) => {
    for (const { sources } of list.getEntries()) moved.push(...sources.filter(({ node }) => !own(node)).map(String));
  }).observe({ type: "layout-shift" });
}"""
STANDING = """() => [scrollX, scrollY, ...[...document.querySelectorAll(".paragraph [data-start]")]
  .map((one) => one.getBoundingClientRect().top)]"""
PAINTED = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))"


def tap(page: Page, offset: int) -> None:
    page.touchscreen.tap(*page.evaluate(POINT, [offset, "left"]))


def test_nothing_moves_when_the_bar_comes_and_goes(copy: Copy, touched: Page) -> None:
    offset = copy.text.index("The total amount") + 4
    show(touched, offset)
    touched.evaluate(WATCH)
    before: list[Any] = touched.evaluate(STANDING)
    bar = touched.get_by_role("toolbar")
    for _ in range(2):
        tap(touched, offset)
        expect(bar).to_be_visible()
        touched.evaluate(PAINTED)
        assert touched.evaluate(STANDING) == before
        box = bar.bounding_box()
        assert box
        assert 780 <= box["y"] + box["height"] <= 800
        bar.get_by_role("button", name="One sentence more").tap()
        touched.evaluate(PAINTED)
        assert touched.evaluate(STANDING) == before
        tap(touched, offset - 300)
        expect(touched.locator(".sentence.picked")).to_have_count(1)
        touched.keyboard.press("Escape")
        expect(bar).to_have_count(0)
        touched.evaluate(PAINTED)
        assert touched.evaluate(STANDING) == before
    assert touched.evaluate("moved") == []


def test_a_selection_of_the_systems_own_is_picked_and_left_as_it_is(copy: Copy, touched: Page) -> None:
    offset = copy.text.index("The total amount") + 4
    show(touched, offset)
    x, y = touched.evaluate(POINT, [offset, "left"])
    # What a long press does: the finger is taken over by the system, which selects a word and offers its menu.
    ours = touched.evaluate(
        """([x, y]) => {
          const under = document.elementFromPoint(x, y);
          const options = { bubbles: true, cancelable: true, pointerType: "touch", clientX: x, clientY: y };
          const said = ["pointerdown", "selectstart", "contextmenu", "pointercancel"].map((type) =>
            under.dispatchEvent(new (type.startsWith("pointer") ? PointerEvent : MouseEvent)(type, options)));
          const { startContainer: node, startOffset: at } = document.caretRangeFromPoint(x, y);
          getSelection().setBaseAndExtent(node, at, node, at + 5);
          return said;
        }""",
        [x, y],
    )
    assert ours == [True] * 4
    expect(touched.get_by_role("toolbar")).to_be_visible()
    assert touched.evaluate("getSelection().toString()") == copy.text[offset : offset + 5]
    touched.get_by_role("toolbar").get_by_role("button", name="Highlight in blue").tap()
    expect(touched.get_by_role("status")).to_contain_text("Saved.")
    assert copy.annotations()[-1].exact == copy.text[offset : offset + 5]


def test_the_bar_stands_beside_its_sentence_above_the_notes_on_it(copy: Copy, open_page: Opener) -> None:
    for name in ("Ada", "Grace"):
        copy.mark(copy.reader(name), copy.draft.sentences[0][0].of(copy.text), "A note. " * 30)
    page = open_page(copy.url)
    click(page, 5)
    bar, sentence = page.get_by_role("toolbar").bounding_box(), page.locator("#s0").bounding_box()
    assert bar
    assert sentence
    assert abs(bar["y"] - sentence["y"]) < 30
    for note in page.locator(".note").all():
        box = note.bounding_box()
        assert box
        assert box["y"] >= bar["y"] + bar["height"]
