"""A draft as it will be read, before it is an article."""

from dataclasses import replace
from itertools import accumulate

from app.rendering.reading import reading
from app.rendering.rows import Row
from app.storage.articles import Block
from app.text import structures
from app.text.drafts import Draft

_STANDS_IN = "0" * 22
"""For a token: pictures get theirs with the article that shows them."""


PARAGRAPHS = 300
LETTERS = 100_000
"""How many paragraphs, or code points, are shown before one asks for all: a whole novel would take its time."""


def beginning(draft: Draft) -> int:
    """How many paragraphs of a draft are shown at first."""
    lengths = accumulate(len(one.text) for one in draft.paragraphs[:PARAGRAPHS])
    return max(1, sum(length <= LETTERS for length in lengths))


def rows_of(draft: Draft, pictures: str, at_most: int | None = None) -> list[Row]:
    """The rows of a draft, or so many of them.

    `pictures` is what the addresses of its pictures begin with; their names follow.
    """
    starts = [span.start for span in draft.spans]
    shown = list(zip(draft.paragraphs, draft.spans, draft.sentences, strict=True))[:at_most]
    blocks = []
    for number, (one, span, found) in enumerate(shown, start=1):
        said = one.structure
        if picture := draft.pictures.get(said.picture):
            said = replace(said, picture=_STANDS_IN, width=picture.width, height=picture.height)
        cut = [at for sentence in found for at in (sentence.start, sentence.end)]
        structure = structures.read(structures.written(said, starts))
        blocks.append(Block(number, span.start, span.end, one.kind, one.text, cut, structure))
    rows = reading(blocks, (), None, language=draft.language)
    for row, (one, _, _) in zip(rows, shown, strict=True):
        if row.shape and row.shape.picture:
            row.shape.picture = row.shape.picture._replace(path=f"{pictures}{one.structure.picture}")
    return rows
