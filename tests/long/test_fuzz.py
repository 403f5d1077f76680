"""Requests that nobody meant, to every route, by everybody: none ends in a fault of ours; the library stays whole."""

import logging
import os
import re
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from fastapi.dependencies.utils import get_flat_params
from httpx2 import Response
from starlette.testclient import TestClient

from app.main import create_app
from app.storage import articles, revisions, shares
from app.storage.annotations import annotate, reply
from app.storage.database import Database
from app.storage.keeping import checking
from app.storage.people import account_links, groups, readers
from app.text.drafts import Draft, DraftParagraph
from app.text.spans import Span
from app.web.entrance.dependencies import COOKIE
from tests.conftest import BASE_URL, ROOT, settings
from tests.library import account, publish, welcome
from tests.long.crowds import SHORT
from tests.web.entrance.test_safety import flat

pytestmark = pytest.mark.long

REQUESTS = 600 if SHORT else 10_000
SEASON = 50
"""Requests after which there are new readers, articles and notes: the old ones may have signed out, or be gone."""

SLOW = re.compile(r"card\.png|^/imports")
"""What takes a process of its own, or the setting of a picture, is asked for less often."""

ODD = [
    "",
    " ",
    "0",
    "-1",
    "1",
    "9999999999",
    str(2**63),
    "9" * 400,
    "1e9",
    "NaN",
    "true",
    "\x00",
    "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    "a\r\nSet-Cookie: x=y",
    "'; DROP TABLE reader; --",
    "<script>alert(1)</script>",
    "{{ 7 * 7 }}",
    "%s%n%d",
    "../../../../etc/passwd",
    "//example.org/",
    "http://127.0.0.1:1/",
    "javascript:alert(1)",
    '"',
    '"unclosed phrase -word tag: by:" in:',
    "* OR NEAR(a b) AND ^x : {y}",
    "()&|!<->:*\\'",
    "e.g. " * 300,
    "[" * 500,
    "* " * 300 + "a",
    "> " * 500,
    "é" * 3_000,
    "😀" * 600,
    "e\u0301\u200d\u202e\ufeff",
    "日本語の文章。検索",
    "שלום עולם",
    "group:1",
    "group:99999999999999999",
    "everyone",
    "me",
    "2026-02-30",
    "1-5",
    "5-1",
    "0-999999",
    "yellow",
    "never",
    "article",
    "[a](javascript:x) ![b](http://127.0.0.1/c.png)",
    "# A\n\n- b\n  - c\n\n| d | e |\n|---|---|\n| f | g |\n\n[^1]\n\n[^1]: h",
]

FILES = [
    ("", b"", ""),
    ("a.txt", b"One two.\nThree.", "text/plain"),
    ("a.txt", b"\xff\xfe\x00", "text/plain"),
    ("a.md", b"# A\n\nb *c*", "text/markdown"),
    ("a.html", b"<title>A</title><p>b<table><tr><td>c" + b"<div>" * 500, "text/html"),
    ("a.epub", b"PK\x03\x04" + bytes(60), "application/epub+zip"),
    ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(40), "image/png"),
    ("../../x\u202etxt.exe", bytes(range(256)) * 40, "application/octet-stream"),
]

