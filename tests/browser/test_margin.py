"""Notes stand level with their lines and never over one another; what would crowd the margin folds."""

import random
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from app.text.notes import Colour
from tests.browser.conftest import Copy, Opener

COLOURS: tuple[Colour, ...] = ("yellow", "green", "blue", "pink")

BOXES = """() => [...document.querySelectorAll(".margin > *")].map((box) => {
  const note = box.querySelector(".note") ?? box;
  const id = note.id.slice(1);
  const mark = document.querySelector(note.matches(".note") ? `mark[data-annotations~="${id}"]` : `#s${id}`);
  const { top, bottom, left, right } = box.getBoundingClientRect();
  return { id: note.id, top, bottom, left, right, line: mark.getClientRects()[0].top };
})"""

# What a browser does that cannot place a note by an anchor: the rules that do so are not there.
NO_ANCHORS = """() => {
  for (const sheet of document.styleSheets) {
    const without = (rules) => {
      for (let i = rules.cssRules.length - 1; i >= 0; i -= 1) {
        const rule = rules.cssRules[i];
        if (rule instanceof CSSSupportsRule && rule.conditionText.includes("anchor")) rules.deleteRule(i);
        else if (rule.cssRules && rule.deleteRule) without(rule);
      }
    };
    without(sheet);
  }
}"""


@pytest.fixture
def crowded(copy: Copy, request: pytest.FixtureRequest) -> Copy:
    """As many notes as the test says, of all lengths, on sentences chosen by chance (the same each time)."""
    chance = random.Random(7)
    reader = copy.reader("Ada")
    texts = [text for text in copy.text.replace("\n", " ").split(". ") if len(text) > 20 and copy.text.count(text) == 1]
    for _ in range(request.param):
        note = " ".join(["words"] * chance.randint(1, 60))
        copy.mark(reader, chance.choice(texts), note, chance.choice(COLOURS))
    return copy


def boxes(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate(BOXES)
    return found


def overlapping(found: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(one["id"], two["id"]) for one, two in pairwise(found) if two["top"] < one["bottom"] - 0.5]


@pytest.mark.parametrize("crowded", [10, 100, 600], indirect=True)
@pytest.mark.parametrize("width", [1024, 1440, 2560])
def test_no_two_notes_overlap_and_none_is_above_its_line(crowded: Copy, open_page: Opener, width: int) -> None:
    page = open_page(crowded.url, width=width)
    found = boxes(page)
    if crowds := page.locator("p.crowd").evaluate_all("(all) => all.map((one) => `open=${one.id.slice(1)}-999`)"):
        page.goto(f"{crowded.url}?{'&'.join(crowds)}")
        assert overlapping(found) == []
        assert page.locator(".note").count() == 600
        found += boxes(page)
    assert found
    assert overlapping(boxes(page)) == []
    assert [box["id"] for box in found if box["top"] < box["line"] - 1] == []
    assert [box["id"] for box in found if box["right"] > width] == []


@pytest.mark.parametrize("crowded", [100], indirect=True)
def test_a_hundred_folded_notes_drift_a_screen_at_most(crowded: Copy, open_page: Opener) -> None:
    page = open_page(crowded.url)
    assert max(box["top"] - box["line"] for box in boxes(page)) <= 1000


@pytest.mark.parametrize("crowded", [10], indirect=True)
def test_a_long_note_pushes_no_paragraphs_apart(crowded: Copy, open_page: Opener) -> None:
    gaps = """() => {
      const rows = [...document.querySelectorAll(".paragraph")].map((row) => row.getBoundingClientRect());
      return rows.slice(1).map((row, at) => Math.round(row.top - rows[at].bottom));
    }"""
    assert len(set(open_page(crowded.url).evaluate(gaps))) == 1


@pytest.mark.parametrize("crowded", [100], indirect=True)
@pytest.mark.parametrize("width", [1440, 700, 360])
def test_without_anchors_notes_follow_their_paragraphs_in_order(crowded: Copy, open_page: Opener, width: int) -> None:
    page = open_page(crowded.url, width=width)
    page.evaluate(NO_ANCHORS)
    found = boxes(page)
    assert overlapping(found) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_long_note_folds_and_opens_at_its_link_without_script(copy: Copy, open_page: Opener) -> None:
    id = copy.mark(copy.reader("Ada"), "weapons pipeline", "A long note. " * 60 + "The end of it.")
    page = open_page(copy.url, java_script_enabled=False)
    words = page.locator(f"#a{id} .words")
    folded = words.bounding_box()
    more = page.locator(f"#a{id}").get_by_role("link", name="more")
    more.click()
    expect(more).to_be_hidden()
    opened = words.bounding_box()
    assert folded
    assert opened
    assert folded["height"] < 100 < opened["height"]


def test_few_notes_stand_in_full_wherever_they_stand(copy: Copy, open_page: Opener) -> None:
    for name in ("Ada", "Ben", "Cy"):
        copy.mark(copy.reader(name), "weapons pipeline", f"By {name}, in a note that is longer than one line of it.")
    page = open_page(copy.url)
    for name in ("Ada", "Ben", "Cy"):
        expect(page.get_by_text(f"By {name}, in a note that is longer than one line of it.")).to_be_visible()
        box = page.get_by_text(f"By {name}, in a note").bounding_box()
        assert box
        assert box["height"] > 30


def test_a_crowd_folds_behind_its_number_and_a_saved_note_shows_in_it(copy: Copy, open_page: Opener) -> None:
    for name in ("Ada", "Ben", "Cy", "Di"):
        copy.mark(copy.reader(name), "weapons pipeline", f"By {name}.")
    everywhere = copy.reader("Eve")
    for span in copy.draft.spans:
        if span.start != copy.paragraph(2).start:
            copy.mark(everywhere, span.of(copy.text))
    page = open_page(copy.url)
    expect(page.get_by_text("4 notes", exact=True)).to_be_visible()
    expect(page.get_by_text("By Ada.")).to_be_hidden()
    page.keyboard.press("}")
    page.keyboard.press("}")
    page.keyboard.press("n")
    page.keyboard.type("Mine among them.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Mine among them.")).to_be_visible()
    expect(page.get_by_text("By Ada.")).to_be_visible()


def test_the_composer_stands_level_with_its_sentence(copy: Copy, open_page: Opener) -> None:
    copy.mark(copy.reader("Ada"), "On the front lines", "Above.")
    page = open_page(copy.url)
    for key in ("g", "5", "Enter", "j", "n"):
        page.keyboard.press(key)
    composer = page.locator("compose-form").bounding_box()
    line = page.evaluate("document.querySelector('.sentence.picked').getClientRects()[0].top")
    assert composer
    assert abs(composer["y"] - line) < 12


@pytest.mark.parametrize("crowded", [20], indirect=True)
def test_paper_has_every_note_once_in_full_after_its_paragraph(crowded: Copy, open_page: Opener) -> None:
    page = open_page(crowded.url, width=720)
    page.emulate_media(media="print")
    shown = """() => [...document.querySelectorAll(".note")].map((note) => {
      const words = note.querySelector(".words");
      const block = note.closest(".paragraph").querySelector("[data-start]").getBoundingClientRect();
      const box = words.getBoundingClientRect();
      return [note.id, box.height > 0, words.scrollHeight <= words.clientHeight + 1, box.top >= block.bottom];
    })"""
    found = page.evaluate(shown)
    assert len({id for id, *_ in found}) == 20
    assert [rest for _, *rest in found] == [[True, True, True]] * 20
