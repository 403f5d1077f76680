"""Readwise: the CSV that its bulk import takes, one highlight a row."""

import csv
import io
from collections.abc import Iterable

from app.storage.notes import Written

COLUMNS = ("Highlight", "Title", "Author", "URL", "Note", "Location", "Date")

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a cell begins with that a spreadsheet would work out."""


def write(notes: Iterable[Written], base_url: str) -> str:
    """A row for everything written; `Location` counts the code points of the article's text.

    Tags stand before the words of a note, each after a point, as Readwise reads them. A reply is a note on the
    passage of its thread. Where its writer may not see that any more, its words are the highlight: there must be one.
    """
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(COLUMNS)
    for one in notes:
        quote, note = (one.exact, one.note) if one.exact else (one.note, "")
        tags = " ".join(f".{'-'.join(tag.split())}" for tag in one.tagged)
        note = f"{tags} {note}".rstrip() if tags else note
        url = one.source if one.source.startswith(("http://", "https://")) else f"{base_url}/articles/{one.slug}"
        place = "" if one.start is None else str(one.start)
        row = (quote, one.title, one.author, url, note, place, f"{one.created_at:%Y-%m-%d %H:%M:%S+00:00}")
        table.writerow([_guarded(cell) for cell in row])
    return out.getvalue()


def _guarded(cell: str) -> str:
    """A cell that a spreadsheet takes for words, whatever it begins with."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
