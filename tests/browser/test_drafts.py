"""No word is lost: by a reload, a second tab, a server that is away, a cookie that is gone, a browser that is full."""

import pytest
from playwright.sync_api import Dialog, Error, Locator, Page, expect

from tests.browser.conftest import Copy, Opener, click, refused, send, until
from tests.browser.test_composer import KEPT, NOTE, compose, save, unheard

OFFSET = 5
FULL = """() => {
  let words = "x".repeat(1 << 20);
  for (let at = 0; words; at += 1) {
    try { localStorage.setItem(`full ${at}`, words); } catch { words = words.slice(words.length >> 1 || 1); }
  }
}"""
OFF = """for (const name of ["localStorage", "sessionStorage"]) {
  Object.defineProperty(window, name, { get() { throw new DOMException("off"); } });
}"""


def beside(page: Page, url: str) -> Page:
    """Another tab of the same browser."""
    other = page.context.new_page()
    other.goto(url)
    return other


def sign(page: Page, paragraph: int = 1) -> Locator:
    return page.get_by_role("link", name=f"Mark sentences of paragraph {paragraph}", exact=True)


def test_two_tabs_at_one_passage_do_not_write_over_each_other(copy: Copy, open_page: Opener) -> None:
    one = open_page(copy.url)
    other = beside(one, copy.url)
    compose(one, OFFSET)
    compose(other, OFFSET)
    one.locator(NOTE).fill("From the first")
    other.locator(NOTE).fill("From the second")
    for page, words in ((one, "From the first"), (other, "From the second")):
        page.reload()
        compose(page, OFFSET)
        expect(page.locator(NOTE)).to_have_value(words)
    save(one)
    expect(one.locator(".note")).to_contain_text("From the first")
    other.reload()
    click(other, OFFSET)
    other.keyboard.press("n")
    expect(other.locator(NOTE)).to_have_value("From the second")
    other.keyboard.press("Control+Enter")
    expect(other.locator(".note")).to_have_count(2)
    assert {note.note for note in copy.annotations()} == {"From the first", "From the second"}
    assert other.evaluate(KEPT) == 0


def test_a_draft_that_a_closed_tab_has_left_is_taken_up_once(copy: Copy, open_page: Opener) -> None:
    one = open_page(copy.url)
    other = beside(one, copy.url)
    compose(other, OFFSET)
    other.keyboard.type("Left behind")
    other.close()
    compose(one, OFFSET)
    expect(one.locator(NOTE)).to_have_value("Left behind")
    one.keyboard.press("End")
    one.keyboard.type(" and found")
    save(one)
    expect(one.locator(".note")).to_contain_text("Left behind and found")
    assert one.evaluate(KEPT) == 0


def test_a_tab_still_writing_keeps_what_another_has_taken_up_and_saved(copy: Copy, open_page: Opener) -> None:
    one = open_page(copy.url)
    compose(one, OFFSET)
    one.keyboard.type("Still writing")
    other = beside(one, copy.url)
    compose(other, OFFSET)
    save(other)
    expect(other.locator(".note")).to_contain_text("Still writing")
    until(one, KEPT, 1)
    one.reload()
    compose(one, OFFSET)
    expect(one.locator(NOTE)).to_have_value("Still writing")


def test_a_draft_waits_at_its_paragraph_and_one_click_goes_on(copy: Copy, open_page: Opener) -> None:
    page = open_page(copy.url)
    third = copy.text.index("The total amount")
    compose(page, third + 2)
    expect(page.locator("[data-draft]")).to_have_count(0)
    page.keyboard.type("Half a thou")
    page.keyboard.press("Escape")
    expect(sign(page, 3)).to_have_attribute("title", "A draft waits here")
    page.reload()
    expect(page.locator("[data-draft]")).to_have_count(1)
    sign(page, 3).click()
    expect(page.locator(NOTE)).to_be_focused()
    expect(page.locator(NOTE)).to_have_value("Half a thou")
    expect(page.locator("compose-form .quote")).to_have_text("The total amount exceeds the total amount.")
    page.keyboard.type("ght")
    save(page)
    expect(page.locator(".note")).to_contain_text("Half a thought")
    expect(page.locator("[data-draft]")).to_have_count(0)
    assert copy.only().exact == "The total amount exceeds the total amount."


