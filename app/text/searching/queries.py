"""Queries: what people type to find something, as words to look for and what narrows them down."""

import re
from dataclasses import dataclass

from app.text.searching.folding import folded, stands_alone

QUERY_LENGTH = 500
"""Of what is typed no more code points are read."""

MOST_WORDS = 16
"""Words and phrases, wanted and unwanted ones together; what is typed beyond is left out."""

MOST_IN_A_PHRASE = 32

BEGINNING = 2
"""From how many letters on what is being typed may be the beginning of a longer word."""

_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»「」『』＂", '"') | {"：": ":", "　": " "})

_UNSAID = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
"""What no text has in it, and PostgreSQL does not take."""

_PART = re.compile(
    r"""(?P<minus>-?)(?:(?P<field>tag|by|in|has):)?(?:"(?P<phrase>[^"]*)(?P<end>"?)|(?P<word>[^\s"]+)|(?<=:))""",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Words:
    """Words that follow each other, folded; the last may be only the beginning of one."""

    words: tuple[str, ...]
    begins: bool = False


@dataclass(frozen=True)
class Query:
    """What to find: all that is wanted, nothing that is unwanted, with each of these tags, by these readers, in these
    articles; `noted` is about notes: passages that have one, annotations that say something.
    """

    wanted: tuple[Words, ...] = ()
    unwanted: tuple[Words, ...] = ()
    tags: tuple[Words, ...] = ()
    unwanted_tags: tuple[Words, ...] = ()
    by: tuple[Words, ...] = ()
    within: tuple[str, ...] = ()
    noted: bool = False

    @property
    def finds(self) -> bool:
        """Whether it says what to find, and not only what to leave out or where."""
        return bool(self.wanted or self.tags or self.by or self.noted)

    @property
    def about_notes(self) -> bool:
        """Whether only annotations can be meant, as nothing else has tags and readers who wrote it."""
        return bool(self.tags or self.unwanted_tags or self.by)


def query_of(typed: str) -> Query:
    """What somebody means who types this. There is nothing that cannot be read: what means nothing is left out.

    `"…"` is a phrase, `-` leaves out, `*` after the beginning of a word stands for its end, and the last word is taken
    for a beginning as long as nothing follows it. `tag:`, `by:`, `in:` take a word or a phrase, `has:note` itself.
    """
    parts: dict[str, list[Words]] = {name: [] for name in ("", "-", "tag", "-tag", "by")}
    within: list[str] = []
    noted = False
    typed = _UNSAID.sub(" ", typed[:QUERY_LENGTH]).translate(_QUOTES)
    for found in _PART.finditer(typed):
        field, minus = (found["field"] or "").lower(), found["minus"]
        said = found["phrase"] or found["word"] or ""
        begins = said.endswith("*") or (found.end() == len(typed) and not found["end"] and not minus)
        name = minus + field
        if name == "in" and said.strip():
            within.append(said.strip())
        elif name == "has":
            noted = noted or folded(said) in ("note", "notes")
        elif name in parts and sum(map(len, parts.values())) < MOST_WORDS and (words := _words(said, begins)):
            parts[name].append(words)
    wanted, unwanted, tags, unwanted_tags, by = (tuple(dict.fromkeys(words)) for words in parts.values())
    return Query(wanted, unwanted, tags, unwanted_tags, by, tuple(within[:1]), noted)


def _words(said: str, begins: bool) -> Words | None:
    words = tuple(folded(said).split(" "))[:MOST_IN_A_PHRASE]
    if not words[0]:
        return None
    last = words[-1]
    return Words(words, begins and len(last) >= BEGINNING and not stands_alone(last[-1]))
