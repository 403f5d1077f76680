"""Every kind of reader, every state of a note, everywhere that something of it could show: each cell of the matrix."""

from collections.abc import Callable, Iterator

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from app.storage.database import Database
from tests.html import parse
from tests.library import statements
from tests.web.conftest import HTMX, browser, seen, send
from tests.web.roles import ROLES, SEEN, STATES, World, made

Place = Callable[[World, TestClient, str], bool]
PLACES: dict[str, Place] = {}

OPENED = ("group", "everyone")
"""What a share of the scope `passage` shows anybody: what its author has shared and not taken back since."""


@pytest.fixture
def world(client: TestClient, database: Database) -> World:
    return made(client, database)


@pytest.fixture(scope="module")
def looked_at(shared_client: TestClient) -> Iterator[World]:
    """The same for all tests that only look."""
    database = Database(shared_client.app.state.settings.database)  # type: ignore[attr-defined]
    yield made(shared_client, database)
    database.close()


def place(shows: Place) -> Place:
    """Have somewhere that something of a note could show be one of the places."""
    PLACES[shows.__name__.replace("_", " ")] = shows
    return shows


def shows(client: TestClient, path: str, words: str, **headers: str) -> bool:
    answer = client.get(path, headers=headers, follow_redirects=False)
    assert answer.status_code in (200, 303, 404, 410), answer.text
    return words in answer.text or words in str(answer.headers)


@place
def the_page(world: World, client: TestClient, state: str) -> bool:
    return shows(client, world.text, world.words[state])


@place
def its_highlights(world: World, client: TestClient, state: str) -> bool:
    id = str(world.ids[state])
    return any(id in mark["data-annotations"].split() for mark in seen(client, world.text).all("mark"))


@place
def a_paragraph(world: World, client: TestClient, state: str) -> bool:
    number = STATES.index(state) + 1
    return shows(client, f"{world.text}/paragraphs/{number}", world.words[state], **HTMX)


@place
def the_permalink(world: World, client: TestClient, state: str) -> bool:
    answer = client.get(f"/annotations/{world.ids[state]}", follow_redirects=False)
    assert answer.status_code in (303, 404)
    return answer.status_code == 303


@place
def the_card_of_the_permalink(world: World, client: TestClient, state: str) -> bool:
    return bool(seen(client, f"{world.text}?note={world.ids[state]}").all("section", cls="linked"))


@place
def all_notes_in_order(world: World, client: TestClient, state: str) -> bool:
    return shows(client, f"{world.text}/annotations", world.words[state])


@place
def notes_at_the_end(world: World, client: TestClient, state: str) -> bool:
    return shows(client, f"{world.text}?print=endnotes", world.words[state])


@place
def the_strip(world: World, client: TestClient, state: str) -> bool:
    return seen(client, world.text).by_id(f"b{world.start(state)}").tag == "a"


@place
def the_tags_to_choose_from(world: World, client: TestClient, state: str) -> bool:
    return world.tags[state] in {option.text for option in seen(client, world.text).all("option")}


@place
def the_tags_that_are_completed(world: World, client: TestClient, state: str) -> bool:
    return shows(client, f"{world.text}/annotations/new?paragraph=1", world.tags[state])


@place
def a_filter_by_tag(world: World, client: TestClient, state: str) -> bool:
    return bool(seen(client, f"{world.text}?tag={world.tags[state]}").all(cls="note"))


@place
def a_filter_by_reader(world: World, client: TestClient, state: str) -> bool:
    return shows(client, f"{world.text}?by={world.author_id}", world.words[state])


@place
def the_form_to_reply(world: World, client: TestClient, state: str) -> bool:
    return shows(client, f"/annotations/{world.ids[state]}/replies/new", world.words[state])


@place
def the_form_to_share(world: World, client: TestClient, state: str) -> bool:
    answer = client.get(f"/annotations/{world.ids[state]}/shares/new")
    assert answer.status_code in (200, 404, 422)  # a group's note is its author's to share
    assert (world.words[state] in answer.text) <= (answer.status_code == 200)
    return answer.status_code != 404


@place
def the_form_to_flag(world: World, client: TestClient, state: str) -> bool:
    return shows(client, f"/annotations/{world.ids[state]}/flags/new", world.words[state])


def finds(client: TestClient, typed: str, id: int) -> bool:
    answer = client.get("/search", params={"q": typed})
    assert answer.status_code == 200
    return f'href="/annotations/{id}"' in answer.text


