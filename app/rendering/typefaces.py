"""Typefaces for pictures: which families set given words without a gap, of those that typst packages and the machine's.

A family is never trusted by its name alone: its `cmap` says which characters it draws, its `GSUB` whether it shapes a
script whose letters change beside each other, and typst itself says in the end whether every glyph was there.
"""

import hashlib
import json
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache, cached_property
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import Any

import typst
from fontTools import unicodedata
from fontTools.ttLib import TTFont, TTLibError

PACKAGED = "Libertinus Serif"
"""The family that typst brings along and that sets whatever it has the letters for."""

SPARE = ("New Computer Modern", "New Computer Modern Math", "DejaVu Sans Mono")
"""What else typst brings along, for where nothing better is there: signs above all. They shape no script but that of
`SPARE_SHAPED`, though the second one has letters of others."""

SPARE_SHAPED = {"Arab": "DejaVu Sans Mono"}

UNSHAPED = frozenset(
    "Latn Grek Cyrl Armn Geor Hebr Hani Hira Kana Bopo Hang Ethi Thai Laoo Cher Cans Tfng Ogam".split()
)
"""Scripts whose letters stand side by side as they are. A family must say in `GSUB` that it shapes any other."""

SIGNS = "Zyyy"
"""The script of what is of no script: punctuation, signs, emoji."""

AVOIDED = "Last Resort|Adobe Blank|Tofu|Unifont"
"""Families that have a box, or nothing, for every character."""

BOOKISH = ("Amiri", "Scheherazade New", "Noto Naskh Arabic", "Noto Serif CJK", "Noto Serif", "Serif", "Song", "Mincho")
LAST = "Mono Display UI Condensed Slanted Narrow Light Kufi Nastaliq Rashi Symbols Math Fallback".split()
REGIONS = {
    "ja": "JP",
    "ko": "KR",
    "zh": "CN",
    "zh-hant": "TW",
    "zh-tw": "TW",
    "zh-hk": "HK",
    "zh-mo": "HK",
    "yue": "HK",
}

Face = str | dict[str, str]
"""A family as typst's `font` takes it: its name, and which characters are left to others."""

Ranges = list[int]
"""Where stretches of characters begin and end, in turn."""


class Unset(Exception):
    """Typst could not set this."""


class Typefaces:
    """What words can be set in: what typst packages, what lies in `folders`, and what the `machine` has, if wanted."""

    def __init__(self, machine: bool = True, folders: Sequence[Path] = ()) -> None:
        self.machine, self.folders = machine, folders
        self._reading = Lock()
        self._covers: dict[str, Ranges] = {}
        self._shapes: dict[str, frozenset[str]] = {}

    @cached_property
    def fonts(self) -> typst.Fonts:
        return typst.Fonts(include_system_fonts=self.machine, font_paths=[str(folder) for folder in self.folders])

    @cached_property
    def edition(self) -> str:
        """Names this very choice of typefaces: with another, the same words may look otherwise."""
        known = sorted(f"{font.family} {font.style} {font.weight} {font.path}" for font in self.fonts.fonts())
        return hashlib.sha256(repr((version("typst"), known)).encode()).hexdigest()[:12]

    def faces(self, words: str, language: str = "", lang: str = "") -> list[Face]:
        """What sets these words between them, the best first; nothing where some glyph would be missing.

        `language` is a BCP 47 tag, `lang` what typst is told of it.
        """
        if self.can_set(words, [PACKAGED], lang):
            return [PACKAGED]
        found = self._chosen(words, language)
        if found is None:
            return []
        chosen = [_packaged(words, language), *found, *SPARE]
        return chosen if self.can_set(words, chosen, lang) else []

    def can_set(self, words: str, faces: Sequence[Face], lang: str = "") -> bool:
        """Whether typst finds a glyph for every character: PDF/A (ISO 19005-2, 6.2.11.8) forbids to leave one out."""
        inputs = {"words": words, "faces": json.dumps(faces), "lang": lang}
        try:
            compiled(_PROOF, format="pdf", pdf_standards="a-2b", sys_inputs=inputs, font_paths=self.fonts)
        except Unset:
            return False
        return True

    def _chosen(self, words: str, language: str) -> list[str] | None:
        """Families of the machine, as few as can be for each script, those that shape before those that only draw.

        None where no family shapes some script, whoever may have its letters.
        """
        chosen: list[str] = []
        by_script = _by_script(words)
        for script in sorted(by_script, key=lambda one: (one in UNSHAPED, one == SIGNS, one)):
            wanted = by_script[script]
            emoji = script == SIGNS and any(character >= "\U0001f000" for character in wanted)
            ranked = sorted(self._regular, key=lambda family: _rank(family, language, emoji))
            candidates = [
                *(one for one in chosen if one in self._regular),
                *(family for family in ranked if family not in chosen),
            ]
            while wanted and (best := self._best(candidates, wanted, script)):
                chosen += [best] if best not in chosen else []
                wanted = {character for character in wanted if not self._covered(best, character)}
            if wanted and script in SPARE_SHAPED:
                chosen.append(SPARE_SHAPED[script])
            elif wanted and script not in UNSHAPED and script != SIGNS:
                return None
        return chosen

    def _best(self, families: list[str], wanted: set[str], script: str) -> str:
        """The family that draws most of these characters, the first one of equals; "" where none draws any."""
        most, best = 0, ""
        for family in families:
            drawn = sum(self._covered(family, character) for character in wanted)
            if drawn > most and self._can_shape(family, script):
                most, best = drawn, family
                if drawn == len(wanted):
                    break
        return best

    def _covered(self, family: str, character: str) -> bool:
        return bisect_right(self._read(family), ord(character)) % 2 == 1

    def _can_shape(self, family: str, script: str) -> bool:
        self._read(family)
        tags = unicodedata.ot_tags_from_script(script)
        return script in UNSHAPED or script == SIGNS or not self._shapes[family].isdisjoint(tags)

    @cached_property
    def _regular(self) -> dict[str, tuple[str, int]]:
        """The file of each family's plainest font, and its place in that file."""
        fonts = sorted(
            self.fonts.fonts(), key=lambda one: (one.style != "normal", abs(one.weight - 400), one.path or "")
        )
        found: dict[str, tuple[str, int]] = {}
        for font in fonts:
            if font.path and not any(name in font.family for name in AVOIDED.split("|")):
                found.setdefault(font.family, (font.path, font.index))
        return found

    def _read(self, family: str) -> Ranges:
        with self._reading:
            if family not in self._covers:
                self._covers[family], self._shapes[family] = _contents(*self._regular[family])
        return self._covers[family]


