"""Take the README's pictures again: `make screenshots`, with a Chromium on the machine."""

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import FLAGS
from tests.conftest import start_server

HERE = Path(__file__).parent

NOTE = "Opens on the ground, not in Washington. Everything after is measured from here."


def write_first_note(page: Page) -> None:
    """What a reader does in the first minute: a note on the first sentence, another begun on the fifth."""
    page.click("#s0")
    page.click("[data-act=note]")
    page.fill(".compose textarea", NOTE)
    page.check(".compose .green input")
    page.click(".compose button")
    page.wait_for_selector("#p0 .note")
    page.mouse.click(5, 5)
    page.locator(".paragraph:nth-of-type(4) .sentence").nth(1).click()
    page.click("[data-act=note]")
    page.fill(".compose textarea", "Two verbs for one act: “promised or threatened”.")
    page.evaluate("document.getElementById('status').replaceChildren()")
    page.evaluate("scrollTo(0, 0)")


def main() -> None:
    chromium = shutil.which("chromium")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = start_server(Path(folder))
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        try:
            for name, width, height, scheme in (
                ("wide", 1280, 1040, "light"),
                ("dark", 1280, 1040, "dark"),
                ("phone", 400, 860, "light"),
            ):
                context = browser.new_context(
                    viewport={"width": width, "height": height},
                    color_scheme="dark" if scheme == "dark" else "light",
                )
                page = context.new_page()
                page.goto(server.article)
                write_first_note(page)
                page.screenshot(path=HERE / f"{name}.png")
                page.keyboard.press("Escape")
                page.locator(".note.mine").focus()
                page.keyboard.press("x")
                page.wait_for_selector("#status >> text=Deleted")
                context.close()
        finally:
            browser.close()
            server.process.terminate()
            server.process.wait(20)


if __name__ == "__main__":
    main()
