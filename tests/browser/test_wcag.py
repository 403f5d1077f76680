"""WCAG 2.2, level AA: what axe cannot see. A test says in its name of which success criterion it is."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import click
from tests.browser.states import (
    OpenScene,
    a_composer,
    a_copied_link,
    a_picked_sentence,
    noted,
    open_scene,
)

__all__ = ["noted", "open_scene"]

CRITERIA = "1.3.2 1.4.1 1.4.3 1.4.10 1.4.11 1.4.12 1.4.13 2.1.1 2.1.4 2.4.11 2.5.7 2.5.8 4.1.3".split()


@pytest.mark.parametrize("criterion", CRITERIA)
def test_each_of_these_criteria_has_a_test(criterion: str) -> None:
    names = "\n".join(path.read_text("utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    assert re.search(rf"^def test_(\w+_and_)?{criterion.replace('.', '_')}_", names, re.MULTILINE)


READ = """(row) => {
  const said = [];
  const name = (one) => one.getAttribute("aria-label") ?? one.textContent.replace(/\\s+/g, " ").trim();
  const walk = (element) => {
    for (const child of element.children) {
      if (!child.checkVisibility()) continue;
      if (child.matches("[data-start]")) said.push(["text", child.textContent]);
      else if (child.matches("[role=comment]")) { said.push(["comment", name(child)]); walk(child); }
      else if (child.matches("a, button, summary")) said.push(["control", name(child)]);
      else if (child.matches(".words")) said.push(["words", name(child)]);
      else walk(child);
    }
  };
  walk(row);
  return said;
}"""


def test_1_3_2_a_paragraph_comes_first_and_then_its_notes_in_order_each_with_its_controls(
    open_scene: OpenScene,
) -> None:
    page = open_scene(1440).page
    said = page.locator(".paragraph").nth(3).evaluate(READ)
    first = [at for at, (kind, _) in enumerate(said) if kind == "comment"]
    assert [kind for kind, _ in said[: first[0]]] == ["control", "text", "control"]
    assert said[1][1].startswith("Here two readers disagree.")
    notes = [said[start:end] for start, end in pairwise([*first, len(said)])]
    assert [note[0][1] for note in notes] == ["Note by Ada, green", "Note by Grace, blue", "Note by you, pink"]
    for note in notes:
        kinds = [kind for kind, _ in note]
        assert kinds[:3] == ["comment", "control", "words"]
        assert set(kinds[3:]) <= {"control"}
        assert note[1][1].endswith(", back to the passage")
        assert all(name for _, name in note)


def test_1_4_1_a_colour_has_a_pattern_and_a_name_as_well(open_scene: OpenScene) -> None:
    page = open_scene(1440).page
    found: dict[str, str] = {}
    for colour in ("yellow", "green", "blue", "pink"):
        mark = page.locator(f"mark.{colour}").first
        found[colour] = mark.evaluate("(one) => getComputedStyle(one).textDecorationStyle")
        for note in page.locator(f".note.{colour}:not(.deleted)").all():
            expect(note).to_have_attribute("aria-label", re.compile(f", {colour}$"))
    assert len(set(found.values())) == 4


STANDING = """() => [...document.querySelectorAll("main *")].filter((one) => one.checkVisibility()).map((one) => {
  const { left, y, width, height } = one.getBoundingClientRect();
  const top = y + scrollY;
  const { opacity, visibility, clipPath } = getComputedStyle(one);
  return [one.localName, left, top, width, height, opacity, visibility, clipPath].join();
})"""


def test_1_4_13_nothing_comes_at_a_hover_and_what_comes_with_the_focus_stays_until_escape(
    open_scene: OpenScene,
) -> None:
    page = open_scene(1440).page
    before = page.evaluate(STANDING)
    note = page.locator(".note:not(.mine)", has_text="Alone here")
    for one in (note, page.locator("mark").first, page.locator(".add").first, page.locator(".strip a").first):
        one.hover()
        assert page.evaluate(STANDING) == before
    page.keyboard.press("j")
    page.keyboard.press("]")
    focused = page.locator(".note:focus")
    opened = page.evaluate(STANDING)
    focused.get_by_role("button", name="Copy link").hover()
    assert page.evaluate(STANDING) == opened != before
    page.keyboard.press("Escape")
    expect(page.locator(".sentence").first).to_be_focused()
    expect(page.locator(".note:focus")).to_have_count(0)


def test_2_1_1_all_that_a_hand_can_do_keys_can_do(open_scene: OpenScene) -> None:
    scene = open_scene(1440)
    page = scene.page
    before = len(scene.copy.annotations())

    def press(keys: str) -> None:
        for key in keys.split():
            page.keyboard.press(key)

    press("j j n")
    page.keyboard.type("By key.")
    press("Control+Enter")
    note = page.locator(".note.lit", has_text="By key.")
    expect(note).to_be_visible()
    press("Enter")
    expect(note).to_be_focused()
    for _ in range(8):
        press("Tab")
        if page.evaluate("document.activeElement.textContent") == "Edit":
            break
    press("Enter")
    expect(page.get_by_label("Note, in Markdown")).to_be_focused()
    page.keyboard.type("Reworded, ")
    press("Control+Enter")
    expect(page.locator(".note.lit", has_text="Reworded")).to_be_visible()
    press("x")
    expect(page.get_by_role("status")).to_contain_text("Deleted.")
    press("z")
    expect(page.locator(".note", has_text="Reworded")).to_be_visible()
    press("j s")
    expect(page.get_by_role("status").get_by_role("textbox")).to_be_visible()
    assert len(scene.copy.annotations()) == before + 1


COVERED = """async () => {
  await new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)));
  const one = document.activeElement;
  if (one === document.body) return null;
  const boxes = [...one.getClientRects()].filter((box) => box.width > 1 && box.height > 1);
  const seen = boxes.some((box) => [0.1, 0.5, 0.9].some((x) => [0.2, 0.5, 0.8].some((y) => {
    const there = document.elementFromPoint(box.left + box.width * x, box.top + box.height * y);
    return there && (one.contains(there) || there.contains(one) && !there.matches("html, body"));
  })));
  const shown = one.matches(".aa input, .skip") || seen;
  return [shown, one.outerHTML.slice(0, 120)];
}"""


@pytest.mark.parametrize("width", [360, 1440])
def test_2_4_11_what_has_the_focus_is_not_covered(open_scene: OpenScene, width: int) -> None:
    scene = open_scene(width)
    a_picked_sentence(scene)
    a_copied_link(scene)
    scene.page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    for _ in range(100):
        scene.page.keyboard.press("Tab")
        found = scene.page.evaluate(COVERED)
        if found is None:
            return
        shown, what = found
        assert shown, what
    raise AssertionError("the Tab key never leaves the page")


def test_2_5_7_a_run_of_sentences_is_marked_without_a_drag(open_scene: OpenScene) -> None:
    scene = open_scene(1440)
    page = scene.page
    click(page, 5)
    page.get_by_role("toolbar").get_by_role("button", name="One sentence more").click()
    page.get_by_role("button", name="Highlight in blue").click()
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    assert scene.copy.annotations()[-1].exact == scene.copy.paragraph(1).of(scene.copy.text)


def test_4_1_3_what_has_been_done_is_said_without_taking_the_focus(open_scene: OpenScene) -> None:
    scene = open_scene(1440)
    page = scene.page

    def focused() -> str:
        return str(page.evaluate("document.activeElement.id || document.activeElement.localName"))

    page.keyboard.press("j")
    before = focused()
    said = []
    for key, words in (("h", "Saved."), ("x", "Deleted."), ("z", "It is back."), ("m", "out of sight")):
        page.keyboard.press(key)
        expect(page.get_by_role("status")).to_contain_text(words)
        said.append(focused())
    assert said == [before] * 4
    assert page.get_by_role("status").count() == 1


def test_4_1_3_a_fault_is_said_as_an_alert_where_one_writes(open_scene: OpenScene) -> None:
    scene = open_scene(1440)
    a_composer(scene)
    scene.page.get_by_label("Note, in Markdown").fill("long " * 3000)
    scene.page.keyboard.press("Control+Enter")
    expect(scene.page.locator(".compose").get_by_role("alert")).not_to_be_empty()
    expect(scene.page.get_by_label("Note, in Markdown")).to_be_focused()
    scene.complaints.clear()
