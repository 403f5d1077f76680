"""Transactions that hold, and migrations that go forth and back."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from app.settings import shipped
from app.storage.annotations import Placement
from app.storage.articles import Article, touch
from app.storage.database import Database, Table
from app.storage.people.readers import Reader
from app.storage.searching.indexing import is_index
from tests.conftest import in_a_loop, prepare
from tests.library import everything, mark, publish, statements


def revisions() -> list[str]:
    """Every migration, the oldest first."""
    config = Config()
    config.set_main_option("script_location", str(shipped("alembic")))
    return [one.revision for one in ScriptDirectory.from_config(config).walk_revisions()][::-1]


def tables(database: Database) -> set[str]:
    there = set(inspect(database.engine).get_table_names()) - {"alembic_version"}
    return {table for table in there if not is_index(table)}


def differences(database: Database) -> list[object]:
    """What models and schema do not agree on."""
    with database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "compare_server_default": True,
                "include_name": lambda name, kind, _: not (kind == "table" and is_index(name)),
            },
        )
        found: list[object] = compare_metadata(context, Table.metadata)
        return found


# ── migrations


def test_models_and_migrations_agree(database: Database) -> None:
    assert differences(database) == []


def test_a_difference_between_models_and_schema_would_be_seen(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE reader ADD COLUMN shoe_size INTEGER"))
        connection.execute(text("DROP INDEX ix_share_reader_id"))
    assert len(differences(database)) == 2


def test_migrations_go_down_and_up_again_with_a_library_in_them(url: str, database: Database) -> None:
    assert any(everything(database).values())
    database.migrate("base")
    assert tables(database) == set()
    database.migrate()
    assert tables(database) == set(Table.metadata.tables)
    assert differences(database) == []
    prepare(url)
    assert len(everything(database)["paragraph"]) == 33


def test_every_migration_goes_forth_and_back_alone(empty_url: str) -> None:
    database = Database(empty_url)
    for revision in revisions():
        database.migrate(revision)
        before = tables(database)
        database.migrate("-1")
        database.migrate(revision)
        assert tables(database) == before
    assert tables(database) == set(Table.metadata.tables)
    database.close()


def test_a_library_that_is_up_to_date_stays_as_it_is(database: Database) -> None:
    before = everything(database)
    database.migrate()
    assert everything(database) == before


def test_of_two_servers_that_start_on_an_empty_database_one_migrates(empty_url: str) -> None:
    libraries = [Database(empty_url) for _ in range(4)]
    at_once = threading.Barrier(4)

    def start(database: Database) -> None:
        at_once.wait()
        database.migrate()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(start, libraries))
    assert tables(libraries[0]) == set(Table.metadata.tables)
    for database in libraries:
        database.close()


def test_a_revision_that_there_is_not_is_refused(database: Database) -> None:
    before = everything(database)
    with pytest.raises(CommandError):
        database.migrate("2001_01_01")
    assert everything(database) == before


def test_a_migration_that_fails_leaves_the_schema_as_it_was(empty_url: str) -> None:
    database = Database(empty_url)
    with database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE share (in_the_way INTEGER)"))  # the last table that is made
    with pytest.raises(Exception, match="share"):
        database.migrate()
    assert tables(database) == {"share"}
    database.close()


def test_foreign_keys_hold_after_a_migration_too(database: Database) -> None:
    database.migrate("base")
    database.migrate()
    with pytest.raises(IntegrityError), database.transaction() as session:
        session.add(Placement(annotation_id=1, revision=1, article_id=1, start=0, end=1, stood=1))


# ── transactions


def test_what_refers_to_nothing_is_refused(database: Database) -> None:
    before = everything(database)
    with pytest.raises(IntegrityError), database.transaction() as session:
        session.add(Placement(annotation_id=999, revision=1, article_id=1, start=0, end=1, stood=1))
    assert everything(database) == before


def test_what_belonged_to_an_article_goes_with_it(database: Database) -> None:
    with database.transaction() as session:
        session.delete(session.get_one(Article, 1))
    left = everything(database)
    assert {name for name, rows in left.items() if rows} == {"reader", "reader_session"}


def test_a_transaction_that_fails_leaves_nothing_behind(database: Database) -> None:
    before = everything(database)

    def fail_midway() -> None:
        with database.transaction() as session:
            session.add(Reader(name="Nobody"))
            session.flush()
            touch(session, 1)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_midway()
    assert everything(database) == before


def test_a_commit_that_fails_leaves_nothing_behind_and_the_way_free(url: str, database: Database) -> None:
    with database.engine.begin() as connection:
        promise = "CREATE TABLE witness (id INTEGER REFERENCES reader (id) DEFERRABLE INITIALLY DEFERRED)"
        connection.execute(text(promise))
    before = everything(database)

    async def break_the_promise() -> None:
        async with database.writing() as session:
            session.add(Reader(name="Nobody"))
            session.flush()
            session.connection().execute(text("INSERT INTO witness VALUES (-1)"))

    with pytest.raises(IntegrityError):
        in_a_loop(break_the_promise)
    assert everything(database) == before
    elsewhere = Database(url)
    for free in (elsewhere, database):
        with free.transaction() as session:
            session.add(Reader(name="Somebody"))
    assert len(everything(database)["reader"]) == len(before["reader"]) + 2
    elsewhere.close()


def test_an_id_is_never_given_twice(database: Database) -> None:
    with database.transaction() as session:
        session.add(Reader(name="One"))
    with database.transaction() as session:
        gone = session.exec(select(Reader).where(Reader.name == "One")).one()
        id = gone.id
        session.delete(gone)
    with database.transaction() as session:
        two = Reader(name="Two")
        session.add(two)
        session.flush()
        assert two.id > id


def test_two_processes_that_write_at_once_lose_nothing(url: str) -> None:
    """Each a reader, a note and a new version, read before and written after."""
    each, processes = 12, [Database(url) for _ in range(3)]
    slug = publish(processes[0], "A text that everybody marks at once.")

    def write(database: Database) -> None:
        for _ in range(each):
            mark(database, slug, 0, 6)

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(write, processes))
    with Session(processes[0].engine) as session:
        article = session.exec(select(Article).where(Article.slug == slug)).one()
    kept = everything(processes[0])
    assert article.version == 1 + each * len(processes)
    assert sum(row.article_id == article.id for row in kept["placement"]) == each * len(processes)
    for database in processes:
        database.close()


def test_times_are_kept_and_read_in_utc(database: Database) -> None:
    if not database.sqlite:
        with database.engine.begin() as connection:
            name = connection.execute(text("SELECT current_database()")).scalar_one()
            connection.execute(text(f"ALTER DATABASE {name} SET timezone TO 'Pacific/Kiritimati'"))
        database.close()
    slug = publish(database, "Once.")
    with Session(database.engine) as session:
        made = session.exec(select(Article.created_at).where(Article.slug == slug)).one()
    assert made.utcoffset() == timedelta(0)
    assert timedelta(0) <= datetime.now(UTC) - made < timedelta(minutes=1)


# ── SQLite


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize(("pragma", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)])
def test_sqlite_is_durable_and_keeps_its_foreign_keys(database: Database, pragma: str, value: object) -> None:
    with database.engine.connect() as connection:
        assert connection.execute(text(f"PRAGMA {pragma}")).scalar_one() == value


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_writer_takes_its_turn_before_it_reads(database: Database) -> None:
    with statements(database.engine) as sent, database.transaction() as session:
        session.exec(select(Article.id)).first()
    assert sent[0] == "BEGIN IMMEDIATE"
