"""What axe-core has to say of a page, wide or narrow, in every look."""

from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.states import Scene, Theme

# All that it looks for by itself (WCAG 2.0 to 2.2 A and AA, best practice), and what it keeps for those who ask.
ALL = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
# What may differ from look to look.
COLOURS = {"resultTypes": ["violations"], "runOnly": ["color-contrast", "link-in-text-block"]}
# What may differ where the same page has another width.
LAYOUT = COLOURS | {"runOnly": [*COLOURS["runOnly"], "target-size", "scrollable-region-focusable"]}


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


LOOKS: dict[tuple[int, Theme], dict[str, Any]] = {
    (1440, "auto, light"): ALL,
    (1440, "sepia"): COLOURS,
    (1440, "dark"): COLOURS,
    (768, "auto, light"): LAYOUT,
    (768, "sepia"): COLOURS,
    (768, "dark"): COLOURS,
    (360, "auto, light"): ALL,
    (360, "sepia"): COLOURS,
    (360, "dark"): COLOURS,
}
SOME = {(1440, "auto, light"), (1440, "sepia"), (768, "auto, light"), (360, "auto, light"), (360, "dark")}
"""Where it looks with every change, and in the others for pictures. `contrast.py` looks at all of them each time."""


def found_in_looks(scene: Scene, widths: tuple[int, ...], name: str, pictures: str | None) -> list[str]:
    """What it finds at these widths, in some themes; in all of them where a folder is given for `pictures` of them."""
    found = []
    for (width, theme), rules in LOOKS.items():
        if width not in widths or not (pictures or (width, theme) in SOME):
            continue
        scene.at(width, theme)
        found += [f"{width} {theme}: {one}" for one in violations(scene.page, rules)]
        if pictures:
            path = Path(pictures) / f"{name}-{width}-{theme.split()[-1]}.png"
            scene.page.screenshot(path=path, animations="disabled")
    scene.at(widths[0], "auto, light")
    return found
