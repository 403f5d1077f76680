"""Changing one's own notes where they stand: in place, with a way back, and nothing else touched."""

import pytest
from playwright.sync_api import Page, expect

from app.text.spans import Span
from tests.browser.conftest import NEW_NODES, Copy, Opener, click, drag, mark_nodes


@pytest.fixture
def page(copy: Copy, open_page: Opener) -> Page:
    """The article with one note of one's own, on the first sentence of the second paragraph."""
    page = open_page(copy.url)
    click(page, copy.paragraph(2).start + 5)
    page.get_by_role("toolbar").get_by_role("button", name="Note").click()
    page.keyboard.type("First words")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".note")).to_contain_text("First words")
    mark_nodes(page)
    return page


def test_a_deleted_note_comes_back_by_undo(page: Page, copy: Copy) -> None:
    page.locator(".note").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("status")).to_contain_text("Deleted.")
    expect(page.locator(".note")).to_have_count(0)
    expect(page.locator("mark")).to_have_count(0)
    expect(page.locator("#count")).to_have_text("0")
    page.get_by_role("status").get_by_role("button", name="Undo").click()
    expect(page.locator(".note")).to_contain_text("First words")
    expect(page.locator("mark")).to_have_count(1)
    expect(page.locator("#count")).to_have_text("1")
    assert copy.only().deleted_at is None
    assert page.evaluate("window.unbroken")


def test_what_was_just_saved_is_undone(page: Page, copy: Copy) -> None:
    page.get_by_role("status").get_by_role("button", name="Undo").click()
    expect(page.locator(".note")).to_have_count(0)
    assert copy.only().deleted_at is not None


def test_a_note_is_reworded_in_its_place(page: Page, copy: Copy) -> None:
    note = page.locator(".note").bounding_box()
    page.get_by_role("link", name="Edit").click()
    form = page.locator("form.compose")
    expect(page.locator(".note")).to_be_hidden()
    expect(form.get_by_label("Note, in Markdown")).to_have_value("First words")
    expect(form.get_by_label("Note, in Markdown")).to_be_focused()
    stands = form.bounding_box()
    assert note
    assert stands
    assert abs(stands["y"] - note["y"]) <= 16
    form.get_by_label("Note, in Markdown").fill("Second words")
    form.get_by_role("radio", name="blue").check()
    form.get_by_role("button", name="Save").click()
    expect(page.locator(".note.blue .words")).to_have_text("Second words")
    expect(page.locator("mark.blue")).to_have_count(1)
    expect(form).to_have_count(0)
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    assert (copy.only().note, copy.only().colour) == ("Second words", "blue")
    assert page.evaluate("window.unbroken")


def test_cancel_leaves_the_note_as_it_was(page: Page, copy: Copy) -> None:
    page.get_by_role("link", name="Edit").click()
    page.get_by_label("Note, in Markdown").fill("Never mind")
    page.get_by_role("link", name="Cancel").click()
    expect(page.locator("form.compose")).to_have_count(0)
    expect(page.locator(".note .words")).to_have_text("First words")
    expect(page.locator(".note")).to_be_visible()
    page.get_by_role("link", name="Edit").click()
    expect(page.get_by_label("Note, in Markdown")).to_have_value("First words")


def test_escape_leaves_the_note_and_keeps_the_draft(page: Page, copy: Copy) -> None:
    page.get_by_role("link", name="Edit").click()
    page.get_by_label("Note, in Markdown").fill("Half a thou")
    page.keyboard.press("Escape")
    expect(page.locator(".note .words")).to_have_text("First words")
    page.get_by_role("link", name="Edit").click()
    expect(page.get_by_label("Note, in Markdown")).to_have_value("Half a thou")


def test_only_the_rows_that_a_passage_touches_come_back(page: Page, copy: Copy) -> None:
    drag(page, Span(copy.paragraph(4).start + 20, copy.paragraph(5).start + 30))
    page.get_by_role("button", name="Highlight in pink").click()
    expect(page.locator("mark.pink")).to_have_count(4)
    touched = [f"p{copy.paragraph(4).start}", f"p{copy.paragraph(5).start}"]
    assert page.evaluate(NEW_NODES) == touched
    page.locator(".note.pink").get_by_role("button", name="Delete").click()
    expect(page.locator("mark.pink")).to_have_count(0)
    assert page.evaluate(NEW_NODES) == touched


def test_nobody_else_can_change_it(page: Page, copy: Copy, open_page: Opener) -> None:
    theirs = open_page(copy.url)
    expect(theirs.locator(".note")).to_contain_text("First words")
    expect(theirs.get_by_role("link", name="Edit")).to_have_count(0)
    expect(theirs.get_by_role("button", name="Delete")).to_have_count(0)


def test_a_note_for_oneself_is_for_oneself(page: Page, copy: Copy, open_page: Opener) -> None:
    page.get_by_role("link", name="Edit").click()
    page.get_by_label("Who may see it").select_option("Only me")
    page.locator("form.compose").get_by_role("button", name="Save").click()
    expect(page.locator(".note")).to_contain_text("only me")
    expect(page.locator(".note").get_by_role("button", name="Copy link")).to_have_count(0)
    expect(open_page(copy.url).locator("mark")).to_have_count(0)


def test_a_second_mark_is_laid_right_after_the_first(page: Page, copy: Copy) -> None:
    click(page, copy.paragraph(2).end - 5)
    page.get_by_role("button", name="Highlight in green").click()
    expect(page.locator(".note")).to_have_count(2)
    expect(page.locator("#tally")).to_have_text("1 note and 1 highlight by 1 reader")
    assert [one.colour for one in copy.annotations()] == ["yellow", "green"]
