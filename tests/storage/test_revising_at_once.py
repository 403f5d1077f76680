"""Revising while others write on the old text: whatever they were told is saved stands on the new one."""

import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from threading import Event

import pytest
from sqlmodel import Session, col, select

from app.storage import annotations, articles, revisions, shares
from app.storage.annotations import Annotation, Placement
from app.storage.database import Database, now
from app.storage.keeping import checking, leaving
from app.storage.keeping.purging import purge_threads
from app.storage.passages import PassageChanged
from app.storage.people.readers import Reader
from app.storage.revisions import RevisedMeanwhile
from app.storage.shares import Share
from app.text.comparing.revisions import alike
from app.text.drafts import Draft, DraftParagraph
from tests.library import publish, welcome

WRITERS = 5
REVISIONS = 12
WORDS = "river stone lamp winter letter garden bridge cloud silver paper window morning shadow table salt".split()


def sentence(chance: random.Random) -> str:
    return " ".join(chance.choices(WORDS, k=7)).capitalize() + f" {chance.randrange(10**6)}."


def edited(paragraphs: list[str], chance: random.Random) -> list[str]:
    """One paragraph goes, one comes, one moves, and words of one are replaced."""
    paragraphs = list(paragraphs)
    del paragraphs[chance.randrange(len(paragraphs))]
    paragraphs.insert(chance.randrange(len(paragraphs)), " ".join(sentence(chance) for _ in range(3)))
    paragraphs.insert(chance.randrange(len(paragraphs)), paragraphs.pop(chance.randrange(len(paragraphs))))
    which = chance.randrange(len(paragraphs))
    paragraphs[which] = paragraphs[which].replace(chance.choice(WORDS), "pebble", 2)
    return paragraphs


@contextmanager
def writing(url: str) -> Iterator[Callable[[], Session]]:
    """Transactions that wait for nobody of this process but in the database."""
    database = Database(url)
    yield lambda: Session(database._writing)
    database.close()


@pytest.mark.parametrize("seed", [1, 2])
def test_nothing_is_lost_that_is_written_while_the_text_is_revised(url: str, database: Database, seed: int) -> None:
    chance = random.Random(seed)
    slug = publish(database, *(" ".join(sentence(chance) for _ in range(3)) for _ in range(12)))
    readers = [welcome(database, f"Reader {number}")[0] for number in range(WRITERS)]
    saved: list[tuple[int, str]] = []
    linked: list[int] = []
    refused: list[PassageChanged] = []
    over = Event()

    def write(number: int) -> None:
        chance = random.Random(seed * 100 + number)
        mine: list[int] = []
        with writing(url) as transaction:
            while not over.is_set():
                with Session(database.engine) as looking:
                    seen = articles.by_slug(looking, slug)
                    assert seen
                    block = chance.choice(articles.paragraphs_of(looking, seen))
                    words = chance.choice(block.sentence_spans)
                    exact = words.shifted(-block.start).of(block.text)
                    on = seen.revision
                time.sleep(chance.random() / 50)
                try:
                    with transaction() as session, session.begin():
                        article = articles.by_slug(session, slug)
                        reader = session.get_one(Reader, readers[number])
                        assert article
                        time.sleep(chance.random() / 100)
                        what = chance.random()
                        if what < 0.6 or not mine:
                            mine.append(
                                annotations.annotate(session, article, reader, words, exact=[exact], revision=on).id
                            )
                            kept = (mine[-1], exact)
                        elif what < 0.7:
                            linked.append(shares.share(session, article, reader, words, exact=[exact], revision=on).id)
                        else:
                            one = session.get_one(Annotation, chance.choice(mine))
                            if what < 0.8:
                                annotations.reply(session, one, reader, "Indeed.")
                            elif what < 0.9:
                                annotations.lock(session, one)
                                annotations.reword(session, one, note="Said anew.")
                            else:
                                annotations.erase(session, one)
                                annotations.restore(session, one)
                    if what < 0.6 or len(mine) == 1:
                        saved.append(kept)
                except PassageChanged as error:
                    refused.append(error)

    def revise() -> None:
        chance = random.Random(seed)
        with writing(url) as transaction:
            for turn in range(REVISIONS):
                with Session(database.engine) as looking:
                    article = articles.by_slug(looking, slug)
                    assert article
                    on = article.revision
                    texts = [block.text for block in articles.paragraphs_of(looking, article)]
                    draft = Draft("A text", tuple(map(DraftParagraph, edited(texts, chance))), language="en")
                    prepared = revisions.prepare(looking, article, draft)
                time.sleep(0.05)
                with transaction() as session, session.begin():
                    article = articles.by_slug(session, slug)
                    assert article
                    if turn % 4 == 3:
                        revisions.undo(session, article, None, based_on=on)
                    else:
                        revisions.revise(session, article, draft, None, based_on=on, prepared=prepared)

    with ThreadPoolExecutor(WRITERS + 1) as threads:
        writers = [threads.submit(write, number) for number in range(WRITERS)]
        reviser = threads.submit(revise)
        try:
            reviser.result(120)
        finally:
            over.set()
        for one in writers:
            one.result(60)
    with Session(database.engine) as session:
        check(session, slug, saved, linked)
    assert len(saved) > 20


