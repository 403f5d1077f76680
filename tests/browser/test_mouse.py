"""Picking a passage with the mouse: what is saved is what was picked, and nothing else on the page moves."""

import os
import re
import subprocess
import sys

import pytest
from playwright.sync_api import Page, expect

from app.storage import articles
from app.storage.database import Database
from app.text.drafts import Draft, DraftParagraph
from app.text.spans import Span
from tests.browser.conftest import NEW_NODES, POINT, Copy, Opener, click, drag, mark_nodes, show
from tests.conftest import ROOT, Server

HARD = (
    "👩🏽‍🚀 Go! The 👨‍👩‍👧‍👦 family saw e\u0301le\u0300ves, 🇺🇦 flags and a\u0323\u0302 vowel. 𝔘nder it: 漢字.",
    "A second paragraph 😀 here.",
)
PICKED = [
    "family",
    "e\u0301le\u0300ves",
    "flags",
    "👨‍👩‍👧‍👦 family",
    "a\u0323\u0302 vowel. 𝔘nder",
    "😀",
    "𝔘nder it: 漢字.\n\nA second paragraph 😀",
]


def highlight(page: Page, colour: str = "yellow") -> None:
    page.get_by_role("button", name=f"Highlight in {colour}").click()
    expect(page.get_by_role("status")).to_contain_text("Saved.")


def test_a_click_picks_a_sentence(copy: Copy, open_page: Opener) -> None:
    page = open_page(copy.url)
    click(page, copy.paragraph(3).end - 5)
    highlight(page, "green")
    expect(page.locator("mark.green")).to_have_text("The total amount exceeds the total amount.")
    assert (copy.only().exact, copy.only().colour) == ("The total amount exceeds the total amount.", "green")


def test_a_click_elsewhere_lets_go(copy: Copy, open_page: Opener) -> None:
    page = open_page(copy.url)
    click(page, 10)
    expect(page.get_by_role("toolbar")).to_be_visible()
    box = page.locator("#p0").bounding_box()
    assert box
    page.mouse.click(box["x"] + 400, box["y"] + box["height"] + 8)  # between two paragraphs
    expect(page.get_by_role("toolbar")).to_have_count(0)


def test_shift_and_click_picks_up_to_a_sentence(copy: Copy, open_page: Opener) -> None:
    page = open_page(copy.url)
    click(page, copy.paragraph(2).start + 5)
    page.keyboard.down("Shift")
    click(page, copy.paragraph(3).start + 5)
    page.keyboard.up("Shift")
    highlight(page)
    assert copy.only().exact.startswith("Therefore, for Ukrainians")
    assert copy.only().exact.endswith("by all other allies.")


def test_a_drag_inside_a_paragraph_saves_what_it_selected(copy: Copy, open_page: Opener) -> None:
    page = open_page(copy.url)
    start = copy.paragraph(2).start
    wanted = Span(start + 11, start + 90)
    drag(page, wanted)
    selected = page.evaluate("getSelection().toString()")
    highlight(page, "blue")
    assert copy.only().exact == selected == wanted.of(copy.text)
    assert copy.place(copy.only()) == wanted
    assert page.locator("mark.blue").all_inner_texts() == [wanted.of(copy.text)]


def test_a_drag_across_two_paragraphs_saves_what_it_selected(copy: Copy, open_page: Opener) -> None:
    page = open_page(copy.url)
    wanted = Span(copy.paragraph(2).start + 120, copy.paragraph(3).start + 44)
    drag(page, wanted)
    selected = page.evaluate("getSelection().toString()")
    highlight(page)
    assert copy.only().exact == selected == wanted.of(copy.text)
    assert copy.place(copy.only()) == wanted
    assert "".join(page.locator("mark").all_inner_texts()) == wanted.of(copy.text).replace("\n\n", "")


def test_a_drag_backwards_is_the_same(copy: Copy, open_page: Opener) -> None:
    page = open_page(copy.url)
    wanted = Span(copy.paragraph(1).start + 3, copy.paragraph(1).start + 44)
    drag(page, wanted, backwards=True)
    highlight(page)
    assert copy.only().exact == wanted.of(copy.text)


def test_a_double_click_picks_a_word_and_a_triple_one_the_paragraph(copy: Copy, open_page: Opener) -> None:
    page = open_page(copy.url)
    first = copy.paragraph(1)
    for clicks, exact in ((2, "lines"), (3, first.of(copy.text))):
        show(page, first.start)
        page.mouse.click(*page.evaluate(POINT, [copy.text.index("lines") + 2, "left"]), click_count=clicks)
        expect(page.locator(".sentence.picked")).to_have_count(0)  # the first click had picked the sentence
        highlight(page)
        assert copy.annotations()[-1].exact == exact


