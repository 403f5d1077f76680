"""How far the colours of a page are from what they stand on, from what the browser has computed."""

import re
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any

from playwright.sync_api import Page

from tests.browser.states import THEMES, Scene

Colour = tuple[float, float, float, float]

# Words, and edges and grounds of controls, each with what lies under them from the inside out.
SHOWN = """() => {
  const found = [];
  const known = new Map();
  const layers = (element) => {
    if (!element) return [];
    if (!known.has(element)) {
      const { backgroundColor, backgroundImage, opacity } = getComputedStyle(element);
      known.set(element, [[backgroundColor, backgroundImage, Number(opacity)], ...layers(element.parentElement)]);
    }
    return known.get(element);
  };
  const seen = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true })
    && element.getBoundingClientRect().width > 1 && !element.closest("[aria-disabled=true]")
    && getComputedStyle(element).clipPath === "none";
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const words = node.data.trim();
    const element = node.parentElement;
    if (!words || element.matches("script, template, option, textarea") || !seen(element)) continue;
    const { color, fontSize, fontWeight } = getComputedStyle(element);
    found.push({ kind: "words", what: words.slice(0, 40), color, size: parseFloat(fontSize), weight: Number(fontWeight),
      under: layers(element) });
  }
  const fields = "textarea, input:not([type=hidden], [type=radio], [type=checkbox]), select";
  const edged = ".colours input, [data-act=highlight], .aa span, .card input, .card textarea, .link";
  for (const field of document.querySelectorAll(fields)) {
    if (!seen(field)) continue;
    const { color, fontSize } = getComputedStyle(field, field.placeholder && !field.value ? "::placeholder" : null);
    found.push({ kind: "words", what: field.name || field.className, color, size: parseFloat(fontSize), weight: 400,
      under: layers(field) });
  }
  for (const control of document.querySelectorAll(edged)) {
    if (!seen(control)) continue;
    const { borderTopColor, outlineColor, outlineStyle } = getComputedStyle(control);
    // Under a finger the edge is an outline within a border that makes the target larger.
    const color = outlineStyle === "none" || control.matches(":focus-visible") ? borderTopColor : outlineColor;
    found.push({ kind: "edge", what: control.className || control.textContent, color,
      under: layers(control.parentElement) });
  }
  for (const mark of document.querySelectorAll("mark[data-annotations]")) {
    const { textDecorationColor } = getComputedStyle(mark);
    if (textDecorationColor === "rgba(0, 0, 0, 0)" || getComputedStyle(mark).textDecorationLine === "none") continue;
    for (const under of [layers(mark), layers(mark.parentElement)]) {
      found.push({ kind: "underline", what: mark.className, color: textDecorationColor, under });
    }
  }
  for (const note of document.querySelectorAll(".note")) {
    if (!seen(note)) continue;
    found.push({ kind: "rule", what: note.className, color: getComputedStyle(note).borderInlineStartColor,
      under: layers(note.parentElement) });
  }
  return found;
}"""


@dataclass(frozen=True)
class Shown:
    """Something on the page: what it is, and the least ratio between it and what it may stand on."""

    kind: str
    what: str
    ratio: float
    wanted: float


def contrasts(page: Page) -> list[Shown]:
    """Everything that must stand out, and how far it does. WCAG 2.2, 1.4.3 and 1.4.11."""
    return [_shown(one) for one in page.evaluate(SHOWN)]


def too_faint(page: Page) -> list[str]:
    return [
        f"{one.kind} {one.what!r}: {one.ratio:.2f} of {one.wanted}" for one in contrasts(page) if one.ratio < one.wanted
    ]


def too_faint_in_looks(scene: Scene, *widths: int) -> list[str]:
    """What is too faint at any of these widths, in any theme."""
    found = []
    for width, theme in product(widths, THEMES[2:]):
        scene.at(width, theme)
        found += [f"{width} {theme}: {one}" for one in too_faint(scene.page)]
    scene.at(widths[0], "auto, light")
    return found


def _shown(one: dict[str, Any]) -> Shown:
    words = one["kind"] == "words"
    # A sign alone, like the + of a paragraph, is a picture of what it does.
    large = words and (one["size"] >= 24 or (one["size"] >= 18.66 and one["weight"] >= 700) or len(one["what"]) == 1)
    veil = 1.0
    for *_, opacity in one["under"]:
        veil *= opacity
    red, green, blue, alpha = parse(one["color"])[0]
    ratios = [contrast(_over((red, green, blue, alpha * veil), ground), ground) for ground in _grounds(one["under"])]
    return Shown(one["kind"], one["what"], min(ratios), 4.5 if words and not large else 3)


@cache
def parse(css: str) -> list[Colour]:
    """Every colour in a computed value."""
    found: list[Colour] = []
    for function, inside in re.findall(r"(rgba?|color)\(([^()]*)\)", css):
        numbers = [float(number) for number in re.findall(r"-?[\d.]+(?:e-?\d+)?", inside)]
        scale = 1 if function == "color" else 255
        found.append(
            (numbers[0] / scale, numbers[1] / scale, numbers[2] / scale, numbers[3] if len(numbers) > 3 else 1)
        )
    return found


def _grounds(under: list[tuple[str, str, float]]) -> list[Colour]:
    """All that something may stand on: where a gradient lies, each of its colours."""
    choices = [parse(image) or parse(colour) for colour, image, _ in reversed(under)]
    grounds = []
    for layers in product(*choices):
        ground: Colour = (1, 1, 1, 1)
        for layer in layers:
            ground = _over(layer, ground)
        grounds.append(ground)
    return grounds


def _over(top: Colour, ground: Colour) -> Colour:
    alpha = top[3]
    red, green, blue = (one * alpha + other * (1 - alpha) for one, other in zip(top[:3], ground[:3], strict=True))
    return red, green, blue, 1


def contrast(one: Colour, other: Colour) -> float:
    """How far two colours are from each other. WCAG 2.2, "contrast ratio"."""

    def luminance(colour: Colour) -> float:
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour[:3]]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)
