"""Talk in the margin: replying, resolving, tagging and choosing, by hand, by key and without script."""

from typing import NamedTuple

import pytest
from playwright.sync_api import Locator, Page, expect

from app.storage.annotations import Annotation, erase, reply
from app.storage.articles import touch
from app.storage.people.readers import Reader
from tests.browser.conftest import NEW_NODES, Copy, Opener, click, mark_nodes, refused

WORDS = "American weapons"


class Talk(NamedTuple):
    """An article with a note of Ada's, and two replies to it."""

    copy: Copy
    note: int
    replies: list[int]

    def read(self, page: Page) -> Locator:
        """The note in the page."""
        return page.locator(f"#a{self.note}")


def answered(copy: Copy, reader: Reader, parent: int, note: str) -> int:
    with copy.library.transaction() as session:
        return reply(session, session.get_one(Annotation, parent), reader, note).id


@pytest.fixture
def talk(copy: Copy) -> Talk:
    note = copy.mark(copy.reader("Ada"), WORDS, "Which ones?")
    first = answered(copy, copy.reader("Grace"), note, "The *long* ones.")
    return Talk(copy, note, [first, answered(copy, copy.reader("Edsger"), first, "And the short ones.")])


# ── replies


@pytest.mark.parametrize("width", [1440, 700, 360])
def test_replies_come_out_when_one_turns_to_their_note(talk: Talk, open_page: Opener, width: int) -> None:
    page = open_page(talk.copy.url, width=width)
    first = page.locator(f"#a{talk.replies[0]} .words")
    assert clipped(first)
    talk.read(page).locator("> .by").click()
    expect(first).to_have_text("The long ones.")
    assert not clipped(first)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def clipped(words: Locator) -> bool:
    """Whether what an element is in is cut away."""
    return bool(words.evaluate("(one) => getComputedStyle(one.closest('.thread')).clipPath !== 'none'"))


@pytest.mark.parametrize("script", [True, False])
def test_a_reply_is_written_below_its_note(talk: Talk, open_page: Opener, script: bool) -> None:
    page = open_page(talk.copy.url, java_script_enabled=script)
    talk.read(page).locator("> .by").click()
    talk.read(page).locator("> .acts").get_by_role("link", name="Reply").click()
    page.get_by_label("Reply, in Markdown").fill("Neither.")
    page.get_by_role("button", name="Reply").click()
    written = page.locator(".reply.mine")
    expect(written.locator(".words")).to_have_text("Neither.")
    expect(written).not_to_have_class("deep")
    assert talk.copy.annotations()[-1].parent_id == talk.note
    assert talk.copy.annotations()[-1].motivation == "replying"


