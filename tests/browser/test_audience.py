"""Who may see a note: chosen once, remembered for the next."""

from playwright.sync_api import expect

from tests.browser.conftest import Copy, Opener, click


def test_the_choice_is_remembered_at_once(copy: Copy, open_page: Opener) -> None:
    page = open_page(copy.url)
    chosen = page.get_by_label("Who may see it")
    for number, (offered, wanted) in enumerate((("everyone", "me"), ("me", "me"), ("me", "everyone"))):
        click(page, copy.paragraph(number + 1).start)
        page.keyboard.press("n")
        expect(chosen).to_have_value(offered)
        chosen.select_option(wanted)
        page.get_by_label("Note, in Markdown").fill(f"Note {number}")
        page.keyboard.press("Control+Enter")
        expect(page.get_by_role("status")).to_contain_text("Saved.")
        expect(page.locator("compose-form")).to_have_count(0)
    page.reload()
    click(page, copy.paragraph(5).start)
    page.keyboard.press("n")
    expect(chosen).to_have_value("everyone")
    assert [one.visibility for one in copy.annotations()] == ["me", "me", "everyone"]


def test_a_highlight_is_for_whom_the_last_note_was(copy: Copy, open_page: Opener) -> None:
    page = open_page(copy.url)
    click(page, 0)
    page.keyboard.press("n")
    page.get_by_label("Who may see it").select_option("me")
    page.get_by_label("Note, in Markdown").fill("Mine")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".note")).to_have_count(1)
    click(page, copy.paragraph(2).start)
    page.keyboard.press("h")
    expect(page.locator(".note")).to_have_count(2)
    assert [one.visibility for one in copy.annotations()] == ["me", "me"]
