"""Lists, tables, footnotes, links and emphasis: they stand where they should, and are marked as plain words are."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from app.formats import markdown
from app.storage.database import Database
from app.text.spans import Span
from tests.browser.conftest import Copy, Opener, drag, published, until
from tests.browser.states import structured
from tests.conftest import Server

TEXT = """() => [...document.querySelectorAll("#text [data-start]")].map((one) => one.textContent).join("\\n\\n")"""
SIDEWAYS = """() => [document.documentElement.scrollWidth > innerWidth, ...[...document.querySelectorAll(
    "#text [data-start]:not(.table)")].filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.id)]"""


@pytest.fixture
def keeping(server: Server, library: Database) -> Copy:
    return structured(server, library)


def passage(copy: Copy, first: str, last: str) -> Span:
    start = copy.text.index(first)
    return Span(start, copy.text.index(last, start) + len(last))


def test_the_page_shows_the_text_and_nothing_else(keeping: Copy, open_page: Opener) -> None:
    assert open_page(keeping.url).evaluate(TEXT) == keeping.text


@pytest.mark.parametrize("width", [320, 768, 1440])
@pytest.mark.parametrize("script", [True, False])
def test_nothing_scrolls_sideways_but_a_table_in_its_own_box(
    keeping: Copy, open_page: Opener, width: int, script: bool
) -> None:
    page = open_page(keeping.url, width=width, java_script_enabled=script)
    assert page.evaluate(SIDEWAYS) == [False]
    table = page.get_by_role("group", name="Table")
    wider: bool = table.evaluate("(box) => box.scrollWidth > box.clientWidth")
    assert wider
    table.focus()
    page.keyboard.press("ArrowRight")
    until(page, "document.querySelector('#text .table').scrollLeft > 0")


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("hives", "wood, sa"),
        ("oo", "oo"),
        ("ood", "the o"),
        ("ook[", "often"),
        ("er\n\nA veil", "long o"),
        ("January", "Listens"),
        ("combs", "Takes the ho"),
        ("straw\n\nThe hive", "count(bee"),
    ],
)
@pytest.mark.parametrize("backwards", [False, True])
def test_a_drag_marks_what_it_covers(keeping: Copy, open_page: Opener, first: str, last: str, backwards: bool) -> None:
    page = open_page(keeping.url)
    wanted = passage(keeping, first, last)
    drag(page, wanted, backwards)
    page.get_by_role("button", name="Highlight in green").click()
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    made = keeping.annotations()[-1]
    assert made.exact == wanted.of(keeping.text)
    assert keeping.place(made) == wanted
    assert page.evaluate(TEXT) == keeping.text
    page.reload()
    assert page.evaluate(TEXT) == keeping.text


def test_a_link_within_leads_to_its_paragraph(keeping: Copy, open_page: Opener) -> None:
    page = open_page(keeping.url)
    page.get_by_role("link", name="the tools").click()
    assert page.url.endswith(f"#p{keeping.text.index('Tools')}")
    page.get_by_role("link", name="[1]").click()
    assert page.url.endswith(f"#p{keeping.text.index('By a monk')}")


def test_a_link_is_followed_while_a_passage_is_picked(keeping: Copy, open_page: Opener) -> None:
    page = open_page(keeping.url)
    drag(page, passage(keeping, "hives", "straw"))
    expect(page.get_by_role("toolbar")).to_be_visible()
    link = page.get_by_role("link", name="the tools")
    link.focus()
    page.keyboard.press("Enter")
    assert page.url.endswith(f"#p{keeping.text.index('Tools')}")
    page.goto(keeping.url)
    drag(page, passage(keeping, "hives", "straw"))
    expect(page.get_by_role("toolbar")).to_be_visible()
    link.click()
    assert page.url.endswith(f"#p{keeping.text.index('Tools')}")


def test_a_link_that_marks_cut_leads_where_it_did(keeping: Copy, open_page: Opener) -> None:
    keeping.mark(keeping.reader("Ada"), "od, says", "")
    page = open_page(keeping.url)
    pieces = page.locator('a[href="https://example.org/wood"]')
    assert pieces.all_text_contents() == ["wo", "od"]
    assert {one.get_attribute("rel") for one in pieces.all()} == {"nofollow noopener noreferrer"}


def test_a_list_is_one_to_those_who_hear_the_page(keeping: Copy, open_page: Opener) -> None:
    page = open_page(keeping.url)
    assert _outline(page, "list") == ["listitem", "listitem", "listitem"]
    assert page.locator('[role="list"] [role="list"] > [role="listitem"]').count() == 2
    second = page.get_by_role("listitem").nth(1)
    for words in ("A veil, and", "gloves of leather:", "long ones", "short ones"):
        expect(second).to_contain_text(words)
    expect(page.get_by_role("table").get_by_role("columnheader")).to_have_count(5)
    expect(page.get_by_role("table").get_by_role("row")).to_have_count(3)
    assert [one.text_content() for one in page.get_by_role("heading", level=2).all()][:1] == ["Tools"]


def _outline(page: Page, role: str) -> list[str]:
    wire = page.context.new_cdp_session(page)
    nodes: list[dict[str, Any]] = wire.send("Accessibility.getFullAXTree")["nodes"]
    by_id = {node["nodeId"]: node for node in nodes}
    (first, *_) = [node for node in nodes if node.get("role", {}).get("value") == role]
    return [by_id[id]["role"]["value"] for id in first["childIds"] if not by_id[id]["ignored"]]


def test_sentences_of_a_table_are_picked_by_key(keeping: Copy, open_page: Opener) -> None:
    page = open_page(keeping.url)
    number = next(n for n, one in enumerate(keeping.draft.paragraphs, 1) if one.kind == "table")
    page.locator("#text").focus()
    page.keyboard.type(f"g{number}")
    page.keyboard.press("Enter")
    page.keyboard.press("j")
    page.keyboard.press("h")
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    assert keeping.annotations()[-1].exact == "What the keeper does"


@pytest.mark.parametrize("width", [390, 1440])
def test_what_runs_from_right_to_left_is_mirrored(
    server: Server, library: Database, open_page: Opener, width: int
) -> None:
    said = "# مكتبة\n\n1. كتاب **قديم** هنا\n2. دفتر\n\n> قالت سلمى\n\n| شهر | عدد |\n|---|---|\n| مايو | ١٢ |\n"
    copy = published(server, library, markdown.read(said, language="ar"))
    page = open_page(copy.url, width=width)
    assert page.evaluate(SIDEWAYS) == [False]
    item = page.locator("#text [data-marker]").first
    sides = item.evaluate(
        """(one) => [getComputedStyle(one).marginRight, getComputedStyle(one).marginLeft,
                     getComputedStyle(one, "::before").left]"""
    )
    assert (float(sides[0][:-2]) > 0, sides[1]) == (True, "0px")
    drag(page, Span(copy.text.index("قديم"), copy.text.index("هنا") + 3))
    page.get_by_role("button", name="Highlight in green").click()
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    assert copy.annotations()[-1].exact == "قديم هنا"


def test_on_paper_all_of_it_is_there(keeping: Copy, open_page: Opener) -> None:
    page = open_page(keeping.url, width=720)
    page.emulate_media(media="print")
    assert page.evaluate(SIDEWAYS) == [False]
    assert page.evaluate("getComputedStyle(document.querySelector('#text .table')).overflowX") == "visible"


def test_an_article_without_structure_comes_without_the_style_for_it(copy: Copy, open_page: Opener) -> None:
    styles = "[...document.styleSheets].map((one) => one.href.split('/').at(-1).split('-')[0])"
    assert open_page(copy.url).evaluate(styles) == ["postil"]
