"""Where the sentences of a paragraph begin and end: libraries decide, this gives spans."""

import re
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import sentencex

from app.text.spans import Span

if TYPE_CHECKING:
    from choppa import SrxDocument

# Raised whenever a rule in sentences.srx or a limit below changes: it tells the cuts of two releases apart.
OVERLAY = 1

# What cut an article. Stored with it, for another cut would move the sentences under its annotations.
SEGMENTER = f"choppa-srx {version('choppa-srx')}, sentencex {version('sentencex')}, overlay {OVERLAY}"

# Languages that have SRX rules of their own. Those that choppa-srx maps to its "Generic" rules, which know no
# abbreviation, are better off with sentencex.
RULED = set("ar be br ca da de el en eo es fa fr ga gl is it ja nl pl pt ro ru sk sl sr sv ta uk zh".split())

# Code points that sentencex is given at once: time grows with the square of the quotation marks in it.
WINDOW = 5_000

# sentencex 1.0.32 panics on white space beyond ASCII behind an initial, and refuses a lone surrogate.
_unsafe = re.compile(r"[^\S\t\n\r ]|[\ud800-\udfff]")

_endless_word = re.compile(r"[\w'’·-]{400}")

_building = Lock()


def sentences(paragraph: str, language: str = "") -> list[Span]:
    """The spans of a paragraph's sentences, in order, in its code points. Outside them is only white space.

    `language` is a BCP 47 tag, of which the first subtag counts. SRX rules cut the languages that have them;
    sentencex cuts the others, the unknown one (""), and any paragraph on which the rules would take too long.
    It is given `WINDOW` code points at a time, so that time grows with length alone, and a sentence longer
    than half of that ends at the last space in them.
    """
    subtag = language.replace("_", "-").partition("-")[0].lower()
    ends = _ends_by_rules if subtag in RULED and _tame(paragraph) else _ends_by_sentencex
    cuts = [0, *ends(paragraph, subtag)]
    return [span for start, end in pairwise(cuts) if (span := _trimmed(paragraph, start, end))]


def _tame(paragraph: str) -> bool:
    """Whether the rules cut this in reasonable time: a second or two at worst.

    Behind each full stop some try every choice of four more points or colons up to 100 code points apart, so
    time grows with the fourth power of how they crowd. Others read a word to its end from each letter of it.
    """
    return len(paragraph) <= 10_000 and not _endless_word.search(paragraph) and not _crowded(paragraph)


def _crowded(text: str) -> bool:
    """Whether what may end a sentence stands closer than prose has it: more than 12 in a stretch of 100."""
    stretches = (text[at : at + 100] for at in range(0, len(text), 100))
    return any(sum(map(stretch.count, ".:!?…。．！？؟।")) > 12 for stretch in stretches)


def _ends_by_rules(paragraph: str, language: str) -> Iterator[int]:
    from choppa import SrxTextIterator

    with _building:  # the rules are read, and the patterns of a language compiled, by whoever comes first
        pieces = SrxTextIterator(_rules(), f"{language}_two", paragraph)
    end = 0
    for piece in pieces:
        end += len(piece)
        yield end


@cache
def _rules() -> "SrxDocument":
    """Our rules and, below them, those that choppa-srx ships."""
    # Imported when first needed: it brings a schema validator along, which nothing here uses and which takes
    # ten times as long to import as the rules take to read.
    from choppa import DEFAULT_SRX_RULESET, SrxDocument

    rules = SrxDocument()
    for file in (Path(__file__).with_suffix(".srx"), DEFAULT_SRX_RULESET):
        for mapped in SrxDocument(ruleset=file).language_map_list:
            rules.add_language_map(mapped.language_pattern.pattern, mapped.language_rule)
    return rules


def _ends_by_sentencex(paragraph: str, language: str) -> Iterator[int]:
    text = _unsafe.sub(" ", paragraph)
    start = 0
    while len(text) - start > WINDOW:
        window = text[start : start + WINDOW]
        # Where a quotation goes on beyond the window sentencex cuts it, so the window's last quarter is cut anew.
        ends = [end for end in _ends_in_window(window, language) if end <= WINDOW * 3 // 4]
        if not ends or ends[-1] < WINDOW // 4:
            ends.append(window.rfind(" ", WINDOW // 2) + 1 or WINDOW)
        yield from (start + end for end in ends)
        start += ends[-1]
    yield from (start + end for end in _ends_in_window(text[start:], language))


def _ends_in_window(text: str, language: str) -> list[int]:
    # In Catalan, Danish and Italian sentencex takes half a millisecond a full stop, else next to nothing.
    language = "" if _crowded(text) else language
    # Not from the lengths of `sentencex.segment`, which leaves line breaks out.
    return [boundary["end_index"] for boundary in sentencex.get_sentence_boundaries(language, text)]


def _trimmed(text: str, start: int, end: int) -> Span:
    words = text[start:end].strip()
    start = text.index(words, start)
    return Span(start, start + len(words))
