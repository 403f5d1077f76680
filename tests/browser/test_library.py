"""The library in a browser: it knows how far one is, with script and without; what is put away comes back."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from app.storage import articles, collections
from app.storage.annotations import annotate
from app.storage.database import Database
from app.storage.people.readers import welcome
from app.storage.readings import Reading
from app.text.drafts import Draft, DraftParagraph
from app.text.spans import Span
from app.web.entrance.dependencies import COOKIE
from tests.browser.conftest import Copy, Opener, until
from tests.library import account


def known(copy: Copy) -> tuple[int, dict[str, object]]:
    """A reader who has written something here, and what their browser begins with."""
    with copy.library.transaction() as session:
        reader, token = welcome(session, "Ada")
        annotate(session, articles.get(session, copy.id), reader, Span(0, 10), note="Mine")
        id = reader.id
    return id, as_reader(token)


def as_reader(token: str) -> dict[str, object]:
    cookie = {"name": COOKIE, "value": token, "domain": "127.0.0.1", "path": "/"}
    return {"cookies": [cookie], "origins": []}


def entry(page: Page, copy: Copy) -> Locator:
    return page.locator(".shelf > li").filter(has=page.locator(f"a[href='/articles/{copy.slug}']"))


def read_to(page: Page, copy: Copy, number: int) -> None:
    id = f"p{copy.paragraph(number).start}"
    page.evaluate("(id) => scrollTo(0, document.getElementById(id).getBoundingClientRect().top + scrollY - 40)", id)


def kept(library: Database, reader: int, copy: Copy) -> Reading | None:
    with library.transaction() as session:
        found = session.get(Reading, (reader, copy.id))
        if found:
            session.expunge(found)
        return found


def test_the_library_leads_on_to_where_one_was_in_another_browser_too(copy: Copy, open_page: Opener) -> None:
    id, state = known(copy)
    page = open_page(copy.url, height=700, storage_state=state)
    with page.expect_response(lambda answer: answer.url.endswith("/place")) as told:
        read_to(page, copy, 17)
    assert told.value.status == 204
    found = kept(copy.library, id, copy)
    assert found
    assert found.start == copy.paragraph(17).start
    elsewhere = open_page(f"{copy.server.url}/", width=390, storage_state=state)
    entry(elsewhere, copy).get_by_role("link", name="3 min left").click()
    expect(elsewhere.locator(f"#p{copy.paragraph(17).start}")).to_be_in_viewport()


def test_who_has_seen_the_end_has_finished(copy: Copy, open_page: Opener) -> None:
    id, state = known(copy)
    page = open_page(copy.url, height=700, storage_state=state)
    with page.expect_response(lambda answer: answer.url.endswith("/place")):
        page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    found = kept(copy.library, id, copy)
    assert found
    assert found.finished_at
    page.goto(f"{copy.server.url}/")
    expect(entry(page, copy)).to_contain_text("Finished")


def test_of_who_has_written_nothing_the_browser_alone_knows(copy: Copy, open_page: Opener) -> None:
    page = open_page(copy.url, height=700)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    read_to(page, copy, 17)
    until(page, "Object.keys(localStorage).some((key) => key.startsWith('postil:place:'))")
    page.wait_for_timeout(2500)
    assert not [url for url in asked if url.endswith("/place")]
    page.goto(f"{copy.server.url}/")
    entry(page, copy).get_by_role("link", name="3 min left").click()
    expect(page).to_have_url(f"{copy.url}#p{copy.paragraph(17).start}")


@pytest.mark.parametrize("script", [True, False])
def test_what_is_archived_or_deleted_comes_back(copy: Copy, open_page: Opener, script: bool) -> None:
    _, token = account(copy.library, f"Olive {copy.slug}", "owner")
    page = open_page(f"{copy.server.url}/", java_script_enabled=script, storage_state=as_reader(token))
    for deed in ("Archive", "Delete for everybody"):
        entry(page, copy).locator("summary").click()
        entry(page, copy).get_by_role("button", name=deed).click()
        expect(entry(page, copy)).to_have_count(0)
        page.get_by_role("button", name="Undo").click()
        expect(entry(page, copy)).to_have_count(1)


def test_a_collection_is_put_together_without_script(copy: Copy, open_page: Opener) -> None:
    _, token = account(copy.library, f"Olive {copy.slug}", "owner")
    with copy.library.transaction() as session:
        for title in (f"First of {copy.slug}", f"Second of {copy.slug}"):
            articles.publish(session, Draft(title, (DraftParagraph("One two."),)))
    page = open_page(
        f"{copy.server.url}/collections", width=390, java_script_enabled=False, storage_state=as_reader(token)
    )
    page.get_by_label("Title").fill("Two and one")
    page.get_by_role("button", name="Make it").click()
    page.get_by_label("Put in, at the end").fill(f"first of {copy.slug}\n{copy.url}#p0\nSecond of {copy.slug}")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".contents h2")).to_have_count(3)
    page.get_by_role("link", name="Change this collection").click()
    page.get_by_label(f"Place of Second of {copy.slug}").fill("1")
    page.get_by_label(f"Take out First of {copy.slug}").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".contents h2").first).to_have_text(f"Second of {copy.slug}")
    expect(page.locator(".contents h2")).to_have_count(2)
    page.locator(".contents h2 a").first.click()
    page.locator("a[rel=next]").click()
    expect(page).to_have_url(re.compile(re.escape(copy.url)))
    page.get_by_role("link", name="Two and one").click()
    page.get_by_role("link", name="Change this collection").click()
    page.get_by_text("Delete this collection").click()
    page.get_by_role("button", name="Delete the collection").click()
    with copy.library.transaction() as session:
        assert articles.by_slug(session, copy.slug)
        assert collections.by_slug(session, "two-and-one") is None
