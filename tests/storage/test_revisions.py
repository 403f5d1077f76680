"""Revising: every note goes where its words went, and back; what is undone is as it was."""

from sqlmodel import Session, col, select

from app.storage import articles, revisions
from app.storage.annotations import Annotation, Placement, annotate
from app.storage.articles import Article, paragraphs_of
from app.storage.margins import annotations_seen_by
from app.storage.readers import Reader
from app.text.drafts import Draft, DraftParagraph
from app.text.spans import Span


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
