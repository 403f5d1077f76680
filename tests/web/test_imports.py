"""Importing in the browser: what one brings is read, looked at, corrected and published; by its maker alone."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from PIL import Image
from sqlmodel import update
from starlette.testclient import TestClient

from app.importing.jobs import Jobs
from app.main import create_app
from app.storage import imports
from app.storage.database import Database, now
from app.storage.imports import Import
from app.storage.people.readers import Reader
from app.web.entrance.dependencies import COOKIE
from tests.conftest import BASE_URL, ROOT, settings, wait_until
from tests.fetching.sites import PUBLIC, Answer, Site, guard, page
from tests.formats.books import packed
from tests.library import account, everything
from tests.web.conftest import HTMX, browser, saved, send

FORM = "application/x-www-form-urlencoded"
BEES = "# On bees\n\nThey hum. All day.\n\n- One\n- Two\n"


@pytest.fixture
def ann(client: TestClient, database: Database) -> TestClient:
    """A browser of somebody who may publish."""
    _, token = account(database, "Ann", "publisher")
    return browser(client, token)


def bring(client: TestClient, status: int = 303, **fields: Any) -> str:
    """Bring something in; gives where that leads."""
    files = fields.pop("files", None) or {"nothing": ("", b"")}
    answer = client.post("/articles", data=fields, files=files, follow_redirects=False)
    assert answer.status_code == status, answer.text
    return str(answer.headers.get("Location", answer.text))


def named(name: str, content: bytes | str, media_type: str = "application/octet-stream") -> dict[str, Any]:
    return {"file": (name, content.encode() if isinstance(content, str) else content, media_type)}


def ready(client: TestClient, path: str) -> str:
    """The page of an import, once it has been read."""
    found: list[str] = []

    def there() -> bool:
        found.append(client.get(path).text)
        return 'id="progress"' not in found[-1]

    wait_until(there, "it is not read")
    return found[-1]


def value(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" (?:type="date" )?value="([^"]*)"', page)
    assert found, name
    return found[1]


def publish(client: TestClient, path: str, **fields: Any) -> str:
    answer = send(client, path, **{"title": "On bees"} | fields)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def test_what_is_pasted_is_looked_at_corrected_and_published(ann: TestClient, database: Database) -> None:
    path = bring(ann, text=BEES)
    assert re.fullmatch(r"/imports/\d+", path)
    page = ready(ann, path)
    assert "<h1>Look at it before you publish</h1>" in page
    assert value(page, "title") == "On bees"
    assert "They hum." in page
    where = publish(ann, path, author="Ann", language="", source="A meadow", published_on="1926-11-22")
    assert where == "/articles/on-bees"
    shown = ann.get(where).text
    assert "A meadow" in shown
    assert "22 Nov 1926" in shown
    (article,) = [one for one in everything(database)["article"] if one.slug == "on-bees"]
    assert (article.title, article.author, article.source) == ("On bees", "Ann", "A meadow")
    assert everything(database)["brought"] == []
    assert "Not published yet" not in ann.get("/articles/new").text


def test_what_is_published_leads_to_what_it_has_become_however_often_its_form_is_sent(
    client: TestClient, database: Database
) -> None:
    client.cookies.set(COOKIE, account(database, "Ann", "publisher")[1])
    ann = client
    path = bring(ann, text=BEES)
    ready(ann, path)
    before = len(everything(database)["article"])
    with ThreadPoolExecutor(4) as pool:
        clicks = list(pool.map(lambda _: publish(ann, path), range(4)))
    assert clicks == ["/articles/on-bees"] * 4
    assert len(everything(database)["article"]) == before + 1
    for answer in (ann.get(path, follow_redirects=False), send(ann, f"{path}/revise"), send(ann, f"{path}/delete")):
        assert (answer.status_code, answer.headers["Location"]) == (303, "/articles/on-bees")
    asked = ann.get(path, headers=HTMX, follow_redirects=False)
    assert (asked.status_code, asked.headers["HX-Redirect"]) == (204, "/articles/on-bees")
    assert browser(ann).get(path).status_code == 404


def test_of_those_who_bring_the_same_at_once_one_publishes_it(client: TestClient, database: Database) -> None:
    client.cookies.set(COOKIE, account(database, "Ann", "publisher")[1])
    paths = [bring(client, files=named("bees.md", BEES)) for _ in range(4)]
    for path in paths:
        ready(client, path)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda path: send(client, path, title="On bees", source="bees.md"), paths))
    assert sorted(answer.status_code for answer in answers) == [303, 409, 409, 409]
    refused = next(answer.text for answer in answers if answer.status_code == 409)
    assert "It is here already" in refused
    assert sum(one.title == "On bees" for one in everything(database)["article"]) == 1


def test_a_file_is_read_as_what_it_is(ann: TestClient) -> None:
    html = '<html lang=uk><meta name=author content="Оля"><h1>Про бджіл</h1><p>Гудуть.</p><script>no</script>'
    page = ready(ann, bring(ann, files=named("b.html", html)))
    said = [value(page, name) for name in ("title", "author", "language", "source")]
    assert said == ["Про бджіл", "Оля", "uk", "b.html"]


def test_a_text_says_itself_when_it_was_published(ann: TestClient) -> None:
    dated = "---\ntitle: On bees\ndate: 1926-11-22\n---\n\nThey hum."
    path = bring(ann, files=named("bees.md", dated))
    assert value(ready(ann, path), "published_on") == "1926-11-22"
    page = ready(ann, bring(ann, files=named("b.html", "<meta name=date content=soon><h1>Bees</h1><p>They hum.</p>")))
    assert value(page, "published_on") == ""


def test_several_files_wait_together(ann: TestClient) -> None:
    files = [("file", ("a.txt", b"Ants walk.")), ("file", ("b.txt", b"Bees hum."))]
    assert bring(ann, files=files) == "/articles/new"
    wait_until(lambda: ann.get("/articles/new").text.count("ready to be looked at") == 2, "they are not read")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.pdf", b"%PDF-1.7", "It is a PDF. Plain text, Markdown, HTML and EPUB can be read."),
        ("a.txt", b"", "There is no text in it."),
        ("a.md", b"> " * 100_000, "Lists and quotations lie more than 50 deep in it."),
    ],
)
def test_what_cannot_be_read_says_why(ann: TestClient, name: str, content: bytes, said: str) -> None:
    path = bring(ann, files=named(name, content))
    page = ready(ann, path)
    assert said in page
    assert "Begin again" in page
    assert send(ann, path, title="A").status_code == 409
    assert send(ann, f"{path}/delete").headers["Location"] == "/articles/new"
    assert ann.get(path).status_code == 404


def test_pasted_words_of_which_nothing_can_be_made_come_back(ann: TestClient) -> None:
    page = ready(ann, bring(ann, text="# Bees\n\n" + "[" * 20_000))
    assert "brackets" in page
    assert "[[[</textarea>" in page


@pytest.mark.parametrize(
    ("fields", "said"),
    [({"text": " \n"}, "There is nothing in it yet"), ({"address": "bees"}, "no address of a page"), ({}, "nothing")],
)
def test_what_is_nothing_is_said_with_what_was_typed(ann: TestClient, fields: dict[str, str], said: str) -> None:
    page = bring(ann, 422, **fields)
    assert said in page
    assert all(words.strip() in page for words in fields.values())


def test_only_who_may_publish_brings_and_only_they_see_what_they_brought(
    ann: TestClient, client: TestClient, database: Database
) -> None:
    path = bring(ann, text=BEES)
    ready(ann, path)
    _, token = account(database, "Bob", "publisher")
    _, plain = account(database, "Cleo")
    for other in (browser(client, token), browser(client, plain), browser(client)):
        for deed in ("", "/stop", "/again", "/delete", "/revise"):
            answer = send(other, f"{path}{deed}", title="Mine")
            nowhere = send(other, f"/imports/999999{deed}", title="Mine")
            assert answer.status_code == nowhere.status_code == 404
            assert answer.text == nowhere.text.replace("999999", path.rsplit("/", 1)[1])
        assert other.get(path).status_code == 404
        assert "bees" not in other.get("/articles/new").text
    for other in (browser(client, plain), browser(client)):
        assert other.get("/articles/new").status_code == 404
        assert bring(other, 404, text="Bees.")
    assert "On bees" in ready(ann, path)


def test_where_guests_publish_they_do(url: str) -> None:
    app = create_app(settings(url, guests_publish=True))
    with TestClient(app, base_url=BASE_URL) as guest:
        path = bring(guest, text=BEES)
        ready(guest, path)
        assert publish(guest, path) == "/articles/on-bees"


def test_a_picture_that_could_not_be_had_is_spoken_of(ann: TestClient) -> None:
    path = bring(ann, files=named("a.md", "# Bees\n\nThey fly.\n\n![A bee](bee.png)\n"))
    page = ready(ann, path)
    assert "1 picture could not be had: the words that describe it stand in its place." in page
    assert "What lies beside a file comes along when <code>postil import</code> reads it." in page


@pytest.mark.parametrize("moment", [30, 0])
def test_what_is_published_in_another_language_has_its_sentences_found_anew(
    ann: TestClient, database: Database, monkeypatch: pytest.MonkeyPatch, moment: int
) -> None:
    """At once, or where that takes longer than a moment, once one has said so again."""
    path = bring(ann, files=named("a.txt", "Title\nВін жив на вул. Шевченка. Потім пішов.\n"))
    ready(ann, path)
    monkeypatch.setattr("app.web.publishing.MOMENT", moment)
    where = publish(ann, path, title="Дім", language="uk", author="Оля")
    if not moment:
        assert where == path
        page = ready(ann, path)
        assert "It has been read once more, in the language that you named. Nothing is published yet." in page
        assert [value(page, name) for name in ("title", "author", "language")] == ["Дім", "Оля", "uk"]
        where = publish(ann, path, title="Дім", language="uk", author="Оля")
    (article,) = [one for one in everything(database)["article"] if f"/articles/{one.slug}" == where]
    (paragraph,) = [one for one in everything(database)["paragraph"] if one.article_id == article.id]
    assert paragraph.sentences == "[0,25,26,38]"


@pytest.mark.parametrize(
    ("fields", "said"),
    [({"title": " "}, "needs a title"), ({"title": "Bees", "language": "e n"}, "as in “en”")],
)
def test_what_is_missing_is_said_with_what_was_typed(ann: TestClient, fields: dict[str, str], said: str) -> None:
    path = bring(ann, text=BEES)
    ready(ann, path)
    answer = send(ann, path, author="Zoë", **fields)
    assert answer.status_code == 422
    assert said in answer.text
    assert value(answer.text, "author") == "Zoë"


def test_a_book_is_published_as_a_collection_of_the_chapters_one_chooses(ann: TestClient, database: Database) -> None:
    book = packed((ROOT / "tests/formats/epub/arabic.book").read_text("utf-8"))
    path = bring(ann, files=named("book.epub", book))
    page = ready(ann, path)
    chapters = re.findall(r'name="part" value="(\d+)" checked', page)
    assert len(chapters) > 2
    assert ann.get(f"{path}?part=2").text != page
    answer = send(ann, path, title=" ")
    assert answer.status_code == 422
    assert "Choose a chapter" in send(ann, path, title="A book", language="ar").text
    where = publish(ann, path, title="A book", language="ar", part=["1", "3"])
    assert where == "/collections/a-book"
    shown = ann.get(where).text
    titles = [one.title for one in everything(database)["article"]][-2:]
    assert all(title in shown for title in titles)
    assert len(everything(database)["part"]) == 2
    page = ready(ann, bring(ann, files=named("book.epub", book)))
    assert "2 articles were made from the same source" in page


def test_of_a_long_text_the_beginning_is_shown_until_one_asks_for_all(ann: TestClient) -> None:
    path = bring(ann, files=named("a.txt", "Bees\n" + "\n".join(f"Bee {number}." for number in range(400))))
    page = ready(ann, path)
    assert ("400 paragraphs" in page, "Bee 299." in page, "Bee 300." in page) == (True, True, False)
    assert "100 more paragraphs" in page
    assert "Bee 399." in ann.get(f"{path}?part=1&whole=true").text


# ── the same again


def test_the_same_again_offers_to_revise(ann: TestClient, database: Database) -> None:
    ready(ann, first := bring(ann, files=named("bees.md", BEES)))
    where = publish(ann, first, source="bees.md")
    note = saved(ann, where, 0, 9, note="Indeed")
    ready(ann, again := bring(ann, files=named("bees.md", BEES)))
    page = ann.get(again).text
    assert "It is here already" in page
    changed = BEES.replace("All day", "All summer")
    page = ready(ann, path := bring(ann, files=named("bees.md", changed)))
    assert "of the notes that you can see 1 stays; the text as it was" in page
    answer = send(ann, path, title="On bees", source="bees.md")
    assert answer.status_code == 409
    assert "The same is here already" in answer.text
    answer = send(ann, f"{path}/revise", title="On bees", source="bees.md", based_on=value(page, "based_on"))
    assert answer.headers["Location"] == where
    shown = ann.get(where).text
    assert "All summer." in shown
    assert f'id="a{note}"' in shown
    assert [one.number for one in everything(database)["revision"] if one.title == "On bees"] == [1, 2]
    answer = send(ann, f"{again}/revise", title="On bees", source="bees.md", based_on=1)
    assert answer.status_code == 409
    assert "revised meanwhile" in answer.text
    assert publish(ann, again, twin="true") == "/articles/on-bees-2"


def test_a_saved_page_is_known_again_by_the_address_that_it_names(ann: TestClient) -> None:
    saved_page = "<link rel=canonical href='https://example.org/bees'><h1>Bees</h1><p>They hum.</p>"
    ready(ann, path := bring(ann, files=named("bees.html", saved_page)))
    where = publish(ann, path, source="What I read")
    page = ready(ann, path := bring(ann, files=named("other.html", saved_page.replace("hum", "fly"))))
    assert "It is here already" in page
    answer = send(ann, f"{path}/revise", title="Bees", source="What I read", based_on=value(page, "based_on"))
    assert answer.headers["Location"] == where
    assert "They fly." in ann.get(where).text
    other = saved_page.replace("/bees", "/")
    for words in (other, other.replace("hum", "sleep")):
        page = ready(ann, path := bring(ann, files=named(f"{len(words)}.html", words)))
        assert "It is here already" not in page
        publish(ann, path)


def test_only_the_article_that_was_looked_at_is_revised(ann: TestClient, database: Database) -> None:
    ready(ann, path := bring(ann, files=named("bees.md", BEES)))
    first = publish(ann, path, source="bees.md")
    ready(ann, path := bring(ann, files=named("bees.md", BEES)))
    second = publish(ann, path, source="bees.md", twin="true")
    page = ready(ann, path := bring(ann, files=named("bees.md", BEES.replace("All day", "All summer"))))
    shown = {name: value(page, name) for name in ("title", "source", "based_on", "article")}
    assert shown["article"] == second.rpartition("/")[2]
    send(ann, f"{second}/delete")
    answer = send(ann, f"{path}/revise", **shown)
    assert answer.status_code == 409
    assert "not here any more" in answer.text
    assert "All day." in ann.get(first).text
    assert [one.revision for one in everything(database)["article"] if one.title == "On bees"] == [1, 1]


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_book_of_more_than_a_thousand_chapters_is_published(ann: TestClient, database: Database) -> None:
    out = io.BytesIO()
    pages = range(1, 1_051)
    items = "".join(f"<item id='i{n}' href='{n}.xhtml' media-type='application/xhtml+xml'/>" for n in pages)
    order = "".join(f"<itemref idref='i{n}'/>" for n in pages)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        book.writestr("b.opf", f"<package><manifest>{items}</manifest><spine>{order}</spine></package>")
        for number in pages:
            book.writestr(f"{number}.xhtml", f"<html><body><h1>Day {number}</h1><p>Bees.</p></body></html>")
    path = bring(ann, files=named("a.epub", out.getvalue()))
    chapters = re.findall(r'name="part" value="(\d+)" checked', ready(ann, path))
    assert len(chapters) == 1_050
    assert publish(ann, path, part=chapters).startswith("/collections/")
    assert sum(one.title.startswith("Day ") for one in everything(database)["article"]) == 1_050


def test_a_book_revises_no_article(ann: TestClient, database: Database) -> None:
    book = packed((ROOT / "tests/formats/epub/arabic.book").read_text("utf-8"))
    ready(ann, path := bring(ann, files=named("a.epub", book)))
    assert publish(ann, path, part=[1, 2], language="ar").startswith("/collections/")
    before = [(one.slug, one.revision) for one in everything(database)["article"]]
    ready(ann, path := bring(ann, files=named("a.epub", book)))
    answer = send(ann, f"{path}/revise", title="On bees")
    assert answer.status_code == 422
    assert "A book revises no article" in answer.text
    assert [(one.slug, one.revision) for one in everything(database)["article"]] == before


# ── from an address


@pytest.fixture
def fetching(app: FastAPI) -> Iterator[Callable[[Answer], Site]]:
    """Opens a site on loopback from which the app may fetch."""
    sites: list[Site] = []

    def serve(answer: Answer) -> Site:
        sites.append(Site(answer))
        app.state.imports = Jobs(app.state.database, app.state.settings, guard(sites[-1]))
        return sites[-1]

    yield serve
    for site in sites:
        site.close()


def test_a_page_is_fetched_with_its_pictures(ann: TestClient, fetching: Callable[[Answer], Site]) -> None:
    drawn = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(drawn, "PNG")

    def answer(connection: Any, request: str) -> None:
        if "GET /bee.png" in request:
            connection.sendall(page(drawn.getvalue(), "Content-Type: image/png"))
        else:
            html = "<title>Bees</title><main><p>They hum.</p><img src=/bee.png alt='A bee'><img src=/none.png></main>"
            connection.sendall(page(html.encode(), "Content-Type: text/html"))

    site = fetching(answer)
    address = f"http://{PUBLIC}:{site.port}/bees"
    path = bring(ann, address=address)
    shown = ready(ann, path)
    assert value(shown, "source") == address
    found = re.search(r'<img src="(/imports/\d+/pictures/picture-1)" width="40" height="30" alt="A bee"', shown)
    assert found, shown
    assert ann.get(found[1]).headers["Content-Type"] == "image/webp"
    where = publish(ann, path, title="Bees", source=address)
    assert re.search(r'<img src="/pictures/[\w-]{22}" width="40"', ann.get(where).text)
    assert "It is here already" in ready(ann, bring(ann, address=f"{address}?utm_source=here#hum"))


def test_what_cannot_be_fetched_says_why_and_can_be_tried_again(ann: TestClient) -> None:
    path = bring(ann, address="http://127.0.0.1/bees")
    page = ready(ann, path)
    assert "127.0.0.1 is not to be found on the open internet." in page
    assert send(ann, f"{path}/again").headers["Location"] == path
    assert "not to be found" in ready(ann, path)


def test_where_fetching_is_off_no_address_is_asked_for(url: str) -> None:
    app = create_app(settings(url, guests_publish=True, fetching=False))
    with TestClient(app, base_url=BASE_URL) as guest:
        assert 'name="address"' not in guest.get("/articles/new").text
        assert "switched off" in bring(guest, 422, address="https://example.org/")


# ── a while


class Slow(Jobs):
    """Reads nothing: as if all were busy."""

    def begin(self) -> None:
        pass


def test_what_takes_a_while_shows_how_far_it_is_and_can_be_stopped(app: FastAPI, ann: TestClient) -> None:
    app.state.imports = Slow(app.state.database, app.state.settings)
    path = bring(ann, text=BEES)
    id = int(path.rsplit("/", 1)[1])
    assert "It waits its turn." in ann.get(path).text
    with app.state.database.transaction() as session:
        claimed = imports.claim(session)
        assert claimed
        imports.tell(session, id, 1, "cutting", 30, 120)
    shown = ann.get(path, headers=HTMX)
    assert '<progress max="120" value="30"' in shown.text
    assert "<html" not in shown.text
    assert '<noscript><meta http-equiv="refresh"' in ann.get(path).text
    assert send(ann, f"{path}/stop").headers["Location"] == path
    shown = ann.get(path, headers=HTMX)
    assert (shown.status_code, shown.headers["HX-Refresh"]) == (204, "true")
    assert "You have stopped this" in ann.get(path).text
    app.state.imports = Jobs(app.state.database, app.state.settings)
    send(ann, f"{path}/again")
    assert "On bees" in ready(ann, path)


def test_what_was_interrupted_says_so_and_can_be_begun_again(app: FastAPI, ann: TestClient) -> None:
    app.state.imports = Slow(app.state.database, app.state.settings)
    path = bring(ann, text=BEES)
    with app.state.database.transaction() as session:
        imports.claim(session)
        session.exec(update(Import).values(heard_at=now() - timedelta(minutes=1)))
    assert "was interrupted" in ann.get(path).text
    assert ann.get(path, headers=HTMX).headers["HX-Refresh"] == "true"
    assert "interrupted" in ann.get("/articles/new").text
    app.state.imports = Jobs(app.state.database, app.state.settings)
    send(ann, f"{path}/again")
    assert "On bees" in ready(ann, path)


def test_what_waited_when_the_server_ended_is_read_when_it_begins(url: str, database: Database) -> None:
    reader, token = account(database, "Ann", "publisher")
    with database.transaction() as session:
        one = imports.bring(session, session.get_one(Reader, reader), BEES.encode(), "bees.md")
        path = f"/imports/{one.id}"
    with TestClient(create_app(settings(url)), base_url=BASE_URL) as client:
        assert "On bees" in ready(browser(client, token), path)


# ── how much


def test_more_than_fits_is_refused_before_it_is_taken(ann: TestClient, app: FastAPI) -> None:
    most = app.state.settings.import_megabytes * 1_000_000
    answer = ann.post("/articles", files=named("a.txt", b"a" * (most + 600_000)))
    assert answer.status_code == 413
    assert "30 MB" in answer.text
    assert ann.post("/session/name", files=named("a.txt", b"a" * 600_000)).status_code == 413


@pytest.mark.parametrize("path", ["/articles", "/articles/on-bees"])
def test_what_is_encoded_as_short_forms_are_is_not_long(ann: TestClient, path: str) -> None:
    """To undo that takes a hundred times its length of memory."""
    answer = ann.post(path, content=b"text=" + b"%41" * 300_000, headers={"Content-Type": FORM})
    assert answer.status_code == 413
    pieces = (b"%41" * 10_000 for _ in range(30))
    answer = ann.post(path, content=pieces, headers={"Content-Type": FORM})
    assert answer.status_code == 413


def test_a_file_larger_than_other_forms_is_taken(ann: TestClient) -> None:
    text = "Bees hum in the garden.\n" * 40_000
    assert "Bees hum" in ready(ann, bring(ann, files=named("a.txt", text)))
    assert "Bees hum" in ready(ann, bring(ann, text=text.replace("hum", "hum on")))


def test_what_is_no_form_is_refused(ann: TestClient) -> None:
    assert ann.post("/articles", content=b"{}", headers={"Content-Type": "application/json"}).status_code == 415


def test_a_reader_brings_so_many_at_a_time(ann: TestClient, app: FastAPI) -> None:
    app.state.imports = Slow(app.state.database, app.state.settings)
    files = [("file", (f"{number}.txt", b"Bees.")) for number in range(imports.AT_MOST)]
    bring(ann, files=files)
    assert "not published yet" in bring(ann, 422, text="One more.")
