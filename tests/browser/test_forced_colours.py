"""Where the system sets all colours, the page still tells what it told."""

from typing import Any

from playwright.sync_api import Locator, Page

from tests.browser.conftest import click
from tests.browser.states import (
    OpenScene,
    a_composer,
    a_picked_sentence_with_notes,
    noted,
    open_scene,
    the_display,
)

__all__ = ["noted", "open_scene"]


def css(locator: Locator, name: str) -> Any:
    return locator.evaluate("(element, name) => getComputedStyle(element)[name]", name)


def forced(open_scene: OpenScene) -> Page:
    page = open_scene(1440).page
    page.emulate_media(forced_colors="active")
    assert page.evaluate("matchMedia('(forced-colors: active)').matches")
    return page


def test_a_mark_is_underlined_in_the_pattern_of_its_colour(open_scene: OpenScene) -> None:
    page = forced(open_scene)
    patterns = {
        colour: css(page.locator(f"mark.{colour}").first, "textDecorationStyle")
        for colour in ("yellow", "green", "blue", "pink")
    }
    assert patterns == {"yellow": "solid", "green": "dotted", "blue": "dashed", "pink": "double"}
    assert {css(mark, "textDecorationLine") for mark in page.locator("mark").all()} == {"underline"}


def test_a_note_has_its_rule_and_shows_that_it_is_meant(open_scene: OpenScene) -> None:
    page = forced(open_scene)
    note = page.locator(".note").first
    assert css(note, "borderLeftWidth") == "3px"
    assert css(note, "borderLeftColor") != css(page.locator("html"), "backgroundColor")
    assert css(note, "outlineStyle") == "none"
    page.keyboard.press("]")
    assert css(page.locator(".note:focus"), "outlineStyle") == "solid"


def test_what_is_picked_has_an_outline_and_its_notes_too(open_scene: OpenScene) -> None:
    page = forced(open_scene)
    click(page, 5)
    assert css(page.locator(".sentence.picked"), "outlineStyle") == "solid"
    assert {css(note, "outlineStyle") for note in page.locator(".note.lit").all()} == {"solid"}


def test_one_sees_where_the_focus_is(open_scene: OpenScene) -> None:
    page = forced(open_scene)
    for _ in range(60):
        page.keyboard.press("Tab")
        focus = page.locator(":focus")
        if not focus.count() or page.evaluate("document.activeElement === document.body"):
            return
        # What Aa offers shows it on the words beside the button.
        shown = (
            focus.locator("+ span") if focus.locator("xpath=self::input[ancestor::*[@class='aa']]").count() else focus
        )
        assert css(shown, "outlineStyle") != "none", focus.evaluate("(one) => one.outerHTML")
    raise AssertionError("the Tab key never leaves the page")


def test_the_chosen_colour_and_the_four_to_choose_from_are_told_apart(open_scene: OpenScene) -> None:
    scene = open_scene(1440)
    a_composer(scene)
    scene.page.emulate_media(forced_colors="active")
    colours = scene.page.locator(".colours input")
    assert len({css(one, "backgroundColor") for one in colours.all()}) == 4
    assert [css(one, "outlineStyle") for one in colours.all()] == ["solid", "none", "none", "none"]


def test_the_bar_shows_four_colours(open_scene: OpenScene) -> None:
    scene = open_scene(1440)
    a_picked_sentence_with_notes(scene)
    scene.page.emulate_media(forced_colors="active")
    buttons = scene.page.get_by_role("toolbar").locator("[data-act=highlight]").all()
    assert len({css(one, "backgroundColor") for one in buttons}) == 4


def test_the_strip_shows_where_notes_stand(open_scene: OpenScene) -> None:
    page = forced(open_scene)
    bars = [css(one, "backgroundImage") for one in page.locator(".strip > *").all()]
    assert "none" not in bars
    assert css(page.locator(".strip > a").first, "backgroundImage") != css(
        page.locator(".strip > i").first, "backgroundImage"
    )


def test_what_aa_has_chosen_is_told_apart(open_scene: OpenScene) -> None:
    scene = open_scene(1440)
    the_display(scene)
    scene.page.emulate_media(forced_colors="active")
    themes = scene.page.get_by_role("group", name="Theme").locator("span")
    chosen, *rest = [css(one, "backgroundColor") for one in themes.all()]
    assert chosen not in rest
