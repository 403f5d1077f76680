"""Search: found is what has the words and may be seen, on both kinds of database alike; the index never drifts."""

import unicodedata
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text
from sqlmodel import Session, select

from app.storage import articles, collections, groups, moderation, readers, search
from app.storage import library as deleting
from app.storage.annotations import Annotation, annotate, erase, reply, restore, reword
from app.storage.articles import Article, Paragraph, Revision
from app.storage.database import Database, now
from app.storage.indexing import check, keeping_triggers, rebuild
from app.storage.purging import purge
from app.storage.readers import Reader
from app.storage.search import FoundArticle, FoundNote, FoundPassage
from app.text.drafts import Draft, DraftParagraph
from app.text.folding import folded
from app.text.indexed import note_words, passage_words, title_words
from app.text.queries import query_of
from app.text.spans import Span
from tests.library import publish

SEA = (
    "The lighthouse keeper counts the waves. Nobody else does.",
    "Waves counted at night weigh more; so he says, the keeper of the lighthouse.",
    "A café stands by the pier. Its naïve owner sells crêpes.",
)
EAST = (
    "灯台守は夜の波を数える。東京湾の波は静かだ。",
    "등대지기는 밤에 파도를 센다. 서울에서는 파도가 보이지 않는다.",
    "A foghorn in 東京: nobody hears it.",
)


@pytest.fixture
def library(database: Database) -> Database:
    with database.transaction() as session:
        for title, author, paragraphs in (("The Lighthouse", "Ørsted Løvland", SEA), ("灯台の話", "海野", EAST)):
            draft = Draft(title, tuple(map(DraftParagraph, paragraphs)), author=author)
            articles.publish(session, draft)
        ada, grace = readers.welcome(session, "Ada Quill")[0], readers.welcome(session, "Grâce Ínk")[0]
        sea, east = (article_titled(session, title) for title in ("The Lighthouse", "灯台の話"))
        first = annotate(session, sea, ada, Span(0, 14), note="Why does he count waves at all?", tags="sea, Night Work")
        reply(session, first, grace, "Since the WAVES count him.")
        annotate(session, sea, grace, Span(0, 3), tags="sea")
        annotate(session, sea, ada, Span(4, 14), note="Mine alone: waves of a clandestine kind.", visibility="me")
        annotate(session, east, grace, Span(0, 3), note="東京の灯台についてのメモ", tags="海")
        collections.gather(session, "Shores of All Kinds", [sea])
    return database


def article_titled(session: Session, title: str) -> Article:
    return session.exec(select(Article).where(Article.title == title)).one()


def named(session: Session, name: str) -> Reader:
    return session.exec(select(Reader).where(Reader.name == name)).one()


def found(session: Session, typed: str, reader: Reader | None = None) -> set[str]:
    """What is found, in short: titles, the first words of paragraphs, notes."""
    hits = search.find(session, reader, query_of(typed))
    for of in hits.values():
        assert of.count == len(of.found)
    said: set[str] = set()
    for of in hits.values():
        for one in of.found:
            if isinstance(one, FoundArticle):
                said.add("".join(piece.words for piece in one.title))
            else:
                words = "".join(piece.words for piece in one.excerpt)
                said.add(f"{'note' if isinstance(one, FoundNote) else 'p'}: {words[:12]}".strip())
    return said


