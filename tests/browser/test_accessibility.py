"""axe-core finds nothing to say on any page, light and dark, wide and on a phone."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Copy, Opener, click, refused, send
from tests.conftest import Server

# All that it looks for by itself (WCAG 2.0 to 2.2 A and AA, best practice), and what it keeps for those who ask.
OPTIONS = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
LOOKS = pytest.mark.parametrize(("width", "dark"), [(1440, False), (1440, True), (360, False), (360, True)])
WORDS = "The total amount exceeds the total amount."


def violations(page: Page) -> list[str]:
    results: dict[str, Any] = Axe().run(page, options=OPTIONS).response
    assert len(results["passes"]) > 10
    return [
        f"{rule['id']}: {node['html'][:150]} {node['failureSummary']}"
        for rule in results["violations"]
        for node in rule["nodes"]
    ]


@pytest.fixture
def noted(copy: Copy) -> Copy:
    """Notes in every colour, over one another too, with all that Markdown may bring."""
    ada, grace = copy.reader("Ada"), copy.reader("Grace")
    copy.mark(ada, "soldiers are using American weapons", "A **note** with a [link](https://example.org/).", "green")
    copy.mark(grace, "American weapons and ammunition", "", "blue")
    copy.mark(ada, "weapons and", "> quoted\n\n- a\n- b\n\n`code`", "pink")
    copy.mark(ada, WORDS, "| a | b |\n|---|---|\n| 1 | 2 |\n\n# Loud\n\n```\ncode\n```", "yellow")
    return copy


@LOOKS
def test_reading_and_writing(noted: Copy, open_page: Opener, width: int, dark: bool) -> None:
    page = open_page(noted.url, width=width, dark=dark)
    found = {"opened": violations(page)}
    page.get_by_role("button", name="Keys", exact=True).click()
    found["keys"] = violations(page)
    page.get_by_role("button", name="Close").click()
    page.get_by_text("Aa", exact=True).click()
    found["display"] = violations(page)
    page.get_by_text("Aa", exact=True).click()
    click(page, 20)
    expect(page.get_by_role("toolbar").get_by_role("link")).to_have_count(3)
    found["picked"] = violations(page)
    page.get_by_role("toolbar").get_by_role("button", name="Note").click()
    found["composing"] = violations(page)
    page.keyboard.type("Mine, *too*")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    found["saved"] = violations(page)
    page.get_by_role("link", name="Edit").click()
    found["editing"] = violations(page)
    page.get_by_role("link", name="Cancel").click()
    page.locator(".note.mine").get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("status").get_by_role("textbox")).to_be_visible()
    found["sharing"] = violations(page)
    page.get_by_role("link", name="Mark sentences of paragraph 3", exact=True).click()
    expect(page.get_by_role("checkbox")).to_have_count(2)
    found["marking"] = violations(page)
    page.locator(".note.mine").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("status")).to_contain_text("Deleted.")
    found["deleted"] = violations(page)
    assert found == {state: [] for state in found}


@LOOKS
def test_pages(noted: Copy, open_page: Opener, complaints: list[str], width: int, dark: bool) -> None:
    page = open_page(f"{noted.server.url}/", width=width, dark=dark)
    found = {"library": violations(page)}
    page.goto(f"{noted.url}/annotations/new?paragraph=4")
    found["marking"] = violations(page)
    page.get_by_role("checkbox").nth(0).check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".note.mine")).to_have_count(1)
    mine = noted.annotations()[-1].id
    page.goto(f"{noted.server.url}/annotations/{mine}/edit")
    found["editing"] = violations(page)
    page.goto(f"{noted.server.url}/session/name?next=/")
    found["naming"] = violations(page)
    assert found == {state: [] for state in found}


@LOOKS
def test_the_article_that_postil_ships_with(server: Server, open_page: Opener, width: int, dark: bool) -> None:
    assert violations(open_page(server.article, width=width, dark=dark)) == []


@LOOKS
def test_a_shared_passage(noted: Copy, open_page: Opener, width: int, dark: bool) -> None:
    page = open_page(noted.url, width=width, dark=dark)
    link = send(page, f"/annotations/{noted.annotations()[0].id}/shares", {})
    found = {"its owner": violations(page)}
    found["a visitor"] = violations(open_page(link, width=width, dark=dark))
    assert found == {state: [] for state in found}


@LOOKS
def test_what_cannot_be_done(noted: Copy, open_page: Opener, complaints: list[str], width: int, dark: bool) -> None:
    page = open_page(noted.url, width=width, dark=dark)
    found = {}

    def look(status: int) -> None:
        refused(page, complaints, status)
        expect(page.locator("main")).to_contain_text(str(status))
        found[status] = violations(page)

    page.goto(f"{noted.server.url}/articles/there-is-none")
    look(404)
    link = send(page, f"/annotations/{noted.annotations()[0].id}/shares", {})
    page.get_by_role("button", name="Withdraw").click()
    expect(page).to_have_url(noted.url)
    page.goto(link)
    look(410)
    passage = {"start": 0, "end": 6, "exact": "On the", "note": "Words"}
    send(page, f"/articles/{noted.slug}/annotations", passage | {"note": "long " * 3000})
    look(422)
    send(page, f"/articles/{noted.slug}/annotations", passage | {"exact": "In the"})
    look(409)
    send(page, "/session/name", {"name": ""})
    look(422)
    assert found == {status: [] for status in found}
