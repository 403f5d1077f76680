"""Sharing a passage: a link that anyone can open, until it is withdrawn."""

import pytest
from anyio import create_task_group
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient
from sqlmodel import col, update
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from app.storage import articles
from app.storage.database import Database, now
from app.storage.people import groups, readers
from app.storage.people.groups import Group
from app.storage.shares import Share
from app.text.drafts import Draft, DraftParagraph
from tests.conftest import BASE_URL, in_a_loop
from tests.html import Element, parse
from tests.library import everything, mark, publish, statements
from tests.web.conftest import HTMX, browser, saved, seen, send, shared, token_of

LONG = ("First.", "Second.", "Third.", "Fourth.", "Fifth.")  # the third at 17


@pytest.fixture
def long(database: Database) -> str:
    """An article of five short paragraphs."""
    return f"/articles/{publish(database, *LONG, title='Five')}"


@pytest.fixture
def visitor(client: TestClient) -> TestClient:
    """Somebody who has never been here and has nothing but a link."""
    return browser(client)


def meta(page: Element, name: str) -> str:
    """What a page tells other software about itself."""
    (found,) = (one for one in page.all("meta") if name in (one.attributes.get("property"), one.attributes.get("name")))
    return found["content"]


# ── making


def test_sharing_a_note_leads_to_its_link(client: TestClient, text: str) -> None:
    link = shared(client, saved(client, text))
    assert link.startswith("/s/")
    assert client.get(link).status_code == 200


def test_the_same_share_again_gives_the_same_link(client: TestClient, other: TestClient, text: str) -> None:
    id = saved(client, text)
    link = shared(client, id)
    assert shared(client, id) == link
    assert len({link, shared(client, id, "article"), shared(other, id), shared(client, saved(client, text))}) == 4


def test_anybody_may_share_what_everybody_sees(client: TestClient, visitor: TestClient, text: str) -> None:
    id = saved(client, text, note="Mine")
    link = shared(visitor, id)
    assert token_of(visitor)
    assert "Mine" in client.get(link).text


def test_a_bare_passage_is_shared(client: TestClient, visitor: TestClient, text: str) -> None:
    exact = "Three four.\r\n\r\nFive six."
    link, again = (send(client, f"{text}/shares", start=9, end=31, exact=exact).headers["Location"] for _ in range(2))
    assert again == link
    page = seen(visitor, link)
    assert page.one(cls="shared").one("blockquote").text == "Three four.\n\nFive six."
    assert not page.all(cls="note")
    assert "".join(one.text for one in page.all("mark", cls="pointed")) == "Three four.Five six."


def test_who_wrote_the_article_stands_below_its_title(client: TestClient, database: Database) -> None:
    with database.transaction() as session:
        draft = Draft("Bees", (DraftParagraph("They fly."),), language="en", author="Ann <Quill>", source="A meadow")
        slug = articles.publish(session, draft).slug
    answer = send(client, f"/articles/{slug}/shares", start=0, end=9, exact="They fly.")
    page = seen(client, answer.headers["Location"])
    assert [one.text for one in page.all(cls="source")] == ["Ann <Quill>", "A meadow"]


def test_words_that_are_not_there_are_not_shared(client: TestClient, text: str, database: Database) -> None:
    before = everything(database)
    for status, fields in (
        (409, {"start": 0, "end": 8, "exact": "One too."}),
        (422, {"start": 20, "end": 22}),
        (422, {"start": 8, "end": 8}),
        (422, {"start": 0}),
        (422, {}),
    ):
        for headers in ({}, HTMX):
            answer = send(client, f"{text}/shares", headers, **fields)
            assert answer.status_code == status
            assert "Set-Cookie" not in answer.headers
    assert everything(database) == before


def test_a_deleted_note_is_not_shared(client: TestClient, text: str, database: Database) -> None:
    id = saved(client, text)
    send(client, f"/annotations/{id}/delete")
    before = everything(database)
    assert send(client, f"/annotations/{id}/shares").status_code == 404
    assert everything(database) == before


