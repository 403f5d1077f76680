"""Take the README's pictures again: `make screenshots`, with a Chromium on the machine."""

import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from app.storage.database import Database
from app.web.entrance.dependencies import COOKIE
from tests.browser.conftest import FLAGS, chromium
from tests.conftest import Server, start_server
from tests.library import account

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


def correct(browser: Browser, server: Server, library: Database) -> None:
    """What a publisher sees who mends two garbled places, before the revision is published."""
    _, token = account(library, "Ada", "publisher")
    cookie = {"name": COOKIE, "value": token, "domain": "127.0.0.1", "path": "/"}
    context = browser.new_context(
        viewport={"width": 1280, "height": 1290}, storage_state={"cookies": [cookie], "origins": []}
    )
    page = context.new_page()
    page.goto(f"{server.article}/edit")
    text = page.get_by_label("Text", exact=True)
    mended = text.input_value().replace(" The total amount exceeds the total amount.", "")
    mended = mended.replace("too slow and too slow", "too little and too late")
    text.fill(mended)
    page.get_by_role("button", name="See what changes").click()
    page.wait_for_selector(".outcome")
    page.screenshot(path=HERE / "revision.png")
    context.close()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = start_server(Path(folder))
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
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
            library = Database(f"sqlite:///{Path(folder) / 'postil.db'}")
            correct(browser, server, library)
            library.close()
        finally:
            browser.close()
            server.process.terminate()
            server.process.wait(20)


if __name__ == "__main__":
    main()
