"""When a page need not be sent again, and that it always is when it must."""

from collections.abc import Callable

from httpx2 import Response
from sqlmodel import Session
from starlette.testclient import TestClient

from app.main import create_app
from app.storage import articles, revisions
from app.storage.annotations import annotate
from app.storage.database import Database
from app.storage.people import readers
from app.text.drafts import Draft, DraftParagraph
from app.text.spans import Span
from tests.conftest import BASE_URL, settings
from tests.library import mark, welcome
from tests.web.conftest import HTMX, browser, saved, seen, send, shared, token_of


def again(client: TestClient, path: str, before: Response, **headers: str) -> Response:
    """Ask for a page that one has already."""
    answer = client.get(path, headers={"If-None-Match": before.headers["ETag"], **headers})
    assert isinstance(answer, Response)
    return answer


def page(client: TestClient, path: str) -> Response:
    answer = client.get(path)
    assert isinstance(answer, Response)
    assert answer.status_code == 200
    return answer


def test_a_page_that_has_not_changed_is_not_sent_again(client: TestClient, other: TestClient, text: str) -> None:
    saved(client, text)
    for who in (client, other):
        first = page(who, text)
        second = again(who, text, first)
        assert (second.status_code, second.content) == (304, b"")
        for name in ("ETag", "Vary", "Cache-Control"):
            assert name in second.headers
        assert second.headers["ETag"] == first.headers["ETag"]


def test_a_page_is_ones_own_and_is_asked_for_each_time(client: TestClient, text: str) -> None:
    saved(client, text)
    for path in (text, "/", f"{text}/annotations/new?paragraph=1", shared(client, 9)):
        answer = page(client, path)
        assert answer.headers["Cache-Control"] == "private, no-cache"
        assert {"Cookie", "HX-Request"} <= {one.strip() for one in answer.headers["Vary"].split(",")}
    assert {"Cookie", "HX-Request"} <= {
        one.strip() for one in again(client, text, page(client, text)).headers["Vary"].split(",")
    }


def test_every_write_makes_the_next_read_fresh_for_everybody(client: TestClient, other: TestClient, text: str) -> None:
    id = saved(client, text, note="First")
    writes: list[Callable[[], object]] = [
        lambda: saved(client, text, 22, 31),
        lambda: send(client, f"/annotations/{id}", note="Second"),
        lambda: send(client, f"/annotations/{id}", colour="pink"),
        lambda: send(client, f"/annotations/{id}", visibility="me"),
        lambda: send(client, f"/annotations/{id}", visibility="everyone"),
        lambda: send(client, f"/annotations/{id}/delete"),
        lambda: send(client, f"/annotations/{id}/restore"),
        lambda: send(client, "/session/name", name="Ann"),
    ]
    everybody = (client, other, browser(client))
    tags = {who: page(who, text) for who in everybody}
    for number, write in enumerate(writes):
        write()
        for who in everybody:
            fresh = again(who, text, tags[who])
            assert fresh.status_code == 200, number
            assert fresh.headers["ETag"] != tags[who].headers["ETag"]
            tags[who] = fresh
            assert again(who, text, fresh).status_code == 304


def test_of_what_one_writes_for_oneself_nobody_elses_pages_tell(
    client: TestClient, other: TestClient, text: str, database: Database
) -> None:
    saved(other, text)
    id = saved(client, text, note="First", visibility="me")
    writes: list[Callable[[], object]] = [
        lambda: saved(client, text, 22, 31, visibility="me"),
        lambda: send(client, f"/annotations/{id}", note="Second"),
        lambda: send(client, f"/annotations/{id}", tags="bees"),
        lambda: send(client, f"/annotations/{id}/replies", note="To myself"),
        lambda: send(client, f"/annotations/{id}/resolve"),
        lambda: send(client, f"/annotations/{id}/reopen"),
        lambda: send(client, f"/annotations/{id}/delete"),
        lambda: send(client, f"/annotations/{id}/restore"),
    ]
    others = (other, browser(client))
    mine, theirs = page(client, text), {who: page(who, text) for who in others}
    for number, write in enumerate(writes):
        write()
        fresh = again(client, text, mine)
        assert fresh.status_code == 200, number
        mine = fresh
        for who in others:
            assert again(who, text, theirs[who]).status_code == 304, number
    with database.transaction() as session:
        article = articles.by_slug(session, text.removeprefix("/articles/"))
        assert article
        gone = Draft(article.title, (DraftParagraph("Gone."),), language="en")
        revisions.revise(session, article, gone, None, based_on=1)
    mine, theirs = page(client, text), {who: page(who, text) for who in others}
    assert send(client, f"/annotations/{id}/attach", start=0, end=5, exact="Gone.", revision=2).status_code == 303
    assert "Second" in again(client, text, mine).text
    for who in others:
        assert again(who, text, theirs[who]).status_code == 304