@cache
def of_this_machine() -> Typefaces:
    """The typefaces that were here when they were first asked for."""
    return Typefaces()


def compiled(source: bytes, **options: Any) -> bytes:
    """What typst makes of a source. Raises Unset where it cannot, or where it breaks.

    Version 0.15 does so on a few lines from right to left with a sign that no font has.
    """
    try:
        made: bytes = typst.compile(source, **options)
    except typst.TypstError as error:
        raise Unset(error.message) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # what a panic in Rust comes as, which is no Exception
            raise
        raise Unset("typst broke") from error
    return made


def _contents(path: str, index: int) -> tuple[Ranges, frozenset[str]]:
    """The characters that a font draws, and the OpenType scripts that it shapes; nothing of one that cannot be read."""
    try:
        with TTFont(path, fontNumber=index, lazy=True) as font:
            drawn = sorted(code for code, glyph in (font.getBestCmap() or {}).items() if glyph != ".notdef")
            scripts = font["GSUB"].table.ScriptList.ScriptRecord if "GSUB" in font else ()
            return _ranges(drawn), frozenset(record.ScriptTag.strip() for record in scripts)
    except (TTLibError, OSError, AttributeError, AssertionError, LookupError, ValueError):
        return [], frozenset()


def _ranges(codes: Sequence[int]) -> Ranges:
    ranges: Ranges = []
    for code in codes:
        if ranges and ranges[-1] == code:
            ranges[-1] += 1
        else:
            ranges += [code, code + 1]
    return ranges


def _by_script(words: str) -> dict[str, set[str]]:
    """The characters that need a typeface beyond the packaged one, by script; what several scripts share goes along."""
    found: dict[str, set[str]] = {}
    last = SIGNS
    for character in words:
        if character < "\u0180" or unicodedata.category(character) in ("Cf", "Zs"):
            continue
        script = unicodedata.script(character)
        if script == "Zinh" or (script == SIGNS and last in unicodedata.script_extension(character)):
            script = last
        last = script
        found.setdefault(script, set()).add(character)
    return found


def scripts(words: str) -> frozenset[str]:
    """The scripts (ISO 15924) of these characters."""
    return frozenset(_by_script(words))


def region(language: str) -> str:
    """The region whose shapes of ideographs a language uses; "" of one that uses none."""
    tag = language.lower()
    return next((REGIONS[one] for one in (tag, tag[:7], tag.partition("-")[0]) if one in REGIONS), "")


def _rank(family: str, language: str, emoji: bool) -> tuple[bool, bool, bool, int, str]:
    """Smaller is better: a book face before others, one made for the language before its neighbours."""
    shapes = region(language).replace("CN", "SC").replace("TW", "TC") or "SC"
    foreign = "CJK" in family and not family.endswith(shapes)
    bookish = next((at for at, name in enumerate(BOOKISH) if name in family), len(BOOKISH))
    last = any(name in family.split() for name in LAST)
    return (("Emoji" in family) != emoji, last, foreign, bookish, family)


def _packaged(words: str, language: str) -> Face:
    """The packaged family; among ideographs it leaves the quotation marks and dashes to the family that sets these."""
    among = scripts(words) & {"Hani", "Hira", "Kana", "Bopo"} and not language.startswith("ko")
    return {"name": PACKAGED, "covers": "latin-in-cjk"} if among else PACKAGED


_PROOF = b"""
#set page(width: 1200pt, height: auto)
#set text(size: 10pt, font: json(bytes(sys.inputs.faces)), fallback: false, hyphenate: false)
#text(..if sys.inputs.lang != "" { (lang: sys.inputs.lang) }, sys.inputs.words)
"""
