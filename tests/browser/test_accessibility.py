"""axe-core finds nothing to say in any state, in any look, wide or narrow."""

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from app.web.answers import DISPLAY_COOKIE
from tests.browser.conftest import Opener
from tests.browser.states import THEMES, OpenScene, Scene, State, everywhere, noted, open_scene
from tests.conftest import Server

__all__ = ["noted", "open_scene"]

# All that it looks for by itself (WCAG 2.0 to 2.2 A and AA, best practice), and what it keeps for those who ask.
ALL = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
# What may differ from look to look.
COLOURS = {"resultTypes": ["violations"], "runOnly": ["color-contrast", "link-in-text-block"]}
# What may differ where the same page has another width.
LAYOUT = COLOURS | {"runOnly": [*COLOURS["runOnly"], "target-size", "scrollable-region-focusable"]}

# Every colour of every element, so that two themes can be compared.
LOOK = """() => [...document.querySelectorAll(":not(.panel *)")].map((one) => {
  const { color, backgroundColor, borderTopColor, borderLeftColor, textDecorationColor } = getComputedStyle(one);
  return [color, backgroundColor, borderTopColor, borderLeftColor, textDecorationColor].join();
}).join("\\n")"""

PAINTED = "new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)))"


def violations(page: Page, options: dict[str, Any]) -> list[str]:
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(Axe().axe_script)
    results = page.evaluate("(options) => axe.run(options)", options)
    assert len(results["passes"]) > (10 if options is ALL else 0)
    return [
        f"{rule['id']}: {node['html'][:150]} {node['failureSummary']}"
        for rule in results["violations"]
        for node in rule["nodes"]
    ]


def picture(scene: Scene, folder: Path, name: str) -> None:
    """Keep a picture of the window, to be looked at."""
    scene.page.screenshot(path=folder / f"{name}.png", animations="disabled")


@everywhere
@pytest.mark.parametrize("widths", [(360,), (1440, 768)], ids=["phone", "wide"])
def test_axe_finds_nothing(
    open_scene: OpenScene, go: State, widths: tuple[int, ...], pytestconfig: pytest.Config
) -> None:
    scene = open_scene(widths[0])
    go(scene)
    folder = pytestconfig.getoption("--pictures")
    found = {}
    for width in widths:
        scene.page.set_viewport_size({"width": width, "height": 800})
        scene.page.evaluate(PAINTED)
        scene.wear("auto, light")
        if folder:
            picture(scene, Path(folder), f"{go.__name__}-{width}-light")
        found[width, "light"] = violations(scene.page, ALL if width == widths[0] else LAYOUT)
        for theme in ("sepia", "dark"):
            scene.wear(theme)
            found[width, theme] = violations(scene.page, COLOURS)
            if folder and theme == "dark":
                picture(scene, Path(folder), f"{go.__name__}-{width}-{theme}")
    assert found == {look: [] for look in found}


def test_what_the_system_likes_looks_as_what_is_chosen(open_scene: OpenScene) -> None:
    scene = open_scene(360)
    looks = {}
    for theme in THEMES:
        scene.wear(theme)
        looks[theme] = scene.page.evaluate(LOOK)
    assert looks["auto, light"] == looks["light"]
    assert looks["auto, dark"] == looks["dark"]
    assert len(set(looks.values())) == 3


def test_a_look_is_worn_as_it_is_when_it_has_been_chosen(open_scene: OpenScene) -> None:
    scene = open_scene(1440)
    for theme in ("light", "sepia", "dark"):
        scene.wear(theme)
        worn = scene.page.evaluate(LOOK)
        scene.page.context.add_cookies(
            [{"name": DISPLAY_COOKIE, "value": f"theme={theme}", "url": scene.copy.server.url}]
        )
        scene.page.reload()
        assert scene.page.evaluate(LOOK) == worn


@pytest.mark.parametrize("width", [360, 1440])
def test_axe_finds_nothing_on_the_article_that_postil_ships_with(server: Server, open_page: Opener, width: int) -> None:
    assert violations(open_page(server.article, width=width), ALL) == []
