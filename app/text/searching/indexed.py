"""What of a library is indexed: the folded words of its rows, and keys by which rows are narrowed down.

A key begins with `_`, which no folded word has in it. SQLite calls these functions from its triggers; PostgreSQL has
the same as functions of its own, made by a migration: see `folding`.
"""

import json

from app.text.searching.folding import folded
from app.text.tags import tags_of

PIECE = 4_000
OVERLAP = 200
"""A paragraph is indexed in pieces of so many code points, each with so many of the next: PostgreSQL knows no more than
256 places of one word in a text."""

MOST_PIECES = 256
"""Beyond these a paragraph is not searched."""

NOTE_LENGTH = 16_000
"""Of a note, and of a title, so many code points are searched: there are no longer ones."""

TAG_KEY_LENGTH = 60


def title_words(title: str, author: str) -> str:
    """What is indexed of an article: its title and, beyond a key over which no phrase reaches, its author."""
    return _joined(folded(title[:NOTE_LENGTH]), "_by", folded(author[:NOTE_LENGTH]))


def passage_words(text: str, article_id: int) -> list[str]:
    """What is indexed of a paragraph, piece by piece."""
    pieces = min(max(len(text) - OVERLAP - 1, 0) // PIECE + 1, MOST_PIECES)
    starts = range(0, pieces * PIECE, PIECE)
    return [_joined(folded(text[start : start + PIECE + OVERLAP]), f"_a{article_id}") for start in starts]


def passage_words_as_json(text: str, article_id: int) -> str:
    """The same for SQLite, which takes a list apart if it is JSON."""
    return json.dumps(passage_words(text, article_id))


def note_words(
    note: str, tags: str, article_id: int, reader_id: int, visibility: str, group_id: int | None, hidden: bool
) -> str:
    """What is indexed of an annotation: its words, its tags, and keys of where, by whom and for whom it is."""
    return _joined(
        folded(note[:NOTE_LENGTH]),
        "_",
        folded(tags[:NOTE_LENGTH]),
        *map(tag_key, tags_of(tags[:NOTE_LENGTH])),
        "_n" if note else "",
        f"_a{article_id}",
        f"_r{reader_id}",
        "_e" if visibility == "everyone" and not hidden else "",
        f"_g{group_id}" if group_id is not None and not hidden else "",
    )


def tag_key(tag: str) -> str:
    """The key of a tag; none where there is not a word in it."""
    words = folded(tag).replace(" ", "_")[:TAG_KEY_LENGTH]
    return f"_t{words}" if words else ""


def _joined(*words: str) -> str:
    return " ".join(filter(None, words))


FUNCTIONS = {
    "postil_words": (1, folded),
    "postil_title_words": (2, title_words),
    "postil_passage_words": (2, passage_words_as_json),
    "postil_note_words": (7, note_words),
}
"""By the name under which the triggers call them, with how much they need."""
