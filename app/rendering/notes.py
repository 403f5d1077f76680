"""Annotations as they are shown: in the margin, at the end of an article, in a list of them all."""

import re
from dataclasses import dataclass
from datetime import datetime

from app.rendering.dates import date
from app.rendering.threads import Turn
from app.storage.margins import Seen
from app.text.spans import Span
from app.text.tags import tags_of

LINE = 36
"""About how many characters go into a line of the margin."""

FOLDED = 5
"""Notes of more lines than this fold to four, and a link to the rest."""

_BLOCK_END = re.compile(r"</(?:p|li|blockquote|pre|tr)>|<br>")
_TAG = re.compile(r"<[^>]*>")


@dataclass(slots=True)
class Note:
    """An annotation as it stands in the margin."""

    id: int
    start: int
    end: int
    back: str
    """The fragment of its passage: the sentence where it begins, else the paragraph."""
    reader: str
    mine: bool
    audience: str
    """Who else may see it, where that is not everyone: `only me`, or the name of a group."""
    shareable: bool
    colour: str
    html: str
    made: datetime
    tags: list[str]
    resolved: str
    """Who has resolved it; empty while it is open."""
    moderation: str
    """What its reader may do about it if it is somebody else's: `flag` it, or `hide` it; a visitor nothing."""
    hidden: bool
    """Whether the owner has taken it out of everybody else's sight."""
    deleted: bool
    """Whether only the replies to it are left."""
    turns: list[Turn]
    was: str = ""
    """The words that it was written about, where the text has others there by now."""
    number: int = 0
    """Its place among the notes that are shown together: what paper calls it by."""

    @property
    def label(self) -> str:
        if self.deleted:
            return "A deleted note with replies"
        return f"{'Note' if self.html else 'Highlight'} by {'you' if self.mine else self.reader}, {self.colour}"

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)

    @property
    def look(self) -> str:
        """Its classes."""
        said = {
            "mine": self.mine,
            "bare": not self.html,
            "long": self.long,
            "resolved": bool(self.resolved),
            "deleted": self.deleted,
        }
        return " ".join([self.colour, *(name for name, true in said.items() if true)])

    @property
    def anchor(self) -> str:
        """The CSS name of the piece where its passage begins."""
        return f"--a{self.id}"

    @property
    def long(self) -> bool:
        """Whether it folds: where more than a line would be hidden behind the link to the rest."""
        blocks = [block for block in _BLOCK_END.split(self.html) if block.strip()]
        return sum(max(1, -(-len(_TAG.sub("", block)) // LINE)) for block in blocks) > FOLDED

    @property
    def date(self) -> str:
        return date(self.made)


def note_of(seen: Seen, back: str, reader_id: int | None, turns: list[Turn], moderation: str) -> Note:
    """An annotation as it is shown, in the margin or elsewhere; `back` is the fragment that leads to its passage."""
    return Note(
        id=seen.id,
        start=seen.start,
        end=seen.end,
        back=back,
        reader=seen.reader,
        mine=seen.reader_id == reader_id,
        audience=_audience(seen, seen.reader_id == reader_id),
        shareable=seen.hidden_at is None
        and (seen.visibility == "everyone" or (seen.group is not None and seen.reader_id == reader_id)),
        moderation=moderation,
        hidden=seen.hidden_at is not None,
        colour=seen.colour,
        html=seen.note_html,
        made=seen.created_at,
        tags=tags_of(seen.tags),
        resolved=(seen.resolver or "somebody") if seen.resolved_at else "",
        deleted=seen.deleted_at is not None,
        turns=turns,
        was=(seen.quote or "") if seen.status == "changed" else "",
    )


def _audience(seen: Seen, mine: bool) -> str:
    if seen.visibility == "me":
        return "only me"
    return seen.group or ("a group you have left" if mine and seen.visibility != "everyone" else "")
