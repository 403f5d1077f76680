"""Revising: every note goes where its words went, and back; what is undone is as it was."""

from dataclasses import replace

import pytest
from sqlmodel import Session, col, select

from app.storage import annotations, articles, margins, revisions
from app.storage.annotations import Annotation, Placement, annotate, place_of
from app.storage.articles import Article, paragraphs_of
from app.storage.database import Database
from app.storage.keeping import leaving
from app.storage.margins import Tally, annotations_seen_by
from app.storage.notes import Wanted, written_by
from app.storage.orphans import StandsAlready, orphans_seen_by, reattach
from app.storage.people.readers import Reader
from app.storage.revisions import Counts, NoSuchRevision, NothingToUndo, RevisedMeanwhile
from app.text.drafts import Draft, DraftParagraph
from app.text.names import NOBODY
from app.text.spans import Span
from app.text.structures import Inline, Structure
from tests.library import statements
from tests.pictures import illustrated, picture, pictured


def draft(*texts: str, title: str = "A text") -> Draft:
    return Draft(title, tuple(map(DraftParagraph, texts)), language="en")


#        0              15             30
ONE = ("The cat sat on the mat and sang.", "A dog came by. It wanted to sing as well.")
TWO = ("Once upon a time.", "The cat sat on the warm mat and sang.", "It wanted to sing as well.")


def marked(session: Session, article: Article, reader: Reader, words: str) -> Annotation:
    start = articles.text_of(session, article).index(words)
    return annotate(session, article, reader, Span(start, start + len(words)))


def standing(session: Session, article: Article) -> dict[str, tuple[str, str]]:
    """What was quoted, and what stands there now and how surely."""
    text = articles.text_of(session, article)
    rows = session.exec(
        select(Annotation.exact, Placement)
        .join(Placement, col(Placement.annotation_id) == Annotation.id)
        .where(Placement.article_id == article.id, Placement.revision == article.revision)
    ).all()
    return {exact: ("" if at.status == "orphan" else text[at.start : at.end], at.status) for exact, at in rows}


def test_every_note_goes_where_its_words_went(session: Session, ann: Reader) -> None:
    article = articles.publish(session, draft(*ONE))
    for words in ("The cat", "sat on the mat", "A dog came by.", "to sing"):
        marked(session, article, ann, words)
    counts = revisions.preview(session, article, draft(*TWO), ann)
    assert counts == (2, 1, 0, 1, 0, 0)
    revisions.revise(session, article, draft(*TWO), ann, based_on=1)
    assert article.revision == 2
    assert standing(session, article) == {
        "The cat": ("The cat", "ok"),
        "sat on the mat": ("sat on the warm mat", "changed"),
        "A dog came by.": ("", "orphan"),
        "to sing": ("to sing", "ok"),
    }
    assert len(annotations_seen_by(session, ann, article)) == 3


def test_what_is_undone_is_as_it_was(session: Session, ann: Reader) -> None:
    article = articles.publish(session, draft(*ONE))
    for words in ("The cat", "sat on the mat", "A dog came by.", "to sing"):
        marked(session, article, ann, words)
    before, blocks = standing(session, article), paragraphs_of(session, article)
    revisions.revise(session, article, draft(*TWO, title="Other"), ann, based_on=1)
    marked(session, article, ann, "warm mat")
    marked(session, article, ann, "sang")
    after = standing(session, article)
    revisions.undo(session, article, ann, based_on=2)
    assert (article.title, article.revision, paragraphs_of(session, article)) == ("A text", 3, blocks)
    assert standing(session, article) == before | {"warm mat": ("mat", "changed"), "sang": ("sang", "ok")}
    revisions.restore(session, article, 2, ann, based_on=3)
    assert standing(session, article) == after
    assert article.title == "Other"


@pytest.fixture
def text(session: Session, ann: Reader) -> Article:
    """An article with notes on everything that the revision does something to."""
    article = articles.publish(session, draft(*ONE))
    for words in ("The cat", "sat on the mat", "A dog came by.", "to sing"):
        marked(session, article, ann, words)
    return article


def at(session: Session, article: Article, words: str) -> Span:
    start = articles.text_of(session, article).index(words)
    return Span(start, start + len(words))


# ── undo, restore, history


