"""What a language tag says of how its text is written, and what the letters of a text say against it."""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Direction = Literal["ltr", "rtl", "auto"]

TAG_LENGTH = 35
"""Code points of a language tag (RFC 5646, 4.4.1)."""

# Scripts by the first word of their letters' Unicode names, with the language of those that one language writes
# nearly alone. Letters of any other name (mathematical ones, say) tell nothing.
SCRIPTS = dict.fromkeys(
    "LATIN CYRILLIC ARABIC CJK DEVANAGARI BENGALI MYANMAR ETHIOPIC SYRIAC MONGOLIAN NKO ADLAM".split(), ""
) | {
    "ARMENIAN": "hy",
    "BOPOMOFO": "zh",
    "CHEROKEE": "chr",
    "GEORGIAN": "ka",
    "GREEK": "el",
    "GUJARATI": "gu",
    "GURMUKHI": "pa",
    "HANGUL": "ko",
    "HEBREW": "he",
    "HIRAGANA": "ja",
    "KANNADA": "kn",
    "KATAKANA": "ja",
    "KHMER": "km",
    "LAO": "lo",
    "MALAYALAM": "ml",
    "SINHALA": "si",
    "TAMIL": "ta",
    "TELUGU": "te",
    "THAANA": "dv",
    "THAI": "th",
    "TIBETAN": "bo",
}
KANA = frozenset({"HIRAGANA", "KATAKANA"})
RIGHT_TO_LEFT = frozenset({"ARABIC", "HEBREW", "THAANA", "SYRIAC", "NKO", "ADLAM"})

# The scripts that a subtag names (ISO 15924), and those that a language is written in where none does.
SUBTAGS = {
    "adlm": "ADLAM",
    "arab": "ARABIC",
    "aran": "ARABIC",
    "cyrl": "CYRILLIC",
    "deva": "DEVANAGARI",
    "grek": "GREEK",
    "guru": "GURMUKHI",
    "hans": "CJK BOPOMOFO",
    "hant": "CJK BOPOMOFO",
    "hebr": "HEBREW",
    "jpan": "CJK HIRAGANA KATAKANA",
    "kore": "HANGUL CJK",
    "latn": "LATIN",
    "mong": "MONGOLIAN",
    "nkoo": "NKO",
    "syrc": "SYRIAC",
    "thaa": "THAANA",
}
WRITTEN = {
    language: frozenset(scripts.split())
    for scripts, languages in {
        "LATIN": "af ca cs cy da de en eo es et eu fi fr fy ga gd gl hr hu id is it la lb lt lv ms mt nb nl nn no pl pt"
        " ro sk sl sq sv sw tl tr vi zu",
        "CYRILLIC": "ba be bg ce cv ky mk os ru tg tt uk",
        "CYRILLIC LATIN": "az bs kk sr uz",
        "CYRILLIC MONGOLIAN": "mn",
        "ARABIC": "ar arz ary ckb fa ks lrc mzn pnb prs ps sd skr ug ur",
        "HEBREW": "he iw ji yi",
        "DEVANAGARI": "hi mr ne sa",
        "BENGALI": "as bn",
        "MYANMAR": "my",
        "ETHIOPIC": "am ti",
        "SYRIAC": "arc syr",
        "NKO": "nqo",
        "CJK BOPOMOFO": "zh yue wuu",
        "CJK HIRAGANA KATAKANA": "ja",
        "HANGUL CJK": "ko",
    }.items()
    for language in languages.split()
} | {language: frozenset({script}) for script, language in SCRIPTS.items() if language not in ("", "ja", "ko", "zh")}


def tag(said: str) -> str:
    """A language tag as BCP 47 has it; nothing, where what somebody says is none: the name of a language, say."""
    said = said.strip().replace("_", "-")
    return said if len(said) <= TAG_LENGTH and re.fullmatch("[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*", said) else ""


@dataclass(frozen=True, slots=True)
class Writing:
    """A language as it is written; of one that is not known, "", the scripts may be known all the same."""

    language: str
    scripts: frozenset[str]
    direction: Direction


@lru_cache(maxsize=256)
def writing(language: str) -> Writing:
    """How the language of a BCP 47 tag is written. Where nobody knows, no script is against it and the text decides."""
    language = language.replace("_", "-")
    first, *rest = language.lower().split("-")
    named = next((SUBTAGS[subtag] for subtag in rest if subtag in SUBTAGS), "")
    return _writing(language, frozenset(named.split()) or WRITTEN.get(first, frozenset()))


def writing_of(text: str, expected: Writing) -> Writing:
    """How a text is written: as expected, unless most of its letters are of a script that this is not written in.

    A text tells its language where its script belongs to one, else none (""): Arabic letters write many.
    """
    known = expected.scripts
    if (text.isascii() and "LATIN" in known) or (expected.language and not known):
        return expected
    if {_script(character) for character in set(text)} <= known | {""}:
        return expected
    letters: Counter[str] = Counter()
    for character, times in Counter(text).items():
        letters[_script(character)] += times
    del letters[""]
    # Japanese mixes Chinese characters with kana: where there are not only a few of these, all of them are Japanese.
    if not known & KANA and letters["CJK"] < 4 * sum(letters[script] for script in KANA):
        letters["HIRAGANA"] += letters.pop("CJK", 0)
    script, most = max(letters.items(), key=lambda one: one[1], default=("", 0))
    if most <= sum(letters[one] for one in known):
        return expected
    language = SCRIPTS[script]
    return _writing(language, WRITTEN.get(language, frozenset({script})))


def _writing(language: str, scripts: frozenset[str]) -> Writing:
    direction: Direction = "rtl" if scripts & RIGHT_TO_LEFT else "ltr" if language or scripts else "auto"
    return Writing(language, scripts, direction)


@lru_cache(maxsize=8192)
def _script(character: str) -> str:
    """The script of a letter; "" of what is none, or of no script that tells anything."""
    name = unicodedata.name(character, "").partition(" ")[0] if character.isalpha() else ""
    return name if name in SCRIPTS else ""
