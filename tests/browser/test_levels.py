"""What is turned to stands at the very line of its passage; its neighbours give way, and come back afterwards."""

import random
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Copy, Opener, click

BOXES = """() => [...document.querySelectorAll(".margin > *")].map((box) => {
  const { top, bottom } = box.getBoundingClientRect();
  return [box.id || box.localName, top + scrollY, bottom + scrollY];
})"""
LINE = """(id) => document.querySelector(`mark[data-annotations~="${id}"]`).getClientRects()[0].top + scrollY"""
SENTENCE = "document.querySelector('.sentence.picked').getClientRects()[0].top + scrollY"
SETTLED = """() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(async () => {
  await Promise.all(document.getAnimations().map((one) => one.finished));
  done();
})))"""
Boxes = list[tuple[str, float, float]]


@pytest.fixture
def crowded(copy: Copy) -> Copy:
    """Three notes of several lines to each of the first paragraphs: far more than there is room for beside them."""
    chance = random.Random(5)
    ada = copy.reader("Ada")
    for number in range(1, 11):
        span = copy.paragraph(number)
        for _ in range(3):
            start = chance.randrange(span.start, span.end - 30)
            copy.mark(ada, copy.text[start : start + 30], " ".join(["words"] * chance.randint(20, 80)))
    return copy


def boxes(page: Page) -> Boxes:
    page.evaluate(SETTLED)
    found: Boxes = page.evaluate(BOXES)
    return found


def overlapping(found: Boxes) -> list[tuple[str, str]]:
    return [(one[0], two[0]) for one, two in pairwise(found) if two[1] < one[2] - 0.5]


NEAR = 400


def drifted(page: Page, by: int = 40) -> list[int]:
    """The notes, in order, that stand further below their lines than so many pixels."""
    found = [(int(id[1:]), top) for id, top, _ in boxes(page) if id.startswith("a")]
    return [id for id, top in found if top - page.evaluate(LINE, id) > by]


def off(page: Page, id: int) -> float:
    """How far a note stands from its line, unless those above it begin with the text and have no more room."""
    found = boxes(page)
    (top,) = [top for other, top, _ in found if other == f"a{id}"]
    far = abs(top - float(page.evaluate(LINE, id)))
    begins = float(page.evaluate("document.querySelector('#text').getBoundingClientRect().top + scrollY"))
    return 0 if far <= NEAR and abs(found[0][1] - begins) <= 1.5 else far


@pytest.mark.parametrize("width", [1100, 1440])
def test_a_note_with_the_focus_stands_at_its_line_and_no_two_overlap(
    crowded: Copy, open_page: Opener, width: int
) -> None:
    page = open_page(crowded.url, width=width)
    before = boxes(page)
    wanted = drifted(page)
    assert len(wanted) > 20, wanted
    for id in wanted[::5]:
        page.locator(f"#a{id}").focus()
        assert off(page, id) <= 1.5
        assert overlapping(boxes(page)) == []
        expect(page.locator(f"#a{id}")).to_be_in_viewport()
    page.evaluate("document.activeElement.blur()")
    assert boxes(page) == before


def test_the_note_that_the_address_names_stands_at_its_line(crowded: Copy, open_page: Opener) -> None:
    page = open_page(crowded.url)
    id = drifted(page)[-1]
    page = open_page(f"{crowded.url}#a{id}")
    assert off(page, id) <= 1.5
    assert overlapping(boxes(page)) == []
    expect(page.locator(f"#a{id}")).to_be_in_viewport()


def test_the_note_of_a_picked_passage_stands_at_its_line(crowded: Copy, open_page: Opener) -> None:
    page = open_page(crowded.url)
    before = boxes(page)
    id = drifted(page)[10]
    sentence = page.locator(f"#a{id} .back").get_attribute("href") or ""
    click(page, int(sentence.removeprefix("#s")) + 2)
    expect(page.locator(".note.lit").first).to_be_visible()
    found = boxes(page)
    (bar,) = [top for name, top, _ in found if name == "div"]
    first = page.evaluate("document.querySelector('.margin > :is(.lit, .passage-bar)').id")
    assert off(page, int(first[1:])) <= 1.5 if first else abs(bar - page.evaluate(SENTENCE)) <= 1.5
    assert overlapping(boxes(page)) == []
    page.keyboard.press("Escape")
    assert boxes(page) == before


