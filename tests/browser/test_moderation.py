"""Moderation in a browser: hiding beside the text, and an article whose notes are closed."""

from playwright.sync_api import Page, expect

from app.storage import articles, moderation
from app.storage.database import Database
from app.storage.people.readers import Reader
from app.web.entrance.dependencies import COOKIE
from tests.browser.conftest import Copy, Opener, click
from tests.library import account


def test_the_owner_hides_a_note_and_undoes_it(copy: Copy, library: Database, open_page: Opener) -> None:
    copy.mark(copy.reader("Ada"), copy.text[:20], "A rude note")
    _, token = account(library, f"Olga {copy.slug}", "owner")
    cookie = {"name": COOKIE, "value": token, "domain": "127.0.0.1", "path": "/"}
    page = open_page(copy.url, storage_state={"cookies": [cookie], "origins": []})
    note = page.locator(".note")
    note.locator(".by").click()
    note.get_by_role("button", name="Hide").click()
    expect(page.get_by_role("status")).to_contain_text("Hidden from everybody but its author.")
    expect(note).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(note).to_have_count(1)


def test_where_notes_are_closed_one_can_still_copy_and_share(copy: Copy, library: Database, open_page: Opener) -> None:
    with library.transaction() as session:
        moderation.close(session, articles.get(session, copy.id), session.get_one(Reader, 1))
    page = open_page(copy.url)
    click(page, 5)
    assert acts(page) == ["One sentence less", "One sentence more", "Copy", "Share"]
    for key in ("h", "n", "2"):
        page.keyboard.press(key)
        expect(page.get_by_role("status")).to_contain_text("Notes are closed on this article.")
    expect(page.locator("compose-form")).to_have_count(0)
    page.keyboard.press("s")
    expect(page.get_by_role("status").get_by_role("textbox")).to_be_visible()
    assert copy.annotations() == []


def acts(page: Page) -> list[str]:
    buttons = page.get_by_role("toolbar").get_by_role("button")
    return [one.get_attribute("aria-label") or one.inner_text() for one in buttons.all()]
