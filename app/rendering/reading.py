"""The reading view: paragraphs and annotations, laid side by side and ready to be shown."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from app.rendering.crowds import Crowd, sentence_of
from app.rendering.dates import date
from app.rendering.shapes import Shape, Style, Styled, nest, sentences_by_cell, shape_of, tag_of
from app.rendering.threads import Turn
from app.storage.articles import Block
from app.storage.margins import Seen
from app.storage.readers import Reader
from app.text.languages import Direction, Writing, writing, writing_of
from app.text.pieces import pieces
from app.text.spans import Span
from app.text.tags import tags_of

DEEPEST = 3
"""How many highlights over one another still look different."""

Laid = tuple[Span, Seen | None]
"""What lies over a text: an annotation, or (None) the pointing at a passage."""

LINE = 36
"""About how many characters go into a line of the margin."""

FOLDED = 5
"""Notes of more lines than this fold to four, and a link to the rest."""

CROWD = 3
"""How many notes a paragraph of a dense article shows before they fold behind their number."""

_BLOCK_END = re.compile(r"</(?:p|li|blockquote|pre|tr)>|<br>")
_TAG = re.compile(r"<[^>]*>")


def direction(language: str, title: str) -> Direction:
    """The direction of a whole page about an article: that of its language, else of its title."""
    written = writing(language)
    return (written if language else writing_of(title, written)).direction


@dataclass(slots=True)
class Note:
    """An annotation as it stands in the margin."""

    id: int
    start: int
    end: int
    back: str
    """The fragment of its passage: the sentence where it begins, else the paragraph."""
    reader: str
    mine: bool
    audience: str
    """Who else may see it, where that is not everyone: `only me`, or the name of a group."""
    shareable: bool
    colour: str
    html: str
    made: datetime
    tags: list[str]
    resolved: str
    """Who has resolved it; empty while it is open."""
    moderation: str
    """What its reader may do about it if it is somebody else's: `flag` it, or `hide` it; a visitor nothing."""
    hidden: bool
    """Whether the owner has taken it out of everybody else's sight."""
    deleted: bool
    """Whether only the replies to it are left."""
    turns: list[Turn]
    was: str = ""
    """The words that it was written about, where the text has others there by now."""
    number: int = 0
    """Its place among the notes that are shown together: what paper calls it by."""

    @property
    def label(self) -> str:
        if self.deleted:
            return "A deleted note with replies"
        return f"{'Note' if self.html else 'Highlight'} by {'you' if self.mine else self.reader}, {self.colour}"

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)

    @property
    def look(self) -> str:
        """Its classes."""
        said = {
            "mine": self.mine,
            "bare": not self.html,
            "long": self.long,
            "resolved": bool(self.resolved),
            "deleted": self.deleted,
        }
        return " ".join([self.colour, *(name for name, true in said.items() if true)])

    @property
    def anchor(self) -> str:
        """The CSS name of the piece where its passage begins."""
        return f"--a{self.id}"

    @property
    def long(self) -> bool:
        """Whether it folds: where more than a line would be hidden behind the link to the rest."""
        blocks = [block for block in _BLOCK_END.split(self.html) if block.strip()]
        return sum(max(1, -(-len(_TAG.sub("", block)) // LINE)) for block in blocks) > FOLDED

    @property
    def date(self) -> str:
        return date(self.made)


@dataclass(slots=True)
class Mark:
    """How a piece looks that something covers: the ids of its annotations, the topmost of them, its classes."""

    ids: str
    topmost: int | None
    look: str
    begins: str = ""
    """The CSS anchor names of the notes whose passage begins here."""
    numbers: str = ""
    """The numbers of the notes whose passage, as far as it stands in the row of its note, ends here."""
    first: bool = False
    """Whether the passage that the page points at begins here."""


@dataclass(slots=True)
class Sentence:
    """A sentence, or what stands between two (then `start` is None): its pieces, each with mark and style or None."""

    start: int | None
    pieces: list[tuple[str, Mark | None, Style | None]]
    writing: Writing | None = None
    """How it is written, where that is otherwise than its paragraph."""
    crowd: Crowd | None = None
    popular: int = 0
    """How many readers have marked it, where they are several and that is asked for."""

    @property
    def anchors(self) -> str:
        """The CSS anchor names of what stands beside it as a whole."""
        names = [self.crowd.anchor] if self.crowd else []
        return ", ".join([*names, f"--s{self.start}"] if self.popular else names)


@dataclass(slots=True)
class Row:
    """A paragraph and the notes beside it: the unit that is shown and swapped."""

    number: int
    start: int
    end: int
    tag: str
    writing: Writing
    sentences: list[Sentence]
    notes: list[Note]
    density: str
    """How the notes fold: `roomy` not at all but at four lines, `stubs` to a line, `crowd` behind their number."""
    shape: Shape | None = None
    """What else is to be said of the block, if anything."""

    @property
    def beside(self) -> list[tuple[Sentence | None, list[Note]]]:
        """The margin from top to bottom: notes, led by the sentence where that has a crowd or is popular."""
        led = [sentence for sentence in self.sentences if sentence.crowd or sentence.popular]
        if not led:
            return [(None, self.notes)]
        bounds = [(one.start or 0) for one in led]
        parts: list[tuple[Sentence | None, list[Note]]] = [
            (None, [note for note in self.notes if note.start < bounds[0]]),
        ]
        for sentence, start, end in zip(led, bounds, [*bounds[1:], self.end + 1], strict=True):
            parts.append((sentence, [note for note in self.notes if start <= note.start < end]))
        return parts

    @property
    def count(self) -> int:
        """How many annotations begin here, in sight or not."""
        return len(self.notes) + sum(one.crowd.waiting for one in self.sentences if one.crowd)


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


def _audience(seen: Seen, mine: bool) -> str:
    if seen.visibility == "me":
        return "only me"
    return seen.group or ("a group you have left" if mine and seen.visibility != "everyone" else "")


def _note(seen: Seen, block: Block, reader_id: int | None, turns: list[Turn], moderation: str) -> Note:
    sentence = sentence_of(block, seen.start)
    back = f"s{sentence}" if sentence in block.sentences[::2] else f"p{block.start}"
    return note_of(seen, back, reader_id, turns, moderation)


def note_of(seen: Seen, back: str, reader_id: int | None, turns: list[Turn], moderation: str) -> Note:
    """An annotation as it is shown, in the margin or elsewhere; `back` is the fragment that leads to its passage."""
    return Note(
        id=seen.id,
        start=seen.start,
        end=seen.end,
        back=back,
        reader=seen.reader,
        mine=seen.reader_id == reader_id,
        audience=_audience(seen, seen.reader_id == reader_id),
        shareable=seen.hidden_at is None
        and (seen.visibility == "everyone" or (seen.group is not None and seen.reader_id == reader_id)),
        moderation=moderation,
        hidden=seen.hidden_at is not None,
        colour=seen.colour,
        html=seen.note_html,
        made=seen.created_at,
        tags=tags_of(seen.tags),
        resolved=(seen.resolver or "somebody") if seen.resolved_at else "",
        deleted=seen.deleted_at is not None,
        turns=turns,
        was=(seen.quote or "") if seen.status == "changed" else "",
    )