def test_a_drag_that_ends_outside_the_text_ends_with_the_text(copy: Copy, open_page: Opener) -> None:
    page = open_page(copy.url)
    last = copy.paragraph(3)
    show(page, last.start)
    page.mouse.move(*page.evaluate(POINT, [last.start + 20, "left"]))
    page.mouse.down()
    box = page.locator(f"#p{last.start} .margin").bounding_box()
    assert box
    page.mouse.move(box["x"] + 100, box["y"] + box["height"] - 4, steps=5)
    page.mouse.up()
    highlight(page)
    assert copy.only().exact == copy.text[last.start + 20 : last.end]


@pytest.fixture(scope="module")
def hard(server: Server, library: Database, tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """What UTF-16 counts otherwise than Unicode does, published by the command line while the server runs."""
    source = tmp_path_factory.mktemp("hard") / "hard.txt"
    source.write_text("\n".join(HARD), "utf-8")
    command = [sys.executable, "-m", "app.cli", "import", str(source), "--title", "Hard", "--language", "en"]
    environment = os.environ | {"POSTIL_DATA_DIR": str(server.log.parent)}
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
    slug = done.stdout.strip()
    with library.transaction() as session:
        article = articles.by_slug(session, slug)
        assert article
        return Copy(library, server, article.id, slug, Draft("Hard", tuple(map(DraftParagraph, HARD))))


@pytest.mark.parametrize("words", PICKED)
def test_a_drag_after_an_emoji_saves_what_it_selected(hard: Copy, open_page: Opener, words: str) -> None:
    page = open_page(hard.url)
    start = hard.text.index(words)
    drag(page, Span(start, start + len(words)))
    selected = re.sub(r"\n+", "\n\n", page.evaluate("getSelection().toString()"))
    highlight(page)
    newest = hard.annotations()[-1]
    assert newest.exact == selected == words
    marked = page.locator(f'mark[data-annotations~="{newest.id}"]').all_inner_texts()
    assert "".join(marked) == words.replace("\n\n", "")


def test_nothing_else_on_the_page_changes(copy: Copy, open_page: Opener) -> None:
    page = open_page(copy.url)
    touched = copy.paragraph(17)
    wanted = Span(touched.start + 40, touched.start + 80)
    drag(page, wanted)
    mark_nodes(page)
    row = page.locator(f"#p{touched.start}")
    before = (page.evaluate("scrollY"), row.bounding_box())
    highlight(page)
    assert page.evaluate("window.unbroken")
    assert page.evaluate(NEW_NODES) == [f"p{touched.start}"]
    after = (page.evaluate("scrollY"), row.bounding_box())
    assert before[0] == after[0]
    assert before[1]
    assert after[1]
    assert before[1]["y"] == after[1]["y"]


def test_a_note_stands_beside_its_words_without_a_reload(copy: Copy, open_page: Opener) -> None:
    page = open_page(copy.url)
    click(page, copy.paragraph(20).start + 3)
    mark_nodes(page)
    page.get_by_role("toolbar").get_by_role("button", name="Note").click()
    page.get_by_label("Note, in Markdown").fill("Beside *her*.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    note = page.locator(f"#p{copy.paragraph(20).start} .note")
    expect(note.locator("em")).to_have_text("her")
    expect(page.locator("#count")).to_have_text("1")
    expect(page.locator("#tally")).to_have_text("1 note by 1 reader")
    expect(page.locator(".strip a")).to_have_count(1)
    assert page.evaluate("window.unbroken")


def test_a_click_beside_the_text_lets_go_of_what_is_picked(copy: Copy, open_page: Opener) -> None:
    page = open_page(copy.url)
    click(page, 2)
    expect(page.get_by_role("toolbar")).to_be_visible()
    page.get_by_role("heading", level=1).click()
    expect(page.get_by_role("toolbar")).to_have_count(0)
    expect(page.locator(".sentence.picked")).to_have_count(0)


def test_what_is_picked_is_painted_on_the_text_and_on_nothing_between(copy: Copy, open_page: Opener) -> None:
    copy.mark(copy.reader("Ada"), "weapons pipeline", "Between the two.")
    page = open_page(copy.url)
    drag(page, Span(copy.paragraph(2).end - 20, copy.paragraph(3).start + 20))
    expect(page.get_by_role("toolbar")).to_be_visible()
    painted = "[...CSS.highlights.get('pending')].map((range) => range.toString()).join('|')"
    text = copy.text
    wanted = f"{text[copy.paragraph(2).end - 20 : copy.paragraph(2).end]}|{text[copy.paragraph(3).start :][:20]}"
    assert page.evaluate(painted) == wanted
