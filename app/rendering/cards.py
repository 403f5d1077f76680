"""What other software shows of a shared passage: the Open Graph card."""

from typing import NamedTuple

from app.rendering.dates import date
from app.rendering.pictures import Picture
from app.storage.articles import Article
from app.storage.margins import Seen
from app.storage.shares import Share
from app.text.notes import text_of

TITLE_LENGTH = 90
DESCRIPTION_LENGTH = 200


class Card(NamedTuple):
    """The quote as title; the note, and where it was written, as description; and what is drawn of them."""

    title: str
    description: str
    date: str
    picture: Picture


def card(article: Article, share: Share, annotation: Seen | None) -> Card:
    note = text_of(annotation.note_html) if annotation else ""
    by = f"{annotation.reader}, " if annotation else ""
    whose = f"{by}on “{article.title}”" + (f" by {article.author}" if article.author else "")
    description = f"{shortened(note, DESCRIPTION_LENGTH)} – {whose}" if note else whose[:1].upper() + whose[1:]
    picture = Picture(
        share.exact,
        annotation.colour if annotation else "",
        article.title,
        article.author,
        annotation.reader if annotation else "",
        bool(note),
        article.language,
    )
    made = date(annotation.created_at) if annotation else ""
    return Card(shortened(share.exact, TITLE_LENGTH), description, made, picture)


def shortened(words: str, length: int) -> str:
    """The first words, on one line, in at most `length` code points; an ellipsis where more follow."""
    line = " ".join(words.split())
    if len(line) <= length:
        return line
    cut = line[: length - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[length // 2 :] else cut).rstrip(" ,;:.") + "…"