KEEPER = {"p: The lighthou", "p: Waves counte"}
QUERIES: dict[str, set[str]] = {
    "lighthouse ": {"The Lighthouse", *KEEPER},
    "LIGHTHOUSE ": {"The Lighthouse", *KEEPER},
    "lighthous": {"The Lighthouse", *KEEPER},
    "lighthous ": set(),
    "lighth*": {"The Lighthouse", *KEEPER},
    "keeper waves": {*KEEPER},
    '"counts the waves"': {"p: The lighthou"},
    '"waves the counts"': set(),
    "cafe": {"p: A café stand"},
    "CAFÉ crepes": {"p: A café stand"},
    "naive": {"p: A café stand"},
    "waves -counted": {"p: The lighthou", "note: Why does he", "note: Since the WA"},
    '-"weigh more" keeper': {"p: The lighthou"},
    "orsted": {"The Lighthouse"},
    "LOVLAND": {"The Lighthouse"},
    "東京": {"p: 灯台守は夜の波を数える。", "p: A foghorn in", "note: 東京の灯台についてのメモ"},
    "京東": set(),
    "波": {"p: 灯台守は夜の波を数える。"},
    "灯台": {"灯台の話", "p: 灯台守は夜の波を数える。", "note: 東京の灯台についてのメモ"},
    "서울": {"p: 등대지기는 밤에 파도를"},
    "파도 밤": {"p: 등대지기는 밤에 파도를"},
    "foghorn 東京": {"p: A foghorn in"},
    "tag:sea": {"note: Why does he", "note:"},
    "tag:SEA has:note": {"note: Why does he"},
    "tag:海": {"note: 東京の灯台についてのメモ"},
    'tag:"night work"': {"note: Why does he"},
    "tag:nig": {"note: Why does he"},
    "tag:sea -tag:night* ": {"note:"},
    "by:ada": {"note: Why does he"},
    'by:"grace ink" waves': {"note: Since the WA"},
    "by:grâce": {"note: Since the WA", "note:", "note: 東京の灯台についてのメモ"},
    "by:nobody waves": set(),
    "by:me": set(),
    "in:the-lighthouse waves": {*KEEPER, "note: Why does he", "note: Since the WA"},
    'in:"Shores of all kinds" waves': {*KEEPER, "note: Why does he", "note: Since the WA"},
    "in:灯台 東京": {"p: 灯台守は夜の波を数える。", "p: A foghorn in", "note: 東京の灯台についてのメモ"},
    "in:nowhere waves": set(),
    "in:lighthouse 東京": set(),
    "has:note lighthouse": {"p: The lighthou"},
    "waves has:note": {"p: The lighthou", "note: Why does he", "note: Since the WA"},
    "-waves": set(),
    "": set(),
    "clandestine": set(),
}


@pytest.mark.parametrize("typed", QUERIES)
def test_found_is_what_has_the_words(library: Database, typed: str) -> None:
    with Session(library.engine) as session:
        assert found(session, typed) == QUERIES[typed]


# ── who may see


def test_one_finds_ones_own(library: Database) -> None:
    with Session(library.engine) as session:
        ada, grace = named(session, "Ada Quill"), named(session, "Grâce Ínk")
        assert found(session, "clandestine", ada) == {"note: Mine alone:"}
        assert found(session, "clandestine", grace) == set()
        assert found(session, "by:me clandestine", ada) == {"note: Mine alone:"}
        assert found(session, "by:me -waves ", grace) == {"note:", "note: 東京の灯台についてのメモ"}


def test_what_is_not_there_to_see_is_not_found(library: Database) -> None:
    def seen_by(*names: str) -> list[set[str]]:
        with Session(library.engine) as session:
            return [found(session, "weasels", named(session, name) if name else None) for name in names]

    everybody, note = ("", "Ada Quill", "Grâce Ínk"), {"note: Weasels agai"}
    with library.transaction() as session:
        ada, grace = named(session, "Ada Quill"), named(session, "Grâce Ínk")
        circle = groups.make(session, grace, "Circle")
        groups.join(session, circle.id, ada)
        article = article_titled(session, "The Lighthouse")
        made = annotate(session, article, ada, Span(0, 3), note="Weasels again", visibility=f"group:{circle.id}")
        id = made.id
    assert seen_by(*everybody) == [set(), note, note]
    with library.transaction() as session:
        reword(session, session.get_one(Annotation, id), visibility="everyone")
    assert seen_by(*everybody) == [note, note, note]
    with library.transaction() as session:
        moderation.hide(session, session.get_one(Annotation, id), named(session, "Grâce Ínk"))
    assert seen_by(*everybody) == [set(), note, set()]
    with library.transaction() as session:
        moderation.unhide(session, session.get_one(Annotation, id), named(session, "Grâce Ínk"))
        erase(session, session.get_one(Annotation, id))
    assert seen_by(*everybody) == [set(), set(), set()]
    with library.transaction() as session:
        restore(session, session.get_one(Annotation, id))
    assert seen_by(*everybody) == [note, note, note]
    assert complaints(library) == []


