"""Everything that one reader has written."""

import pytest
from sqlmodel import Session

from app.storage import articles, notes
from app.storage.annotations import annotate, erase, reply
from app.storage.articles import Article
from app.storage.database import now
from app.storage.notes import Order, Wanted, Written, written_by
from app.storage.people import groups
from app.storage.people.readers import Reader
from app.text.drafts import Draft, DraftParagraph
from app.text.spans import Span

FIRST = Span(0, 8)
SECOND = Span(10, 16)


@pytest.fixture
def other_text(session: Session) -> Article:
    return articles.publish(session, Draft("Über Bienen", tuple(map(DraftParagraph, ("Eins zw.", "Dreie.")))))


def found(session: Session, reader: Reader, q: str = "", tag: str = "", colour: str = "") -> list[int]:
    return [one.id for one in written_by(session, reader, Wanted(q, tag, colour))]


def test_all_that_one_has_written_is_found_and_nothing_else(
    session: Session, text: Article, other_text: Article, ann: Reader, bob: Reader
) -> None:
    theirs = annotate(session, text, bob, FIRST, note="Theirs")
    mine = [
        annotate(session, text, ann, FIRST).id,
        annotate(session, text, ann, FIRST, note="Private", visibility="me").id,
        annotate(session, other_text, ann, FIRST, note="Elsewhere").id,
        reply(session, theirs, ann, "An answer").id,
    ]
    hidden = annotate(session, text, ann, FIRST, note="Hidden")
    reply(session, hidden, bob, "Of another")
    hidden.hidden_at = now()
    session.flush()
    erase(session, annotate(session, text, ann, FIRST, note="Deleted"))
    assert found(session, ann) == [hidden.id, *reversed(mine)]
    kinds = [(one.kind, one.exact) for one in written_by(session, ann, Wanted())]
    assert kinds[1:3] == [("reply", "One two."), ("note", "Eins zw.")]
    assert notes.count_written(session, ann, Wanted()) == 5
    assert len(written_by(session, ann, Wanted(deleted=True))) == 6


def test_who_has_left_a_group_keeps_their_own_words_and_nothing_of_the_others(
    session: Session, text: Article, ann: Reader, bob: Reader
) -> None:
    group = groups.make(session, ann, "Circle")
    groups.join(session, group.id, bob)
    root = annotate(session, text, ann, SECOND, note="Of the group", visibility=f"group:{group.id}")
    mine = reply(session, root, bob, "My words")
    own = annotate(session, text, bob, FIRST, note="My note", visibility=f"group:{group.id}")
    session.flush()
    before = {one.id: one for one in written_by(session, bob, Wanted())}
    assert (before[mine.id].exact, before[mine.id].start, before[mine.id].group) == ("Three.", 10, "Circle")
    groups.leave(session, group.id, bob.id)
    after = {one.id: one for one in written_by(session, bob, Wanted())}
    left = after[mine.id]
    assert (left.note, left.exact, left.prefix, left.suffix, left.start, left.end) == (
        "My words",
        "",
        "",
        "",
        None,
        None,
    )
    assert not left.in_sight
    assert after[own.id].exact == "One two."
    assert {one.audience for one in after.values()} == {"for a group you have left"}
    assert found(session, bob, q="Three") == []


@pytest.mark.parametrize(
    ("q", "there"),
    [
        ("straße", "straße"),
        ("STRASSE", ""),
        ("ÜBER", "title"),
        ("bIENEN über", "title"),
        ("БДЖОЛИ", "cyrillic"),
        ("100%", "percent"),
        ("1_0", "underline"),
        ("0%_", ""),
        ("eins", "title"),
        ("rot", "tag"),
        ("\\", "backslash"),
        ("/", ""),
        ("straße über", ""),
        ("'; --", ""),
    ],
)
def test_words_are_found_in_note_passage_tags_and_title(
    session: Session, text: Article, other_text: Article, ann: Reader, q: str, there: str
) -> None:
    said = {
        "straße": annotate(session, text, ann, FIRST, note="In der Straße"),
        "cyrillic": annotate(session, text, ann, FIRST, note="Про бджоли"),
        "percent": annotate(session, text, ann, FIRST, note="100% sure"),
        "underline": annotate(session, text, ann, FIRST, note="a1_0b and 120"),
        "tag": annotate(session, text, ann, FIRST, tags="Rot, Grün"),
        "backslash": annotate(session, text, ann, FIRST, note="a \\ b"),
        "title": annotate(session, other_text, ann, FIRST),
    }
    assert found(session, ann, q=q) == ([said[there].id] if there else [])


def test_they_are_filtered_by_tag_and_colour(session: Session, text: Article, ann: Reader) -> None:
    one = annotate(session, text, ann, FIRST, tags="Bees, on ants").id
    two = annotate(session, text, ann, FIRST, tags="ants", colour="blue").id
    annotate(session, text, ann, FIRST, tags="a%")
    assert found(session, ann, tag="ANTS") == [two]
    assert found(session, ann, tag="on ants") == [one]
    assert found(session, ann, tag="%") == []
    assert found(session, ann, colour="blue", tag="ants") == [two]
    assert found(session, ann, colour="green") == []
    assert notes.own_tags(session, ann) == ["a%", "ants", "Bees", "on ants"]


@pytest.mark.parametrize("order", ["newest", "article"])
def test_page_by_page_all_come_once(
    session: Session, text: Article, other_text: Article, ann: Reader, bob: Reader, order: Order
) -> None:
    for article, span in ((text, SECOND), (other_text, FIRST), (text, FIRST), (other_text, SECOND), (text, SECOND)):
        reply(session, annotate(session, article, ann, span), ann, "More")
    session.flush()
    whole = written_by(session, ann, Wanted(), order)
    pages: list[Written] = []
    while some := written_by(session, ann, Wanted(), order, notes.place_of(pages[-1]) if pages else (), 3):
        pages += some
    assert pages == whole
    assert len(whole) == 10
    if order == "article":
        assert [(one.article_id, one.start) for one in whole] == sorted(
            ((one.article_id, one.start or 0) for one in whole), key=lambda place: (-place[0], place[1])
        )
