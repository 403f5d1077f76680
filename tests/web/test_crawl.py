"""Every address that the app knows, asked for by everybody: the words of a private note come out nowhere."""

import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import Response
from starlette.testclient import TestClient

from app.storage.database import Database
from tests.web.conftest import HTMX, saved, send
from tests.web.roles import ROLES, World, made, word

MOST = 400
"""How many addresses one reader follows at most: there are fewer."""

_LINK = re.compile(r"(?:href|src|action|hx-get|hx-post|content)=\"([^\"]+)\"")


@pytest.fixture
def world(client: TestClient, database: Database) -> World:
    return made(client, database)


@pytest.fixture
def secrets(world: World) -> set[str]:
    """Words of Ada's that nobody else may read: in a note, in tags, in a reply to herself, in what she took back."""
    found = {world.words[state] for state in ("only me", "deleted")}
    found |= {world.tags[state] for state in ("only me", "deleted")}
    answer, bare, first, gone = (word() for _ in range(4))
    send(world.author, f"/annotations/{world.ids['only me']}/replies", note=answer)
    saved(world.author, world.text, 0, 5, tags=bare, visibility="me")
    changed = saved(world.author, world.text, 0, 5, note=first, visibility="me")
    send(world.author, f"/annotations/{changed}", note="For all to read", visibility="everyone")
    taken = send(world.author, f"/annotations/{world.ids['everyone']}/replies", note=gone).headers["Location"]
    send(world.author, f"/annotations/{taken.rsplit('#a', 1)[1]}/delete")
    return found | {answer, bare, first, gone}


def addresses(app: FastAPI, world: World) -> Iterator[str]:
    """Every address that a route could have, of all that there is: what a reader cannot know they guess."""
    ids = ["1", *map(str, range(world.ids["only me"], world.ids["only me"] + 10))]
    slugs = [world.text.rsplit("/", 1)[1], "nowhere"]
    tokens = [
        path.split("/")[2].partition("#")[0] for path in [*world.shares.values(), world.of_article, world.of_group]
    ]
    for begun in ("by:Ada", "in:a-matrix+has:note", "has:note", *(f"w{digit}" for digit in "0123456789abcdef")):
        yield from (f"/search?q={begun}&kind={kind}" for kind in ("", "notes"))
    for path in paths(app):
        if "{slug}" in path:
            values: list[str] = slugs
        elif "{token}" in path:
            values = [*tokens, "nothing"]
        else:
            values = ids
        if not (names := re.findall(r"{(\w+)(?::\w+)?}", path)):
            yield path
        for value in values if names else ():
            filled = re.sub(r"{(?:slug|token|id)(?::\w+)?}", value, path, count=1)
            yield re.sub(r"{[^}]*}", "1", filled)


def paths(app: FastAPI) -> set[str]:
    return {route.path for included in app.routes for route in flat(included) if hasattr(route, "path")}


def flat(route: Any) -> list[Any]:
    router = getattr(route, "original_router", None)
    return [one for inner in router.routes for one in flat(inner)] if router else [route]


def said(answer: Response) -> str:
    """All that an answer says, of whatever kind it is."""
    return f"{answer.headers} {answer.content.decode('latin-1')}"


def found_in(answer: Response, secrets: set[str]) -> set[str]:
    all_of_it = said(answer)
    return {secret for secret in secrets if secret in all_of_it}


# The clause itself is asked on both kinds of database by the matrix; here it is the routes that are asked.
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("role", ROLES)
def test_a_private_note_comes_out_nowhere(
    app: FastAPI, world: World, secrets: set[str], role: str, caplog: pytest.LogCaptureFixture
) -> None:
    client = world.clients[role]
    caplog.set_level(logging.DEBUG)
    waiting = list(addresses(app, world))
    assert len(waiting) > 200
    seen: set[str] = set()
    while waiting:
        path = waiting.pop(0)
        if path in seen or path.startswith(("http", "//", "data:", "#", "/static/")):
            continue
        seen.add(path)
        for headers in ({}, HTMX) if "/articles/" in path or "/annotations/" in path else ({},):
            answer = client.get(path, headers=headers, follow_redirects=False)
            assert answer.status_code < 500, path
            assert found_in(answer, secrets) == set(), path
            if len(seen) < MOST and "html" in answer.headers.get("Content-Type", ""):
                links = [one.partition("#")[0].replace("&amp;", "&") for one in _LINK.findall(answer.text)]
                waiting += [f"{path.partition('?')[0]}{one}" if one.startswith("?") else one for one in links if one]
    for path in list(addresses(app, world)):
        if path.startswith(("/session", "/account", "/join")):  # these end who one is
            continue
        for headers in ({}, HTMX) if "annotations" in path else ({},):
            answer = send(client, path, headers, note="Words", reason="Words", scope="article", name="A name")
            assert answer.status_code < 500, path
            assert found_in(answer, secrets) == set(), path
    assert not [secret for secret in secrets if secret in caplog.text]


def test_its_author_does_find_it(world: World, secrets: set[str]) -> None:
    """Else the crawl would prove nothing."""
    page = world.author.get(world.text).text
    there = {secret for secret in secrets if secret in page}
    assert world.words["only me"] in there
    assert len(there) >= 4