def test_a_reply_touches_only_its_row(talk: Talk, open_page: Opener) -> None:
    page = open_page(talk.copy.url)
    mark_nodes(page)
    talk.read(page).locator("> .by").click()
    page.locator(f"#a{talk.replies[1]}").get_by_role("link", name="Reply").click()
    expect(page.get_by_label("Reply, in Markdown")).to_be_focused()
    expect(page.locator(f"#a{talk.replies[1]} > compose-form")).to_be_visible()
    page.keyboard.type("A third kind.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".reply.mine .by")).to_contain_text("to Edsger")
    assert page.evaluate(NEW_NODES) == ["p0"]
    expect(page.locator(".thread")).to_have_css("clip-path", "none")


def test_the_words_of_a_reply_outlive_a_reload(talk: Talk, open_page: Opener) -> None:
    page = open_page(talk.copy.url)
    for _ in range(2):
        talk.read(page).locator("> .by").click()
        talk.read(page).locator("> .acts").get_by_role("link", name="Reply").click()
        field = page.get_by_label("Reply, in Markdown")
        expect(field).to_be_focused()
        if not field.input_value():
            page.keyboard.type("Half a thou")
            page.reload()
    expect(field).to_have_value("Half a thou")


@pytest.mark.parametrize("width", [1440, 700, 360])
def test_every_control_of_a_thread_is_reached_by_the_tab_key(talk: Talk, open_page: Opener, width: int) -> None:
    page = open_page(talk.copy.url, width=width)
    talk.read(page).focus()
    reached = []
    for _ in range(12):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.textContent.trim()"))
    assert [one for one in reached if one == "Reply"] == ["Reply"] * 3
    assert reached[reached.index("Resolve") + 1] == "Copy link"


def test_a_deleted_note_keeps_its_replies_beside_the_words(talk: Talk, open_page: Opener) -> None:
    with talk.copy.library.transaction() as session:
        erase(session, session.get_one(Annotation, talk.note))
    page = open_page(talk.copy.url)
    expect(talk.read(page)).to_contain_text("This note has been deleted.")
    expect(page.locator("mark")).to_have_text(WORDS)
    talk.read(page).locator("> .by").click(position={"x": 3, "y": 3})
    assert not clipped(page.locator(f"#a{talk.replies[0]} .words"))


def test_deleting_by_key_takes_the_note_and_not_a_reply_in_it(copy: Copy, open_page: Opener) -> None:
    page = open_page(copy.url)
    click(page, copy.text.index(WORDS))
    page.keyboard.press("n")
    page.keyboard.type("Mine")
    page.keyboard.press("Control+Enter")
    note = page.locator(".note.mine")
    note.get_by_role("link", name="Reply").click()
    expect(page.get_by_label("Reply, in Markdown")).to_be_focused()
    page.keyboard.type("Mine, too")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".reply.mine")).to_have_count(1)
    note.focus()
    page.keyboard.press("x")
    expect(page.get_by_role("status")).to_contain_text("Deleted.")
    first, second = copy.annotations()
    assert first.deleted_at
    assert not second.deleted_at
    page.locator(".reply.mine").focus()
    page.keyboard.press("x")
    expect(page.locator(".note")).to_have_count(0)
    assert copy.annotations()[1].deleted_at


# ── resolved


def test_a_resolved_note_folds_to_a_line_and_can_be_reopened(talk: Talk, open_page: Opener) -> None:
    page = open_page(talk.copy.url)
    talk.read(page).locator("> .by").click()
    talk.read(page).get_by_role("button", name="Resolve").click()
    expect(page.get_by_role("status")).to_contain_text("Resolved.")
    page.mouse.click(5, 5)
    expect(talk.read(page)).to_contain_text("resolved")
    page.reload()
    assert talk.read(page).bounding_box()["height"] < 60  # type: ignore[index]
    talk.read(page).locator("> .by").click()
    talk.read(page).get_by_role("button", name="Reopen").click()
    expect(page.get_by_role("status")).to_contain_text("open again")
    assert talk.copy.annotations()[0].resolved_at is None


# ── tags


def test_a_tag_is_completed_after_a_comma_too(copy: Copy, open_page: Opener) -> None:
    reader = copy.reader("Ada")
    id = copy.mark(reader, WORDS, "A note")
    with copy.library.transaction() as session:
        session.get_one(Annotation, id).tags = "law, irony"
        touch(session, copy.id)
    page = open_page(copy.url)
    click(page, copy.text.index("Across the country"))
    page.keyboard.press("n")
    field = page.get_by_label("Tags, with commas between")
    offered = "() => [...document.querySelectorAll('#tags option')].map((one) => one.value)"
    field.fill("i")
    assert page.evaluate(offered) == ["irony", "law"]
    field.fill("irony, l")
    assert page.evaluate(offered) == ["", "irony, law"]
    field.fill("irony, law")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".note.mine .tags")).to_have_text("irony law", use_inner_text=False)
    assert copy.annotations()[-1].tags == "irony, law"


# ── choosing


