"""Search as one types, and without script."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Copy, Opener
from tests.conftest import Server


def test_what_is_found_stands_there_while_one_types(copy: Copy, open_page: Opener) -> None:
    page = open_page(f"{copy.server.url}/search")
    expect(page.get_by_role("searchbox")).to_be_focused()
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.keyboard.type("amount excee", delay=10)
    expect(page.locator("#results mark").first).to_have_text("amount")
    expect(page.locator("#results .hits .of").first).to_have_attribute("href", re.compile(r"#p\d+$"))
    expect(page).to_have_url(re.compile(r"/search\?q=amount\+excee$"))
    expect(page.get_by_role("searchbox")).to_be_focused()
    assert len(requests) <= 3
    page.get_by_role("searchbox").fill("")
    expect(page.locator(".how")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/search$"))


def test_the_way_back_leads_to_what_was_found(copy: Copy, open_page: Opener) -> None:
    page = open_page(f"{copy.server.url}/search")
    page.keyboard.type("amount exceeds")
    page.locator(".hits .of[href*='#p']").first.click()
    expect(page).to_have_url(re.compile(r"/articles/.*#p\d+$"))
    page.go_back()
    expect(page.get_by_role("searchbox")).to_have_value("amount exceeds")
    expect(page.locator(".hits .of").first).to_be_visible()


def test_a_page_leads_to_search(copy: Copy, open_page: Opener) -> None:
    page = open_page(copy.url)
    page.get_by_role("link", name="Search", exact=True).click()
    expect(page).to_have_url(re.compile(r"/search$"))


def test_without_script_the_form_does_it(server: Server, open_page: Opener) -> None:
    page: Page = open_page(f"{server.url}/search", java_script_enabled=False)
    page.get_by_role("searchbox").fill("ukraine")
    page.get_by_role("button", name="Search").click()
    expect(page).to_have_url(re.compile(r"q=ukraine"))
    expect(page.locator(".hits")).not_to_have_count(0)
    page.get_by_role("link", name="All passages").click()
    expect(page.locator(".hits")).to_have_count(1)
    expect(page.get_by_role("searchbox")).to_have_value("ukraine")