def test_leaving_and_coming_back_keeps_the_words(copy: Copy, open_page: Opener) -> None:
    page = open_page(copy.url)
    compose(page, OFFSET)
    page.keyboard.type("Half a thou")
    page.goto(f"{copy.server.url}/")
    page.go_back()
    if not page.locator(NOTE).count():
        sign(page).click()
    expect(page.locator(NOTE)).to_have_value("Half a thou")
    page.go_forward()
    page.go_back()
    page.reload()
    sign(page).click()
    expect(page.locator(NOTE)).to_have_value("Half a thou")


def test_a_browser_that_is_full_keeps_the_words_as_long_as_the_tab_stands(copy: Copy, open_page: Opener) -> None:
    page = open_page(copy.url)
    compose(page, OFFSET)
    page.keyboard.type("Before. ")
    page.evaluate(FULL)
    page.keyboard.type("After: " + "more words " * 20)
    page.reload()
    sign(page).click()
    expect(page.locator(NOTE)).to_have_value("Before. After: " + "more words " * 20)
    page.evaluate("localStorage.clear()")


def test_a_browser_that_keeps_nothing_asks_before_the_words_go(copy: Copy, open_page: Opener) -> None:
    page = open_page("about:blank")
    page.add_init_script(OFF)
    page.goto(copy.url)
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    compose(page, OFFSET)
    page.keyboard.type("Not kept anywhere")
    with page.expect_event("dialog"):
        page.evaluate("location.assign('/')")
    assert asked == ["beforeunload"]
    expect(page.locator(NOTE)).to_have_value("Not kept anywhere")
    save(page)
    expect(page.locator(".note")).to_contain_text("Not kept anywhere")
    page.goto(f"{copy.server.url}/")
    assert asked == ["beforeunload"]


def test_a_save_that_has_failed_is_sent_again_by_retry(copy: Copy, open_page: Opener, complaints: list[str]) -> None:
    page = open_page(copy.url)
    compose(page, OFFSET)
    page.keyboard.type("Written in a tunnel")
    page.context.set_offline(True)
    save(page)
    retry = page.get_by_role("button", name="Retry")
    retry.click()
    expect(retry).to_be_visible()
    assert copy.annotations() == []
    page.context.set_offline(False)
    retry.click()
    expect(page.locator(".note")).to_contain_text("Written in a tunnel")
    assert len(copy.annotations()) == 1
    unheard(complaints)


def test_what_is_typed_while_the_save_is_on_its_way_stays_a_draft(copy: Copy, open_page: Opener) -> None:
    page = open_page(copy.url)
    compose(page, OFFSET)
    page.keyboard.type("Sent")
    held: list[object] = []
    page.route("**/annotations", lambda route: held.append(route))
    save(page)
    page.locator(NOTE).fill("Sent, and more")
    until(page, "document.querySelector('.htmx-request') !== null")
    held[0].continue_()  # type: ignore[attr-defined]
    expect(page.locator(".note")).to_contain_text("Sent")
    sign(page).click()
    expect(page.locator(NOTE)).to_have_value("Sent, and more")


def test_a_reader_whom_the_server_has_forgotten_loses_no_words(
    copy: Copy, open_page: Opener, complaints: list[str]
) -> None:
    page = open_page(copy.url)
    compose(page, OFFSET)
    page.keyboard.type("First")
    save(page)
    expect(page.locator(".note")).to_contain_text("First")
    page.locator(".note.mine").get_by_role("link", name="Edit").click()
    page.locator(NOTE).fill("Second")
    page.context.clear_cookies()
    save(page)
    expect(page.locator(".error")).not_to_be_empty()
    expect(page.locator(NOTE)).to_have_value("Second")
    refused(page, complaints, 404)
    compose(page, copy.paragraph(2).start + 3)
    page.keyboard.type("As somebody new")
    save(page)
    expect(page.locator(".note.mine").last).to_contain_text("As somebody new")


@pytest.mark.parametrize("path", ["/annotations/new?paragraph=1"])
def test_a_form_on_a_page_of_its_own_keeps_its_words_when_the_server_is_away(
    copy: Copy, open_page: Opener, path: str, complaints: list[str]
) -> None:
    page = open_page(f"{copy.url}{path}")
    page.get_by_role("checkbox").nth(0).check()
    page.locator(NOTE).fill("From a tab of its own")
    page.context.set_offline(True)
    save(page)
    page.wait_for_url("chrome-error://**")
    page.context.set_offline(False)
    try:
        page.goto(f"{copy.url}{path}")
    except Error:
        page.goto(f"{copy.url}{path}")
    expect(page.locator(NOTE)).to_have_value("From a tab of its own")
    page.get_by_role("checkbox").nth(0).check()
    save(page)
    expect(page.locator(".note")).to_contain_text("From a tab of its own")
    assert page.evaluate(KEPT) == 0
    complaints.clear()


