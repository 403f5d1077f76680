"""Rows that come as they are read: a library may be larger than the memory."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import Row, Select
from sqlalchemy import select as columns
from sqlmodel import Session, col

from app.storage.articles import Paragraph
from app.text.drafts import JOINT
from app.text.selectors import quote
from app.text.spans import Span

ROWS_AT_ONCE = 1_000

Asked: TypeAlias = Select[*tuple[Any, ...]]
Found: TypeAlias = Row[*tuple[Any, ...]]


class Text(NamedTuple):
    """One revision of an article, as it is read."""

    article: int
    revision: int
    paragraphs: tuple[Span, ...]
    words: str

    def fault(self, start: int, end: int) -> str:
        """Why nothing of this text stands from `start` to `end` (code points); "" where something does."""
        if not 0 <= start < end <= len(self.words):
            return f"{start} to {end} is not in the text, which ends at {len(self.words)}"
        begins = any(one.start <= start < one.end for one in self.paragraphs)
        ends = any(one.start < end <= one.end for one in self.paragraphs)
        if not (begins and ends):
            return f"{start} to {end} does not begin and end in paragraphs"
        return "" if self.words[start:end].strip() else f"from {start} to {end} there is not a word"

    def said(self, start: int, end: int) -> tuple[str, str, str]:
        """What a quote of that stretch says: the words, and what stands before and after them."""
        found = quote(self.words, Span(start, end))
        return found.exact, found.prefix, found.suffix


def streamed(session: Session, statement: Asked) -> Iterator[Found]:
    """The rows of a statement, some at a time."""
    options = {"stream_results": True, "yield_per": ROWS_AT_ONCE}
    with session.connection().execute(statement, execution_options=options) as rows:
        yield from rows


def texts(session: Session) -> Iterator[Text]:
    """Every revision of every article, by the article's id and the revision's number."""
    asked = columns(
        col(Paragraph.article_id),
        col(Paragraph.revision),
        col(Paragraph.start),
        col(Paragraph.end),
        col(Paragraph.text),
    ).order_by(col(Paragraph.article_id), col(Paragraph.revision), col(Paragraph.number))
    for (article, revision), found in groupby(streamed(session, asked), key=lambda row: (row[0], row[1])):
        rows = list(found)
        spans = tuple(Span(row.start, max(row.start, row.end)) for row in rows if row.start >= 0)
        yield Text(article, revision, spans, JOINT.join(row.text for row in rows))


def beside_their_texts(session: Session, statement: Asked) -> Iterator[tuple[Found, Text | None]]:
    """Rows that begin with an article's id and a revision, ordered by these, each with that text if there is one."""
    read = texts(session)
    text = next(read, None)
    for row in streamed(session, statement):
        while text and (text.article, text.revision) < (row[0], row[1]):
            text = next(read, None)
        yield row, text if text and (text.article, text.revision) == (row[0], row[1]) else None
