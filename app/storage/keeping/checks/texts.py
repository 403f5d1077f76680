"""That every revision's paragraphs make one text, with its sentences and structure within them."""

import json
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from sqlalchemy import and_
from sqlalchemy import select as columns
from sqlmodel import Session, col

from app.storage.articles import Article, Paragraph, Revision
from app.storage.keeping.checks.streams import Asked, Found, streamed
from app.text import structures, titles
from app.text.drafts import JOINT, words_in

_ITS_REVISION = and_(
    col(Revision.article_id) == col(Paragraph.article_id), col(Revision.number) == col(Paragraph.revision)
)
_CURRENT = and_(col(Revision.article_id) == col(Article.id), col(Revision.number) == col(Article.revision))
_PARAGRAPHS: Asked = (
    columns(
        col(Paragraph.article_id),
        col(Paragraph.revision),
        col(Paragraph.number),
        col(Paragraph.start),
        col(Paragraph.end),
        col(Paragraph.text),
        col(Paragraph.sentences),
        col(Paragraph.structure),
        col(Revision.words),
    )
    .join(Revision, _ITS_REVISION)
    .order_by(col(Paragraph.article_id), col(Paragraph.revision), col(Paragraph.number))
)
_ARTICLES: Asked = (
    columns(
        col(Article.id),
        col(Article.revision),
        col(Article.words),
        col(Article.title),
        col(Article.title_key),
        col(Revision.words).label("newest"),
    )
    .outerjoin(Revision, _CURRENT)
    .order_by(col(Article.id))
)


def check(session: Session) -> Iterator[str]:
    """Whether each article has its revision, and each revision a text."""
    for article in streamed(session, _ARTICLES):
        if article.newest is None:
            yield f"article {article.id}: its revision {article.revision} is not there"
        elif article.newest != article.words:
            yield f"article {article.id}: its current revision has {article.newest} words, it has {article.words}"
        if article.title_key != titles.key(article.title):
            yield f"article {article.id}: stands at the wrong place among titles"
    bare = columns(col(Revision.article_id), col(Revision.number)).where(
        ~columns(Paragraph).where(_ITS_REVISION).exists()
    )
    for row in session.connection().execute(bare):
        yield f"article {row.article_id}, revision {row.number}: has no paragraphs"
    for (article, revision), rows in groupby(streamed(session, _PARAGRAPHS), key=lambda row: (row[0], row[1])):
        for fault in _faults(list(rows)):
            yield f"article {article}, revision {revision}: {fault}"


def _faults(rows: Sequence[Found]) -> Iterator[str]:
    if [row.number for row in rows] != list(range(1, len(rows) + 1)):
        yield "its paragraphs are not numbered one after the other"
    starts = {row.start for row in rows}
    expected = 0
    for row in rows:
        which = f"paragraph {row.number}"
        if row.start != expected:
            yield f"{which} begins at {row.start}, the text goes on at {expected}"
        if row.end - row.start != len(row.text):
            yield f"{which} stands from {row.start} to {row.end} and is {len(row.text)} long"
        if not row.text.strip():
            yield f"{which} is empty"
        if not _are_sentences(row.sentences, row.start, row.end):
            yield f"the sentences of {which} are not in order within it"
        if fault := _structure_fault(row.structure, len(row.text), starts):
            yield f"the structure of {which} {fault}"
        expected = row.end + len(JOINT)
    if (words := sum(words_in(row.text) for row in rows)) != rows[0].words:
        yield f"has {words} words, and is said to have {rows[0].words}"


def _are_sentences(kept: str, start: int, end: int) -> bool:
    try:
        cut = json.loads(kept)
    except ValueError:
        return False
    if not isinstance(cut, list) or len(cut) % 2 or not all(type(at) is int for at in cut):
        return False
    # A sentence has a length; the next may begin where it ends.
    rising = all(one < other if number % 2 == 0 else one <= other for number, (one, other) in enumerate(pairwise(cut)))
    return rising and (not cut or (start <= cut[0] and cut[-1] <= end))


def _structure_fault(kept: str, length: int, starts: set[int]) -> str:
    try:
        structure = structures.read(kept)
    except (ValueError, TypeError, AttributeError):
        return "cannot be read"
    for one in structure.inline if structure else ():
        if one.span.end > length:
            return "lies beside its words"
        if one.target.startswith("#p") and int(one.target[2:]) not in starts:
            return "leads to a paragraph that there is not"
    return ""
