"""Pictures of cards: PNGs that typst sets from `templates/shares/card.typ`, each drawn once."""

import hashlib
import json
import re
import unicodedata
from functools import cache
from threading import Lock
from typing import Any, NamedTuple

import typst
from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from cachetools import LRUCache

from app.rendering.typefaces import Typefaces, of_this_machine, region, scripts
from app.settings import shipped
from app.text.cuts import cuts, kept_whole, unbroken, visible
from app.text.drafts import JOINT
from app.text.languages import Writing, writing, writing_of

WIDTH, HEIGHT = 1200, 630
"""In pixels."""

ROOM = 2_000
"""More code points of a quote than ever fit: what is beyond is not looked at."""

SOLID = 12
"""A stretch without a break of fewer code points fits on a line in every size."""

MARKS = 8
"""More marks than any script lays upon one letter: what has more is no word, and would paint over the card."""

TALL = frozenset("Deva Beng Guru Gujr Orya Taml Telu Knda Mlym Sinh Thai Laoo Arab Syrc Khmr Mymr Tibt Mong".split())
"""Scripts that reach further up and down than Latin letters, and want more room between lines."""


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
    """Set the card: words that no typeface covers, or that nothing but a cut inside one would make fit, stay away."""
    inputs = {"card": json.dumps(sheet(picture, typefaces))}
    return typst.compile(_template(), format="png", ppi=72.0, sys_inputs=inputs, font_paths=typefaces.fonts)


def sheet(picture: Picture, typefaces: Typefaces) -> dict[str, Any]:
    """What the template needs."""
    quote = said(picture.quote, picture.language, typefaces)
    title = said(picture.title, picture.language, typefaces)
    by = f"{'Noted' if picture.noted else 'Marked'} by \u2068{picture.reader}\u2069" if picture.reader else ""
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
    pieces: list[list[str]] = []
    stops: list[int] = []
    ideographs: list[int] = []
    before = 0
    for line in paragraphs:
        cut = cuts(kept_whole(line))
        stops += [before + count for count in cut.words]
        ideographs += [before + count for count in cut.ideographs]
        before += len(cut.pieces)
        stops.append(before)
        pieces.append(cut.pieces)
    if clipped:  # the last piece may be half a word
        stops.pop()
        before -= 1
        pieces[-1].pop()
    return {
        "paragraphs": pieces,
        "pieces": before,
        "clipped": clipped,
        "stops": stops,
        "ideographs": ideographs,
        "solid": [
            (at, stretch)
            for at, piece in enumerate(piece for line in pieces for piece in line)
            for stretch in unbroken(piece, SOLID)
        ],
        "faces": faces,
        "language": lang,
        "region": region(written.language),
        "direction": _direction(shown, written),
        "leading": _leading(shown, faces),
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


def _leading(words: str, faces: list[Any]) -> float:
    """The room between lines, in ems."""
    if any("Nastaliq" in str(face) for face in faces):
        return 1.1
    there = scripts(words)
    return 0.5 if there & TALL else 0.55 if there & {"Hani", "Hira", "Kana"} else 0.36


@cache
def _template() -> bytes:
    return (shipped("templates") / "shares" / "card.typ").read_bytes()