@place
def a_search_for_its_words(world: World, client: TestClient, state: str) -> bool:
    return finds(client, world.words[state], world.ids[state])


@place
def a_search_for_the_beginning_of_its_words(world: World, client: TestClient, state: str) -> bool:
    begun = world.words[state][:12]
    return shows(client, f"/search?q={begun}&kind=notes", world.words[state], **HTMX)


@place
def a_search_for_its_tag(world: World, client: TestClient, state: str) -> bool:
    return finds(client, f"tag:{world.tags[state]}", world.ids[state])


@place
def a_search_by_its_author(world: World, client: TestClient, state: str) -> bool:
    return finds(client, "by:ada in:a-matrix has:note", world.ids[state])


@place
def what_a_search_counts(world: World, client: TestClient, state: str) -> bool:
    page = seen(client, f"/search?q={world.words[state]}+")
    return "1 note" in page.all("p", cls="counts")[0].text


@place
def a_search_for_passages_with_a_note(world: World, client: TestClient, state: str) -> bool:
    page = seen(client, "/search?q=par+has:note+in:a-matrix&kind=passages")
    slug = world.text.rsplit("/", 1)[1]
    return f"/articles/{slug}#p{world.start(state)}" in {link["href"] for link in page.all("a", cls="of")}


# These two write something themselves.


@place
def the_row_that_a_write_brings(world: World, client: TestClient, state: str) -> bool:
    start = world.start(state)
    answer = send(client, f"{world.text}/annotations", HTMX, start=start, end=start + 3, note="Mine")
    assert answer.status_code in (200, 403), answer.text
    if answer.status_code == 403:  # who is banned writes nothing
        assert world.words[state] not in answer.text
        return shows(client, world.text, world.words[state])
    return world.words[state] in answer.text


@place
def a_reply(world: World, client: TestClient, state: str) -> bool:
    answer = send(client, f"/annotations/{world.ids[state]}/replies", HTMX, note="Indeed")
    if "The owner of this library has said so" in answer.text or answer.status_code == 403:
        return shows(client, world.text, world.words[state])
    assert answer.status_code in (200, 404)
    assert (world.words[state] in answer.text) == (answer.status_code == 200)
    return answer.status_code == 200


@pytest.mark.parametrize("role", ROLES)
def test_a_reader_meets_what_they_may_see_and_nothing_else(world: World, role: str) -> None:
    client = world.clients[role]
    wrong = {
        (where, state)
        for where, shows in PLACES.items()
        for state in STATES
        if shows(world, client, state) is not ((role, state) in SEEN)
    }
    assert wrong == set()


@pytest.mark.parametrize("role", ROLES)
def test_what_is_counted_is_what_may_be_seen(looked_at: World, role: str) -> None:
    client = looked_at.clients[role]
    number = sum((role, state) in SEEN for state in STATES)
    said = f"{number} note{'s' if number > 1 else ''} by 1 reader"
    page = seen(client, looked_at.text)
    assert page.by_id("tally").text == said
    assert page.by_id("count").text == str(number)
    assert len(page.all(cls="note")) == number
    assert said in seen(client, f"{looked_at.text}/annotations").text
    (shelf,) = (one for one in seen(client, "/").all("li") if "A matrix" in one.text)
    assert said in shelf.text


def test_its_author_sees_what_is_not_deleted(looked_at: World) -> None:
    page = looked_at.author.get(looked_at.text).text
    assert {state for state in STATES if looked_at.words[state] in page} == set(STATES) - {"deleted"}


@pytest.mark.parametrize("role", ROLES)
def test_a_share_shows_anybody_the_same(looked_at: World, role: str) -> None:
    client = looked_at.clients[role]
    for state in STATES:
        path = looked_at.shares[state].partition("#")[0]
        answer = client.get(path)
        assert answer.status_code == (200 if state in OPENED else 410), state
        assert {one for one in STATES if looked_at.words[one] in answer.text} == ({state} & set(OPENED))
        assert client.get(f"{path}/card.png").status_code == answer.status_code
    for path, there in ((looked_at.of_article, {"everyone"}), (looked_at.of_group, {"group"})):
        page = client.get(path.partition("#")[0])
        assert page.status_code == 200
        assert {state for state in STATES if looked_at.words[state] in page.text} == there
        assert {state for state in STATES if looked_at.tags[state] in page.text} == there


