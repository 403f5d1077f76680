"""Pictures in the text: there at once, where the page has left room for them, and marked by their words."""

import pytest
from playwright.sync_api import expect

from app.storage.database import Database
from app.text.spans import Span
from tests.browser.conftest import Copy, Opener, drag
from tests.browser.states import with_pictures
from tests.browser.test_structure import SIDEWAYS, TEXT
from tests.conftest import Server

SIZES = """[...document.querySelectorAll("#text img")].map(
    (one) => [one.clientWidth, one.clientHeight, one.naturalWidth])"""
LOADED = """Promise.all([...document.querySelectorAll("#text img")].map(
    (one) => { one.loading = "eager"; return one.decode(); }))"""


@pytest.fixture
def hives(server: Server, library: Database) -> Copy:
    return with_pictures(server, library)


@pytest.mark.parametrize("width", [320, 390, 1440])
@pytest.mark.parametrize("script", [True, False])
def test_pictures_are_shown_no_wider_than_the_text_and_in_their_shape(
    hives: Copy, open_page: Opener, width: int, script: bool
) -> None:
    page = open_page(hives.url, width=width, java_script_enabled=script)
    page.evaluate(LOADED)
    assert page.evaluate(SIDEWAYS) == [False]
    for wide, high, natural in page.evaluate(SIZES):
        assert wide <= page.locator("#text .picture").first.bounding_box()["width"] + 1  # type: ignore[index]
        assert high > 0
        assert natural > 0
    wide, high, _ = page.evaluate(SIZES)[0]
    assert abs(wide / high - 16 / 9) < 0.02


def test_the_page_shows_the_text_and_nothing_else(hives: Copy, open_page: Opener) -> None:
    assert open_page(hives.url).evaluate(TEXT) == hives.text


def test_the_page_leaves_room_for_a_picture_before_it_comes(
    hives: Copy, open_page: Opener, complaints: list[str]
) -> None:
    last = "JSON.stringify([...document.querySelectorAll('#text .paragraph')].at(-1).getBoundingClientRect())"
    page = open_page(hives.url)
    page.evaluate(LOADED)
    there = page.evaluate(last)
    page.route("**/pictures/*", lambda route: route.abort())
    page.reload()
    assert page.evaluate("[...document.querySelectorAll('#text img')].every((one) => !one.naturalWidth)")
    assert page.evaluate(last) == there
    complaints.clear()


def test_a_click_on_a_picture_picks_what_describes_it(hives: Copy, open_page: Opener) -> None:
    page = open_page(hives.url)
    page.locator("#text img").nth(1).click()
    page.get_by_role("button", name="Highlight in green").click()
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    assert hives.annotations()[-1].exact == "A comb, nearly full"


@pytest.mark.parametrize(
    ("first", "last"), [("rows", "hill"), ("sky", "meadow"), ("them.\n\nTwo", "rows"), ("comb", "full")]
)
def test_words_of_pictures_and_captions_are_marked_as_others_are(
    hives: Copy, open_page: Opener, first: str, last: str
) -> None:
    start = hives.text.index(first)
    span = Span(start, hives.text.index(last, start) + len(last))
    page = open_page(hives.url)
    drag(page, span)
    page.get_by_role("button", name="Highlight in green").click()
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    assert hives.annotations()[-1].exact == span.of(hives.text)


def test_a_picture_and_its_caption_are_heard_as_a_figure_and_its_words_once(hives: Copy, open_page: Opener) -> None:
    page = open_page(hives.url)
    figure = page.get_by_role("figure")
    expect(figure).to_have_count(1)
    expect(figure).to_contain_text("Two rows of hives")
    expect(figure).to_contain_text("The meadow in May")
    expect(page.get_by_role("img")).to_have_count(0)


def test_on_paper_a_picture_fits_its_page(hives: Copy, open_page: Opener) -> None:
    page = open_page(hives.url, width=720)
    page.evaluate(LOADED)
    page.emulate_media(media="print")
    assert page.evaluate(SIDEWAYS) == [False]
    assert all(high > 20 for _, high, _ in page.evaluate(SIZES))