def test_an_undo_goes_further_back_each_time_and_is_itself_undone_by_restoring(session: Session, text: Article) -> None:
    texts = [("One.",), ("Two.",), ("Three.",)]
    for number, paragraphs in enumerate(texts, start=1):
        revisions.revise(session, text, draft(*paragraphs), None, based_on=number)

    def said() -> tuple[str, ...]:
        return tuple(block.text for block in paragraphs_of(session, text))

    seen = []
    for number in (4, 5, 6):
        revisions.undo(session, text, None, based_on=number)
        seen.append(said())
    assert seen == [("Two.",), ("One.",), ONE]
    with pytest.raises(NothingToUndo):
        revisions.undo(session, text, None, based_on=7)
    revisions.restore(session, text, 4, None, based_on=7)
    assert said() == ("Three.",)
    revisions.undo(session, text, None, based_on=8)
    assert said() == ONE


def test_the_history_names_who_made_what_out_of_what(session: Session, text: Article, ann: Reader) -> None:
    revisions.revise(session, text, draft("One.", title="Other"), ann, based_on=1)
    revisions.undo(session, text, None, based_on=2)
    found = [(one.number, one.title, one.by, one.restores, one.before) for one in revisions.history(session, text)]
    assert found == [(3, "A text", None, 1, None), (2, "Other", "Ann", None, 1), (1, "A text", None, None, None)]


def test_what_is_undone_has_its_structure_again(session: Session) -> None:
    structured = Structure((Inline(Span(0, 3), "strong"), Inline(Span(4, 7), "link", "#2")))
    first = Draft("A text", (DraftParagraph("One two.", "p", structured), DraftParagraph("Three.", "heading")))
    article = articles.publish(session, first)
    before = paragraphs_of(session, article)
    revisions.revise(session, article, draft("One two.", "Three."), None, based_on=1)
    assert paragraphs_of(session, article) != before
    revisions.undo(session, article, None, based_on=2)
    assert paragraphs_of(session, article) == before


def test_who_was_overtaken_is_told(session: Session, text: Article) -> None:
    revisions.revise(session, text, draft("One."), None, based_on=1)
    with pytest.raises(RevisedMeanwhile) as told:
        revisions.revise(session, text, draft("Two."), None, based_on=1)
    assert told.value.now == 2
    with pytest.raises(RevisedMeanwhile):
        revisions.undo(session, text, None, based_on=1)
    with pytest.raises(RevisedMeanwhile):
        revisions.restore(session, text, 1, None, based_on=1)
    with pytest.raises(NoSuchRevision):
        revisions.restore(session, text, 3, None, based_on=2)


def test_a_note_that_comes_while_one_prepares_is_carried_too(session: Session, text: Article, ann: Reader) -> None:
    prepared = revisions.prepare(session, text, draft(*TWO))
    marked(session, text, ann, "sang.")
    revisions.revise(session, text, draft(*TWO), None, based_on=1, prepared=prepared)
    assert standing(session, text)["sang."] == ("sang.", "ok")


def test_what_has_been_prepared_of_another_draft_is_not_used(session: Session, text: Article) -> None:
    prepared = revisions.prepare(session, text, draft("Something else."))
    revisions.revise(session, text, draft(*TWO), None, based_on=1, prepared=prepared)
    assert standing(session, text)["The cat"] == ("The cat", "ok")


def test_a_draft_that_says_the_same_differs_in_nothing(session: Session, text: Article) -> None:
    assert not revisions.prepare(session, text, draft(*ONE)).differs
    for other in (draft(*TWO), draft(*ONE, title="Other"), Draft("A text", draft(*ONE).paragraphs, language="uk")):
        assert revisions.prepare(session, text, other).differs


def test_the_same_pictures_brought_again_differ_in_nothing(session: Session) -> None:
    brought = illustrated(pictured(), DraftParagraph("Bees fly."), pictured("A gap", "gone.png"), bee=picture())
    article = articles.publish(session, brought)
    assert not revisions.prepare(session, article, brought).differs
    for other in (picture(colour="#1b2f8c"), None):
        pictures = {"bee.png": other} if other else {}
        assert revisions.prepare(session, article, replace(brought, pictures=pictures)).differs


# ── how surely


def test_changed_words_that_are_changed_back_are_whole_again(session: Session, ann: Reader) -> None:
    article = articles.publish(session, draft("The quick brown fox jumps over the lazy dog."))
    marked(session, article, ann, "quick brown fox jumps")
    told = []
    for number, words in enumerate(
        ("The quick brown jumps over it.", "The quick brown jumps over us.", "The quick brown fox jumps over us."),
        start=1,
    ):
        told.append(revisions.preview(session, article, draft(words), ann))
        revisions.revise(session, article, draft(words), ann, based_on=number)
    assert told == [Counts(changed=1), Counts(ok=1), Counts(ok=1)]
    assert standing(session, article) == {"quick brown fox jumps": ("quick brown fox jumps", "ok")}