def test_htmx_gets_the_link_to_copy_and_to_withdraw(client: TestClient, text: str) -> None:
    id = saved(client, text)
    answer = send(client, f"/annotations/{id}/shares", HTMX)
    assert (answer.status_code, answer.headers["HX-Trigger"]) == (200, "postil:shared")
    part = parse(answer.text)
    link = part.one("input", cls="link")["value"]
    assert link == f"{BASE_URL}{shared(client, id)}#a{id}"
    assert part.one("form")["action"] == f"{shared(client, id)}/revoke"
    bare = parse(send(client, f"{text}/shares", HTMX, start=0, end=8).text)
    assert bare.one("input", cls="link")["value"].endswith("#passage")


# ── opening


def test_a_link_shows_quote_note_who_and_when(client: TestClient, visitor: TestClient, text: str) -> None:
    id = saved(client, text, 9, 20, note="Is it *so*?", colour="blue")
    send(client, "/session/name", name="Ann")
    page = seen(visitor, shared(client, id))
    card = page.one(cls="shared")
    assert card.one("blockquote").text == "Three four."
    assert card.one(cls="words").one("em").text == "so"
    assert card.one("bdi").text == "Ann"
    assert card.one("time")["datetime"].endswith("Z")
    assert "Three four." in "".join(one.text for one in page.all("mark"))
    assert page.by_id("passage").tag == "mark"
    assert page.by_id(f"a{id}").one("em").text == "so"
    assert max(page.ids().values()) == 1


def test_a_link_tells_other_software_what_it_is(url: str, client: TestClient, text: str) -> None:
    id = saved(client, text, 0, 8, note='Is "it" <so> & *so*?')
    send(client, "/session/name", name='Ann "<b>"')
    link = shared(client, id)
    base_url = "https://postil.example"
    app = create_app(Settings(_env_file=None, database_url=url, base_url=base_url, hosts=("127.0.0.1",)))
    with TestClient(app, base_url=BASE_URL) as visitor:
        page = seen(visitor, link)
    assert meta(page, "og:title") == "One two."
    assert meta(page, "og:description") == 'Is "it" <so> & so? – Ann "<b>", on “A text”'
    assert meta(page, "description") == meta(page, "og:description")
    assert meta(page, "og:url") == f"{base_url}{link}"
    assert meta(page, "og:type") == "article"
    assert meta(page, "robots") == "noindex"
    assert "127.0.0.1" not in "".join(value for one in page.below() for value in one.attributes.values())


def test_a_link_is_not_kept_by_search_engines_nor_passed_on(client: TestClient, visitor: TestClient, text: str) -> None:
    for link in (
        shared(client, saved(client, text)),
        send(client, f"{text}/shares", start=0, end=8).headers["Location"],
    ):
        answer = visitor.get(link)
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "private, no-cache"
        assert "Set-Cookie" not in answer.headers


def test_what_is_shared_is_only_words(client: TestClient, visitor: TestClient, database: Database) -> None:
    hostile = '"><script>alert(1)</script>'
    text = f"/articles/{publish(database, hostile, title=hostile)}"
    id = saved(client, text, 0, len(hostile), note=hostile)
    send(client, "/session/name", name=hostile)
    for who in (client, visitor):
        page = seen(who, shared(client, id))
        assert [script["src"][:8] for script in page.all("script")] == ["/static/"]
        assert meta(page, "og:title") == hostile
        assert page.one(cls="shared").one("blockquote").text == hostile


def test_a_visitor_is_shown_the_passage_its_neighbours_and_its_own_note(
    client: TestClient, other: TestClient, visitor: TestClient, long: str
) -> None:
    id = saved(client, long, 17, 23, note="Shared")
    saved(client, long, 17, 23, note="Not shared")
    saved(other, long, 8, 15, note="Of another")
    page = seen(visitor, shared(client, id))
    assert [row.all(data_start=row.id[1:])[0].text for row in page.all(cls="paragraph")] == list(LONG[1:4])
    assert [note.id for note in page.all(cls="note")] == [f"a{id}"]
    assert "First." not in page.text
    assert "Not shared" not in page.text
    assert "Of another" not in page.text


