"""Folding: what tells words apart when they are looked for, and what does not.

Databases keep an index of folded words. SQLite calls `folded`; PostgreSQL has the same rule as a function of its own,
made by a migration: who changes one changes the other, and has every library fill its index anew.
"""

import unicodedata

WORD_LENGTH = 60
"""Of a longer word only so many code points count."""

# Ranges of code points, written down rather than asked of Python: what is a word must not change with its version.

_MARKS = (
    "00AD 0300-036F 0483-0487 0591-05BD 05BF 05C1-05C2 05C4-05C5 05C7 0610-061A 061C 0640 064B-065F 0670"
    " 06D6-06DC 06DF-06E4 06E7-06E8 06EA-06ED 1AB0-1AFF 1DC0-1DFF 200C-200F 202A-202E 2060-2069 20D0-20FF"
    " FE00-FE0F FE20-FE2F FEFF"
)
"""Accents, points and what cannot be seen: left out. Not the vowels of scripts of India, nor the voicing of kana."""

_BETWEEN = (
    "0000-002F 003A-0040 005B-0060 007B-00BF 00D7 00F7 02C2-02C5 02D2-02DF 0375 0387 0482 055A-055F 0589-058A"
    " 05BE 05C0 05C3 05C6 05F3-05F4 0600-060F 061B-061F 066A-066D 06D4 06DD-06DE 06E9 0700-070F 0830-083E 085E"
    " 0964-0965 0970 0DF4 0E2F 0E3F 0E4F 0E5A-0E5B 0F01-0F17 0F34 0F36 0F38 0F3A-0F3D 0F85 0FBE-0FDA 104A-104F"
    " 10FB 1360-1368 1400 166D-166E 1680 169B-169C 16EB-16ED 17D4-17DB 1800-180E 1940-1945 1C3B-1C3F 1C7E-1C7F"
    " 2000-200B 2010-2029 202F-205F 206A-206F 20A0-20C0 2100-2129 2190-244A 2500-25FF 27C0-2BFF 2CF9-2CFF"
    " 2E00-2E7F 2FF0-3004 3008-3020 3030 3036-3037 303D-3040 30A0 30FB 3190-319F 31C0-31E3 3200-33FF 4DC0-4DFF"
    " A490-A4CF A60D-A60F A6F2-A6F7 A874-A877 A8CE-A8CF A92E-A92F A9C1-A9CD AA5C-AA5F ABEB FD3E-FD3F FDCF FDFC-"
    " FDFF FE10-FE19 FE30-FE6B FF01-FF0F FF1A-FF20 FF3B-FF40 FF5B-FF65 FFE0-FFFF E0000-E007F"
)
"""What stands between words: white space, punctuation, signs."""

_ALONE = (
    "0E01-0E2E 0E30-0E3A 0E40-0E4E 0E81-0EDF 1000-1049 1100-11FF 1780-17D3 2600-27BF 3005-3007 3031-3035"
    " 303B-303C 3041-309F 30A1-30FA 30FC-30FF 3105-312F 31A0-31BF 31F0-31FF 3400-4DBF 4E00-9FFF A960-A97C"
    " AC00-D7FB F900-FAFF 1B000-1B16F 1F000-1FAFF 1FFFE-3FFFF"
)
"""Each a word of its own: what is written without spaces, Hangul since its particles hang on words, and emoji."""

_LETTERS = {"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ŧ": "t"} | {
    "ı": "i",
    "ς": "σ",
}
"""Small letters that no accent can be taken off, as they are typed without them."""


def _points(ranges: str) -> set[int]:
    ends = (one.partition("-") for one in ranges.split())
    return {point for first, _, last in ends for point in range(int(first, 16), int(last or first, 16) + 1)}


class _Bare(dict[int, str]):
    """Of a code point that nothing can be taken apart from: its small letters, or nothing."""

    marks = _points(_MARKS)

    def __missing__(self, point: int) -> str:
        letter = chr(point).lower()
        self[point] = found = "" if point in self.marks else _LETTERS.get(letter, letter)
        return found


class _Spread(dict[int, str]):
    """Of a code point: itself, with what makes it a word of its own, or a space."""

    between = _points(_BETWEEN)
    alone = _points(_ALONE)

    def __missing__(self, point: int) -> str:
        letter = chr(point)
        self[point] = found = " " if point in self.between else f" {letter} " if point in self.alone else letter
        return found


_BARE, _SPREAD = _Bare(), _Spread()


def folded(text: str) -> str:
    """The words of a text as they are compared, with one space between: without accents, case and punctuation.

    Each character of a script that puts no spaces between words is one of its own.
    """
    return " ".join(word[:WORD_LENGTH] for word in spread(text).split(" ") if word)


def spread(text: str) -> str:
    """The same with as many spaces between the words as there are."""
    if text.isascii():
        return text.lower().translate(_SPREAD)
    bare = unicodedata.normalize("NFKD", text).translate(_BARE)
    return unicodedata.normalize("NFC", bare).translate(_SPREAD)


def stands_alone(character: str) -> bool:
    """Whether a folded character is a word of its own."""
    return ord(character) in _Spread.alone
