"""Paper: every note in sight stands once, in full, after its paragraph, and its passage calls it by its number."""

import re
import shutil
import subprocess
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from app.storage.annotations import Annotation, erase, reply
from app.storage.people.readers import welcome
from tests.browser.conftest import Copy, Opener, click
from tests.conftest import missing

# For each note its number on paper, and the one that stands behind its passage, as far as it is in the same row.
NUMBERS = r"""() => [...document.querySelectorAll(".note")].map((note) => {
  const unquoted = (element) => {
    const { content } = getComputedStyle(element, element.matches("mark") ? "::after" : "::before");
    return content === "none" ? "" : content.replace(/["\u2060]/g, "");
  };
  const pieces = [...note.closest(".paragraph").querySelectorAll(`mark[data-annotations~="${note.id.slice(1)}"]`)];
  const shown = note.getBoundingClientRect().height > 0;
  return shown ? [unquoted(note.querySelector(".by [data-number]")), pieces.map(unquoted).join("|")] : null;
})"""


@pytest.fixture
def noted(copy: Copy) -> Copy:
    """Passages inside one another, one that goes on in the next paragraph, and two that end together."""
    ada, grace = copy.reader("Ada"), copy.reader("Grace")
    copy.mark(ada, "soldiers are using American weapons and ammunition", "The first. " * 60)
    copy.mark(grace, "weapons and ammunition", "The second.", "blue")
    copy.mark(grace, copy.text[copy.paragraph(1).end - 30 : copy.paragraph(2).start + 30], "The third.", "pink")
    copy.mark(ada, "The total amount exceeds the total amount.", "", "green")
    return copy


def on_paper(page: Page) -> list[Any]:
    page.emulate_media(media="print")
    found: list[Any] = page.evaluate(NUMBERS)
    return found


@pytest.mark.parametrize("script", [True, False])
def test_a_passage_calls_its_note_by_its_number(noted: Copy, open_page: Opener, script: bool) -> None:
    page = open_page(noted.url, width=720, java_script_enabled=script)
    assert on_paper(page) == [["1. ", "|1, 2"], ["2. ", "1, 2"], ["3. ", "3"], ["4. ", "4"]]


def test_on_the_screen_nothing_is_numbered(noted: Copy, open_page: Opener) -> None:
    assert {*map(tuple, open_page(noted.url).evaluate(NUMBERS))} == {("", "|"), ("", "")}


def test_the_numbers_count_what_has_come_since_and_only_what_is_in_sight(noted: Copy, open_page: Opener) -> None:
    page = open_page(noted.url, width=720)
    click(page, noted.text.index("Across the country"))
    page.get_by_role("button", name="Highlight in yellow").click()
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    page.pdf()
    assert [one[0] for one in on_paper(page)] == [f"{number}. " for number in range(1, 6)]
    page.emulate_media(media="screen")
    page.locator("summary", has_text="Notes").click()
    page.get_by_text("Mine", exact=True).click()
    page.pdf()
    assert [one for one in on_paper(page) if one] == [["1. ", page.evaluate(NUMBERS)[2][1]]]
    assert page.locator("[data-numbers]").count() == 1


def test_notes_out_of_sight_stay_out_of_sight_on_paper(noted: Copy, open_page: Opener) -> None:
    page = open_page(noted.url, width=720)
    page.keyboard.press("m")
    assert on_paper(page) == [None] * 4
    assert (
        page.locator("[data-numbers]").evaluate_all(
            "(marks) => marks.map((mark) => getComputedStyle(mark, '::after').display)"
        )
        == ["none"] * 3
    )


def test_a_note_that_is_being_edited_is_on_paper_all_the_same(noted: Copy, open_page: Opener) -> None:
    page = open_page(noted.url, width=720)
    for key in ("j", "h"):
        page.keyboard.press(key)
    page.locator(".note.mine").get_by_role("link", name="Edit").click()
    expect(page.get_by_label("Note, in Markdown")).to_be_visible()
    assert None not in on_paper(page)


def test_the_text_itself_has_no_number_in_it(noted: Copy, open_page: Opener) -> None:
    page = open_page(noted.url)
    page.emulate_media(media="print")
    assert "\n\n".join(page.locator("[data-start]").all_text_contents()) == noted.text


def test_a_printed_page_says_all_of_it(noted: Copy, open_page: Opener) -> None:
    if not shutil.which("pdftotext"):
        missing("pdftotext", "`apt-get install poppler-utils`", "REQUIRE_BROWSER")
    paper = open_page(noted.url).pdf()
    done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=paper, capture_output=True, check=True)
    words = re.sub(r"\s+", " ", done.stdout.decode())
    assert words.count("The first.") == 60
    assert [words.count(one) for one in ("2. Grace", "The second.", "3. Grace", "The third.", "4. Ada")] == [1] * 5
    assert re.search(r"ammunition\W*1, 2 to hold", words)


def test_replies_stand_in_full_below_their_note_and_have_no_number(noted: Copy, open_page: Opener) -> None:
    first = noted.annotations()[0].id
    with noted.library.transaction() as session:
        for note in ("An answer.", "Another."):
            reply(session, session.get_one(Annotation, first), welcome(session, "Edsger")[0], note)
        erase(session, session.get_one(Annotation, first))
    page = open_page(noted.url, width=720)
    assert on_paper(page)[0] == ["1. ", "|1, 2"]
    replies = page.locator(f"#a{first} .reply")
    expect(replies).to_have_count(2)
    for one in replies.all():
        expect(one).to_be_visible()
        assert one.locator("b").evaluate("(name) => getComputedStyle(name, '::before').content") == "none"
