"""A text with a history: forward through all of it and back again, with every note."""

import random
from collections.abc import Sequence

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from app.storage import articles, revisions
from app.storage.annotations import Annotation, Placement, annotate
from app.storage.articles import Article, Block, paragraphs_of, text_of
from app.storage.database import Database
from app.storage.keeping.checking import check
from app.storage.passages import NotAPassage
from app.storage.people.readers import Reader, welcome
from app.text.comparing.differences import difference
from app.text.comparing.revisions import ORPHAN, Carrier, against, alike
from app.text.drafts import JOINT, Draft, DraftParagraph
from app.text.spans import Span
from tests.storage.edits import EDITS, FIRST

NOTES = 10
"""On each revision."""

Places = dict[int, tuple[int, int, str, int]]
"""By an annotation's id: start, end, status, and on which revision it stood."""


def drafted(paragraphs: Sequence[str]) -> Draft:
    return Draft("A text", tuple(map(DraftParagraph, paragraphs)), language="en")


def places(session: Session, article: Article) -> Places:
    here = select(Placement).where(Placement.article_id == article.id, Placement.revision == article.revision)
    return {one.annotation_id: (one.start, one.end, one.status, one.stood) for one in session.exec(here)}


def notes(session: Session, article: Article, reader: Reader, chance: random.Random, number: int) -> None:
    """Mark sentences, parts of them, single words, and what goes across paragraphs."""
    text, blocks = text_of(session, article), paragraphs_of(session, article)
    while number:
        block = chance.choice(blocks)
        start = chance.choice([span.start for span in block.sentence_spans] + [block.start])
        if chance.random() < 0.5:
            start = text.rfind(" ", 0, chance.randrange(block.start, block.end)) + 1
        end = text.find(" ", min(start + chance.choice((1, 20, 60, 200)), len(text) - 1))
        try:
            annotate(session, article, reader, Span(start, end if end > start else len(text)))
        except NotAPassage:
            continue
        number -= 1


def state(session: Session, article: Article) -> tuple[str, list[Block], Places]:
    return text_of(session, article), paragraphs_of(session, article), places(session, article)


def test_twenty_revisions_with_two_hundred_notes_forward_and_each_undone(session: Session, ann: Reader) -> None:
    chance = random.Random(7)
    article = articles.publish(session, drafted(FIRST))
    texts, kept = [FIRST], {}
    for number, edit in enumerate(EDITS, start=1):
        notes(session, article, ann, chance, NOTES)
        kept[number] = state(session, article)
        texts.append(edit(texts[-1]))
        assert texts[-1] != texts[-2]
        revisions.revise(session, article, drafted(texts[-1]), ann, based_on=number)
        compare(session, article, kept, texts)
    last = len(texts)
    kept[last] = state(session, article)
    assert len(kept[last][2]) == NOTES * len(EDITS) == 200
    assert {status for _, _, status, _ in kept[last][2].values()} == {"ok", "changed", "orphan", "moved"}
    for number in range(last - 1, 0, -1):
        revisions.undo(session, article, ann, based_on=article.revision)
        text, blocks, found = state(session, article)
        assert (text, blocks) == kept[number][:2]
        assert sorted(found) == sorted(kept[last][2])
        for id, place in kept[number][2].items():
            assert found[id][:3] == place[:3]
    revisions.restore(session, article, last, ann, based_on=article.revision)
    text, blocks, found = state(session, article)
    assert (text, blocks) == kept[last][:2]
    assert {id: place[:3] for id, place in found.items()} == {id: place[:3] for id, place in kept[last][2].items()}
    assert [verdict.said for verdict in check(session) if verdict.number] == []


def compare(
    session: Session,
    article: Article,
    kept: dict[int, tuple[str, list[Block], Places]],
    texts: list[tuple[str, ...]],
) -> None:
    """Every note stands where it is carried to afresh, from the text on which it stood last."""
    new = JOINT.join(texts[-1])
    found, before = places(session, article), kept[article.revision - 1][2]
    quotes = dict(session.exec(select(Annotation.id, Annotation.exact).where(col(Annotation.id).in_(found))).all())
    assert found.keys() == before.keys()
    stood_on = {stood for _, _, _, stood in before.values()}
    afresh = {stood: Carrier(difference(JOINT.join(texts[stood - 1]), new)) for stood in stood_on}
    for id, (start, end, _, stood) in before.items():
        (placed,) = afresh[stood].carry([Span(start, end)])
        span, status = against(quotes[id], placed, new)
        if span is None:
            assert found[id] == (start, end, "orphan", stood)
            assert placed == ORPHAN
        else:
            assert found[id] == (span.start, span.end, status, article.revision)
            assert span == placed.span or span.of(new) == quotes[id]
            assert status == "moved" or (status == "ok") == alike(span.of(new), quotes[id])


words = st.sampled_from("one two three four five six seven eight nine ten. alpha beta gamma delta".split())
paragraph = st.lists(words, min_size=1, max_size=14).map(" ".join)
versions = st.lists(st.lists(paragraph, min_size=1, max_size=5), min_size=2, max_size=6)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(versions, st.randoms(use_true_random=False))
def test_whatever_is_revised_loses_no_note_and_is_undone_exactly(
    database: Database, texts: list[list[str]], chance: random.Random
) -> None:
    with database.transaction() as session:
        reader, _ = welcome(session, "Ann")
        article = articles.publish(session, drafted(texts[0]))
        kept = []
        for number, paragraphs in enumerate(texts[1:], start=1):
            notes(session, article, reader, chance, 2)
            kept.append(state(session, article))
            revisions.revise(session, article, drafted(paragraphs), reader, based_on=number)
            assert places(session, article).keys() == kept[-1][2].keys()
        for text, blocks, there in reversed(kept):
            revisions.undo(session, article, reader, based_on=article.revision)
            found = places(session, article)
            assert (text_of(session, article), paragraphs_of(session, article)) == (text, blocks)
            assert {id: found[id][:3] for id in there} == {id: place[:3] for id, place in there.items()}
            assert len(found) == 2 * len(kept)
        session.rollback()