def test_an_end_that_comes_back_belongs_to_the_note_again(session: Session, ann: Reader) -> None:
    article = articles.publish(session, draft("They sang all night long until the morning came."))
    marked(session, article, ann, "sang all night long")
    revisions.revise(session, article, draft("They sang all night."), ann, based_on=1)
    assert standing(session, article)["sang all night long"] == ("sang all night", "changed")
    revisions.revise(session, article, draft("They sang all night long, they say."), ann, based_on=2)
    assert standing(session, article)["sang all night long"] == ("sang all night long", "ok")


def test_words_set_in_another_way_are_the_same(session: Session, ann: Reader) -> None:
    article = articles.publish(session, draft('She said "no" - twice.'))
    marked(session, article, ann, 'said "no" - twice')
    revisions.revise(session, article, draft("She said “no” – twice."), ann, based_on=1)
    assert standing(session, article)['said "no" - twice'] == ("said “no” – twice", "ok")


def test_an_orphan_whose_words_come_back_is_found_where_they_are(session: Session, text: Article, ann: Reader) -> None:
    revisions.revise(session, text, draft(*TWO), ann, based_on=1)
    revisions.revise(session, text, draft("Nothing of it."), ann, based_on=2)
    again = draft("Before all this.", *ONE)
    assert revisions.preview(session, text, again, ann) == Counts(found=4)
    revisions.revise(session, text, again, ann, based_on=3)
    assert {status for _, status in standing(session, text).values()} == {"ok"}
    assert standing(session, text)["A dog came by."] == ("A dog came by.", "ok")


# ── who may see what


def test_all_notes_are_carried_and_only_those_in_sight_are_counted(
    session: Session, text: Article, ann: Reader, bob: Reader
) -> None:
    annotate(session, text, bob, at(session, text, "cat sat"), visibility="me")
    deleted = annotate(session, text, bob, at(session, text, "dog"))
    annotations.erase(session, deleted)
    assert sum(revisions.preview(session, text, draft(*TWO), ann)) == 4
    assert sum(revisions.preview(session, text, draft(*TWO), bob)) == 5
    assert sum(revisions.prepare(session, text, draft(*TWO)).counts) == 5
    revisions.revise(session, text, draft(*TWO), ann, based_on=1)
    annotations.restore(session, deleted)
    assert len(standing(session, text)) == 6
    assert [one.annotation.id for one in orphans_seen_by(session, ann, text)][1:] == [deleted.id]


def test_an_orphan_is_shown_with_what_was_around_it_to_who_may_see_it(
    session: Session, text: Article, ann: Reader, bob: Reader
) -> None:
    private = annotate(session, text, bob, at(session, text, "A dog came by."), note="Mine", visibility="me")
    assert orphans_seen_by(session, ann, text) == []
    revisions.revise(session, text, draft(*TWO), ann, based_on=1)
    (mine,) = orphans_seen_by(session, ann, text)
    assert (mine.before, mine.words, mine.after) == ("", "A dog came by.", " It wanted to sing as well.")
    assert (mine.revision, mine.annotation.quote, mine.annotation.status) == (1, "A dog came by.", "orphan")
    assert [one.annotation.id for one in orphans_seen_by(session, bob, text)] == [mine.annotation.id, private.id]
    assert orphans_seen_by(session, None, text) == [mine]


def test_an_orphan_is_still_among_what_its_author_has_written(session: Session, text: Article, ann: Reader) -> None:
    revisions.revise(session, text, draft("Nothing of it."), ann, based_on=1)
    found = written_by(session, ann, Wanted())
    assert [(one.exact, one.start) for one in found][-1] == ("The cat", None)
    assert len(found) == 4