def test_who_has_not_written_first_does_not_find_what_others_have(library: Database) -> None:
    with library.transaction() as session:
        grace, article = named(session, "Grâce Ínk"), article_titled(session, "The Lighthouse")
        hiding = groups.make(session, grace, "Hiding", hides=True)
        ada, bob = named(session, "Ada Quill"), readers.welcome(session, "Bob Reed")[0]
        for member in (ada, bob):
            groups.join(session, hiding.id, member)
        annotate(session, article, bob, Span(0, 3), note="Stoats", visibility=f"group:{hiding.id}")
        assert found(session, "stoats", ada) == set()
        assert found(session, "stoats", grace) == {"note: Stoats"}
        annotate(session, article, ada, Span(0, 3), note="Mine", visibility=f"group:{hiding.id}")
        assert found(session, "stoats", ada) == {"note: Stoats"}


def test_what_others_keep_to_themselves_changes_no_order(library: Database) -> None:
    def order() -> list[str]:
        with Session(library.engine) as session:
            return said_in_order(session, "otter beaver ")

    def write(visibility: str, *notes: str) -> None:
        with library.transaction() as session:
            ada, article = named(session, "Ada Quill"), article_titled(session, "The Lighthouse")
            for note in notes:
                annotate(session, article, ada, Span(0, 3), note=note, visibility=visibility)

    write("everyone", "otter otter otter beaver and more", "otter beaver beaver beaver and more")
    before = order()
    assert len(before) == 2
    for word in ("otter", "beaver"):
        write("me", *[f"{word} " * 9] * 30)
        assert order() == before


def test_a_deleted_article_is_not_found_until_it_is_back(library: Database) -> None:
    with library.transaction() as session:
        deleting.delete(session, article_titled(session, "The Lighthouse"), None)
    with Session(library.engine) as session:
        for typed in ("lighthouse ", "waves ", "tag:sea", "in:the-lighthouse waves", "by:ada", "has:note waves"):
            assert found(session, typed) == set(), typed
            assert found(session, typed, named(session, "Grâce Ínk")) == set(), typed
    with library.transaction() as session:
        article = deleting.deleted(session, "the-lighthouse")
        assert article
        deleting.restore(session, article, None)
    with Session(library.engine) as session:
        assert found(session, "lighthouse ") == QUERIES["lighthouse "]
        assert found(session, "tag:sea") == QUERIES["tag:sea"]


def test_an_article_that_is_deleted_stands_before_no_other_of_its_name(database: Database) -> None:
    for title in ("Garden", "Garden tales"):
        publish(database, "One fish.", title=title)
    with database.transaction() as session:
        article = articles.by_slug(session, "garden")
        assert article
        deleting.delete(session, article, None)
    with Session(database.engine) as session:
        hits = search.find(session, None, query_of("fish in:garden"))["passages"]
    assert [one.slug for one in hits.found] == ["garden-tales"]


# ── order and number


def said_in_order(session: Session, typed: str) -> list[str]:
    hits = search.find(session, None, query_of(typed), ("notes",))["notes"]
    return ["".join(piece.words for piece in one.excerpt) for one in hits.found]


def test_the_best_come_first(library: Database) -> None:
    with library.transaction() as session:
        ada, article = named(session, "Ada Quill"), article_titled(session, "The Lighthouse")
        long = "A heron, " + "and much else that is said at length, " * 20
        for note in (long, "A grey heron.", "Heron? Grey, this heron.", "Herons are grey."):
            annotate(session, article, ada, Span(0, 3), note=note)
        in_order = [said[:8] for said in said_in_order(session, "grey heron")]
        assert in_order == ["A grey h", "Heron? G", "Herons a"]
        in_order = [said[:8] for said in said_in_order(session, "heron")]
        assert in_order == ["Heron? G", "A grey h", "Herons a", "A heron,"]


def test_of_many_the_newest_are_ranked(library: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    with library.transaction() as session:
        ada, article = named(session, "Ada Quill"), article_titled(session, "The Lighthouse")
        ids = [annotate(session, article, ada, Span(0, 3), note=f"newt {number}").id for number in range(30)]
    monkeypatch.setattr(search, "RANKED", 20)
    with Session(library.engine) as session:
        first, second, last = (
            search.find(session, None, query_of("newt "), ("notes",), skip, 15)["notes"] for skip in (0, 15, 30)
        )
    assert (first.count, first.more) == (20, True)
    shown = [one.id for one in [*first.found, *second.found]]
    assert sorted(shown) == ids[10:]
    assert last.found == []


# ── never drifts


def complaints(library: Database) -> list[str]:
    with library.transaction() as session:
        return list(check(session))


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
        assert found(session, "東京") == QUERIES["東京"]


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
