"""Fonts that tests make themselves."""

import random
from pathlib import Path
from typing import Any

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen


def font(folder: Path, family: str, letters: str, shapes: str = "", splinters: int = 1) -> None:
    """Put a font there whose letters are so many splinters, and that shapes a script if told (its OpenType tag)."""
    names = [".notdef", *(f"u{ord(letter):04x}" for letter in letters)]
    made = FontBuilder(1000, isTTF=True)
    made.setupGlyphOrder(names)
    made.setupCharacterMap({ord(letter): f"u{ord(letter):04x}" for letter in letters})
    made.setupGlyf({name: _splinters(random.Random(name), splinters) for name in names})
    made.setupHorizontalMetrics(dict.fromkeys(names, (1000, 0)))
    made.setupHorizontalHeader(ascent=800, descent=-200)
    made.setupNameTable({"familyName": family, "styleName": "Regular", "psName": family.replace(" ", "")})
    made.setupOS2(sTypoAscender=800, sTypoDescender=-200, usWinAscent=800, usWinDescent=200)
    made.setupPost()
    if shapes:
        rule = f"feature abvs {{ sub {names[1]} by {names[2]}; }} abvs;"
        made.addOpenTypeFeatures(f"languagesystem DFLT dflt; languagesystem {shapes} dflt; {rule}")
    made.save(folder / f"{family}.ttf")


def _splinters(chance: random.Random, count: int) -> Any:
    pen = TTGlyphPen(None)
    for _ in range(count):
        across, up = chance.randrange(900), chance.randrange(-200, 700)
        pen.moveTo((across, up))
        for _ in range(2):
            pen.lineTo((across + chance.randrange(1, 100), up + chance.randrange(1, 100)))
        pen.closePath()
    return pen.glyph()
