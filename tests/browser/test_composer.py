"""The form to write a note with: it opens where the note will stand, and nothing typed into it is lost."""

import pytest
from playwright.sync_api import FloatRect, Locator, Page, expect

from tests.browser.conftest import Copy, Opener, click, refused

NOTE = "textarea[name=note]"
KEPT = "Object.keys(localStorage).filter((key) => key.startsWith('postil:draft:')).length"


def compose(page: Page, offset: int) -> Locator:
    """Click on a sentence and open the form for it."""
    click(page, offset)
    page.get_by_role("toolbar").get_by_role("button", name="Note").click()
    return page.locator("form.compose")


def save(page: Page) -> None:
    page.locator("form.compose").get_by_role("button", name="Save").click()


def box(locator: Locator) -> FloatRect:
    found = locator.bounding_box()
    assert found
    return found


@pytest.mark.parametrize("width", [1440, 800])
def test_the_form_stands_where_the_note_will_and_never_over_its_words(
    copy: Copy, open_page: Opener, width: int
) -> None:
    page = open_page(copy.url, width=width)
    row = f"#p{copy.paragraph(4).start}"
    form = box(compose(page, copy.paragraph(4).start + 5))
    words = box(page.locator(f"{row} [data-start]"))
    assert form["x"] >= words["x"] + words["width"] or form["y"] >= words["y"] + words["height"]
    page.locator(NOTE).fill("Here")
    save(page)
    note = box(page.locator(f"{row} .note"))
    assert abs(note["y"] - form["y"]) <= 16
    assert abs(note["x"] - form["x"]) <= 16


def test_the_form_stands_between_the_notes_before_and_after_it(copy: Copy, open_page: Opener) -> None:
    before = copy.mark(copy.reader("Ada"), "Therefore", "before")
    after = copy.mark(copy.reader("Ada"), "even more vulnerable", "after")
    page = open_page(copy.url)
    compose(page, copy.text.index("Slowing or stopping") + 4)
    order = page.locator(f"#p{copy.paragraph(2).start} .margin > *").evaluate_all(
        "(all) => all.map((one) => one.id || one.localName)"
    )
    assert order == [f"a{before}", "compose-form", f"a{after}"]


def test_the_form_opens_without_asking_the_server(copy: Copy, open_page: Opener) -> None:
    page = open_page(copy.url)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    expect(compose(page, 5)).to_be_visible()
    assert [url for url in asked if "/static/" not in url] == []  # the icon may come late


def test_escape_keeps_the_draft(copy: Copy, open_page: Opener) -> None:
    page = open_page(copy.url)
    compose(page, 5)
    page.keyboard.type("Half a thou")
    page.keyboard.press("Escape")
    expect(page.locator(NOTE)).to_have_count(0)
    page.keyboard.press("n")
    expect(page.locator(NOTE)).to_have_value("Half a thou")


def test_a_reload_keeps_the_draft(copy: Copy, open_page: Opener) -> None:
    page = open_page(copy.url)
    compose(page, 5)
    page.keyboard.type("Half a thou")
    page.reload()
    compose(page, 5)
    expect(page.locator(NOTE)).to_have_value("Half a thou")


def test_a_draft_belongs_to_its_passage(copy: Copy, open_page: Opener) -> None:
    page = open_page(copy.url)
    compose(page, 5)
    page.keyboard.type("About the first")
    compose(page, copy.paragraph(2).start + 5)
    expect(page.locator(NOTE)).to_have_value("")


def test_cancel_throws_the_draft_away(copy: Copy, open_page: Opener) -> None:
    page = open_page(copy.url)
    compose(page, 5)
    page.keyboard.type("Better not")
    page.get_by_role("link", name="Cancel").click()
    compose(page, 5)
    expect(page.locator(NOTE)).to_have_value("")


def test_what_is_saved_is_no_draft_any_more(copy: Copy, open_page: Opener) -> None:
    page = open_page(copy.url)
    compose(page, 5)
    page.keyboard.type("Done")
    save(page)
    expect(page.locator(".note")).to_contain_text("Done")
    assert page.evaluate(KEPT) == 0
    compose(page, 5)
    expect(page.locator(NOTE)).to_have_value("")


def test_a_server_out_of_reach_costs_no_words(copy: Copy, open_page: Opener, complaints: list[str]) -> None:
    page = open_page(copy.url)
    form = compose(page, 5)
    page.keyboard.type("Written in a tunnel")
    page.context.set_offline(True)
    save(page)
    expect(form.get_by_role("alert")).to_contain_text("The server cannot be reached. Your words are kept here")
    expect(page.locator(NOTE)).to_have_value("Written in a tunnel")
    assert copy.annotations() == []
    page.context.set_offline(False)
    save(page)
    expect(page.locator(".note")).to_contain_text("Written in a tunnel")
    unheard(complaints)


def test_a_highlight_that_cannot_be_sent_stays_picked(copy: Copy, open_page: Opener, complaints: list[str]) -> None:
    page = open_page(copy.url)
    click(page, 5)
    page.context.set_offline(True)
    page.get_by_role("button", name="Highlight in pink").click()
    expect(page.get_by_role("status")).to_contain_text("The server cannot be reached.")
    page.context.set_offline(False)
    page.get_by_role("button", name="Highlight in pink").click()
    expect(page.locator("mark.pink")).to_have_count(1)
    unheard(complaints)


def unheard(complaints: list[str]) -> None:
    """Take out what the console says of a request that came nowhere, and say that there was one."""
    said = [one for one in complaints if "ERR_INTERNET_DISCONNECTED" in one or "htmx:" in one]
    assert said
    complaints[:] = [one for one in complaints if one not in said]


