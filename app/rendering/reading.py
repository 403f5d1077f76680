"""The reading view: paragraphs and annotations, laid side by side and ready to be shown."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from app.rendering.crowds import Crowd, sentence_of
from app.rendering.notes import Note, note_of
from app.rendering.rows import Mark, Row, Sentence, Style
from app.rendering.shapes import Styled, nest, sentences_by_cell, shape_of, tag_of
from app.rendering.threads import Turn
from app.storage.articles import Block
from app.storage.margins import Seen
from app.storage.people.readers import Reader
from app.text.languages import Direction, Writing, writing, writing_of
from app.text.pieces import pieces
from app.text.spans import Span

DEEPEST = 3
"""How many highlights over one another still look different."""

Laid = tuple[Span, Seen | None]
"""What lies over a text: an annotation, or (None) the pointing at a passage."""

CROWD = 3
"""How many notes a paragraph of a dense article shows before they fold behind their number."""


def direction(language: str, title: str) -> Direction:
    """The direction of a whole page about an article: that of its language, else of its title."""
    written = writing(language)
    return (written if language else writing_of(title, written)).direction


def reading(
    blocks: Sequence[Block],
    annotations: Iterable[Seen],
    reader: Reader | None,
    passage: Span | None = None,
    dense: bool = False,
    language: str = "",
    threads: Mapping[int, list[Turn]] = MappingProxyType({}),
    crowds: Iterable[Crowd] = (),
    popular: Mapping[int, int] = MappingProxyType({}),
) -> list[Row]:
    """Lay annotations over paragraphs: a row for each, marks flat, every note in the row where its passage begins.

    `passage` (code points) is one that the page points at. Of a `dense` article the notes fold. `language` is the
    article's; paragraphs and sentences in other letters than that is written in say so. `threads` are the replies by
    the id of their note, `crowds` what does not stand here, `popular` readers by sentence (its start).
    """
    waiting = {crowd.start: crowd for crowd in crowds}
    moderation = "" if reader is None else "hide" if reader.is_owner else "flag"
    reader_id = reader.id if reader else None
    # The topmost first: one's own, then the newest.
    by_height = sorted(annotations, key=lambda seen: (seen.reader_id == reader_id, seen.id), reverse=True)
    laid: list[Laid] = [(seen.span, seen) for seen in by_height]
    if passage:
        laid.append((passage, None))
    rows: list[Row] = []
    numbered = 0
    for block in blocks:
        over = [one for one in laid if one[0].start < block.end and one[0].end > block.start]
        notes = [
            _note(seen, block, reader_id, threads.get(seen.id, []), moderation)
            for span, seen in over
            if seen and span.start >= block.start
        ]
        notes.sort(key=lambda note: (note.start, note.id))
        written = writing_of(block.text, writing(language))
        styled = Styled(block) if block.structure else None
        laying = (written, over, reader_id, styled)
        table = [
            [list(_sentences(block, cell, found, *laying)) for cell, found in line] for line in sentences_by_cell(block)
        ]
        if table:
            sentences = [sentence for line in table for cell in line for sentence in cell]
        else:
            sentences = list(_sentences(block, block.span, block.sentence_spans, *laying))
        numbered = _number(notes, sentences, numbered)
        rows.append(
            Row(
                block.number,
                block.start,
                block.end,
                tag_of(block),
                written,
                sentences,
                notes,
                _density(len(notes), dense),
                shape_of(block, table),
            )
        )
        for sentence in rows[-1].sentences if waiting or popular else ():
            if sentence.start is not None:
                sentence.crowd = waiting.get(sentence.start)
                sentence.popular = popular.get(sentence.start, 0)
                rows[-1].density = "stubs" if sentence.crowd else rows[-1].density
    nest([row.shape for row in rows])
    return rows


def is_dense(annotations: int, paragraphs: int) -> bool:
    """Whether an article has more annotations than the margin shows in full: more than one a paragraph."""
    return annotations > paragraphs


def _density(notes: int, dense: bool) -> str:
    if notes <= CROWD:
        return "stubs" if dense and notes > 1 else "roomy"
    return "crowd" if dense else "stubs"


def _number(notes: list[Note], sentences: list[Sentence], numbered: int) -> int:
    """Number a row's notes on from those before, and the last pieces of their passages alike; gives the last number."""
    ends = {id: mark for one in sentences for _, mark, _ in one.pieces if mark for id in mark.ids.split()}
    for note in notes:
        note.number = numbered = numbered + 1
        if mark := ends.get(str(note.id)):
            mark.numbers += f", {numbered}" if mark.numbers else str(numbered)
    return numbered


def _sentences(
    block: Block,
    stretch: Span,
    found: Iterable[Span],
    written: Writing,
    over: list[Laid],
    reader_id: int | None,
    styled: Styled | None,
) -> Iterable[Sentence]:
    at = stretch.start
    for span in found:
        if at < span.start:
            yield Sentence(None, _pieces(block, Span(at, span.start), over, reader_id, styled))
        own = writing_of(span.shifted(-block.start).of(block.text), written)
        yield Sentence(span.start, _pieces(block, span, over, reader_id, styled), None if own is written else own)
        at = span.end
    if at < stretch.end:
        yield Sentence(None, _pieces(block, Span(at, stretch.end), over, reader_id, styled))


def _pieces(
    block: Block, stretch: Span, over: list[Laid], reader_id: int | None, styled: Styled | None
) -> list[tuple[str, Mark | None, Style | None]]:
    if not over and not styled:
        return [(stretch.shifted(-block.start).of(block.text), None, None)]
    return [
        (part.shifted(-block.start).of(block.text), _mark(part, covering, reader_id) if covering else None, style)
        for span, covering in pieces(stretch, over)
        for part, style in (styled.parts(span) if styled else ((span, None),))
    ]


def _mark(span: Span, covering: Sequence[Laid], reader_id: int | None) -> Mark:
    seen = [one for _, one in covering if one]
    pointed = [passage for passage, one in covering if not one]
    look = [seen[0].colour] if seen else []
    if len(seen) > 1:
        look.append(f"deep-{min(len(seen), DEEPEST)}")
    if any(one.reader_id == reader_id for one in seen):
        look.append("mine")
    if seen and all(one.resolved_at for one in seen):
        look.append("resolved")
    if pointed:
        look.append("pointed")
    return Mark(
        ids=" ".join(str(one.id) for one in seen),
        topmost=seen[0].id if seen else None,
        look=" ".join(look),
        begins=", ".join(f"--a{one.id}" for one in seen if one.start == span.start),
        first=bool(pointed) and pointed[0].start == span.start,
    )


def _note(seen: Seen, block: Block, reader_id: int | None, turns: list[Turn], moderation: str) -> Note:
    sentence = sentence_of(block, seen.start)
    back = f"s{sentence}" if sentence in block.sentences[::2] else f"p{block.start}"
    return note_of(seen, back, reader_id, turns, moderation)
