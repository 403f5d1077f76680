"""Annotations: who may see them, what is counted, and what a change leaves as it was."""

from collections.abc import Callable

import pytest
from sqlmodel import Session, select

from app.storage import annotations, articles, margins
from app.storage.annotations import Annotation, annotate, erase, own, restore, reword
from app.storage.articles import Article
from app.storage.margins import Tally, annotations_seen_by
from app.storage.passages import NotAPassage
from app.storage.people.readers import Reader
from app.text.drafts import Draft, DraftParagraph
from app.text.spans import Span


def ids(session: Session, reader: Reader | None, text: Article, within: Span | None = None) -> list[int]:
    return [seen.id for seen in annotations_seen_by(session, reader, text, within)]


def version(session: Session, text: Article) -> int:
    return session.exec(select(Article.version).where(Article.id == text.id)).one()


def test_an_annotation_is_kept_with_its_words_and_what_stands_around_them(
    session: Session, text: Article, ann: Reader
) -> None:
    made = annotate(session, text, ann, Span(4, 15), note="*So?*", colour="blue")
    assert (made.exact, made.prefix, made.suffix) == ("two.\n\nThree", "One ", ".")
    assert (made.note, made.note_html, made.colour) == ("*So?*", "<p><em>So?</em></p>", "blue")
    assert annotations.place_of(session, made, text) == Span(4, 15)
    assert made.motivation == "commenting"


def test_a_highlight_without_words_is_one(session: Session, text: Article, ann: Reader) -> None:
    assert annotate(session, text, ann, Span(0, 3)).motivation == "highlighting"


def test_everybody_sees_what_is_for_everyone_and_only_its_maker_what_is_not(
    session: Session, text: Article, ann: Reader, bob: Reader
) -> None:
    open = annotate(session, text, ann, Span(0, 3), note="a").id
    private = annotate(session, text, ann, Span(0, 3), note="b", visibility="me").id
    gone = annotate(session, text, ann, Span(0, 3), note="c")
    erase(session, gone)
    session.flush()
    assert ids(session, ann, text) == [open, private]
    assert ids(session, bob, text) == ids(session, None, text) == [open]
    for reader, seen in ((ann, {open, private}), (bob, {open}), (None, {open})):
        assert {id for id in (open, private, gone.id) if annotations.by_id(session, reader, id)} == seen
        assert margins.tally(session, reader, text) == Tally(len(seen), 0, 0, 1)
        mine = len(seen) if reader is ann else 0
        assert margins.tallies(session, reader, [text.id])[text.id] == Tally(len(seen), 0, 0, 1, mine)


def test_notes_highlights_and_readers_are_counted(session: Session, text: Article, ann: Reader, bob: Reader) -> None:
    for reader, note in ((ann, "a"), (ann, ""), (bob, "b"), (bob, ""), (bob, "")):
        annotate(session, text, reader, Span(0, 3), note=note)
    session.flush()
    assert margins.tally(session, None, text) == Tally(2, 3, 0, 2)


def test_an_article_without_notes_counts_none(session: Session, text: Article) -> None:
    assert margins.tally(session, None, text) == Tally()
    assert margins.tallies(session, None, [text.id]) == {}


def test_only_what_touches_a_stretch_is_seen_within_it(session: Session, text: Article, ann: Reader) -> None:
    first, across, last = (annotate(session, text, ann, Span(*ends)).id for ends in ((0, 3), (4, 12), (12, 16)))
    assert ids(session, ann, text, Span(0, 4)) == [first]
    assert ids(session, ann, text, Span(3, 5)) == [across]
    assert ids(session, ann, text, Span(10, 16)) == [across, last]


def test_what_may_be_changed_is_ones_own(session: Session, text: Article, ann: Reader, bob: Reader) -> None:
    made = annotate(session, text, ann, Span(0, 3))
    erase(session, made)
    assert own(session, ann, made.id) is made
    assert own(session, bob, made.id) is None


def test_rewording_changes_what_is_said_and_nothing_else(session: Session, text: Article, ann: Reader) -> None:
    made = annotate(session, text, ann, Span(0, 3), note="a")
    before = made.model_dump()
    reword(session, made, note="**b**", colour="pink", visibility="me")
    session.flush()
    after = made.model_dump()
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"note", "note_html", "colour", "visibility", "updated_at"}
    assert made.note_html == "<p><strong>b</strong></p>"


def test_what_is_deleted_comes_back_as_it_was(session: Session, text: Article, ann: Reader) -> None:
    made = annotate(session, text, ann, Span(4, 7), note="a", colour="green")
    session.flush()
    before = annotations_seen_by(session, ann, text)
    erase(session, made)
    session.flush()
    assert annotations_seen_by(session, ann, text) == []
    assert not annotations.by_id(session, None, made.id)
    restore(session, made)
    session.flush()
    assert annotations_seen_by(session, ann, text) == before
    assert annotations.by_id(session, None, made.id)


def test_every_change_that_can_be_seen_is_counted_once(session: Session, text: Article, ann: Reader) -> None:
    made = annotate(session, text, ann, Span(0, 3))
    changes: list[Callable[[], object]] = [
        lambda: reword(session, made, note="a", colour="pink", visibility="everyone"),
        lambda: erase(session, made),
        lambda: erase(session, made),
        lambda: restore(session, made),
        lambda: restore(session, made),
        lambda: annotations.touch_articles_of(session, ann),
    ]
    seen = [version(session, text)]
    for change in changes:
        change()
        session.flush()
        seen.append(version(session, text))
    assert seen == [2, 3, 4, 4, 5, 5, 6]


def test_a_change_to_one_article_is_none_to_another(session: Session, text: Article, ann: Reader) -> None:
    other = articles.publish(session, Draft("Another", (DraftParagraph("One."),)))
    annotate(session, text, ann, Span(0, 3))
    annotations.touch_articles_of(session, ann)
    session.flush()
    assert version(session, other) == 1


def test_a_passage_that_is_none_leaves_nothing_behind(session: Session, text: Article, ann: Reader) -> None:
    session.flush()
    with pytest.raises(NotAPassage):
        annotate(session, text, ann, Span(8, 10))
    assert session.exec(select(Annotation).where(Annotation.article_id == text.id)).all() == []
    assert version(session, text) == 1
