"""What a first visit costs: bytes, requests, other hosts, and how much moves while the page comes in."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page

from app.storage import articles
from app.storage.annotations import annotate
from app.text.notes import Colour
from tests.browser.conftest import Copy

COLOURS: tuple[Colour, ...] = ("yellow", "green", "blue")

NOTE = "Here the translation has lost a verb; compare the *sentence before*, which has kept its own."


@pytest.fixture
def noted(copy: Copy) -> Copy:
    """The article with twenty notes, by four readers."""
    readers = [copy.reader(name) for name in ("Ada", "Grace", "Edsger", "Barbara")]
    for number in range(20):
        span = copy.paragraph(number + 1)
        copy.mark(readers[number % 4], copy.text[span.start : span.start + 60], NOTE)
    return copy


@dataclass
class Visit:
    """What went over the wire, by address."""

    bytes: dict[str, int] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)


def asks(seen: Visit, id: str, url: str) -> None:
    """Take down a request; the browser's own pictures, for a field of a form, come from the browser."""
    if not url.startswith("data:"):
        seen.asked[id] = url


@pytest.fixture
def visit(noted: Copy, new_context: Callable[..., BrowserContext]) -> Visit:
    return visited(noted, new_context)


def visited(copy: Copy, new_context: Callable[..., BrowserContext]) -> Visit:
    """Come for the first time, and wait until all is there."""
    page = new_context(viewport={"width": 1440, "height": 1000}).new_page()
    seen = Visit()
    wire = page.context.new_cdp_session(page)
    wire.on("Network.requestWillBeSent", lambda event: asks(seen, event["requestId"], event["request"]["url"]))
    wire.on(
        "Network.loadingFinished",
        lambda event: seen.bytes.update({seen.asked.get(event["requestId"], ""): int(event["encodedDataLength"])}),
    )
    wire.send("Network.enable")
    page.goto(copy.url)
    # The icon comes last, and a browser that has no window to show it in does not ask for it by itself.
    if not any(url.endswith(".svg") for url in seen.asked.values()):
        page.evaluate("fetch(document.querySelector('link[rel=icon]').href).then((icon) => icon.text())")
    for _ in range(100):
        if any(url.endswith(".svg") for url in seen.bytes):
            break
        page.wait_for_timeout(50)
    return seen


def test_a_first_visit_is_light(visit: Visit) -> None:
    assert sum(visit.bytes.values()) <= 48 * 1024, visit.bytes


def test_a_first_visit_asks_seldom(visit: Visit) -> None:
    assert any(url.endswith(".svg") for url in visit.bytes)
    assert len(visit.asked) <= 5


def test_a_first_visit_asks_nobody_else(noted: Copy, visit: Visit) -> None:
    assert {urlsplit(url).netloc for url in visit.asked.values()} == {urlsplit(noted.url).netloc}


@pytest.mark.parametrize("width", [1440, 800, 360])
def test_nothing_moves_while_the_page_comes_in(noted: Copy, open_page: Callable[..., Page], width: int) -> None:
    page = open_page(noted.url, width=width)
    moved: list[Any] = page.evaluate(
        """() => new Promise((resolve) => {
          const found = [];
          const observer = new PerformanceObserver((list) => found.push(...list.getEntries().map((one) => one.value)));
          observer.observe({ type: "layout-shift", buffered: true });
          requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => resolve(found))));
        })"""
    )
    assert moved == []


def test_a_first_visit_is_light_with_two_hundred_notes(copy: Copy, new_context: Callable[..., BrowserContext]) -> None:
    readers = [copy.reader(name) for name in ("Ada", "Grace", "Edsger", "Barbara")]
    sentences = [span for found in copy.draft.sentences for span in found]
    with copy.library.transaction() as session:
        article = articles.get(session, copy.id)
        for number in range(200):
            note = f"{NOTE} And so on, as in {number}."
            span = sentences[number % len(sentences)]
            annotate(session, article, readers[number % 4], span, note=note, colour=COLOURS[number % 3])
    found = visited(copy, new_context).bytes
    assert sum(found.values()) <= 56 * 1024, found
