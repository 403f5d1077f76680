"""A library in which every kind of reader meets a note in every state, each with words that stand nowhere else."""

from dataclasses import dataclass, field
from uuid import uuid4

from starlette.testclient import TestClient

from app.storage import accounts, moderation
from app.storage.annotations import Annotation
from app.storage.database import Database
from app.storage.people import groups
from app.storage.people.readers import Reader
from tests.library import account, publish, welcome
from tests.web.conftest import browser, saved, send, shared

STATES = ("only me", "group", "everyone", "hidden", "deleted")
ROLES = ("guest", "reader", "member", "group owner", "owner", "banned", "signed out")

SEEN = {(role, "everyone") for role in ROLES} | {("member", "group"), ("group owner", "group")}
"""Who may see what another has written: nobody what is for its author alone, hidden or deleted."""


def word() -> str:
    return f"w{uuid4().hex}"


@dataclass
class World:
    """An article with a note by Ada in every state, beside a paragraph of its own; and who reads it."""

    text: str
    author: TestClient
    author_id: int
    group: str
    ids: dict[str, int] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    shares: dict[str, str] = field(default_factory=dict)
    """By the state of its note, where a share of it leads that was made while it could be."""
    of_article: str = ""
    of_group: str = ""
    clients: dict[str, TestClient] = field(default_factory=dict)

    def start(self, state: str) -> int:
        """Where the paragraph begins beside which a note stands (code points)."""
        return STATES.index(state) * 8


def made(client: TestClient, database: Database) -> World:
    """Let all of it happen as readers do it."""
    slug = publish(database, *(f"Par {number}." for number, _ in enumerate(STATES)), title="A matrix")
    author_id, token = account(database, "Ada")
    people = {role: account(database, f"The {role}", "owner" if role == "owner" else "reader") for role in ROLES[1:6]}
    people["guest"] = welcome(database, "The guest")
    with database.transaction() as session:
        group = groups.make(session, session.get_one(Reader, people["group owner"][0]), "The circle")
        for member in (author_id, people["member"][0]):
            groups.join(session, group.id, session.get_one(Reader, member))
        accounts.ban(session, session.get_one(Reader, people["banned"][0]), None)
        visibility = f"group:{group.id}"
    world = World(f"/articles/{slug}", browser(client, token), author_id, visibility)
    world.clients = {role: browser(client, token) for role, (_, token) in people.items()}
    world.clients["signed out"] = browser(client)
    for state in STATES:
        world.words[state], world.tags[state] = word(), word()
        start = world.start(state)
        world.ids[state] = id = saved(
            world.author,
            world.text,
            start,
            start + 5,
            note=world.words[state],
            tags=world.tags[state],
            visibility=visibility if state == "group" else "everyone",
        )
        world.shares[state] = shared(world.author, id)
    send(world.author, f"/annotations/{world.ids['only me']}", visibility="me")
    send(world.author, f"/annotations/{world.ids['deleted']}/delete")
    with database.transaction() as session:
        keeper = session.get_one(Reader, people["owner"][0])
        moderation.hide(session, session.get_one(Annotation, world.ids["hidden"]), keeper)
    bare = {"start": 0, "end": 5, "exact": "Par 0"}
    world.of_article = where(world.author, f"{world.text}/shares", scope="article", **bare)
    world.of_group = where(world.clients["group owner"], f"{world.text}/shares", scope=visibility, **bare)
    return world


def where(client: TestClient, path: str, **fields: object) -> str:
    answer = send(client, path, **fields)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])