def test_a_visitor_is_shown_the_whole_article_where_that_is_shared(
    client: TestClient, other: TestClient, visitor: TestClient, long: str
) -> None:
    id = saved(client, long, 17, 23, note="Shared")
    also = saved(client, long, 0, 5, note="Also mine")
    saved(client, long, 0, 5, note="A secret", visibility="me")
    saved(other, long, 8, 15, note="Of another")
    page = seen(visitor, shared(client, id, "article"))
    assert len(page.all(cls="paragraph")) == 5
    assert {note.id for note in page.all(cls="note")} == {f"a{id}", f"a{also}"}


def test_a_private_note_never_rides_along(client: TestClient, visitor: TestClient, text: str) -> None:
    id = saved(client, text, 0, 8, note="Said in haste")
    saved(client, text, 0, 8, note="A secret", visibility="me")
    links = {shared(client, id): 410, shared(client, id, "article"): 410}
    links[send(client, f"{text}/shares", start=0, end=8, scope="article").headers["Location"]] = 200
    send(client, f"/annotations/{id}", visibility="me")
    for link, status in links.items():
        for who in (visitor, client):
            page = who.get(link)
            assert page.status_code == status
            assert "A secret" not in page.text
            assert "Said in haste" not in page.text
            assert status == 200 or "One two." not in page.text


def test_a_visitor_can_change_nothing_there(client: TestClient, visitor: TestClient, text: str) -> None:
    page = seen(visitor, shared(client, saved(client, text)))
    assert not page.by_id("main").all("form")
    assert not page.all(cls="acts")


def test_who_shared_can_copy_and_withdraw_there(client: TestClient, other: TestClient, text: str) -> None:
    saved(other, text)
    link = shared(client, saved(client, text))
    page = seen(client, link)
    assert page.by_id("main").one("form")["action"] == f"{link}/revoke"
    assert page.one("input", cls="link")["value"].startswith(f"{BASE_URL}{link}#a")
    assert not seen(other, link).by_id("main").all("form")


# ── withdrawing


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["form", "htmx"])
def test_a_withdrawn_link_opens_nothing(
    client: TestClient, visitor: TestClient, text: str, headers: dict[str, str]
) -> None:
    link = shared(client, saved(client, text, 9, 20, note="No longer"))
    answer = send(client, f"{link}/revoke", headers)
    assert answer.status_code == (200 if headers else 303)
    for who in (visitor, client):
        gone = who.get(link)
        assert gone.status_code == 410
        assert "withdrawn" in gone.text
        assert "Three four." not in gone.text
        assert "No longer" not in gone.text
    assert send(client, f"{link}/revoke", headers).status_code == 410


def test_only_who_shared_can_withdraw(
    client: TestClient, other: TestClient, visitor: TestClient, text: str, database: Database
) -> None:
    id = saved(client, text)
    link = shared(other, id)
    before = everything(database)
    for who in (client, visitor, browser(client, "a-token-that-is-none")):
        for headers in ({}, HTMX):
            assert send(who, f"{link}/revoke", headers).status_code == 404
    assert everything(database) == before
    assert visitor.get(link).status_code == 200


def test_one_link_is_withdrawn_alone(client: TestClient, other: TestClient, visitor: TestClient, text: str) -> None:
    id = saved(client, text)
    one, two, three = shared(client, id), shared(client, id, "article"), shared(other, id)
    send(client, f"{one}/revoke")
    assert [visitor.get(link).status_code for link in (one, two, three)] == [410, 200, 200]
    again = shared(client, id)
    assert again not in (one, two, three)
    assert visitor.get(again).status_code == 200


