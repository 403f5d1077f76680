"""What tests stand on: a real database of each kind, the app in front of it, a server and a browser."""

import asyncio
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlmodel import Session
from starlette.testclient import TestClient

from app.cli import load_seeds
from app.main import create_app
from app.settings import Settings
from app.storage import articles
from app.storage.articles import Article
from app.storage.database import Database

Result = TypeVar("Result")

BASE_URL = "http://127.0.0.1:8000"
SLUG = "what-an-american-election-means-for-ukraine"
ARTICLE = f"/articles/{SLUG}"
ROOT = Path(__file__).parent.parent

MEMORY = Path("/dev/shm")
ROOM = 4 << 30
"""Bytes: so much must be free in memory for libraries to be put there."""


FIRST = {
    "test_crawl.py",
    "test_deleted.py",
    "test_every_state.py",
    "test_every_state_on_phones.py",
    "test_reading.py",
    "test_restored.py",
    "test_wcag.py",
}
"""Files of few tests that take long: begun with, so that at the end no process works alone."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="run what takes minutes, too")
    parser.addoption("--pictures", metavar="FOLDER", help="keep a picture of every state that axe is asked in")


def pytest_configure(config: pytest.Config) -> None:
    """Put what tests write into memory, where there is room: thousands of libraries are made. Long tests, of which some
    measure what it takes to write, have the disk.
    """
    if not config.getoption("--long") and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name bytes by their argument, not by themselves: what was packed holds the second in which it was, and the
    processes of a run refuse to share tests that have another name in each.
    """
    return argname if isinstance(val, bytes) else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--long"):
        long = [item for item in items if item.get_closest_marker("long")]
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]
    files = Counter(item.path for item in items)
    items.sort(key=lambda item: (item.path.name not in FIRST, -files[item.path], item.path))


def missing(what: str, how: str, required: str) -> None:
    """Skip, or fail where the environment says that this must be there."""
    words = f"no {what} here; {how} brings one"
    if os.environ.get(required):
        pytest.fail(words)
    pytest.skip(words)


# ── databases


def prepare(url: str) -> None:
    """The schema and the seed article, as `postil serve` would make them."""
    database = Database(url)
    database.migrate()
    with database.transaction() as session:
        load_seeds(session)
    database.close()