def test_the_composer_stands_at_its_line_among_many(crowded: Copy, open_page: Opener) -> None:
    page = open_page(crowded.url)
    click(page, crowded.paragraph(20).start + 2)
    page.get_by_role("toolbar").get_by_role("button", name="Note").click()
    (top,) = [top for name, top, _ in boxes(page) if name == "compose-form"]
    assert abs(top - page.evaluate(SENTENCE)) <= 1.5
    page.keyboard.type("line\n" * 12)
    assert overlapping(boxes(page)) == []


def test_notes_do_not_overlap_on_their_way(crowded: Copy, open_page: Opener) -> None:
    page = open_page(crowded.url)
    # Every frame of a few turns, as many notes apart.
    frames: list[Boxes] = page.evaluate(
        f"""async () => {{
          const look = {BOXES};
          const frames = [];
          for (const note of [...document.querySelectorAll(".note")].filter((_, at) => at % 9 === 8)) {{
            note.focus();
            for (let left = 15; left; left -= 1) {{
              await new Promise(requestAnimationFrame);
              await new Promise((done) => setTimeout(done));
              frames.push(look());
            }}
          }}
          return frames;
        }}"""
    )
    assert len(frames) > 40
    assert [found for frame in frames if (found := overlapping(frame))] == []


def test_nothing_glides_for_who_wants_less_motion(crowded: Copy, open_page: Opener) -> None:
    for motion, glides in (("reduce", False), ("no-preference", True)):
        page = open_page(crowded.url, reduced_motion=motion)
        id = drifted(page)[5]
        count: Any = page.evaluate(
            """(id) => new Promise((done) => {
              document.getElementById(`a${id}`).focus();
              requestAnimationFrame(() => requestAnimationFrame(() => done(document.getAnimations().length)));
            })""",
            id,
        )
        assert bool(count) is glides
        assert off(page, id) <= 1.5


def test_what_is_pressed_does_not_move_away_before_it_is_let_go(crowded: Copy, open_page: Opener) -> None:
    page = open_page(crowded.url)
    note = page.locator(f"#a{drifted(page)[8]}")
    note.scroll_into_view_if_needed()
    box = note.bounding_box()
    assert box
    page.mouse.move(box["x"] + 40, box["y"] + 10)
    page.mouse.down()
    page.evaluate(SETTLED)
    expect(note).to_be_focused()
    assert (note.bounding_box() or box)["y"] == box["y"]
    page.mouse.up()
    assert off(page, int((note.get_attribute("id") or "")[1:])) <= 1.5


def test_a_window_made_narrow_has_every_note_back_in_its_place(crowded: Copy, open_page: Opener) -> None:
    page = open_page(crowded.url)
    page.locator(f"#a{drifted(page)[8]}").focus()
    page.evaluate(SETTLED)
    page.set_viewport_size({"width": 800, "height": 900})
    page.evaluate(SETTLED)
    assert page.evaluate("[...document.adoptedStyleSheets].flatMap((one) => [...one.cssRules]).length") == 0
    assert overlapping(boxes(page)) == []


def test_the_bar_is_never_pushed_from_its_line_by_the_note_that_it_stands_before(copy: Copy, open_page: Opener) -> None:
    id = copy.mark(copy.reader("Ada"), "lines", "Words " * 40)
    page = open_page(copy.url)
    click(page, 3)
    found = boxes(page)
    assert [name for name, *_ in found] == ["div", f"a{id}"]
    assert abs(found[0][1] - page.evaluate(SENTENCE)) <= 1.5
    assert overlapping(found) == []


def test_no_note_goes_out_of_sight_for_another(copy: Copy, open_page: Opener) -> None:
    reader = copy.reader("Ada")
    ids = [copy.mark(reader, exact, "A note of some length. " * 9) for exact in ("On the front", "soldiers", "weapons")]
    page = open_page(copy.url)
    page.locator(f"#a{ids[2]} .by").click()
    top = page.locator("#text").bounding_box()
    assert top
    bottom = top["y"] - 1
    for id in ids:
        expect(page.locator(f"#a{id}")).to_have_css("opacity", "1")
        expect(page.locator(f"#a{id}")).to_be_visible()
    page.wait_for_function("() => !document.getAnimations().length")
    for id in ids:
        box = page.locator(f"#a{id}").bounding_box()
        assert box
        assert box["y"] >= bottom
        bottom = box["y"] + box["height"]