def test_with_its_note_a_link_goes_and_comes_back(client: TestClient, visitor: TestClient, text: str) -> None:
    id = saved(client, text, 9, 20, note="Here and gone")
    link = shared(client, id)
    send(client, f"/annotations/{id}/delete")
    gone = visitor.get(link)
    assert gone.status_code == 410
    assert "Three four." not in gone.text
    assert "Here and gone" not in gone.text
    send(client, f"/annotations/{id}/restore")
    assert "Here and gone" in visitor.get(link).text


def test_a_link_can_be_withdrawn_for_good_while_its_note_is_gone(
    client: TestClient, visitor: TestClient, text: str
) -> None:
    id = saved(client, text)
    link = shared(client, id)
    send(client, f"/annotations/{id}/delete")
    assert send(client, f"{link}/revoke").status_code == 303
    send(client, f"/annotations/{id}/restore")
    assert visitor.get(link).status_code == 410


def test_a_link_that_never_was_is_not_found(client: TestClient, text: str) -> None:
    link = shared(client, saved(client, text))
    for token in ("nothing", link[3:-1], link[3:] + "a", link[3:].swapcase(), "a" * 5_000):
        for answer in (client.get(f"/s/{token}"), send(client, f"/s/{token}/revoke")):
            assert answer.status_code == 404


def test_a_note_of_the_seed_can_be_shared(app: FastAPI, client: TestClient, visitor: TestClient) -> None:
    page = seen(visitor, shared(client, 1))
    assert page.one(cls="shared").one("blockquote").text == "The total amount exceeds the total amount."


def test_a_reworded_note_is_shown_as_it_is_now(client: TestClient, visitor: TestClient, text: str) -> None:
    id = saved(client, text, note="First")
    link = shared(client, id)
    send(client, f"/annotations/{id}", note="Second")
    assert "Second" in visitor.get(link).text
    assert "First" not in visitor.get(link).text


def test_the_note_of_another_can_be_shared_and_goes_when_they_hide_it(
    client: TestClient, other: TestClient, visitor: TestClient, database: Database, text: str
) -> None:
    id = mark(database, text.removeprefix("/articles/"), 0, 8, note="Theirs")
    link = shared(other, id)
    assert "Theirs" in visitor.get(link).text
    assert client.get(link).status_code == 200


# ── choosing what is seen


def test_one_sees_first_what_a_visitor_will_see(
    client: TestClient, other: TestClient, visitor: TestClient, long: str, database: Database
) -> None:
    id = saved(client, long, 17, 23, note="Shared")
    also = saved(client, long, 0, 5, note="Also mine")
    saved(client, long, 0, 5, note="A secret", visibility="me")
    saved(other, long, 8, 15, note="Of another")
    before = everything(database)
    for scope, rows, notes in (("passage", 3, {id}), ("article", 5, {id, also})):
        page = seen(client, f"/annotations/{id}/shares/new?scope={scope}")
        theirs = seen(visitor, shared(client, id, scope))
        for one in (page.by_id("preview"), theirs):
            assert len(one.all(cls="paragraph")) == rows
            assert {note.id for note in one.all(cls="note")} == {f"a{id}" for id in notes}
        assert page.by_id("text").text.split() == theirs.by_id("text").text.split()
        assert page.one("input", value=scope).attributes.keys() >= {"checked"}
        assert max(page.ids().values()) == 1
        assert ("1 note of yours stays out" in page.by_id("preview").text) == (scope == "article")
    part = client.get(f"/annotations/{id}/shares/new?scope=article", headers=HTMX)
    assert len(parse(part.text).all(cls="paragraph")) == 5
    assert {name: rows for name, rows in everything(database).items() if name != "share"} == {
        name: rows for name, rows in before.items() if name != "share"
    }