def check(session: Session, slug: str, saved: list[tuple[int, str]], linked: list[int]) -> None:
    """Every note stands on every revision from its own on, and wherever it is told to stand its words are there."""
    article = articles.by_slug(session, slug)
    assert article
    assert article.revision == REVISIONS + 1
    texts = {}
    for number in range(1, article.revision + 1):
        then = articles.as_it_was(session, article, number)
        assert then
        texts[number] = articles.text_of(session, then)
    for id, exact in saved:
        note = session.get_one(Annotation, id)
        assert note.exact == exact
        places = session.exec(select(Placement).where(Placement.annotation_id == id)).all()
        assert {place.revision for place in places} >= set(range(note.revision, article.revision + 1))
        for place in places:
            assert place.stood <= place.revision
            words = texts[place.stood][place.start : place.end]
            assert place.status in ("orphan", "moved") or alike(words, exact) == (place.status == "ok")
    for id in linked:
        link = session.get_one(Share, id)
        assert texts[link.revision][link.start : link.end].strip()
    assert session.exec(select(Annotation).where(col(Annotation.id).in_([id for id, _ in saved]))).all()


def test_of_some_who_revise_at_once_one_does_and_the_others_are_told(url: str, database: Database) -> None:
    slug = publish(database, "One two.", "Three.")

    def revise(word: str) -> int:
        with writing(url) as transaction, transaction() as session, session.begin():
            article = articles.by_slug(session, slug)
            assert article
            time.sleep(0.05)
            try:
                revisions.revise(session, article, Draft("A text", (DraftParagraph(word),)), None, based_on=1)
            except RevisedMeanwhile as error:
                return error.now
            return 0

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(revise, ["Four.", "Five.", "Six.", "Seven."])) == [0, 2, 2, 2]


def test_who_leaves_and_what_is_purged_while_the_text_is_revised_wait_for_nobody_who_waits_for_them(
    url: str, database: Database
) -> None:
    chance = random.Random(3)
    paragraphs = [" ".join(sentence(chance) for _ in range(3)) for _ in range(10)]
    slug = publish(database, *paragraphs)
    readers = [welcome(database, f"Reader {number}")[0] for number in range(4)]
    with database.transaction() as session:
        article = articles.by_slug(session, slug)
        assert article
        for turn in range(80):
            block = chance.choice(articles.paragraphs_of(session, article))
            reader = session.get_one(Reader, readers[turn % 4])
            one = annotations.annotate(session, article, reader, chance.choice(block.sentence_spans))
            annotations.reply(session, one, session.get_one(Reader, readers[(turn + 1) % 4]), "Indeed.")
            if turn % 3 == 0:
                one.deleted_at = now() - timedelta(days=40 + turn)

    def revise() -> None:
        chance = random.Random(4)
        texts = list(paragraphs)
        with writing(url) as transaction:
            for _ in range(10):
                texts = edited(texts, chance)
                with transaction() as session, session.begin():
                    article = articles.by_slug(session, slug)
                    assert article
                    draft = Draft("A text", tuple(map(DraftParagraph, texts)), language="en")
                    revisions.revise(session, article, draft, None, based_on=article.revision)

    def purge() -> None:
        with writing(url) as transaction:
            for days in range(120, 35, -1):
                with transaction() as session, session.begin():
                    purge_threads(session, now() - timedelta(days=days))

    def leave(id: int) -> None:
        with writing(url) as transaction:
            time.sleep(0.1)
            with transaction() as session, session.begin():
                leaving.leave(session, session.get_one(Reader, id), "blank")

    with ThreadPoolExecutor(5) as threads:
        doing = [threads.submit(revise), threads.submit(purge), *(threads.submit(leave, id) for id in readers[:2])]
        for done in doing:
            done.result(60)
    with database.snapshot() as session:
        assert [verdict.said for verdict in checking.check(session) if verdict.number] == []
