"""The Jinja environment: everything escaped, nothing undefined."""

import re
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.rendering import displays
from app.rendering.assets import asset_path
from app.rendering.dates import date
from app.rendering.reading import direction
from app.rendering.shapes import is_structured
from app.settings import shipped


def thousands(number: int) -> str:
    return f"{number:,}"


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun: 1 note, 2 notes."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def is_web_address(words: str) -> bool:
    """Whether words are an address that a browser goes to, and nothing else."""
    return re.fullmatch(r"https?://[^\s/][^\s]*", words) is not None


@cache
def environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(shipped("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals["asset_path"] = asset_path
    made.globals["direction"] = direction
    made.globals["is_structured"] = is_structured
    made.globals["display_choices"] = displays.CHOICES
    made.globals["display_legends"] = displays.LEGENDS
    made.filters["thousands"] = thousands
    made.filters["counted"] = counted
    made.filters["day"] = date
    made.tests["web_address"] = is_web_address
    return made


def rendered(template: str, **needs: Any) -> str:
    """A template filled with what its first line says it needs. Raises jinja2.UndefinedError where that is missing."""
    return environment().get_template(template).render(needs)
