"""Articles with very many notes: they open as others do, and a crowd comes when it is asked for."""

import gzip
from collections.abc import Callable
from urllib.request import Request, urlopen

from playwright.sync_api import BrowserContext, expect

from app.text.drafts import Draft, DraftParagraph
from app.text.spans import Span
from tests.browser.conftest import Copy, Opener, many, published

BLOCKS = "() => [...document.querySelectorAll('[data-start]')].map((one) => one.textContent).join('\\n\\n')"


def sentences(copy: Copy) -> list[Span]:
    return [span for found in copy.draft.sentences for span in found]


def over_the_wire(url: str) -> int:
    """How many bytes a page has, compressed."""
    with urlopen(Request(url, headers={"Accept-Encoding": "gzip"})) as answer:
        body: bytes = answer.read()
    assert gzip.decompress(body)
    return len(body)


def test_ten_thousand_notes_open_like_ten(copy: Copy, open_page: Opener) -> None:
    many(copy, 10, sentences(copy))
    ten = over_the_wire(copy.url)
    many(copy, 10_000, sentences(copy), 50)
    assert over_the_wire(copy.url) <= 3 * ten
    page = open_page(copy.url)
    expect(page.locator("#count")).to_have_text("10,010")
    nodes = """() => {
      const walker = document.createTreeWalker(document);
      let found = 1;
      while (walker.nextNode()) found += 1;
      return found;
    }"""
    assert page.evaluate(nodes) <= 12_000
    assert page.evaluate(BLOCKS) == copy.text


def test_a_crowd_comes_beside_its_sentence_when_it_is_asked_for(copy: Copy, open_page: Opener) -> None:
    many(copy, 310, [Span(0, 97)])
    page = open_page(copy.url)
    assert page.locator(".note").count() == 0
    page.get_by_role("link", name="310 notes", exact=True).click()
    expect(page.locator("#p0 .note")).to_have_count(20)
    assert page.locator("mark").first.get_attribute("data-annotations")
    page.get_by_role("link", name="290 more notes").click()
    expect(page.locator("#p0 .note")).to_have_count(40)
    assert page.evaluate(BLOCKS) == copy.text
    page.get_by_role("link", name="Fold").click()
    expect(page.locator("#p0 .note")).to_have_count(0)


def test_a_write_leaves_a_crowd_open(copy: Copy, open_page: Opener) -> None:
    many(copy, 310, [Span(0, 97)])
    page = open_page(copy.url)
    page.get_by_role("link", name="310 notes", exact=True).click()
    expect(page.locator("#p0 .note")).to_have_count(20)
    page.locator("#s0").click(position={"x": 5, "y": 5})
    page.get_by_role("button", name="Highlight in green").click()
    expect(page.locator("#p0 .note.mine")).to_have_count(1)
    expect(page.locator("#p0 .note")).to_have_count(21)


def test_a_crowd_comes_without_script_too(copy: Copy, open_page: Opener) -> None:
    many(copy, 310, [Span(0, 97)])
    page = open_page(copy.url, java_script_enabled=False)
    page.get_by_role("link", name="310 notes", exact=True).click()
    expect(page.locator("#p0 .note")).to_have_count(20)


def test_the_hand_finds_the_text_again_beside_a_crowd(copy: Copy, open_page: Opener) -> None:
    many(copy, 310, [Span(0, 97)])
    page = open_page(copy.url)
    page.keyboard.press("j")
    page.get_by_role("link", name="310 notes", exact=True).click()
    expect(page.locator("#p0 .note")).to_have_count(20)
    expect(page.locator("#s0")).to_have_attribute("tabindex", "0")
    page.keyboard.press("j")
    expect(page.locator(".sentence").nth(1)).to_be_focused()


# ── how long it takes, each against the same without notes

UNTIL = """(what) => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => {
  const [loaded] = performance.getEntriesByType("navigation");
  const painted = performance.getEntriesByName("first-contentful-paint")[0];
  resolve((what === "painted" ? painted.startTime : performance.now()) - loaded.responseStart);
})))"""


def ratio(new_context: Callable[..., BrowserContext], url: str, reference: str, what: str, rounds: int = 9) -> float:
    """How long a page takes against another: the shortest of several times, taken by turns."""
    took: dict[str, list[float]] = {url: [], reference: []}
    for one in (url, reference) * rounds:
        context = new_context(viewport={"width": 1440, "height": 1000})
        page = context.new_page()
        page.goto(one, wait_until="load")
        took[one].append(page.evaluate(UNTIL, what))
        context.close()
    return min(took[url]) / min(took[reference])


def test_a_thousand_highlights_are_there_as_soon_as_none(
    copy: Copy, new_context: Callable[..., BrowserContext]
) -> None:
    bare = published(copy.server, copy.library, Draft(copy.draft.title, copy.draft.paragraphs, language="en"))
    many(copy, 1000, sentences(copy), 50)
    found = ratio(new_context, copy.url, bare.url, "shown")
    print(f"1,000 notes against none: {found:.2f}")
    assert found <= 1.5


def test_a_long_text_with_many_notes_is_painted_as_soon_as_the_bare_text(
    copy: Copy, new_context: Callable[..., BrowserContext]
) -> None:
    paragraphs = tuple(DraftParagraph(copy.draft.paragraphs[one % 33].text) for one in range(2_000))
    bare, noted = (published(copy.server, copy.library, Draft(name, paragraphs, language="en")) for name in ("A", "B"))
    many(noted, 10_000, sentences(noted), 50)
    found = ratio(new_context, noted.url, bare.url, "painted", 5)
    print(f"2,000 paragraphs with 10,000 notes against none: {found:.2f}")
    assert found <= 1.3