def test_a_reply_is_a_draft_until_it_is_saved(copy: Copy, open_page: Opener) -> None:
    id = copy.mark(copy.reader("Ada"), "American weapons", "Which?")
    page = open_page(copy.url)
    page.locator(f"#a{id}").focus()
    page.locator(f"#a{id}").get_by_role("link", name="Reply").click()
    page.get_by_label("Reply, in Markdown").fill("Those.")
    page.keyboard.press("Escape")
    expect(page.locator("compose-form")).to_have_count(0)
    page.reload()
    page.locator(f"#a{id}").focus()
    page.locator(f"#a{id}").get_by_role("link", name="Reply").click()
    expect(page.get_by_label("Reply, in Markdown")).to_have_value("Those.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".reply")).to_contain_text("Those.")
    assert page.evaluate(KEPT) == 0


def test_tags_are_part_of_a_draft(copy: Copy, open_page: Opener) -> None:
    page = open_page(copy.url)
    tags = page.get_by_label("Tags, with commas between")
    for note in ("A note", ""):
        compose(page, OFFSET)
        page.locator(NOTE).fill(note)
        tags.fill("law, irony")
        page.reload()
        compose(page, OFFSET)
        expect(page.locator(NOTE)).to_have_value(note)
        expect(tags).to_have_value("law, irony")
        page.keyboard.press("Escape")
    compose(page, OFFSET)
    page.locator(NOTE).fill("A note")
    save(page)
    expect(page.locator(".note")).to_contain_text("A note")
    assert copy.only().tags == "law, irony"
    assert page.evaluate(KEPT) == 0


def test_a_draft_is_of_the_whole_form(copy: Copy, open_page: Opener) -> None:
    page = open_page(copy.url)
    compose(page, OFFSET)
    page.get_by_label("Who may see it").select_option("me")
    page.get_by_role("radio", name="pink").check()
    page.locator(NOTE).fill("For my eyes")
    page.reload()
    compose(page, OFFSET)
    expect(page.locator(NOTE)).to_have_value("For my eyes")
    expect(page.get_by_label("Who may see it")).to_have_value("me")
    expect(page.get_by_role("radio", name="pink")).to_be_checked()
    save(page)
    expect(page.locator(".note")).to_contain_text("only me")
    assert (copy.only().visibility, copy.only().colour) == ("me", "pink")


def test_a_draft_of_a_note_that_was_saved_elsewhere_does_not_write_over_that(
    copy: Copy, open_page: Opener, complaints: list[str]
) -> None:
    page = open_page(copy.url)
    compose(page, OFFSET)
    page.locator(NOTE).fill("First")
    save(page)
    note = page.locator(".note.mine")
    note.get_by_role("link", name="Edit").click()
    page.locator(NOTE).fill("From here")
    page.keyboard.press("Escape")
    send(page, f"/annotations/{copy.only().id}", {"note": "From elsewhere"})
    page.goto(copy.url)
    note.get_by_role("link", name="Edit").click()
    expect(page.locator(NOTE)).to_have_value("From here")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".compose .error")).to_contain_text("From elsewhere")
    assert copy.only().note == "From elsewhere"
    refused(page, complaints, 409)


def test_a_browser_that_is_full_closes_no_form_with_words_in_it(copy: Copy, open_page: Opener) -> None:
    page = open_page(copy.url)
    page.evaluate(FULL)
    page.evaluate(FULL.replace("localStorage", "sessionStorage"))
    compose(page, OFFSET)
    page.locator(NOTE).fill("No room for these")
    page.keyboard.press("Escape")
    expect(page.locator(".compose .error")).to_contain_text("no room")
    expect(page.locator(NOTE)).to_have_value("No room for these")
    save(page)
    expect(page.locator(".note")).to_contain_text("No room for these")


def test_what_is_thrown_away_can_be_a_draft_again(copy: Copy, open_page: Opener) -> None:
    page = open_page(copy.url)
    compose(page, OFFSET)
    page.locator(NOTE).fill("Second thoughts")
    page.get_by_role("link", name="Cancel").click()
    assert page.evaluate(KEPT) == 0
    page.get_by_role("status").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status")).to_contain_text("a draft again")
    compose(page, OFFSET)
    expect(page.locator(NOTE)).to_have_value("Second thoughts")