def test_a_write_in_another_process_makes_the_next_read_fresh(client: TestClient, url: str, text: str) -> None:
    first = page(client, text)
    elsewhere = Database(url)
    id = mark(elsewhere, text.removeprefix("/articles/"), 0, 8, note="Elsewhere")
    elsewhere.close()
    second = again(client, text, first)
    assert second.status_code == 200
    assert f'id="a{id}"' in second.text


def test_a_second_server_knows_the_pages_of_the_first(client: TestClient, url: str, text: str) -> None:
    saved(client, text, note="Here")
    with TestClient(create_app(settings(url)), base_url=BASE_URL) as second:
        assert again(second, text, page(browser(client), text)).status_code == 304
        send(client, f"/annotations/{9}/delete")
        assert "Here" not in page(second, text).text


def test_a_write_that_is_not_committed_yet_is_not_seen(client: TestClient, database: Database, text: str) -> None:
    first = page(client, text)
    with Session(database.engine) as session:
        article = articles.by_slug(session, text.removeprefix("/articles/"))
        assert article
        annotate(session, article, readers.welcome(session)[0], Span(0, 8), note="Not yet")
        session.flush()
        assert again(client, text, first).status_code == 304
        assert "Not yet" not in page(client, f"{text}?again").text
        session.rollback()
    assert again(client, text, first).status_code == 304


def test_a_write_that_was_refused_leaves_pages_as_they_are(client: TestClient, other: TestClient, text: str) -> None:
    id = saved(client, text)
    first = page(client, text)
    send(other, f"/annotations/{id}/delete")
    send(client, f"{text}/annotations", start=0, end=8, exact="One too.")
    send(client, f"{text}/annotations", start=0, end=0)
    assert again(client, text, first).status_code == 304


def test_sharing_changes_nothing_on_the_page(client: TestClient, text: str) -> None:
    id = saved(client, text)
    first = page(client, text)
    shared(client, id)
    assert again(client, text, first).status_code == 304


def test_what_is_sent_to_one_is_not_what_is_sent_to_another(client: TestClient, other: TestClient, text: str) -> None:
    saved(client, text, note="A secret", visibility="me")
    saved(other, text)
    everybody = (client, other, browser(client))
    tags = {page(who, text).headers["ETag"] for who in everybody}
    tags |= {client.get(text, headers=HTMX).headers["ETag"], page(client, f"{text}?undo=9").headers["ETag"]}
    assert len(tags) == 5
    for who in everybody:  # and again, now that all have been rendered
        assert again(client, text, page(who, text)).status_code == (304 if who is client else 200)
        assert ("A secret" in page(who, text).text) == (who is client)


def test_another_tag_among_them_does_no_harm(client: TestClient, text: str) -> None:
    tag = page(client, text).headers["ETag"]
    for known, status in (
        (f'"a", {tag}, W/"b"', 304),
        ("*", 304),
        ('"a"', 200),
        ("", 200),
        (tag[:-2], 200),
        ("," * 5_000, 200),
        ('"' * 5_000, 200),
    ):
        assert client.get(text, headers={"If-None-Match": known}).status_code == status, known


def test_a_new_name_is_seen_at_once_even_by_who_has_no_note(client: TestClient, database: Database, text: str) -> None:
    _, token = welcome(database, "Nobody yet")
    reader = browser(client, token)
    first = page(reader, text)
    send(reader, "/session/name", name="Somebody")
    assert "Somebody" in again(reader, text, first).text


def test_who_is_no_reader_any_more_does_not_see_what_they_saw(client: TestClient, text: str) -> None:
    saved(client, text, note="A secret", visibility="me")
    mine = page(client, text)
    assert "A secret" in mine.text
    assert token_of(client)
    client.cookies.clear()
    assert "A secret" not in again(client, text, mine).text
    assert not seen(client, text).all("mark")
