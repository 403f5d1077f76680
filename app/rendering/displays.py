"""Aa: how a reader wants pages to look. It travels in a cookie and is applied in the first HTML, so nothing flashes."""

from typing import Literal
from urllib.parse import parse_qsl, urlencode

from pydantic import BaseModel, ValidationError


class Display(BaseModel):
    """What can be chosen, by the name of the form's field; the first of each is the default."""

    theme: Literal["auto", "light", "sepia", "dark"] = "auto"
    face: Literal["serif", "sans", "legible"] = "serif"
    size: Literal["medium", "small", "large", "huge"] = "medium"
    width: Literal["medium", "narrow", "wide"] = "medium"
    line: Literal["medium", "tight", "loose"] = "medium"
    notes: Literal["all", "mine", "none"] = "all"
    keys: Literal["on", "off"] = "on"

    def written(self) -> str:
        """As a cookie keeps it: only what is not the default."""
        return urlencode(self.model_dump(exclude_defaults=True))


CHOICES: dict[str, tuple[tuple[str, str], ...]] = {
    "theme": (("auto", "Auto"), ("light", "Light"), ("sepia", "Sepia"), ("dark", "Dark")),
    "face": (("serif", "Serif"), ("sans", "Sans"), ("legible", "Legible")),
    "size": (("small", "Small"), ("medium", "Medium"), ("large", "Large"), ("huge", "Huge")),
    "width": (("narrow", "Narrow"), ("medium", "Medium"), ("wide", "Wide")),
    "line": (("tight", "Tight"), ("medium", "Medium"), ("loose", "Loose")),
    "notes": (("all", "All"), ("mine", "Mine"), ("none", "None")),
    "keys": (("on", "On"), ("off", "Off")),
}
"""The choices in the order in which they are offered, with their names."""

LEGENDS = {
    "theme": "Theme",
    "face": "Typeface",
    "size": "Size",
    "width": "Width",
    "line": "Line height",
    "notes": "Notes",
    "keys": "Keys",
}


def read(written: str) -> Display:
    """The display that a cookie keeps; the default where it keeps none that there is."""
    try:
        return Display.model_validate(dict(parse_qsl(written)))
    except ValidationError:
        return Display()
