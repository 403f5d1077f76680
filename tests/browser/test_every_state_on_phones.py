"""What holds in every state that a page can be in, on a phone: all can be hit and read, and axe has no word."""

from typing import Any

import pytest

from tests.browser.axe import found_in_looks
from tests.browser.contrast import too_faint_in_looks
from tests.browser.states import Scene, in_every_state

scene = in_every_state(360)

LARGE = ":root { font-size: 200% }"
SPACED = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
p { margin-block-end: 2em !important }"""

# Words that are cut off where nothing opens to show them. Folds do; the quote of a form stands in the text beside it,
# and the offer to go on has one line so that nothing moves for it.
CUT = """() => [...document.querySelectorAll("body *")].filter((one) => {
  const { overflowX, overflowY, clipPath } = getComputedStyle(one);
  const hides = (overflow) => overflow === "hidden" || overflow === "clip";
  return one.textContent.trim() && clipPath === "none" && one.checkVisibility()
    && !one.closest(".margin .note, .compose .quote, reading-place, .skip")
    && ((hides(overflowX) && one.scrollWidth > one.clientWidth + 1)
      || (hides(overflowY) && one.scrollHeight > one.clientHeight + 1));
}).map((one) => one.outerHTML.slice(0, 120))"""
SIDEWAYS = "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"


SMALL = """() => {
  const targets = [...document.querySelectorAll("a, button, input:not([type=hidden]), select, textarea, summary")]
    .filter((one) => one.checkVisibility({ visibilityProperty: true }) && getComputedStyle(one).clipPath === "none");
  const box = (one) => {
    const target = one.matches("label [type=radio], label [type=checkbox]") ? one.closest("label") : one;
    return target.getBoundingClientRect();
  };
  const inWords = (one) => one.closest(".words, main p:not(.by, .row)") && getComputedStyle(one).display === "inline";
  return targets.filter((one) => !inWords(one) && !one.matches(".skip"))
    .filter((one) => box(one).width < 23.5 || box(one).height < 23.5)
    .map((one) => `${one.outerHTML.slice(0, 120)} ${box(one).width} ${box(one).height}`);
}"""


def test_1_4_12_and_1_4_4_and_2_5_8_no_word_is_cut_off_where_text_is_large_and_what_one_hits_is_24_pixels_wide_and_high(
    scene: Scene,
) -> None:
    assert scene.page.evaluate(SMALL) == []
    found: dict[str, Any] = {}
    for rules in ("", SPACED, LARGE, ""):
        scene.page.evaluate(
            """(rules) => {
              const sheet = new CSSStyleSheet();
              sheet.replaceSync(rules);
              document.adoptedStyleSheets = [sheet];
            }""",
            rules,
        )
        found[rules] = [*scene.page.evaluate(CUT), scene.page.evaluate(SIDEWAYS)]
    assert found == {rules: [0] for rules in found}


def test_1_4_3_and_1_4_11_words_stand_out_there_and_so_do_edges_rules_and_underlines(scene: Scene) -> None:
    assert too_faint_in_looks(scene, 360) == []


def test_axe_finds_nothing(scene: Scene, request: pytest.FixtureRequest, pytestconfig: pytest.Config) -> None:
    name = request.node.callspec.id.replace(" ", "_")
    assert found_in_looks(scene, (360,), name, pytestconfig.getoption("--pictures")) == []