@dataclass
class Cluster:
    """A PostgreSQL of our own, thrown away afterwards."""

    sockets: Path

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://postgres@/{name}?host={self.sockets}"

    def run(self, statement: str) -> None:
        from sqlalchemy import create_engine

        engine = create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    initdb = str(found[-1]) if found else shutil.which("initdb")
    if not initdb:
        missing("PostgreSQL", "`apt-get install postgresql`", "REQUIRE_POSTGRES")
    assert initdb
    # PostgreSQL refuses to run as root.
    user = ("postgres" if _exists("postgres") else "nobody") if os.geteuid() == 0 else None
    where = os.environ.get("PYTEST_DEBUG_TEMPROOT", "/tmp")
    folder = Path(tempfile.mkdtemp(prefix="postil-pg-", dir=where))  # short: a socket's path has 107 bytes
    if user:
        shutil.chown(folder, user)
    data = folder / "data"
    command = [initdb, "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    subprocess.run(command, check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL)
    options = ["listen_addresses=", f"unix_socket_directories={folder}", "fsync=off", "max_connections=200"]
    options += ["wal_level=minimal", "max_wal_senders=0", "max_wal_size=64MB"]
    postgres = [str(Path(initdb).parent / "postgres"), "-D", str(data)]
    for option in options:
        postgres += ["-c", option]
    server = subprocess.Popen(postgres, user=user, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        made = Cluster(folder)
        wait_until(lambda: _answers(made), "PostgreSQL does not answer")
        made.run("CREATE DATABASE seeded")
        prepare(made.url("seeded"))
        yield made
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _exists(user: str) -> bool:
    try:
        return bool(pwd.getpwnam(user))
    except KeyError:
        return False


def _answers(cluster: Cluster) -> bool:
    from sqlalchemy.exc import OperationalError

    try:
        cluster.run("SELECT 1")
    except OperationalError:
        return False
    return True


def in_a_loop(begin: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
    """Run what is async to its end in a thread of its own: that of the tests has a loop once a browser is driven."""
    with ThreadPoolExecutor(1) as executor:
        return executor.submit(lambda: asyncio.run(begin())).result()


def wait_until(true: Callable[[], bool], otherwise: str, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, otherwise
        time.sleep(0.05)


@pytest.fixture(scope="session")
def seeded_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite library with the seed article, to be copied."""
    path = tmp_path_factory.mktemp("seeded") / "postil.db"
    prepare(f"sqlite:///{path}")
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    """Each test that stands on a database runs on both kinds."""
    return str(request.param)


@contextmanager
def seeded(backend: str, request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """The address of a library with the seed article in it; `folder` is where it may be kept."""
    if backend == "sqlite":
        path = folder / "postil.db"
        shutil.copy(request.getfixturevalue("seeded_file"), path)
        yield f"sqlite:///{path}"
    else:
        cluster: Cluster = request.getfixturevalue("cluster")
        name = f"t{uuid4().hex}"
        cluster.run(f"CREATE DATABASE {name} TEMPLATE seeded")
        yield cluster.url(name)
        cluster.run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A library of one's own with the seed article in it."""
    with seeded(backend, request, tmp_path) as url:
        yield url


@pytest.fixture
def empty_url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database with nothing in it, not even a schema."""
    if backend == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
    else:
        cluster: Cluster = request.getfixturevalue("cluster")
        name = f"t{uuid4().hex}"
        cluster.run(f"CREATE DATABASE {name}")
        yield cluster.url(name)
        cluster.run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    database = Database(url)
    yield database
    database.close()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A transaction on the seeded library, rolled back at the end."""
    with Session(database.engine) as session:
        yield session


@pytest.fixture
def article(session: Session) -> Article:
    found = articles.by_slug(session, SLUG)
    assert found
    return found


# ── the app


def settings(url: str, **decided: Any) -> Settings:
    """What most tests run under: no limit to how often, and passwords that cost little to try."""
    usual: dict[str, Any] = {"base_url": BASE_URL, "rate_limits": False, "password_memory": 1}
    return Settings(_env_file=None, database_url=url, **usual | decided)


@contextmanager
def asking_the_clause(url: str) -> Iterator[FastAPI]:
    """The app: whatever is done with it, it asks for no annotation without asking who may see it."""
    from tests.clause import guarded

    made = create_app(settings(url))
    with guarded(made.state.database.engine) as beside:
        yield made
    assert beside == []


def browsing(app: FastAPI) -> TestClient:
    """A browser without script that nobody has seen before."""
    return TestClient(app, base_url=BASE_URL, raise_server_exceptions=False)


@pytest.fixture
def app(url: str) -> Iterator[FastAPI]:
    with asking_the_clause(url) as app:
        yield app


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    with browsing(app) as client:
        yield client


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shared_client(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The same for all tests of a file that ask for it: they look, and change nothing."""
    folder = tmp_path_factory.mktemp("shared")
    with seeded(request.param, request, folder) as url, asking_the_clause(url) as app, browsing(app) as client:
        yield client


@pytest.fixture
def other(app: FastAPI, client: TestClient) -> TestClient:
    """Another such browser, of another person."""
    return browsing(app)


# ── a server and a browser


@dataclass
class Server:
    """`postil serve` in a process of its own."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def article(self) -> str:
        return self.url + ARTICLE


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start_server(folder: Path, *arguments: str, port: int = 0, **environment: str) -> Server:
    """Serve a library kept in `folder`, and wait until it answers."""
    port = port or free_port()
    log = folder / "server.log"
    with log.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "app.cli", "serve", "--port", str(port), *arguments],
            cwd=ROOT,
            env={key: value for key, value in os.environ.items() if not key.startswith("POSTIL_")}
            | {"POSTIL_DATA_DIR": str(folder), "PYTHONUNBUFFERED": "1"}
            | {"POSTIL_RATE_LIMITS": "off", "POSTIL_PASSWORD_MEMORY": "1"}
            | environment,
            stdout=out,
            stderr=out,
        )
    server = Server(f"http://127.0.0.1:{port}", process, log)

    def answers() -> bool:
        assert process.poll() is None, log.read_text()
        try:
            return httpx2.get(f"{server.url}/healthz").status_code == 200
        except httpx2.TransportError:
            return False

    wait_until(answers, "the server does not answer")
    return server


@pytest.fixture(scope="module")
def server(seeded_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on a library of its own with the seed article in it, for all tests of a file."""
    folder = tmp_path_factory.mktemp("library")
    shutil.copy(seeded_file, folder / "postil.db")
    server = start_server(folder)
    yield server
    server.process.terminate()
    server.process.wait(20)
