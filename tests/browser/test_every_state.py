"""What holds in every state that a page can be in, on a wide screen: nothing moves, all stands out, axe has no word."""

import pytest

from tests.browser.axe import found_in_looks
from tests.browser.contrast import too_faint_in_looks
from tests.browser.states import Scene, in_every_state

scene = in_every_state(1440)

MOVES = """() => [...document.querySelectorAll("*")].filter((one) => {
  const style = getComputedStyle(one);
  return style.animationName !== "none" || style.transitionDuration.split(", ").some((time) => parseFloat(time) > 0)
    || style.scrollBehavior === "smooth";
}).map((one) => one.outerHTML.slice(0, 100)).concat(document.getAnimations().map(String))"""


def test_nothing_moves_by_itself_where_that_is_not_wanted(scene: Scene) -> None:
    assert scene.page.evaluate("matchMedia('(prefers-reduced-motion: reduce)').matches")
    assert scene.page.evaluate(MOVES) == []


def test_1_4_3_and_1_4_11_words_stand_out_and_so_do_edges_rules_and_underlines(scene: Scene) -> None:
    assert too_faint_in_looks(scene, 1440, 768) == []


def test_axe_finds_nothing(scene: Scene, request: pytest.FixtureRequest, pytestconfig: pytest.Config) -> None:
    name = request.node.callspec.id.replace(" ", "_")
    assert found_in_looks(scene, (1440, 768), name, pytestconfig.getoption("--pictures")) == []
