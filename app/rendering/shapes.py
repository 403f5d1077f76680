"""The shapes of blocks: their element, what stands around them, and how stretches of them look."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from app.rendering.rows import Row, Sentence, Shape, Shown, Style
from app.storage.articles import Block
from app.text.spans import Span
from app.text.structures import PLAIN, Inline, Structure, cells, runs

TAGS = {"p": "p", "heading": "h2", "quotation": "blockquote", "code": "pre", "table": "div"}

STYLES = {
    "reference": "sup",
    "superscript": "sup",
    "subscript": "sub",
    "deleted": "s",
    "strong": "strong",
    "emphasis": "em",
    "code": "code",
}
"""What each kind of stretch becomes, from the outside in."""

_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")


def tag_of(block: Block) -> str:
    """The element of a block. The title of the article is the only `h1`."""
    if block.kind == "heading" and block.structure:
        return f"h{min(block.structure.level + 1, 6)}" if block.structure.level else "h2"
    return TAGS.get(block.kind, "p")


def shape_of(block: Block, table: list[list[list[Sentence]]]) -> Shape | None:
    """The shape of a block, or None where its element says all."""
    said = block.structure
    if said is None and block.kind in ("p", "heading", "quotation", "code"):
        return None
    said = said or PLAIN
    look = [block.kind] if block.kind in ("table", "picture", "caption", "footnote") else []
    picture = _picture(block, said)
    look += ["shown"] if picture else []
    look += [f"in-{said.depth}"] if said.depth else []
    look += ["quoted"] if said.quoted else []
    return Shape(" ".join(look), said.marker, said.depth, said.fresh, table, said.head, picture)


def _picture(block: Block, said: Structure) -> Shown | None:
    if block.kind != "picture" or not _TOKEN.fullmatch(said.picture) or not (said.width > 0 and said.height > 0):
        return None
    return Shown(f"/pictures/{said.picture}", said.width, said.height, block.text)


def sentences_by_cell(block: Block) -> list[list[tuple[Span, list[Span]]]]:
    """The cells of a table, line by line, each with its sentences (code points of the article's text); else nothing."""
    if block.kind != "table":
        return []
    waiting = iter([*block.sentence_spans, Span(block.end + 1, block.end + 1)])
    sentence = next(waiting)
    table = []
    for line in cells(block.text):
        row = []
        for cell in line:
            stretch = cell.shifted(block.start)
            found = []
            while sentence.end <= stretch.end:
                found.append(sentence)
                sentence = next(waiting)
            row.append((stretch, found))
        table.append(row)
    return table


def nest(shapes: Sequence[Shape | None]) -> None:
    """Say of each row which lists and items begin and end with it, from how deep it lies and where lists begin."""
    open = 0
    before: Shape | None = None
    for shape in shapes:
        depth = shape.depth if shape else 0
        if before and depth < open:
            before.closes += 2 * (open - depth)
            open = depth
        if shape and before and depth and depth == open:
            if shape.fresh:
                before.closes += 2
                shape.opens = ["list", "listitem"]
            elif shape.marker:
                before.closes += 1
                shape.opens = ["listitem"]
        if shape and depth > open:
            shape.opens += ["list", "listitem"] * (depth - open)
            open = depth
        before = shape
    if before:
        before.closes += 2 * open
    for first, last in _figures(shapes):
        first.opens.append("figure")
        last.closes += 1


def _figures(shapes: Sequence[Shape | None]) -> Iterator[tuple[Shape, Shape]]:
    """Where pictures stand with their caption: the first of them, and the last caption."""
    at = 0
    while at < len(shapes):
        first, end = shapes[at], at + 1
        while first and first.picture and end < len(shapes) and _goes_on(shapes[end - 1], shapes[end]):
            end += 1
        last = shapes[end - 1]
        if first and last and end > at + 1 and last.is_caption:
            yield first, last
        at = end


def _goes_on(before: Shape | None, shape: Shape | None) -> bool:
    """Whether a figure goes on with a shape: with one more picture, or with what is said of all."""
    if not before or not shape or before.closes or shape.opens:
        return False
    return shape.is_caption or (bool(shape.picture) and not before.is_caption)


def is_structured(rows: Iterable[Row]) -> bool:
    """Whether a text needs more than the style of plain paragraphs: lists, tables, links and the like."""
    return any(row.shape for row in rows)


class Styled:
    """How each stretch of a block looks."""

    def __init__(self, block: Block) -> None:
        self._starts: list[int] = []
        self._styles: list[Style | None] = []
        self._end = block.end
        for start, over in runs(block.structure.inline if block.structure else (), len(block.text)):
            style = _style(over)
            if not self._starts or style != self._styles[-1]:
                self._starts.append(block.start + start)
                self._styles.append(style)

    def parts(self, span: Span) -> Iterator[tuple[Span, Style | None]]:
        """Cut a stretch of the block (code points of the article's text) where its look changes."""
        at = bisect_right(self._starts, span.start) - 1
        start = span.start
        while start < span.end:
            end = min(self._starts[at + 1] if at + 1 < len(self._starts) else self._end, span.end)
            yield Span(start, end), self._styles[at]
            start = end
            at += 1


def _style(over: Sequence[Inline]) -> Style | None:
    if not over:
        return None
    kinds = {one.kind for one in over}
    target = next((one.target for one in over if one.target), "")
    return target, tuple(dict.fromkeys(tag for kind, tag in STYLES.items() if kind in kinds))
