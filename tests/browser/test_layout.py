"""Nothing scrolls sideways, nothing lies over the text, and colours are what the tokens say."""

import re
from typing import get_args

import pytest
from playwright.sync_api import Page, expect

from app.text.notes import Colour
from tests.browser.conftest import POINT, Copy, Opener, click, refused, send, show
from tests.conftest import Server

WORDS = "The total amount exceeds the total amount."
LARGE = ":root { font-size: 200% }"
SPACED = "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }"


@pytest.fixture
def noted(copy: Copy) -> Copy:
    """An article with what is hard to fit beside it."""
    ada = copy.reader("A reader whose name is as long as names may be, and not one letter shorter, really")
    copy.mark(ada, "American weapons", "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamter" * 2)
    copy.mark(ada, WORDS, "|" + " column |" * 9 + "\n" + "|---" * 9 + "|\n\n```\n" + "code " * 40 + "\n```")
    copy.mark(ada, "weapons and", "https://example.org/" + "a-long-way/" * 30, "pink")
    return copy


def sideways(page: Page) -> int:
    """How many pixels the page is wider than its window."""
    root = "document.scrollingElement"
    return int(page.evaluate(f"{root}.scrollWidth - {root}.clientWidth"))


def style(page: Page, rules: str) -> None:
    """Add rules of the reader's own, as a browser's settings would."""
    page.evaluate(
        """(rules) => {
          const sheet = new CSSStyleSheet();
          sheet.replaceSync(rules);
          document.adoptedStyleSheets.push(sheet);
        }""",
        rules,
    )


@pytest.mark.parametrize(
    ("width", "rules"), [(320, ""), (320, SPACED), (320, LARGE), (640, ""), (1000, ""), (1280, LARGE)]
)
def test_1_4_10_nothing_scrolls_sideways(
    noted: Copy, open_page: Opener, complaints: list[str], width: int, rules: str
) -> None:
    page = open_page(noted.url, width=width)
    wide: dict[str, int] = {}

    def look(state: str) -> None:
        style(page, rules)
        wide[state] = sideways(page)

    look("reading")
    page.get_by_role("button", name="Keys", exact=True).click()
    look("keys")
    page.get_by_role("button", name="Close").click()
    page.get_by_text("Aa", exact=True).click()
    look("display")
    page.get_by_text("Aa", exact=True).click()
    click(page, noted.text.index("weapons") + 2)
    expect(page.get_by_role("toolbar")).to_be_visible()
    look("picked")
    page.get_by_role("toolbar").get_by_role("button", name="Note").click()
    page.keyboard.type("x" * 100)
    look("composing")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    look("saved")
    page.locator(".note.mine").get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("status").get_by_role("textbox")).to_be_visible()
    look("sharing")
    page.goto(f"{noted.url}/annotations/new?paragraph=31")
    look("marking")
    page.goto(f"{noted.server.url}/annotations/{noted.annotations()[-1].id}/edit")
    look("editing")
    send(page, f"/annotations/{noted.annotations()[0].id}/shares", {})
    look("a share")
    page.goto(f"{noted.server.url}/")
    look("the library")
    page.goto(f"{noted.server.url}/session/name")
    look("naming")
    page.goto(f"{noted.server.url}/articles/there-is-none")
    refused(page, complaints, 404)
    look("nothing there")
    passage = {"start": 0, "end": 6, "note": "long" * 3000}
    send(page, f"/articles/{noted.slug}/annotations", passage | {"exact": "On the"})
    refused(page, complaints, 422)
    look("too long")
    send(page, f"/articles/{noted.slug}/annotations", passage | {"exact": "Inthe!", "note": "x" * 300})
    refused(page, complaints, 409)
    look("changed")
    assert wide == dict.fromkeys(wide, 0)


@pytest.mark.parametrize("width", [320, 360, 640])
def test_what_is_docked_on_a_phone_can_be_reached(noted: Copy, open_page: Opener, width: int) -> None:
    page = open_page(noted.url, width=width, height=740, has_touch=True, is_mobile=True)
    offset = noted.text.index("weapons") + 2
    show(page, offset)
    page.touchscreen.tap(*page.evaluate(POINT, [offset, "left"]))
    bar = page.get_by_role("toolbar")
    bar.get_by_role("button", name="Share").click()
    expect(page.get_by_role("status").get_by_role("textbox")).to_be_visible()
    docked, said = bar.bounding_box(), page.get_by_role("status").bounding_box()
    assert docked
    assert said
    assert said["y"] >= 0
    assert said["y"] + said["height"] <= docked["y"]
    assert docked["x"] >= 0
    assert docked["x"] + docked["width"] <= width
    bar.get_by_role("button", name="Note").click()
    expect(page.get_by_label("Note, in Markdown")).to_be_focused()


PAPER = {False: "rgb(253, 252, 248)", True: "rgb(23, 25, 28)"}
INK = {False: "rgb(29, 28, 26)", True: "rgb(228, 226, 220)"}


@pytest.mark.parametrize("dark", [False, True])
def test_paper_and_ink_are_as_the_reader_likes_them(server: Server, open_page: Opener, dark: bool) -> None:
    page = open_page(server.article, dark=dark)
    expect(page.locator("html")).to_have_css("background-color", PAPER[dark])
    expect(page.locator("[data-start]").first).to_have_css("color", INK[dark])


def contrast(one: str, other: str) -> float:
    """How far two colours are from each other. WCAG 2.2, "contrast ratio"."""

    def luminance(colour: str) -> float:
        channels = [int(channel) / 255 for channel in re.findall(r"\d+", colour)[:3]]
        linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("colour", get_args(Colour))
def test_a_mark_can_be_read_and_seen_for_what_it_is(copy: Copy, open_page: Opener, colour: Colour, dark: bool) -> None:
    copy.mark(copy.reader("Ada"), WORDS, colour=colour)
    page = open_page(copy.url, dark=dark)
    looks = page.locator("mark").evaluate(
        """(mark) => {
          const { color, backgroundColor, textDecorationColor, textDecorationStyle } = getComputedStyle(mark);
          return [color, backgroundColor, textDecorationColor, textDecorationStyle];
        }"""
    )
    words, tint, line, pattern = looks
    assert contrast(words, tint) >= 4.5
    assert contrast(line, tint) >= 3
    assert contrast(line, PAPER[dark]) >= 3
    assert pattern == {"yellow": "solid", "green": "dotted", "blue": "dashed", "pink": "double"}[colour]
