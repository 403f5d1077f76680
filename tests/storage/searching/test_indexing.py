"""The index of words never drifts from the tables, whoever writes to them, on both kinds of database alike."""

import unicodedata
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text
from sqlmodel import Session, select

from app.storage import articles
from app.storage.annotations import Annotation, erase
from app.storage.articles import Paragraph, Revision
from app.storage.database import Database, now
from app.storage.keeping.purging import purge
from app.storage.searching import search
from app.storage.searching.hits import FoundPassage
from app.storage.searching.indexing import keeping_triggers, rebuild
from app.text.drafts import Draft, DraftParagraph
from app.text.searching.folding import folded
from app.text.searching.indexed import note_words, passage_words, title_words
from app.text.searching.queries import query_of
from tests.storage.shores import KEEPER, article_titled, by_the_sea, complaints, found, named


@pytest.fixture
def library(database: Database) -> Database:
    return by_the_sea(database)


def test_a_library_in_use_is_indexed_as_it_is(library: Database) -> None:
    assert complaints(library) == []
    with library.transaction() as session:
        article = article_titled(session, "The Lighthouse")
        article.title = "The Lamp"
        article.author = ""
        named(session, "Ada Quill").name = "Ida Quill"
    assert complaints(library) == []
    with Session(library.engine) as session:
        assert found(session, "lamp ") == {"The Lamp"}
        assert "The Lamp" not in found(session, "lighthouse ")
        assert found(session, "by:ida") == {"note: Why does he"}
        assert found(session, "by:ada") == set()


def test_only_the_current_revision_is_found(library: Database) -> None:
    with library.transaction() as session:
        article = article_titled(session, "The Lighthouse")
        session.add(Revision(article_id=article.id, number=2, segmenter="none", title=article.title))
        session.flush()
        for number, said in enumerate(("A lamp.", "The keeper of the lamp counts owls."), start=1):
            at: dict[str, Any] = {"start": number * 100, "end": number * 100 + len(said)}
            about: dict[str, Any] = {
                "article_id": article.id,
                "revision": 2,
                "number": number,
                "kind": "p",
                "sentences": "[]",
            }
            session.add(Paragraph(text=said, **at, **about))
        session.flush()
        assert found(session, "owls") == set()
        article.revision = 2
        session.flush()
        assert found(session, "owls") == {"p: The keeper o"}
        assert found(session, "keeper waves") == set()
    assert complaints(library) == []
    with library.transaction() as session:
        article_titled(session, "The Lighthouse").revision = 1
    with Session(library.engine) as session:
        assert found(session, "owls") == set()
        assert found(session, "keeper waves") == KEEPER
    assert complaints(library) == []


def test_what_goes_is_not_found(library: Database) -> None:
    with library.transaction() as session:
        session.delete(article_titled(session, "The Lighthouse"))
    assert complaints(library) == []
    with Session(library.engine) as session:
        assert found(session, "lighthouse ") == set()
        assert found(session, "waves ") == set()
        assert found(session, "東京") == {
            "p: 灯台守は夜の波を数える。",
            "p: A foghorn in",
            "note: 東京の灯台についてのメモ",
        }


def test_a_paragraph_of_any_length_is_found_to_its_end(library: Database) -> None:
    said = "word " * 24_000 + "badger of the deep " + "word " * 9_000
    east = "".join(chr(0x4E00 + number % 400) for number in range(9_000)) + "海狸海"
    across = "x" * 3_990 + " the otter crosses over here " + "y " * 100
    with library.transaction() as session:
        draft = Draft("Long", (DraftParagraph(said), DraftParagraph(across), DraftParagraph(east)))
        articles.publish(session, draft)
    with Session(library.engine) as session:
        for typed in ('"badger of the deep"', '"the otter crosses over"', "海狸", "一丁丂"):
            passage = search.find(session, None, query_of(typed), ("passages",))["passages"].found[0]
            assert isinstance(passage, FoundPassage)
            assert any(piece.marked for piece in passage.excerpt), typed
    assert complaints(library) == []


@pytest.mark.parametrize(
    ("meddling", "named_so"),
    [
        ("DELETE FROM search_note WHERE rowid = (SELECT max(rowid) FROM search_note)", "1 not indexed"),
        (
            "UPDATE search_passage SET words = 'x' WHERE rowid IN (SELECT max(rowid) FROM search_passage)",
            "other words",
        ),
        (
            "INSERT INTO search_reader (rowid, words) VALUES (987654, 'nobody')",
            "1 indexed, and not there",
        ),
        ("DELETE FROM search_article", "search_article: 3 not indexed"),
    ],
)
def test_meddling_is_noticed_and_mended(library: Database, meddling: str, named_so: str) -> None:
    with library.transaction() as session:
        session.connection().execute(text(meddling))
    (complaint,) = complaints(library)
    assert named_so in complaint
    with library.transaction() as session:
        rebuild(session)
    assert complaints(library) == []