def test_a_bare_passage_is_looked_at_before_it_is_shared(visitor: TestClient, text: str, database: Database) -> None:
    before = everything(database)
    page = seen(visitor, f"{text}/shares/new?start=0&end=8")
    assert page.by_id("passage").text == "One two."
    assert everything(database) == before
    form = page.by_id("main").one("form")
    fields = {one["name"]: one["value"] for one in form.all("input", type="hidden")}
    link = send(visitor, form["action"], **fields, scope="article", expires="week").headers["Location"]
    assert "ends" in visitor.get(link).text
    for path in ("start=8&end=8", "start=0&end=900", "start=0&end=8&exact=One+too.", "start=0"):
        assert visitor.get(f"{text}/shares/new?{path}").status_code in (404, 409, 422)


def test_what_one_may_not_see_or_share_has_no_form(client: TestClient, other: TestClient, text: str) -> None:
    id = saved(client, text, note="A secret", visibility="me")
    hidden, absent = (other.get(f"/annotations/{one}/shares/new", headers=HTMX) for one in (id, 999_999))
    assert (hidden.status_code, hidden.content) == (absent.status_code, absent.content)
    refusal = client.get(f"/annotations/{id}/shares/new")
    assert refusal.status_code == 422
    assert "Let everyone see it first" in refusal.text
    for scope in ("group:1", "group:0", "everything", ""):
        shown = saved(client, text)
        assert send(client, f"/annotations/{shown}/shares", scope=scope).status_code == 422


def test_an_expired_link_opens_nothing(client: TestClient, visitor: TestClient, text: str, database: Database) -> None:
    id = saved(client, text, 9, 20, note="For a day")
    link = send(client, f"/annotations/{id}/shares", expires="day").headers["Location"]
    assert "For a day" in visitor.get(link).text
    with database.engine.begin() as connection:
        connection.execute(update(Share).values(expires_at=now()))
    for who in (visitor, client):
        gone = who.get(link)
        assert gone.status_code == 410
        assert "Three four." not in gone.text
        assert "For a day" not in gone.text


def test_a_dead_link_says_the_same_whatever_it_died_of(
    client: TestClient, visitor: TestClient, text: str, database: Database
) -> None:
    answers = set()
    for column, value in (("revoked_at", now()), ("expires_at", now())):
        link = shared(client, saved(client, text))
        with database.engine.begin() as connection:
            connection.execute(update(Share).where(col(Share.token) == link[3:]).values({column: value}))
        answers.add(visitor.get(link).text.replace(link, ""))
    id = saved(client, text)
    link = shared(client, id)
    send(client, f"/annotations/{id}/delete")
    answers.add(visitor.get(link).text.replace(link, ""))
    assert len(answers) == 1


# ── a group's


@pytest.fixture
def circle(client: TestClient, other: TestClient, text: str, database: Database) -> int:
    """A group that the reader of `client` owns and that of `other` is in; each has a note for it."""
    saved(client, text)
    saved(other, text)
    with database.transaction() as session:
        owner, member = (readers.by_token(session, token_of(who)) for who in (client, other))
        assert owner
        assert member
        group = groups.make(session, owner, "Circle")
        groups.join(session, group.id, member)
        return group.id


def test_an_owner_shares_what_a_group_has_written(
    client: TestClient, other: TestClient, visitor: TestClient, text: str, circle: int, database: Database
) -> None:
    mine = saved(client, text, note="By the owner", visibility=f"group:{circle}")
    theirs = saved(other, text, note="By a member", visibility=f"group:{circle}")
    send(other, f"/annotations/{mine}/replies", note="An answer")
    saved(other, text, note="A secret", visibility="me")
    passage = {"start": 0, "end": 8, "scope": f"group:{circle}"}
    assert send(other, f"{text}/shares", **passage).status_code == 422
    page = seen(client, f"{text}/shares/new?start=0&end=8&scope=group:{circle}")
    assert "2 notes by 2 readers of Circle" in " ".join(page.by_id("preview").text.split())
    link = send(client, f"{text}/shares", **passage).headers["Location"]
    shown = seen(visitor, link)
    assert {one.id for one in shown.all(cls="note")} == {f"a{mine}", f"a{theirs}"}
    assert "An answer" in shown.text
    assert "A secret" not in shown.text
    with database.transaction() as session:
        group = session.get_one(Group, circle)
        member = readers.by_token(session, token_of(other))
        assert member
        groups.appoint(session, group, member.id, "owner")
        groups.leave(session, circle, readers.by_token(session, token_of(client)).id)  # type: ignore[union-attr]
    assert visitor.get(link).status_code == 410


