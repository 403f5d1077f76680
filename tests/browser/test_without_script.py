"""All of it with script switched off: the forms and links of the first HTML are enough."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Copy, Opener, refused
from tests.conftest import Server

THIRD = 3  # a paragraph of two sentences


def without_script(open_page: Opener, url: str) -> Page:
    return open_page(url, java_script_enabled=False)


def write(page: Page, note: str) -> None:
    """Mark the second sentence of the third paragraph by its +, with a note."""
    page.get_by_role("link", name=f"Mark sentences of paragraph {THIRD}", exact=True).click()
    page.get_by_role("checkbox").nth(1).check()
    page.get_by_label("Note, in Markdown").fill(note)
    page.get_by_role("button", name="Save").click()


def test_every_highlight_is_in_the_first_html(server: Server, open_page: Opener) -> None:
    page = without_script(open_page, server.article)
    expect(page.locator("mark[data-annotations]")).to_have_count(8)
    expect(page.locator(".note")).to_have_count(8)


def test_a_passage_is_marked_and_noted(copy: Copy, open_page: Opener) -> None:
    page = without_script(open_page, copy.url)
    write(page, "A sum that *exceeds* itself.")
    expect(page).to_have_url(re.compile(rf"{copy.url}#a\d+$"))
    expect(page.locator("mark")).to_have_text("The total amount exceeds the total amount.")
    expect(page.locator(".note").locator("em")).to_have_text("exceeds")
    assert copy.only().exact == "The total amount exceeds the total amount."


def test_a_note_is_reworded_and_recoloured(copy: Copy, open_page: Opener) -> None:
    page = without_script(open_page, copy.url)
    write(page, "First words")
    page.get_by_role("link", name="Edit").click()
    page.get_by_label("Note, in Markdown").fill("Second words")
    page.get_by_role("radio", name="pink").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator('.note[aria-label="Note by you, pink"]')).to_contain_text("Second words")
    expect(page.locator("mark.pink")).to_have_count(1)
    assert (copy.only().note, copy.only().colour) == ("Second words", "pink")


def test_a_deleted_note_comes_back(copy: Copy, open_page: Opener) -> None:
    page = without_script(open_page, copy.url)
    write(page, "Not gone for long")
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("status")).to_contain_text("Deleted.")
    expect(page.locator("mark")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".note")).to_contain_text("Not gone for long")
    expect(page.locator("mark")).to_have_count(1)


def test_a_share_opens_for_anybody_until_it_is_withdrawn(copy: Copy, open_page: Opener, complaints: list[str]) -> None:
    mine = without_script(open_page, copy.url)
    write(mine, "Look at this.")
    mine.get_by_role("link", name=re.compile("^Guest")).click()
    mine.get_by_label("Name").fill("Ada Lovelace")
    mine.get_by_role("button", name="Save").click()
    expect(mine).to_have_url(re.compile(copy.url))
    mine.get_by_role("button", name="Copy link").click()
    link = mine.get_by_label("Anyone with this link can open it").input_value()

    theirs = without_script(open_page, link)
    expect(theirs.locator("mark.pointed")).to_have_text("The total amount exceeds the total amount.")
    expect(theirs.locator("mark.pointed")).to_be_in_viewport()
    expect(theirs.locator('.note[aria-label^="Note by Ada Lovelace"]')).to_contain_text("Look at this.")
    expect(theirs.get_by_role("button", name="Withdraw")).to_have_count(0)

    mine.get_by_role("button", name="Withdraw").click()
    expect(mine).to_have_url(copy.url)
    gone = theirs.reload()
    assert gone
    assert gone.status == 410
    refused(theirs, complaints, 410)
    expect(theirs.locator("body")).not_to_contain_text("The total amount")
    expect(theirs.locator("body")).to_contain_text("withdrawn")


def test_sentences_that_do_not_adjoin_are_refused_with_the_words_kept(
    copy: Copy, open_page: Opener, complaints: list[str]
) -> None:
    page = without_script(open_page, f"{copy.url}/annotations/new?paragraph=5")
    for sentence in (0, 2):
        page.get_by_role("checkbox").nth(sentence).check()
    page.get_by_label("Note, in Markdown").fill("Words that must not be lost")
    page.get_by_role("button", name="Save").click()
    refused(page, complaints, 422)
    expect(page.locator("main")).to_contain_text("Choose sentences that follow each other.")
    expect(page.get_by_role("textbox")).to_have_value("Words that must not be lost")
    assert copy.annotations() == []