def test_a_former_revision_is_read_with_its_notes_as_they_stood(
    session: Session, text: Article, ann: Reader, bob: Reader
) -> None:
    before = annotations_seen_by(session, bob, text)
    blocks = paragraphs_of(session, text)
    revisions.revise(session, text, draft(*TWO, title="Other"), ann, based_on=1)
    private = annotate(session, text, ann, at(session, text, "Once"), visibility="me")
    then = articles.as_it_was(session, text, 1)
    now = articles.as_it_was(session, text, 2)
    assert then
    assert (then.title, then.revision, paragraphs_of(session, then)) == ("A text", 1, blocks)
    assert annotations_seen_by(session, bob, then) == before
    assert margins.tally(session, ann, then) == Tally(highlights=4, readers=1)
    assert now is text
    assert margins.tally(session, ann, text).highlights == 5
    assert private.id not in [one.id for one in annotations_seen_by(session, bob, text)]
    assert articles.as_it_was(session, text, 3) is None
    revisions.undo(session, text, ann, based_on=2)
    then = articles.as_it_was(session, text, 2)
    assert then
    assert [one.annotation.quote for one in orphans_seen_by(session, bob, then)] == ["A dog came by."]
    assert [one.quote for one in annotations_seen_by(session, bob, then)] == [None, "sat on the mat", None]


# ── attaching anew


def test_an_orphan_is_attached_to_what_one_marks(session: Session, text: Article, ann: Reader) -> None:
    revisions.revise(session, text, draft(*TWO), ann, based_on=1)
    (orphan,) = orphans_seen_by(session, ann, text)
    note = session.get_one(Annotation, orphan.annotation.id)
    reattach(session, text, note, at(session, text, "Once upon a time."), exact=["Once upon a time."])
    assert orphans_seen_by(session, ann, text) == []
    assert (note.exact, note.suffix) == ("Once upon a time.", "\n\nThe cat sat on the warm mat an")
    assert place_of(session, note, text) == Span(0, 17)
    then = articles.as_it_was(session, text, 1)
    assert then
    assert place_of(session, note, then) == at(session, then, "A dog came by.")
    with pytest.raises(StandsAlready):
        reattach(session, text, note, Span(0, 4))


def test_what_was_attached_anew_is_said_to_have_changed_from_no_later_words(
    session: Session, text: Article, ann: Reader
) -> None:
    revisions.revise(session, text, draft(*TWO), ann, based_on=1)
    (changed,) = (one for one in annotations_seen_by(session, ann, text) if one.status == "changed")
    assert changed.quote == "sat on the mat"
    revisions.revise(session, text, draft("Once upon a time."), ann, based_on=2)
    reattach(session, text, session.get_one(Annotation, changed.id), at(session, text, "Once"))
    then = articles.as_it_was(session, text, 2)
    assert then
    assert annotations_seen_by(session, ann, then, ids=[changed.id]) == [changed._replace(quote=None)]


def test_what_was_attached_anew_goes_back_with_an_undo_and_forth_again(
    session: Session, text: Article, ann: Reader
) -> None:
    revisions.revise(session, text, draft(*TWO), ann, based_on=1)
    (orphan,) = orphans_seen_by(session, ann, text)
    note = session.get_one(Annotation, orphan.annotation.id)
    reattach(session, text, note, at(session, text, "Once upon a time."))
    revisions.undo(session, text, ann, based_on=2)
    assert standing(session, text)["Once upon a time."] == ("A dog came by.", "changed")
    revisions.restore(session, text, 2, ann, based_on=3)
    assert standing(session, text)["Once upon a time."] == ("Once upon a time.", "ok")


# ── who goes


def test_who_has_revised_may_leave_and_is_named_no_more(
    session: Session, text: Article, ann: Reader, bob: Reader
) -> None:
    slug, reader_id = text.slug, ann.id
    note = annotate(session, text, bob, at(session, text, "A dog came by."), note="Mine")
    annotations.reply(session, note, ann, "Indeed.")
    revisions.revise(session, text, draft(*TWO), bob, based_on=1)
    leaving.leave(session, bob, "keep")
    article = articles.by_slug(session, slug)
    assert article
    assert [one.by for one in revisions.history(session, article)] == [None, None]
    ann = session.get_one(Reader, reader_id)
    assert [(one.annotation.reader, one.words) for one in orphans_seen_by(session, ann, article)] == [
        ("Ann", "A dog came by."),
        (NOBODY, "A dog came by."),
    ]


def test_an_article_of_one_revision_is_asked_for_no_orphans(
    session: Session, database: Database, text: Article, ann: Reader
) -> None:
    with statements(database.engine) as sent:
        assert orphans_seen_by(session, ann, text) == []
    assert sent == []
    revisions.revise(session, text, draft("Nothing of it."), ann, based_on=1)
    with statements(database.engine) as sent:
        assert len(orphans_seen_by(session, ann, text)) == 4
    assert len(sent) == 2
