"""Cut a text into words with their offsets, and fold what only a typesetter tells apart."""

import re
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass
from itertools import accumulate

LONGEST = 40
"""Letters in a row that are still one word. Of a longer row, in a script that puts no spaces, each letter is one."""

# Scripts without spaces between words: kana, ideographs, Thai, Lao, Burmese, Khmer, Tai. A letter is a word there.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf\ua9e0-\ua9ff\uaa60-\uaadf"
    "\u3005-\u3007\u3021-\u3029\u3041-\u30fa\u30fc-\u312f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f"
    "\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)
# Signs that stand on the letter before them.
_SIGNS = (
    "\u0300-\u036f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece\u102b-\u103e\u1056-\u1059"
    "\u105e-\u1060\u1062-\u1064\u1067-\u106d\u1071-\u1074\u1082-\u108d\u108f\u109a-\u109d\u17b4-\u17d3\u17dd"
    "\u1a55-\u1a7f\u200d\u3099\u309a\ufe00-\ufe0f\U000e0100-\U000e01ef"
)
_PICTURES = "\u2190-\u21ff\u2300-\u27bf\u2900-\u297f\u2b00-\u2bff\U0001f000-\U0001f1e5\U0001f200-\U0001faff"
_DRESS = "[\ufe0f\u20e3\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]*"
# Whatever is neither white space nor named here is part of a word: letters, digits, their marks, joiners, soft hyphens.
_APART = (
    r"\s\x00-/:-@\[-^`{-~\x80-\xa9\xab\xac\xae-\xb1\xb4\xb6-\xb8\xbb\xbf×÷\u037e\u0387\u055a-\u055f\u0589\u058a"
    r"\u05be\u05c0\u05c3\u05c6\u05f3\u05f4\u0600-\u060f\u061b-\u061f\u066a-\u066d\u06d4\u0700-\u070d\u0964\u0965\u0970"
    r"\u0df4\u0f04-\u0f14\u0f3a-\u0f3d\u1360-\u1368\u1400\u166e\u169b\u169c\u1800-\u180a"
    r"\u2000-\u200b\u2010-\u205f\u2066-\u2069\u207d\u207e\u208d\u208e\u20a0-\u20cf\u2100-\u2bff\u2e00-\u2e7f"
    r"\u3000-\u3004\u3008-\u3020\u3030\u303d\u303f\u30fb\u4dc0-\u4dff"
    r"\ufd3e\ufd3f\ufe10-\ufe1f\ufe30-\ufe6f\uff00-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65\uffe0-\uffff"
    r"\U0001f000-\U0001faff"
)
_LETTER = f"[^{_APART}{_UNSPACED}]"
_WORD = re.compile(
    rf"((?<!{_LETTER}){_LETTER}{{1,{LONGEST}}}+(?:['’]{_LETTER}{{1,{LONGEST}}}+)*(?!{_LETTER})"
    rf"|[{_UNSPACED}][{_SIGNS}]*"
    r"|\.{3}|[-\u2010-\u2015\u2212\ufe58\ufe63\uff0d]+"
    r"|[\U0001f1e6-\U0001f1ff]{2}"
    rf"|[{_PICTURES}]{_DRESS}(?:\u200d[{_PICTURES}]{_DRESS})*"
    rf"|[^\s\u200b][{_SIGNS}]*)"
)
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»″", '"') | dict.fromkeys("‘’‚‛‹›′`ʼ", "'"))
_DASHES = re.compile("[-\u2010-\u2015\u2212]+")
_NO_SPACES = re.compile(f"[{_UNSPACED}]")


def set_alike(word: str) -> str:
    """A word without what only a typesetter sees: kinds of quotes, dashes and widths, and what has no look."""
    if word.isascii():
        return "-" if word[0] == "-" else word.replace("`", "'")
    plain = _DASHES.sub("-", unicodedata.normalize("NFKC", word).translate(_QUOTES))
    return "".join(letter for letter in plain if unicodedata.category(letter) != "Cf") or word


class _Folds(dict[str, str]):
    """What each word is compared as: set alike, and in whatever case."""

    def __missing__(self, word: str) -> str:
        self[word] = folded = set_alike(word).casefold()
        return folded


@dataclass(frozen=True, slots=True)
class Words:
    """The words of some stretches of a text, in order: where each starts and ends (code points), how it compares."""

    text: str
    starts: list[int]
    ends: list[int]
    folded: list[str]

    def __len__(self) -> int:
        return len(self.folded)

    def within(self, start: int, end: int) -> tuple[int, int]:
        """The first word of a stretch (code points), and the first behind it."""
        return bisect_left(self.starts, start), bisect_left(self.starts, end)

    def letters(self, start: int, end: int) -> int:
        """How much some words say, together."""
        return sum(map(weight, self.folded[start:end]))

    def opens(self, at: int) -> int:
        """How plainly something new begins at a word: 3 a line, 2 a sentence, 1 a word, 0 nothing."""
        if not 0 < at < len(self):
            return 3
        between = self.text[self.ends[at - 1] : self.starts[at]]
        if "\n" in between:
            return 3
        if not between and (self.folded[at] in _CLOSERS or self.folded[at - 1] in _QUOTED):
            return 0
        before = at - 1
        while before and self.folded[before] in _CLOSERS:
            before -= 1
        return 2 if self.folded[before] in _ENDS else 1 if between or self.folded[before] in _PAUSES else 0


_CLOSERS = frozenset("\"')]}」』）】》〉")
_QUOTED = frozenset("\"'")
_ENDS = frozenset([*".!?。؟۔।॥።։", "..."])
_PAUSES = frozenset(",;:、،؛")


def words(text: str, stretches: list[tuple[int, int]]) -> Words:
    """Cut the given stretches of a text (code points, in order) into words: letters in a row, or one sign.

    White space is no word. Where a script has no spaces, each letter is a word, with the signs that stand on it.
    """
    starts: list[int] = []
    ends: list[int] = []
    found: list[str] = []
    for start, end in stretches:
        parts = _WORD.split(text[start:end])
        edges = list(accumulate(map(len, parts), initial=start))
        found += parts[1::2]
        starts += edges[1:-1:2]
        ends += edges[2::2]
    folds = _Folds()
    return Words(text, starts, ends, [folds[word] for word in found])


def weight(folded: str) -> int:
    """How much a word says: its letters; twice as many where a letter is a word; nothing where there is no letter."""
    if not folded[0].isalnum():
        return 0
    return 2 if _NO_SPACES.match(folded) else len(folded)
