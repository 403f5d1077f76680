"""What axe-core has to say of a page, wide or narrow, in every look."""

from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.states import Scene

# All that it looks for by itself (WCAG 2.0 to 2.2 A and AA, best practice), and what it keeps for those who ask.
ALL = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
# What may differ from look to look.
COLOURS = {"resultTypes": ["violations"], "runOnly": ["color-contrast", "link-in-text-block"]}
# What may differ where the same page has another width.
LAYOUT = COLOURS | {"runOnly": [*COLOURS["runOnly"], "target-size", "scrollable-region-focusable"]}

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


def found_in_all_looks(scene: Scene, widths: tuple[int, ...], name: str, pictures: str | None) -> list[str]:
    """What it finds at any of these widths, in any theme; with a folder for `pictures`, one of each is kept there."""
    found = []
    for width in widths:
        scene.page.set_viewport_size({"width": width, "height": 800})
        scene.page.evaluate(PAINTED)
        for theme in ("auto, light", "sepia", "dark"):
            scene.wear(theme)
            rules = COLOURS if theme != "auto, light" else ALL if width == widths[0] else LAYOUT
            found += [f"{width} {theme}: {one}" for one in violations(scene.page, rules)]
            if pictures and theme != "sepia":
                path = Path(pictures) / f"{name}-{width}-{theme.split()[-1]}.png"
                scene.page.screenshot(path=path, animations="disabled")
    scene.wear("auto, light")
    scene.page.set_viewport_size({"width": widths[0], "height": 800})
    return found
