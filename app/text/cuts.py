"""Where words may be cut short: between them, never inside one."""

import re
import unicodedata
from typing import NamedTuple

# What has no look, but keeps letters joined or apart, tells where a line may break, and keeps directions in order. Not
# isolates and overrides, which reach further than the words in which they stand.
_KEPT = frozenset("\u200b\u200c\u200d\u200e\u200f\u061c\u2060")

_CLOSING = r"，、。．：；！？」』）】》〉”’…\]፡።།"
_IDEOGRAPHS = "\u3041-\u3096\u30a1-\u30fa\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_BETWEEN_WORDS = re.compile(rf"(?<=[\s\u200b])(?=[^\s\u200b])|(?<=[{_CLOSING}])(?=[^\s{_CLOSING}])")
_BETWEEN_IDEOGRAPHS = re.compile(rf"(?<=[{_IDEOGRAPHS}])(?=[{_IDEOGRAPHS}])")
# Thai, Lao, Burmese and Khmer put no space between words; a line breaks where a dictionary knows that one ends.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf\ua9e0-\ua9ff\uaa60-\uaadf"
_EMOJI = "\U0001f000-\U0001faff"
_BREAKS = re.compile(
    rf"\s+|\u200b|(?<=[-‐–—/་།፡])(?=\w)|(?<=[{_IDEOGRAPHS}{_UNSPACED}{_EMOJI}])|(?=[{_IDEOGRAPHS}{_UNSPACED}{_EMOJI}])"
)
_WITHIN_HANGUL = re.compile("(?<=[\u1100-\u11ff\uac00-\ud7af])(?=[\u1100-\u11ff\uac00-\ud7af])")


class Cuts(NamedTuple):
    """Words in pieces, and after how many of them one may stop.

    After a word or a clause, where the script shows where that is (`words`); else between two ideographs or kana
    (`ideographs`). In scripts that put no space between words and are no ideographs only a clause ends anywhere.
    """

    pieces: list[str]
    words: list[int]
    ideographs: list[int]


def cuts(line: str) -> Cuts:
    """Cut a line wherever one may stop; its end is not among the places."""
    words = {found.start() for found in _BETWEEN_WORDS.finditer(line)}
    ideographs = {found.start() for found in _BETWEEN_IDEOGRAPHS.finditer(line)} - words
    places = sorted(words | ideographs)
    pieces = [line[start:end] for start, end in zip([0, *places], [*places, len(line)], strict=True) if start < end]
    counts = list(enumerate(places, 1))
    return Cuts(
        pieces,
        [count for count, place in counts if place in words],
        [count for count, place in counts if place in ideographs],
    )


def unbroken(piece: str, least: int) -> list[str]:
    """The stretches of a piece, of at least so many code points, in which a line never breaks."""
    return [stretch for stretch in _BREAKS.split(piece) if len(stretch) >= least]


def kept_whole(line: str) -> str:
    """A line with a word joiner (U+2060) wherever Unicode's rules let it break inside a word: between two Hangul."""
    return _WITHIN_HANGUL.sub("\u2060", line)


def visible(words: str) -> str:
    """Words on one line as they are to be seen, without what has no look or turns the direction of others round."""
    spaced = " ".join(words.split())
    return "".join(one for one in spaced if one in _KEPT or unicodedata.category(one) not in ("Cc", "Cf", "Cs")).strip()