@pytest.mark.parametrize("role", ROLES)
def test_nobody_shares_what_is_not_theirs_to_share(world: World, role: str) -> None:
    client = world.clients[role]
    passing_on = {}
    for state in STATES:
        for scope in ("passage", "article", world.group):
            answer = send(client, f"/annotations/{world.ids[state]}/shares", scope=scope)
            assert answer.status_code in (303, 403, 404, 422)
            if answer.status_code == 303:
                path = answer.headers["Location"].partition("#")[0]
                page = browser(client).get(path).text
                passing_on[state, scope] = {one for one in STATES if world.words[one] in page}
            elif (role, state) not in SEEN:
                assert answer.status_code == (403 if role == "banned" else 404)
    own_group = {("group", world.group): {"group"}, ("everyone", world.group): {"group", "everyone"}}
    everyone = {("everyone", "passage"): {"everyone"}, ("everyone", "article"): {"everyone"}}
    assert passing_on == ({} if role == "banned" else everyone | (own_group if role == "group owner" else {}))


READ = ("", "/replies/new", "/shares/new", "/flags/new", "/edit")
WRITTEN = ("", "/delete", "/restore", "/replies", "/shares", "/resolve", "/reopen", "/flags", "/hide", "/show")


@pytest.mark.parametrize("role", ROLES)
def test_absent_and_forbidden_are_one_answer(world: World, role: str, client: TestClient) -> None:
    reader = world.clients[role]
    engine = client.app.state.database.engine  # type: ignore[attr-defined]
    for state in STATES:
        if (role, state) in SEEN or (role, state) == ("owner", "hidden"):
            continue
        paths = [f"/annotations/{id}" for id in (world.ids[state], 987654321)]
        for what in READ:
            answers, queries = [], []
            for path in paths:
                with statements(engine) as sent:
                    answer = reader.get(path + what, follow_redirects=False)
                answers.append((answer.status_code, answer.text.replace(path, ""), fixed(answer)))
                queries.append(sent)
            assert answers[0] == answers[1]
            assert queries[0] == queries[1]
            assert answers[0][0] == 404
        for what in WRITTEN:
            said = [(path, send(reader, path + what, note="Words", reason="Words")) for path in paths]
            found = [(answer.status_code, answer.text.replace(path, ""), fixed(answer)) for path, answer in said]
            assert found[0] == found[1]
            assert found[0][0] == (403 if role == "banned" else 404)


def fixed(answer: Response) -> dict[str, str]:
    """The headers of an answer, but for the length, in which that of the address counts."""
    return {name: value for name, value in answer.headers.items() if name != "content-length"}


MY_NOTES = ("/notes", "/notes?q={}", "/notes?tag={}", "/notes.md", "/notes.csv", "/notes.json")
EXPORT = "/account/export"


@pytest.mark.parametrize("role", ROLES)
def test_my_notes_are_mine_alone(looked_at: World, role: str) -> None:
    for path in (*MY_NOTES, EXPORT):
        for state in STATES:
            for words in (looked_at.words[state], looked_at.tags[state]):
                asked = path.format(words)
                answer = looked_at.clients[role].get(asked)
                assert answer.status_code in (200, 403, 404), path
                assert words not in answer.text.replace(asked, "").replace(f'value="{words}"', ""), path


def test_my_export_has_all_of_mine_and_what_i_can_still_bring_back(looked_at: World) -> None:
    answer = looked_at.author.get(EXPORT)
    assert answer.status_code == 200
    assert all(looked_at.words[state] in answer.text for state in STATES)


@pytest.mark.parametrize("path", MY_NOTES)
def test_my_notes_are_all_of_mine(looked_at: World, path: str) -> None:
    for state in STATES:
        what = "tags" if "tag=" in path else "words"
        words = getattr(looked_at, what)[state]
        answer = looked_at.author.get(path.format(words)).text.replace(f'value="{words}"', "")
        assert (words in answer) is (state != "deleted"), state


def test_the_owner_sees_what_is_hidden_where_they_keep_order(looked_at: World) -> None:
    for role in ROLES:
        answer = looked_at.clients[role].get("/moderation")
        assert answer.status_code == (200 if role == "owner" else 404)
        there = {state for state in STATES if looked_at.words[state] in answer.text}
        assert there == ({"hidden"} if role == "owner" else set())
    assert parse(looked_at.clients["owner"].get("/moderation").text).all("article", cls="reported")