def test_a_trigger_that_is_gone_is_missed(library: Database) -> None:
    with library.transaction() as session:
        on = "" if library.sqlite else " ON annotation"
        session.connection().execute(text(f"DROP TRIGGER search_annotation_made{on}"))
    (complaint,) = complaints(library)
    assert "search_annotation_made" in complaint


@pytest.mark.parametrize("backend", ["sqlite"])
def test_damage_within_the_index_is_noticed(library: Database) -> None:
    with library.transaction() as session:
        session.connection().execute(text("UPDATE search_note_content SET c0 = 'other words' WHERE id = 9"))
    assert any("search_note" in one for one in complaints(library))


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_migration_that_rebuilds_tables_leaves_them_indexed(library: Database) -> None:
    with library.migrating() as connection:
        connection.exec_driver_sql("PRAGMA legacy_alter_table = ON")
        bring_back = keeping_triggers(connection)
        for table in ("article", "paragraph", "annotation", "reader"):
            with (
                Operations.context(MigrationContext.configure(connection)) as op,
                op.batch_alter_table(table, recreate="always"),
            ):
                pass
        assert connection.exec_driver_sql("SELECT count(*) FROM sqlite_master WHERE type = 'trigger'").scalar() == 0
        bring_back()
    assert complaints(library) == []
    with library.transaction() as session:
        articles.publish(session, Draft("Anew", (DraftParagraph("Kingfisher."),)))
    with Session(library.engine) as session:
        assert found(session, "kingfisher") == {"p: Kingfisher."}


# ── the rules that two languages write


def test_code_points_are_folded_alike(database: Database) -> None:
    """Letter by letter, all that Python knows of."""
    unknown = ("Cn", "Cs", "Co", "Cc")
    points = [point for point in range(1, 0x110000) if unicodedata.category(chr(point)) not in unknown]
    with database.engine.connect() as connection:
        if database.sqlite:
            points = points[::97]
            said = [
                connection.execute(text("SELECT postil_words(:said)"), {"said": f"x{chr(point)}y"}).scalar_one()
                for point in points
            ]
        else:
            asked = (
                "SELECT string_agg(postil_words('x' || chr(point) || 'y'), '|' ORDER BY point)"
                " FROM unnest(CAST(:points AS int[])) AS point"
            )
            said = connection.execute(text(asked), {"points": points}).scalar_one().split("|")
    wrong = {hex(point): one for point, one in zip(points, said, strict=True) if one != folded(f"x{chr(point)}y")}
    assert wrong == {}


TEXTS = (
    "",
    "   ",
    "Plain words, and more.",
    "Ǆ ǆ ﬃ Ⅷ ½ ℃ ﷺ ẞ Straße ΟΔΥΣΣΕΥΣ İstanbul ŒUVRE",
    "naïve cafe\u0301 co\u00adoperate a\u200db \u202eabc",
    "מָקוֹם שָׁלוֹם مُحَمَّد ـــ العربية؟",
    "हिन्दी में लिखा ภาษาไทย ខ្មែរ",
    "東京タワーはﾊﾝｶｸです。が か\u3099 한국어 ㄱㄴ 👍🏽 ☂",
    "_underscored__ words_ -- a.b/c?d=e&f 1e5 007 'quoted' \"double\" back\\slash :*&|!()<->",
    "w" * 200 + " " + "é" * 200,
    "break\ttab\x01control\u2028separator\u3000wide, one、two;three，four",
)


@pytest.mark.parametrize("said", TEXTS)
def test_rows_are_indexed_alike(database: Database, said: str) -> None:
    with database.engine.connect() as connection:

        def asked(call: str) -> object:
            return connection.execute(text(f"SELECT {call}"), {"said": said}).scalar_one()

        one = "CAST(:said AS TEXT)"
        assert asked(f"postil_title_words({one}, {one})") == title_words(said, said)
        assert asked(f"postil_note_words({one}, {one}, 5, 6, 'everyone', 7, false)") == note_words(
            said, said, 5, 6, "everyone", 7, False
        )
        assert asked(f"postil_note_words({one}, '', 5, 6, 'everyone', 7, true)") == note_words(
            said, "", 5, 6, "everyone", 7, True
        )
        if not database.sqlite:
            rows = connection.execute(text("SELECT value FROM postil_passage_words(:said, 5)"), {"said": said})
            assert list(rows.scalars()) == passage_words(said, 5)


@pytest.mark.parametrize("backend", ["sqlite"])
def test_the_words_of_what_goes_for_good_go_out_of_the_file(library: Database) -> None:
    def in_the_file() -> bool:
        with library.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        return b"clandestine" in Path(str(library.engine.url.database)).read_bytes()

    assert in_the_file()
    with library.transaction() as session:
        for note in session.exec(select(Annotation).where(Annotation.visibility == "me")):
            erase(session, note)
            note.deleted_at = now() - timedelta(days=31)
    purge(library, 30)
    assert not in_the_file()