@pytest.mark.parametrize("script", [True, False])
def test_what_is_chosen_is_shown_and_remembered_and_let_go(copy: Copy, open_page: Opener, script: bool) -> None:
    copy.mark(copy.reader("Ada"), WORDS, "One", "green")
    copy.mark(copy.reader("Grace"), "Across the country", "Two", "pink")
    page = open_page(copy.url, java_script_enabled=script)
    page.locator("summary", has_text="Notes").click()
    page.get_by_label("Colour").select_option("green")
    page.get_by_role("button", name="Show these").click()
    expect(page.locator(".note .words")).to_have_text(["One"])
    expect(page).to_have_url(f"{copy.url}?colour=green")
    page.goto(copy.url)
    expect(page.locator(".note .words")).to_have_text(["One"])
    page.get_by_role("button", name="Show all").click()
    expect(page.locator(".note .words")).to_have_text(["One", "Two"])
    page.reload()
    expect(page.locator(".note .words")).to_have_text(["One", "Two"])


def test_a_link_to_a_note_out_of_sight_brings_it_in_sight(copy: Copy, open_page: Opener) -> None:
    copy.mark(copy.reader("Ada"), WORDS, "One", "green")
    other = copy.mark(copy.reader("Grace"), "Across the country", "Two", "pink")
    page = open_page(f"{copy.url}?colour=green")
    page.evaluate("(id) => { location.hash = `#a${id}`; }", other)
    expect(page.locator(f"#a{other}")).to_be_in_viewport()
    expect(page.get_by_role("region", name="What the link leads to")).to_contain_text("Two")


# ── two tabs


def test_of_two_tabs_that_change_a_note_the_later_sees_both(
    copy: Copy, open_page: Opener, complaints: list[str]
) -> None:
    page = open_page(copy.url)
    click(page, copy.text.index(WORDS))
    page.keyboard.press("n")
    page.keyboard.type("First")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".note.mine")).to_have_count(1)
    tab = page.context.new_page()
    tab.goto(copy.url)
    for one in (page, tab):
        one.locator(".note.mine").get_by_role("link", name="Edit").click()
    page.locator(".compose textarea").fill("From one tab")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".note.mine .words")).to_have_text("From one tab")
    tab.locator(".compose textarea").fill("From the other")
    tab.keyboard.press("Control+Enter")
    expect(tab.locator(".compose .error")).to_contain_text("From one tab")
    expect(tab.locator(".compose textarea")).to_have_value("From the other")
    tab.get_by_role("button", name="Save mine over it").click()
    expect(tab.locator(".note.mine .words")).to_have_text("From the other")
    assert copy.only().note == "From the other"


def test_a_mark_on_words_that_have_changed_offers_what_stands_there_now(
    copy: Copy, open_page: Opener, complaints: list[str]
) -> None:
    page = open_page(copy.url)
    click(page, copy.text.index(WORDS))
    page.keyboard.press("n")
    page.keyboard.type("My words")
    copy.change(1, WORDS, "American weapens")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".compose .error")).to_contain_text("weapens")
    expect(page.locator(".compose textarea")).to_have_value("My words")
    page.get_by_role("button", name="Mark what it says now").click()
    expect(page.locator(".note.mine .words")).to_have_text("My words")
    assert "weapens" in copy.only().exact
    refused(page, complaints, 409)


def test_a_write_brings_no_more_in_sight_than_was_chosen(copy: Copy, open_page: Opener) -> None:
    copy.mark(copy.reader("Ada"), WORDS, "One", "green")
    page = open_page(copy.url)
    page.locator(".bar summary", has_text="Notes").click()
    page.get_by_label("Colour").select_option("blue")
    page.get_by_role("button", name="Show these").click()
    page.goto(copy.url)
    click(page, copy.text.index("Across the country"))
    page.keyboard.press("3")
    expect(page.locator(".note.mine")).to_have_count(1)
    page.keyboard.press("x")
    expect(page.get_by_role("status")).to_contain_text("Deleted.")
    page.keyboard.press("z")
    expect(page.locator(".note.mine")).to_have_count(1)
    expect(page.locator(".note")).to_have_count(1)
