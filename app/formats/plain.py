"""Plain text, as people paste and keep it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise

from app.text.drafts import Draft, paragraph

TITLE_LENGTH = 300

NARROW, WIDE = 50, 100
"""Between how many code points the longest line lies of a text that was broken into lines to fit a width."""

FULL = 0.9
"""How many of the breaks in a paragraph must come where the next word would not have fitted."""

_QUOTED = re.compile(r"(?!>>>)(?:> ?)+")
"""What mails put before what they quote (RFC 3676, 4.5); Python shows its own lines by three of them."""

_ITEM = re.compile(r"\s{0,8}(?:[-*•–]|[0-9]{1,3}[.)]) ")


def read(source: str, title: str = "", language: str = "") -> Draft:
    """Read plain text, one paragraph a line; blank lines separate and count for nothing.

    Where lines were broken to fit a width, as in mails and old books, what stands between blank lines is a paragraph.
    What is quoted as in mails is a quotation, and an item of a list goes on in the lines that are set in below it.
    Without a title, the first line of at most 120 characters that is not the only one becomes it.
    Raises ValueError if there is not a word in it.
    """
    title = heading.text[:TITLE_LENGTH] if (heading := paragraph(" ".join(title.split()))) else ""
    lines = [line.rstrip() for line in source.splitlines()]
    width = _width_of([_QUOTED.sub("", line) for line in lines])
    paragraphs = [
        found
        for quoted, run in groupby(lines, lambda line: _QUOTED.match(line) is not None)
        for line in _unbroken([_QUOTED.sub("", line) for line in run] if quoted else list(run), width)
        if (found := paragraph(line, "quotation" if quoted else "p"))
    ]
    if not title and len(paragraphs) > 1 and paragraphs[0].kind == "p" and len(paragraphs[0].text) <= 120:
        title = paragraphs.pop(0).text
    if not paragraphs:
        raise ValueError("there is no text in it")
    return Draft(title=title or paragraphs[0].text[:120], paragraphs=tuple(paragraphs), language=language)


def _blocks(lines: Iterable[str]) -> list[list[str]]:
    """What stands between blank lines."""
    return [list(block) for blank, block in groupby(lines, lambda line: not line.strip()) if not blank]


def _width_of(lines: Iterable[str]) -> int:
    """The width to fit which the lines of a text were broken; 0 where they were not."""
    blocks = _blocks(lines)
    return max((_width(block) for block in blocks if len(block) > 2 and _is_broken(block, _width(block))), default=0)


def _unbroken(lines: Iterable[str], width: int) -> Iterator[str]:
    """The lines as they were before they were broken to fit a width; verse, lists and code stay as they are."""
    for block in _blocks(lines):
        if width and _is_broken(block, max(width if len(block) == 2 else 0, _width(block))):
            yield " ".join(block)
        elif _ITEM.match(block[0]):
            yield from _items(block)
        else:
            yield from block


def _items(block: Iterable[str]) -> Iterator[str]:
    """The items of a list, of which each goes on in the lines that are set in below it."""
    item = ""
    for line in block:
        if item and line.startswith("  ") and not _ITEM.match(line):
            item += " " + line.strip()
        else:
            if item:
                yield item
            item = line
    yield item


def _width(block: Sequence[str]) -> int:
    return max(map(len, block))


def _is_broken(block: Sequence[str], width: int) -> bool:
    """Whether lines are one paragraph, broken where the next word would have gone beyond `width`."""
    if not NARROW <= width <= WIDE or any(len(line.split(maxsplit=1)) < 2 for line in block[:-1]):
        return False
    if len(block) > 2 and all(re.match(r"\W*[^\W\d_]", line) and _is_capital(line) for line in block):
        return False  # verse
    full = [len(line) + 1 + len(after.split(maxsplit=1)[0]) > width for line, after in pairwise(block)]
    return sum(full) >= FULL * len(full)


def _is_capital(line: str) -> bool:
    return next(letter for letter in line if letter.isalpha()).isupper()
