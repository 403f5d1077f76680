"""Debian's Chromium, driven as a reader would; a page that complains in its console has failed."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Page
from sqlalchemy import insert
from sqlmodel import col, select

from app.formats import seeds
from app.settings import shipped
from app.storage import articles
from app.storage.annotations import Annotation, Placement, annotate
from app.storage.articles import Paragraph
from app.storage.database import Database
from app.storage.people.readers import Reader, welcome
from app.text.drafts import Draft
from app.text.notes import Colour
from app.text.selectors import Quote, anchor
from app.text.spans import Span
from tests.conftest import Server, missing

# Without these a headless Chromium looks for its maker's servers, and as root it does not start.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP plain.test 127.0.0.1",
]


@pytest.fixture(scope="session")
def base_url() -> None:
    """Tests say whole addresses. (pytest warns about how the plugin makes its own fixture of this name.)"""


def chromium() -> str | None:
    """Where the browser is. The one without a window of its own draws the same and takes a third less."""
    return next(filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "google-chrome"))), None)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    if not (browser := chromium()):
        missing("browser", "`apt-get install chromium-headless-shell`", "REQUIRE_BROWSER")
    return {**browser_type_launch_args, "executable_path": browser, "args": FLAGS}


@contextmanager
def complaining() -> Iterator[list[str]]:
    """What pages say in their consoles meanwhile: nothing, but for what tests that expect a refusal take out."""
    said: list[str] = []
    yield said
    assert said == []


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    with complaining() as said:
        yield said


Opener = Callable[..., Page]


@pytest.fixture
def open_page(new_context: Callable[..., BrowserContext], complaints: list[str]) -> Opener:
    return opener(new_context, complaints)


def opener(new_context: Callable[..., BrowserContext], complaints: list[str]) -> Opener:
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


# ── an article of one's own


@pytest.fixture(scope="module")
def library(server: Server) -> Iterator[Database]:
    """What the server keeps: to see what it has kept, and to put there what others have done."""
    database = Database(f"sqlite:///{server.log.parent / 'postil.db'}")
    yield database
    database.close()


@dataclass(frozen=True)
class Copy:
    """An article (the seed's text, mostly) without a note, which no other test touches."""

    library: Database
    server: Server
    id: int
    slug: str
    draft: Draft

    @property
    def url(self) -> str:
        return f"{self.server.url}/articles/{self.slug}"

    @property
    def text(self) -> str:
        return self.draft.text

    def paragraph(self, number: int) -> Span:
        """Where the n-th paragraph stands, counted from 1."""
        return self.draft.spans[number - 1]

    def annotations(self) -> list[Annotation]:
        """All that has ever been laid on it, in the order in which it was made."""
        with self.library.transaction() as session:
            kept = list(
                session.exec(select(Annotation).where(Annotation.article_id == self.id).order_by(col(Annotation.id)))
            )
            session.expunge_all()
        return kept

    def only(self) -> Annotation:
        """The one annotation that lies on it."""
        (annotation,) = self.annotations()
        return annotation

    def place(self, annotation: Annotation) -> Span:
        with self.library.transaction() as session:
            placement = session.get_one(Placement, (annotation.id, annotation.revision))
            return Span(placement.start, placement.end)

    def mark(self, reader: Reader, exact: str, note: str = "", colour: Colour = "yellow") -> int:
        """Let another reader mark some words; gives the annotation's id."""
        passage = anchor(self.text, Quote(exact))
        assert passage, exact
        with self.library.transaction() as session:
            annotation = annotate(session, articles.get(session, self.id), reader, passage, note=note, colour=colour)
            return annotation.id

    def change(self, number: int, old: str, new: str) -> None:
        """Let the text of a paragraph become another under those who read it."""
        assert len(old) == len(new)
        with self.library.transaction() as session:
            paragraph = session.get_one(Paragraph, (self.id, 1, number))
            paragraph.text = paragraph.text.replace(old, new)
            session.add(paragraph)

    def reader(self, name: str) -> Reader:
        """Somebody else, with a name."""
        with self.library.transaction() as session:
            reader, _ = welcome(session, name)
            session.flush()
            session.expunge(reader)
            return reader


def many(copy: Copy, number: int, spans: Sequence[Span] = (Span(0, 10),), readers: int = 9) -> None:
    """Let several readers mark passages over and over: at once, since one after the other takes a while."""
    with copy.library.transaction() as session:
        article = articles.get(session, copy.id)
        crowd = [welcome(session, f"Reader {one}")[0].id for one in range(readers)]
        first = annotate(session, article, session.get_one(Reader, crowd[0]), spans[0], note="One of many.")
        session.flush()
        said = first.model_dump(exclude={"id"})
        rows = [said | {"id": first.id + one, "reader_id": crowd[one % readers]} for one in range(1, number)]
        session.connection().execute(insert(Annotation), rows)
        placed = {"article_id": copy.id, "revision": 1, "stood": 1, "status": "ok"}
        places = [
            placed | {"annotation_id": first.id + one, "start": span.start, "end": span.end}
            for one, span in ((one, spans[one % len(spans)]) for one in range(1, number))
        ]
        session.connection().execute(insert(Placement), places)


@pytest.fixture(scope="session")
def seed() -> Draft:
    (found,) = seeds.read(shipped("seeds"))
    return found.draft


def published(server: Server, library: Database, draft: Draft) -> Copy:
    """An article without a note, under an address of its own."""
    with library.transaction() as session:
        article = articles.publish(session, replace(draft, slug=f"copy-{uuid4().hex[:8]}"))
        return Copy(library, server, article.id, article.slug, draft)


@pytest.fixture
def copy(server: Server, library: Database, seed: Draft) -> Copy:
    return published(server, library, seed)


def refused(page: Page, complaints: list[str], status: int) -> None:
    """Wait until the console has said of an answer that it refuses, and take that out of what it said."""

    def said() -> list[str]:
        return [one for one in complaints if f"status of {status} " in one or f"Status Error Code {status} " in one]

    for _ in range(100):
        if said():
            break
        page.wait_for_timeout(50)
    assert said(), f"nothing was refused with {status}: {complaints}"
    page.wait_for_timeout(150)  # of what htmx has asked for, both the browser and htmx say it
    complaints[:] = [one for one in complaints if one not in said()]


def until(page: Page, expression: str, wanted: object = True) -> None:
    """Wait until an expression is what it should be. (Playwright's own way needs `eval`, which our pages forbid.)"""
    for _ in range(100):
        if page.evaluate(expression) == wanted:
            return
        page.wait_for_timeout(50)
    assert page.evaluate(expression) == wanted


# ── hands

POINT = r"""([offset, edge]) => {
  const blocks = [...document.querySelectorAll("#text [data-start]")];
  const block = blocks.filter((one) => Number(one.dataset.start) <= offset).at(-1);
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  let left = offset - Number(block.dataset.start);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const letters = [...node.data];
    if (left < letters.length) {
      const range = document.createRange();
      range.setStart(node, letters.slice(0, left).join("").length);
      range.setEnd(node, letters.slice(0, left + 1).join("").length);
      const box = range.getBoundingClientRect();
      // A character that runs from right to left begins on its right; one that runs nowhere goes with its sentence.
      const letter = letters[left];
      const backwards = /\p{L}|\p{N}/u.test(letter)
        ? /[\p{Script=Arabic}\p{Script=Hebrew}]/u.test(letter)
        : getComputedStyle(node.parentElement).direction === "rtl";
      return [(edge === "left") !== backwards ? box.left + 0.5 : box.right - 0.5, box.top + box.height / 2];
    }
    left -= letters.length;
  }
}"""


def show(page: Page, offset: int) -> None:
    """Scroll until a character of the text stands in the middle of the window."""
    page.evaluate(
        """(offset) => [...document.querySelectorAll("#text [data-start]")]
            .filter((one) => Number(one.dataset.start) <= offset).at(-1).scrollIntoView({ block: "center" })""",
        offset,
    )


def drag(page: Page, passage: Span, backwards: bool = False) -> None:
    """Draw the mouse from the first to the last character (code points) of a passage."""
    show(page, passage.start)
    ends = [page.evaluate(POINT, [passage.start, "left"]), page.evaluate(POINT, [passage.end - 1, "right"])]
    first, last = reversed(ends) if backwards else ends
    page.mouse.move(*first)
    page.mouse.down()
    page.mouse.move(*last, steps=5)
    page.mouse.up()


def click(page: Page, offset: int) -> None:
    """Click on a character of the text (code points)."""
    show(page, offset)
    page.mouse.click(*page.evaluate(POINT, [offset, "left"]))


def send(page: Page, path: str, fields: dict[str, object]) -> str:
    """Send a form as a browser without script would; gives the address to which it leads."""
    with page.expect_navigation():
        page.evaluate(
            """([path, fields]) => {
              const form = document.createElement("form");
              form.method = "post";
              form.action = path;
              for (const [name, value] of Object.entries(fields)) {
                const field = document.createElement("textarea");
                field.name = name;
                field.value = value;
                form.append(field);
              }
              document.body.append(form);
              form.submit();
            }""",
            [path, fields],
        )
    return page.url


def mark_nodes(page: Page) -> None:
    """Remember this document and every row of it, to see afterwards which are still the same."""
    page.evaluate(
        """() => {
          window.unbroken = true;
          for (const row of document.querySelectorAll(".paragraph")) row.unbroken = true;
        }"""
    )


NEW_NODES = """() => [...document.querySelectorAll(".paragraph")].filter((row) => !row.unbroken).map((row) => row.id)"""