HEADERS: list[dict[str, str]] = [
    {},
    {},
    {"HX-Request": "true"},
    {"HX-Request": "true", "HX-Target": "p0", "HX-Current-URL": "::"},
    {"If-None-Match": '*, W/"x", "'},
    {"Accept": "application/json"},
    {"Accept-Encoding": "gzip;q=0, br, *"},
    {"Accept-Language": "x" * 300},
    {"Range": "bytes=5-1,-0"},
    {"Referer": "http://[::"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Origin": "null"},
    {"Cookie": "postil_display=%%%; a=b; ;;="},
    {"X-Forwarded-For": "1.2.3.4, ::::"},
]


@dataclass
class Route:
    """A route, with the names of all that it could be told."""

    path: str
    methods: list[str]
    query: list[str]


@dataclass
class World:
    """What there is that a request could be about."""

    cookies: list[str]
    ids: dict[str, list[str]]
    """By what the address of a route begins with."""
    slugs: list[str]
    tokens: list[str]
    spans: list[dict[str, str]] = field(default_factory=list)

    @property
    def every_id(self) -> list[str]:
        return [id for ids in self.ids.values() for id in ids]


def routes(app: FastAPI) -> list[Route]:
    found = []
    for included in app.routes:
        for route in flat(included):
            dependant = getattr(route, "dependant", None)
            names = [one.alias for one in get_flat_params(dependant)] if dependant else []
            found.append(Route(route.path, sorted(getattr(route, "methods", None) or {"GET"}), names))
    return found


def names_of_fields() -> list[str]:
    """Every name that a form of ours has."""
    pages = [page.read_text("utf-8") for page in (ROOT / "templates").rglob("*.html")]
    return sorted({name for page in pages for name in re.findall(r'name="([a-z_]+)"', page)})


def season(database: Database, number: int, random: Random) -> World:
    """New readers of every kind, an article that has been revised, and all that can be about it."""
    roles = ("reader", "publisher", "owner")
    people = [account(database, f"{role} {number}", role) for role in roles] + [welcome(database, f"Guest {number}")]
    slug = publish(database, "One two. 😀 Three.", "Four “five” six.", title=f"Fuzz {number}")
    with database.transaction() as session:
        article = articles.by_slug(session, slug)
        known = [readers.by_token(session, token) for _, token in people]
        assert article
        ids: dict[str, list[str]] = {"annotations": [], "readers": []}
        tokens = []
        group = groups.make(session, known[0], f"Group {number}", hides=bool(number % 2))  # type: ignore[arg-type]
        tokens.append(groups.invite(session, group, known[0]).token)
        for one in known:
            assert one
            note = annotate(session, article, one, Span(0, 8), note="Words", tags="tag")
            answer = reply(session, note, one, "A reply")
            tokens.append(shares.share(session, article, one, Span(0, 8), annotation=note).token)
            ids["annotations"] += [str(note.id), str(answer.id)]
            ids["readers"].append(str(one.id))
        tokens.append(shares.share(session, article, known[1], Span(9, 10)).token)  # type: ignore[arg-type]
        tokens += [account_links.make(session, "join"), account_links.make(session, "reset", known[0])]
        draft = Draft(f"Fuzz {number}", (DraftParagraph("One three."), DraftParagraph("Four “five” six, seven.")))
        revisions.revise(session, article, draft, known[1], based_on=1)
        passages = [
            {"start": str(start), "end": str(end), "exact": words}
            for start, end, words in ((0, 3, "One"), (0, 10, "One three."), (12, 16, "Four"), (4, 3, "x"))
        ]
        ids["groups"] = [str(group.id)]
    return World([token for _, token in people] + ["", "x" * 40], ids, [slug], tokens, passages)


class Chance:
    """Makes up requests."""

    def __init__(self, app: FastAPI, seed: int) -> None:
        self.random = Random(seed)
        self.routes = routes(app)
        self.fields = names_of_fields()
        self.world = World([], {}, [], [])

    def said(self, name: str = "") -> str:
        chance = self.random.random()
        if chance < 0.35:
            if name in ("start", "end", "exact"):
                return self.random.choice(self.world.spans)[name]
            if name in ("note", "title", "name", "text", "q", "reason"):
                return f"Words {self.random.randrange(1000)} 😀"
            return self.random.choice([*self.world.every_id, "1", "2", *self.world.slugs, *self.world.tokens])
        if chance < 0.85:
            return self.random.choice(ODD)
        return "".join(chr(self.random.choice((32, 97, 0x301, 0x4E00, 0x1F600, 0x22, 0x5C, 10))) for _ in range(40))

    def path(self, route: Route) -> str:
        def filled(found: re.Match[str]) -> str:
            name = found[1]
            if self.random.random() < 0.1:
                return _quoted(self.said())
            if "slug" in name:
                return self.random.choice(self.world.slugs)
            if "token" in name:
                return self.random.choice(self.world.tokens)
            if "name" in name:
                return self.random.choice(["style.css", "icon.svg", "x"])
            if name in ("number", "paragraph"):
                return self.random.choice("0123")
            about = "readers" if name == "member" else route.path.split("/")[1]
            return self.random.choice(self.world.ids.get(about, self.world.every_id))

        return re.sub(r"{(\w+)(?::\w+)?}", filled, route.path)

    def request(self) -> tuple[str, str, dict[str, Any]]:
        route = self.random.choice(self.routes)
        while SLOW.search(route.path) and self.random.random() < 0.9:
            route = self.random.choice(self.routes)
        method = self.random.choice(route.methods)
        if self.random.random() < 0.03:
            method = self.random.choice(["HEAD", "PUT", "DELETE", "OPTIONS", "POST", "GET"])
        sent: dict[str, Any] = {"headers": dict(self.random.choice(HEADERS)), "follow_redirects": False}
        known = [name for name in route.query if name not in route.path]
        names = known + self.random.sample(self.fields, self.random.randrange(4))
        if self.random.random() < 0.7:
            chosen = [name for name in names if self.random.random() < 0.6]
            sent["params"] = [(name, self.said(name)) for name in chosen]
        if method == "POST":
            self.fill(sent, names)
        return method, self.path(route), sent

    def fill(self, sent: dict[str, Any], names: list[str]) -> None:
        """Give a request something to carry: a form as a browser sends it, one with files, or what is no form."""
        chance = self.random.random()
        fields: dict[str, Any] = {}
        for name in names + self.random.sample(self.fields, 8) * (chance < 0.5):
            fields[name] = self.said(name) if self.random.random() < 0.9 else [self.said(name), self.said(name)]
        if self.random.random() < 0.5:
            fields |= self.random.choice(self.world.spans) | {"note": "Words"}
        if chance < 0.75:
            sent["data"] = fields
        elif chance < 0.92:
            sent["data"] = fields
            sent["files"] = [(self.random.choice(["file", "files", "source"]), self.random.choice(FILES))]
        else:
            types = ["application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "x"]
            sent["headers"] |= {"Content-Type": self.random.choice(types)}
            sent["content"] = self.random.choice(
                [b"{", b"a=%", b"--x\r\n", b"\x00" * 100, self.said().encode("utf-8", "replace")]
            )


def _quoted(words: str) -> str:
    return quote(words.encode("utf-8", "replace"), safe="")[:2000]


def outcome(client: TestClient, method: str, path: str, sent: dict[str, Any]) -> Response:
    answer = client.request(method, path, **sent)
    assert isinstance(answer, Response)
    return answer


# A form with a file to a route that reads none is let go by the garbage collector, which says so.
@pytest.mark.filterwarnings("ignore:.*SpooledTemporaryFile:pytest.PytestUnraisableExceptionWarning")
def test_no_request_ends_in_a_fault_of_ours(url: str, caplog: pytest.LogCaptureFixture) -> None:
    seed = int(os.environ.get("POSTIL_SEED") or Random().randrange(2**32))
    print(f"POSTIL_SEED={seed}")
    app = create_app(settings(url, fetching=False, base_url=BASE_URL))
    database = Database(url)
    chance = Chance(app, seed)
    seen: Counter[int] = Counter()
    faults: list[str] = []
    caplog.set_level(logging.WARNING)
    with TestClient(app, base_url=BASE_URL, raise_server_exceptions=False) as client:
        for number in range(REQUESTS):
            if number % SEASON == 0:
                chance.world = season(database, number // SEASON, chance.random)
            method, path, sent = chance.request()
            client.cookies.clear()
            if token := chance.random.choice(chance.world.cookies):
                client.cookies.set(COOKIE, token)
            caplog.clear()
            answer = outcome(client, method, path, sent)
            seen[answer.status_code] += 1
            traces = [record for record in caplog.records if record.exc_info or record.levelno >= logging.ERROR]
            if answer.status_code >= 500 or traces:
                said = [f"{record.getMessage()} {record.exc_info and record.exc_info[1]!r}" for record in traces]
                faults.append(f"{number}: {method} {path} {str(sent)[:1500]} → {answer.status_code} {said}")
    with database.snapshot() as session:
        broken = [verdict.said for verdict in checking.check(session) if verdict.number]
    database.close()
    print(dict(seen))
    assert faults == [], f"POSTIL_SEED={seed}, {len(faults)} faults:\n" + "\n".join(faults[:20])
    assert broken == [], f"POSTIL_SEED={seed}"
    assert seen[200] > REQUESTS / 10
    assert seen[303] > REQUESTS / 50