def test_a_note_for_a_group_goes_out_by_choice_alone(
    client: TestClient, other: TestClient, visitor: TestClient, text: str, circle: int
) -> None:
    id = saved(other, text, note="Mine, for the group", visibility=f"group:{circle}")
    form = f"/annotations/{id}/shares/new"
    asked = send(other, f"/annotations/{id}/shares")
    assert (asked.status_code, asked.headers["Location"]) == (303, form)
    assert send(other, f"/annotations/{id}/shares", HTMX).headers["HX-Redirect"] == form
    assert [one["value"] for one in seen(other, form).all("input", name="scope")] == ["passage"]
    assert [one["value"] for one in seen(client, form).all("input", name="scope")] == [f"group:{circle}"]
    assert "Mine, for the group" in visitor.get(shared(other, id)).text
    assert send(client, f"/annotations/{id}/shares", scope="passage").status_code == 422
    assert send(other, f"/annotations/{id}/shares", scope="article").status_code == 422
    assert visitor.get(form).status_code == 404


# ── in one place


def test_all_ones_links_stand_in_one_place(client: TestClient, other: TestClient, text: str) -> None:
    id = saved(client, text, 9, 20, note="Shared")
    one, two = shared(client, id), shared(client, id, "article")
    theirs = shared(other, id)
    page = seen(client, "/shares")
    assert [link["value"].partition("#")[0] for link in page.all("input", cls="link")] == [
        BASE_URL + two,
        BASE_URL + one,
    ]
    assert theirs not in page.text
    assert "Three four." in page.text
    form = page.all("form", action=f"{one}/revoke")[0]
    answer = send(client, form["action"], next=form.one("input")["value"])
    assert answer.headers["Location"] == "/shares"
    send(client, f"/annotations/{id}/delete")
    page = seen(client, "/shares")
    assert not page.all("input", cls="link")
    assert "Open nothing just now" in page.text
    assert page.all("form", action=f"{two}/revoke")


def test_who_has_shared_nothing_is_told_how(client: TestClient, visitor: TestClient, text: str) -> None:
    saved(client, text)
    for who in (client, visitor):
        assert "Copy link" in seen(who, "/shares").by_id("main").text


def test_a_list_of_links_asks_no_more_the_longer_it_is(
    client: TestClient, text: str, database: Database, app: FastAPI
) -> None:
    counts = []
    for number in (1, 6):
        for start in range(number):
            shared(client, saved(client, text, start, 8))
        with statements(app.state.database.engine) as sent:
            seen(client, "/shares")
        counts.append(len(sent))
    assert counts[0] == counts[1]


# ── how often


def test_openings_by_others_are_counted(client: TestClient, other: TestClient, visitor: TestClient, text: str) -> None:
    link = shared(client, saved(client, text))
    for who in (visitor, visitor, other):
        who.get(link)
    client.get(link)
    visitor.head(link)
    visitor.get(link, headers={"Sec-Purpose": "prefetch"})
    assert "opened 3 times by others" in seen(client, "/shares").text
    send(client, f"{link}/revoke")
    visitor.get(link)


def test_openings_at_once_are_all_counted(app: FastAPI, client: TestClient, text: str, database: Database) -> None:
    link = shared(client, saved(client, text))

    async def crowd() -> None:
        async with AsyncClient(transport=ASGITransport(app), base_url=BASE_URL) as many, create_task_group() as group:
            for _ in range(30):
                group.start_soon(many.get, link)

    in_a_loop(crowd)
    assert [row.opened for row in everything(database)["share"]] == [30]