def test_a_text_that_has_changed_is_said_at_the_form(copy: Copy, open_page: Opener, complaints: list[str]) -> None:
    page = open_page(copy.url)
    form = compose(page, 5)
    page.keyboard.type("On words that are gone")
    copy.change(1, "American weapons", "Canadian weapons")
    save(page)
    expect(form.get_by_role("alert")).to_contain_text("The text has changed")
    expect(form.get_by_role("alert")).to_contain_text("Canadian weapons")
    expect(form.get_by_role("alert")).not_to_contain_text("cannot be reached")
    expect(page.locator(NOTE)).to_have_value("On words that are gone")
    assert copy.annotations() == []
    refused(page, complaints, 409)


def test_a_note_too_long_is_said_at_the_form(copy: Copy, open_page: Opener, complaints: list[str]) -> None:
    page = open_page(copy.url)
    form = compose(page, 5)
    words = "too long " * 1200
    page.locator(NOTE).fill(words)
    save(page)
    expect(form.get_by_role("alert")).to_contain_text("at most 10,000 characters fit")
    expect(page.locator(NOTE)).to_have_value(words)
    refused(page, complaints, 422)
    page.reload()
    compose(page, 5)
    expect(page.locator(NOTE)).to_have_value(words)
    page.locator(NOTE).fill("Short enough")
    save(page)
    expect(page.locator(".note")).to_contain_text("Short enough")


def test_what_the_server_refuses_by_mark_alone_is_said_too(
    copy: Copy, open_page: Opener, complaints: list[str]
) -> None:
    page = open_page(copy.url)
    click(page, 5)
    copy.change(1, "American weapons", "Canadian weapons")
    page.get_by_role("button", name="Highlight in yellow").click()
    expect(page.get_by_role("status")).to_contain_text("The text has changed")
    refused(page, complaints, 409)


def test_the_plus_of_a_paragraph_opens_its_sentences_beside_it(copy: Copy, open_page: Opener) -> None:
    page = open_page(copy.url)
    page.get_by_role("link", name="Mark sentences of paragraph 3", exact=True).click()
    form = page.locator(f"#p{copy.paragraph(3).start} .margin form.compose")
    form.get_by_role("checkbox").nth(1).check()
    form.locator(NOTE).fill("By its plus")
    save(page)
    expect(page.locator(f"#p{copy.paragraph(3).start} .note")).to_contain_text("By its plus")
    assert copy.only().exact == "The total amount exceeds the total amount."
    assert page.url == copy.url


def test_the_form_of_a_plus_is_entered_where_it_begins(copy: Copy, open_page: Opener) -> None:
    page = open_page(copy.url)
    page.locator(f"#p{copy.paragraph(5).start}").evaluate("(row) => row.scrollIntoView({ block: 'end' })")
    page.get_by_role("link", name="Mark sentences of paragraph 5", exact=True).click()
    expect(page.get_by_role("checkbox").first).to_be_focused()
    expect(page.get_by_role("checkbox").first).to_be_in_viewport()


def test_a_draft_at_a_plus_belongs_to_its_paragraph(copy: Copy, open_page: Opener) -> None:
    page = open_page(copy.url)
    page.get_by_role("link", name="Mark sentences of paragraph 3", exact=True).click()
    page.locator(NOTE).fill("About the third")
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Mark sentences of paragraph 4", exact=True).click()
    expect(page.locator(NOTE)).to_have_value("")


def test_a_form_on_a_page_of_its_own_leads_to_the_article(copy: Copy, open_page: Opener) -> None:
    page = open_page(f"{copy.url}/annotations/new?paragraph=3")
    page.get_by_role("checkbox").nth(0).check()
    page.locator(NOTE).fill("From a tab of its own")
    save(page)
    expect(page).to_have_url(f"{copy.url}#a{copy.only().id}")
    expect(page.locator(".note")).to_contain_text("From a tab of its own")
    page.goto(f"{copy.server.url}/annotations/{copy.only().id}/edit")
    page.locator(NOTE).fill("Changed in a tab of its own")
    save(page)
    expect(page).to_have_url(f"{copy.url}#a{copy.only().id}")
    expect(page.locator(".note")).to_contain_text("Changed in a tab of its own")
    assert page.evaluate(KEPT) == 0


def test_a_browser_that_keeps_nothing_still_writes_notes(copy: Copy, open_page: Opener) -> None:
    page = open_page(copy.url)
    page.evaluate("Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('off'); } })")
    click(page, 2)
    page.get_by_role("toolbar").get_by_role("button", name="Note").click()
    page.keyboard.type("Kept by the server.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    assert copy.only().note == "Kept by the server."


def test_a_composer_opened_again_goes_on_with_its_words(copy: Copy, open_page: Opener) -> None:
    page = open_page(copy.url)
    for typed in ("abc", "def"):
        click(page, 2)
        page.get_by_role("toolbar").get_by_role("button", name="Note").click()
        page.wait_for_timeout(50)  # what would take the focus away does so a moment later
        page.keyboard.press("End")
        page.keyboard.type(typed)
    expect(page.locator("compose-form textarea")).to_have_value("abcdef")


def test_a_composer_stays_level_with_its_own_sentence(copy: Copy, open_page: Opener) -> None:
    page = open_page(copy.url)
    click(page, copy.paragraph(4).start + 2)
    page.get_by_role("toolbar").get_by_role("button", name="Note").click()
    top = "document.querySelector('compose-form').getBoundingClientRect().top + scrollY"
    before = page.evaluate(top)
    click(page, copy.paragraph(8).start + 2)
    assert page.evaluate(top) == before
