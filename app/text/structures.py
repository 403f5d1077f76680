"""What a paragraph is beside its words: where it stands among lists and quotations, and what stretches of it are.

None of it counts as text: whatever is marked up here lies over the words, as an annotation does.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import pairwise
from urllib.parse import urlsplit

from app.text.spans import Span

KINDS = frozenset("emphasis strong code subscript superscript deleted link reference".split())
"""What a stretch of a paragraph may be. A `reference` leads to a footnote."""

DEEPEST = 8
"""How many lists or quotations within one another still look different; what lies deeper is kept at this depth."""

_INTERNAL = re.compile(r"#p?[0-9]{1,9}")


def is_safe(target: str) -> bool:
    """Whether a link may lead there: to a page, a mail address, or a paragraph of the same article."""
    if _INTERNAL.fullmatch(target):
        return True
    try:
        parts = urlsplit(target)
    except ValueError:
        return False
    return parts.scheme == "mailto" or (parts.scheme in ("http", "https") and bool(parts.netloc))


@dataclass(frozen=True, slots=True)
class Inline:
    """A stretch of a paragraph (code points of it) that is of some kind, and where it leads, if it is a link.

    In a draft `#3` leads to its third paragraph; what is published leads to `#p120`, where that begins in the text.
    Raises ValueError for a kind that is none, and for a target that is not safe.
    """

    span: Span
    kind: str
    target: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"no kind of mark-up: {self.kind}")
        if self.target and not is_safe(self.target):
            raise ValueError(f"no link may lead there: {self.target}")


@dataclass(frozen=True, slots=True)
class Structure:
    """Where a block stands among others, and what its stretches are. What is all default says nothing."""

    inline: tuple[Inline, ...] = ()
    level: int = 0
    """Of a heading: 1 for the highest below the title. 0 is not said."""
    depth: int = 0
    """How many lists it is in."""
    marker: str = ""
    """What stands before the first block of a list's item, or before a footnote: `•`, `3.`. No part of the text."""
    fresh: bool = False
    """Whether a list begins with it."""
    quoted: int = 0
    """How many quotations it is in, where its kind does not say so."""
    head: int = 0
    """Of a table: how many lines of it are headings."""
    picture: str = ""
    """Of a picture: in a draft the name of its source, in what is published the token of its address."""
    width: int = 0
    """Of a picture that is published, and its height: in pixels."""
    height: int = 0

    def __bool__(self) -> bool:
        return self != PLAIN


PLAIN = Structure()


def written(structure: Structure, starts: Sequence[int] = ()) -> str:
    """A structure as it is kept: JSON, or "" for one that says nothing.

    `starts` are where the paragraphs of the article begin (code points): links to paragraphs then lead there.
    """
    if not structure:
        return ""
    said = {
        field.name: getattr(structure, field.name)
        for field in fields(structure)
        if getattr(structure, field.name) != field.default
    }
    if structure.inline:
        said["inline"] = [
            [one.span.start, one.span.end, one.kind, *([_led(one.target, starts)] if one.target else [])]
            for one in structure.inline
        ]
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def _led(target: str, starts: Sequence[int]) -> str:
    if starts and target.startswith("#") and target[1:].isdigit() and 0 < int(target[1:]) <= len(starts):
        return f"#p{starts[int(target[1:]) - 1]}"
    return target


def led_to(structure: Structure, targets: Mapping[str, str]) -> Structure:
    """A structure whose links lead elsewhere: by where they have led."""
    inline = tuple(replace(one, target=targets.get(one.target, one.target)) for one in structure.inline)
    return replace(structure, inline=inline) if inline != structure.inline else structure


def read(kept: str) -> Structure | None:
    """The structure that was kept, or None where it says nothing."""
    if not kept:
        return None
    said = json.loads(kept)
    inline = tuple(Inline(Span(start, end), kind, *led) for start, end, kind, *led in said.pop("inline", ()))
    return Structure(inline, **said)


def runs(inline: Iterable[Inline], length: int) -> list[tuple[int, tuple[Inline, ...]]]:
    """Where each stretch begins over which the same lies (code points of a paragraph so long), and what lies there.

    The first begins at 0, each ends where the next begins. The time is that of sorting.
    """
    begins: dict[int, list[Inline]] = {}
    ends: dict[int, list[Inline]] = {}
    for one in inline:
        if one.span:
            begins.setdefault(one.span.start, []).append(one)
            ends.setdefault(min(one.span.end, length), []).append(one)
    over: dict[int, Inline] = {}
    found: list[tuple[int, tuple[Inline, ...]]] = []
    for start, _ in pairwise(sorted({0, length, *begins, *ends})):
        for one in ends.get(start, ()):
            over.pop(id(one), None)
        for one in begins.get(start, ()):
            over[id(one)] = one
        found.append((start, tuple(over.values())))
    return found or [(0, ())]


def cells(table: str) -> list[list[Span]]:
    """The cells of a table's text, line by line (code points): tabs stand between cells, line ends between lines."""
    return [[cell.shifted(line.start) for cell in _between("\t", line.of(table))] for line in lines(table)]


def lines(text: str) -> list[Span]:
    """The lines of a text, in code points of it."""
    return _between("\n", text)


def _between(separator: str, text: str) -> list[Span]:
    found = []
    at = 0
    for part in text.split(separator):
        found.append(Span(at, at + len(part)))
        at += len(part) + 1
    return found
