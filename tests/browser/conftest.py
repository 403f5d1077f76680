"""Debian's Chromium, driven as a reader would; a page that complains in its console has failed."""

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.conftest import missing

# Without these a headless Chromium looks for its maker's servers, and as root it does not start.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        missing("browser", "`apt-get install chromium`", "REQUIRE_BROWSER")
    return {**browser_type_launch_args, "executable_path": chromium, "args": FLAGS}


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """What pages said in their consoles; tests that expect a refusal take it out."""
    said: list[str] = []
    yield said
    assert said == []


Opener = Callable[..., Page]


@pytest.fixture
def open_page(new_context: Callable[..., BrowserContext], complaints: list[str]) -> Opener:
    """Open an address in a browser of its own, as wide as one says: `open_page(url, width=360, dark=True)`."""

    def open_page(url: str, width: int = 1440, height: int = 1000, dark: bool = False, **options: Any) -> Page:
        context = new_context(
            viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light", **options
        )
        page = context.new_page()
        page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
        page.goto(url)
        return page

    return open_page
