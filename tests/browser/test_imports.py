"""Bringing texts in, in a browser: with script and without."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from app.storage.database import Database
from app.web.entrance.dependencies import COOKIE
from tests.browser.conftest import Copy, Opener
from tests.library import account


def publisher(copy: Copy, library: Database, open_page: Opener, **how: object) -> Page:
    """A page of somebody who may publish, at the ways to bring something in."""
    _, token = account(library, f"Petra {copy.slug}", "publisher")
    cookie = {"name": COOKIE, "value": token, "domain": "127.0.0.1", "path": "/"}
    return open_page(f"{copy.server.url}/articles/new", storage_state={"cookies": [cookie], "origins": []}, **how)


def bring(page: Page, label: str) -> None:
    page.locator("form", has=page.get_by_label(label)).locator("button").click()


def test_what_is_pasted_is_read_corrected_and_published(copy: Copy, library: Database, open_page: Opener) -> None:
    page = publisher(copy, library, open_page)
    page.get_by_label("A text, which may be").fill(f"# Bees of {copy.slug}\n\nThey *hum*. All day.")
    bring(page, "A text, which may be")
    expect(page.get_by_role("heading", name="Look at it before you publish")).to_be_visible()
    expect(page.locator(".preview em")).to_have_text("hum")
    page.get_by_label("Author").fill("Ann")
    page.get_by_label("First published on").fill("1926-11-22")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Bees of {copy.slug}")
    expect(page.get_by_text("22 Nov 1926")).to_be_visible()


def test_a_long_text_shows_how_far_it_is_and_can_be_stopped(
    copy: Copy, library: Database, open_page: Opener, tmp_path: Path
) -> None:
    page = publisher(copy, library, open_page)
    (tmp_path / "long.md").write_text(f"Bees of {copy.slug} *hum* and **hum**.\n\n" * 49_000, "utf-8")
    page.get_by_label(re.compile("^Plain text, Markdown")).set_input_files(tmp_path / "long.md")
    bring(page, "Plain text, Markdown")
    expect(page.locator("progress")).to_be_visible()
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("You have stopped this")).to_be_visible()
    page.get_by_role("button", name="Discard it").click()
    expect(page.get_by_role("heading", name="Add an article")).to_be_visible()


def test_without_script_a_file_is_brought_in_and_what_takes_a_while_comes_by_itself(
    copy: Copy, library: Database, open_page: Opener, tmp_path: Path
) -> None:
    page = publisher(copy, library, open_page, java_script_enabled=False)
    (tmp_path / "long.md").write_text(f"Bees of {copy.slug} *hum*.\n\n" * 9_000, "utf-8")
    page.get_by_label("Plain text, Markdown").set_input_files(tmp_path / "long.md")
    bring(page, "Plain text, Markdown")
    expect(page.get_by_role("heading", name="Look at it before you publish")).to_be_visible(timeout=60_000)
    page.get_by_label("Title").fill(f"Long {copy.slug}")
    page.get_by_role("button", name="Discard").click()
    expect(page.get_by_role("heading", name="Add an article")).to_be_visible()


def test_an_address_that_must_not_be_asked_for_says_so(copy: Copy, library: Database, open_page: Opener) -> None:
    page = publisher(copy, library, open_page)
    page.get_by_label("The address of a page").fill(f"{copy.server.url}/healthz")
    bring(page, "The address of a page")
    expect(page.get_by_text("Postil asks for pages only at the ports 80 and 443.")).to_be_visible()
    expect(page.get_by_role("button", name="Begin again")).to_be_visible()
