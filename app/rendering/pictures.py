"""Pictures of cards: PNGs that typst sets from `templates/shares/card.typ`, each drawn once."""

import hashlib
import json
import re
import unicodedata
from functools import cache
from threading import Lock
from typing import Any, NamedTuple

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from cachetools import LRUCache

from app.rendering.typefaces import Typefaces, Unset, compiled, of_this_machine, region, scripts
from app.settings import shipped
from app.text.cuts import cuts, kept_whole, unbroken, visible
from app.text.drafts import JOINT
from app.text.languages import Writing, writing, writing_of

WIDTH, HEIGHT = 1200, 630
"""In pixels."""

BYTES = 300_000
"""What others still show at once."""

ROOM = 2_000
"""More code points of a quote than ever fit: what is beyond is not looked at."""

SOLID = 12
"""A stretch without a break of fewer code points fits on a line in every size."""

MARKS = 8
"""More marks than any script lays upon one letter: what has more is no word, and would paint over the card."""

REACHES = {
    (0.98, 0.52, 0.3): frozenset("Mymr Tibt Khmr Lana".split()),
    (0.84, 0.2, 0.5): frozenset("Hani Hira Kana Hang".split()),
    (0.88, 0.32, 0.32): frozenset("Deva Beng Guru Gujr Orya Taml Telu Knda Mlym Sinh Thai Laoo Arab Syrc Mong".split()),
}
"""How far letters reach above and below the line, and the room between lines, by script; all in ems."""

LATIN_REACH = (0.78, 0.22, 0.36)


class Picture(NamedTuple):
    """What a card's picture shows: the quote and its colour, if marked; where it stands, and who has marked it."""

    quote: str = ""
    colour: str = ""
    title: str = ""
    author: str = ""
    reader: str = ""
    noted: bool = False
    language: str = ""

    @property
    def version(self) -> str:
        """Names what is drawn: another with other words or another look."""
        return hashlib.sha256(repr((tuple(self), _template())).encode()).hexdigest()[:16]


class Pictures:
    """Pictures drawn so far, by what they show. The least used go when `size` (bytes) is full."""

    def __init__(self, size: int, typefaces: Typefaces | None = None) -> None:
        self.typefaces = typefaces or of_this_machine()
        self.drawings = 0
        """How many had to be drawn."""
        self._drawn: LRUCache[str, bytes] = LRUCache(size, getsizeof=len)
        self._drawing = Lock()
        self._turn = CapacityLimiter(1)

    async def drawn(self, picture: Picture) -> bytes:
        """The picture, drawn beside the event loop; who waits for their turn holds no thread."""
        return await run_sync(self.png, picture, limiter=self._turn)

    def tag(self, picture: Picture) -> str:
        """Names the very bytes of a picture: as an ETag has it, RFC 9110, section 8.8.3."""
        return f'"{picture.version}-{self.typefaces.edition}"'

    def png(self, picture: Picture) -> bytes:
        """The picture, drawn now if it has not been. One at a time: who asks for the same waits for it."""
        with self._drawing:
            tag = self.tag(picture)
            drawn = self._drawn.get(tag)
            if drawn is None:
                self.drawings += 1
                drawn = draw(picture, self.typefaces)
                if len(drawn) <= self._drawn.maxsize:
                    self._drawn[tag] = drawn
            return drawn


def draw(picture: Picture, typefaces: Typefaces) -> bytes:
    """Set the card, in at most `BYTES`.

    Words stay away that no typeface covers, or of which nothing fits without a cut inside one; so does what is so
    colourful (emoji by the hundred) that the picture would be too long.
    """
    for shown in (picture, picture._replace(quote=""), Picture()):
        try:
            drawn = set_in_type(sheet(shown, typefaces), typefaces)
        except Unset:
            continue
        if len(drawn) <= BYTES:
            return drawn
    raise Unset("not even the name of Postil can be set")


def set_in_type(card: dict[str, Any], typefaces: Typefaces) -> bytes:
    """A sheet as a PNG."""
    inputs = {"card": json.dumps(card)}
    return compiled(_template(), format="png", ppi=72.0, sys_inputs=inputs, font_paths=typefaces.fonts)


def sheet(picture: Picture, typefaces: Typefaces) -> dict[str, Any]:
    """What the template needs."""
    quote = said(picture.quote, picture.language, typefaces)
    title = said(picture.title, picture.language, typefaces)
    by = f"{'Noted' if picture.noted else 'Marked'} by {picture.reader}" if picture.reader else ""
    return {
        "quote": quote,
        "title": title,
        "author": said(picture.author, picture.language, typefaces),
        "reader": said(by, "en", typefaces) if visible(picture.reader) else None,
        "colour": picture.colour,
        "direction": (quote or title or {"direction": "ltr"})["direction"],
    }


def said(words: str, language: str, typefaces: Typefaces) -> dict[str, Any] | None:
    """Words as the template sets them, or None where they cannot be set: paragraphs in pieces, and where to stop."""
    clipped = len(words) > ROOM
    paragraphs = [line for paragraph in words[:ROOM].split(JOINT) if (line := visible(paragraph))]
    shown = JOINT.join(paragraphs)
    if not _is_readable(shown):
        return None
    written = writing_of(shown, writing(language))
    tag = re.match(r"[A-Za-z]{2,3}(?![A-Za-z0-9])", written.language)
    faces = typefaces.faces(shown, written.language, lang := tag[0].lower() if tag else "")
    if not faces:
        return None
    return _in_pieces(paragraphs, clipped) | {
        "faces": faces,
        "language": lang,
        "region": region(written.language),
        "direction": _direction(shown, written),
        "reach": _reach(shown),
    }


def _in_pieces(paragraphs: list[str], clipped: bool) -> dict[str, Any]:
    """Where the words may stop: counted in pieces, all paragraphs through."""
    pieces: list[list[str]] = []
    words: list[int] = []
    ideographs: list[int] = []
    before = 0
    for line in paragraphs:
        cut = cuts(kept_whole(line))
        words += [before + count for count in cut.words]
        ideographs += [before + count for count in cut.ideographs]
        before += len(cut.pieces)
        words.append(before)
        pieces.append(cut.pieces)
    if clipped:  # the last piece may be half a word
        words.pop()
        pieces[-1].pop()
        before -= 1
    every = enumerate(piece for line in pieces for piece in line)
    return {
        "paragraphs": pieces,
        "pieces": before,
        "clipped": clipped,
        "words": words,
        "ideographs": ideographs,
        "solid": [(at, stretch) for at, piece in every for stretch in unbroken(piece, SOLID)],
    }


def _is_readable(words: str) -> bool:
    """Whether there is anything to read, and no heap of marks, and nothing whose look only one font knows."""
    marks = 0
    seen = False
    for character in words:
        category = unicodedata.category(character)
        if category in ("Co", "Cn"):
            return False
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if marks > MARKS:
            return False
        seen = seen or category[0] in "LNPS"
    return seen


def _direction(words: str, written: Writing) -> str:
    if written.direction != "auto":
        return written.direction
    strong = (unicodedata.bidirectional(character) for character in words)
    return "rtl" if next((one for one in strong if one in ("L", "R", "AL")), "L") != "L" else "ltr"


def _reach(words: str) -> tuple[float, float, float]:
    there = scripts(words)
    return next((reach for reach, of in REACHES.items() if there & of), LATIN_REACH)


@cache
def _template() -> bytes:
    return (shipped("templates") / "shares" / "card.typ").read_bytes()
