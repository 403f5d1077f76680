"""Annotations laid over paragraphs: which mark is on top, and in which row a note stands."""

from datetime import UTC, datetime

from app.rendering.reading import direction, reading
from app.rendering.rows import Mark
from app.storage.articles import Block
from app.storage.margins import Seen
from app.storage.people.readers import Reader
from app.text.spans import Span

#         0123456789  0123456789
BLOCKS = [Block(1, 0, 10, "p", "One. Two. ", [0, 4, 5, 9]), Block(2, 12, 22, "heading", "Three four", [12, 22])]
ANN, BOB = Reader(id=1, name="Ann"), Reader(id=2, name="Bob")


def seen(
    id: int, start: int, end: int, reader: Reader = ANN, colour: str = "yellow", note: str = "<p>x</p>", by: str = ""
) -> Seen:
    return Seen(
        id,
        start,
        end,
        reader.id,
        reader.name,
        colour,
        by or "everyone",
        "",
        datetime(2026, 1, 2, tzinfo=UTC),
        note_html=note,
    )


def marks(*annotations: Seen, reader: Reader | None = None, passage: Span | None = None) -> list[tuple[str, Mark]]:
    rows = reading(BLOCKS, annotations, reader, passage)
    return [
        (words, mark)
        for row in rows
        for sentence in row.sentences
        for words, mark, _ in sentence.pieces
        if mark is not None
    ]


def test_a_text_without_notes_is_its_sentences_and_what_stands_between() -> None:
    rows = reading(BLOCKS, [], None)
    assert [(one.start, one.pieces) for one in rows[0].sentences] == [
        (0, [("One.", None, None)]),
        (None, [(" ", None, None)]),
        (5, [("Two.", None, None)]),
        (None, [(" ", None, None)]),
    ]
    assert [(row.number, row.start, row.end, row.tag, row.notes) for row in rows] == [
        (1, 0, 10, "p", []),
        (2, 12, 22, "h2", []),
    ]


def test_overlapping_highlights_are_cut_flat_and_look_deeper_together() -> None:
    found = marks(seen(1, 0, 3), seen(2, 1, 4, BOB, "blue"), seen(3, 2, 9, BOB, "pink"), seen(4, 2, 3, BOB))
    assert [(words, mark.ids, mark.look) for words, mark in found] == [
        ("O", "1", "yellow"),
        ("n", "2 1", "blue deep-2"),
        ("e", "4 3 2 1", "yellow deep-3"),
        (".", "3 2", "pink deep-2"),
        (" ", "3", "pink"),
        ("Two.", "3", "pink"),
    ]


def test_ones_own_highlight_lies_on_top_then_the_newest() -> None:
    three = [seen(1, 0, 4, ANN), seen(2, 0, 4, BOB), seen(3, 0, 4, BOB)]
    assert [mark.topmost for _, mark in marks(*three, reader=ANN)] == [1]
    assert [mark.topmost for _, mark in marks(*three, reader=BOB)] == [3]
    assert [mark.ids for _, mark in marks(*three)] == ["3 2 1"]


def test_a_note_stands_where_its_passage_begins_though_that_reaches_further() -> None:
    rows = reading(BLOCKS, [seen(1, 6, 17)], None)
    assert [[note.id for note in row.notes] for row in rows] == [[1], []]
    assert [words for words, _ in marks(seen(1, 6, 17))] == ["wo.", " ", "Three"]


def test_notes_stand_in_the_order_of_the_text() -> None:
    rows = reading(BLOCKS, [seen(3, 0, 4), seen(1, 5, 9), seen(2, 0, 9)], ANN)
    assert [note.id for note in rows[0].notes] == [2, 3, 1]


def test_a_note_leads_back_to_the_sentence_where_it_begins() -> None:
    rows = reading(BLOCKS, [seen(1, 0, 1), seen(2, 4, 9), seen(3, 7, 9), seen(4, 14, 20)], None)
    assert [note.back for row in rows for note in row.notes] == ["s0", "s0", "s5", "s12"]


def test_a_note_before_any_sentence_leads_back_to_its_paragraph() -> None:
    (row,) = reading([Block(1, 3, 9, "p", "  a b.", [5, 9])], [seen(1, 3, 6)], None)
    assert row.notes[0].back == "p3"


def test_a_note_says_whose_and_what_it_is() -> None:
    notes = [seen(1, 0, 1, ANN), seen(2, 0, 1, BOB, "pink", note=""), seen(3, 0, 1, ANN, by="me")]
    (row, _) = reading(BLOCKS, notes, ANN)
    assert [note.label for note in row.notes] == [
        "Note by you, yellow",
        "Highlight by Bob, pink",
        "Note by you, yellow",
    ]
    assert [(note.mine, note.audience) for note in row.notes] == [(True, ""), (False, ""), (True, "only me")]
    assert row.notes[0].date == "2 Jan 2026"


def test_the_passage_that_is_pointed_at_begins_once() -> None:
    found = marks(seen(1, 6, 8), passage=Span(2, 14))
    assert [(words, mark.ids, mark.look) for words, mark in found] == [
        ("e.", "", "pointed"),
        (" ", "", "pointed"),
        ("T", "", "pointed"),
        ("wo", "1", "yellow pointed"),
        (".", "", "pointed"),
        (" ", "", "pointed"),
        ("Th", "", "pointed"),
    ]
    assert [mark.first for _, mark in found] == [True, *[False] * 6]


def test_a_paragraph_of_an_unknown_kind_is_read_as_a_paragraph() -> None:
    (row,) = reading([Block(1, 0, 1, "<script>", "a", [0, 1])], [], None)
    assert row.tag == "p"


def test_paragraphs_and_sentences_in_other_letters_say_so() -> None:
    blocks = [
        Block(1, 0, 13, "p", "Three. שתים. ", [0, 6, 7, 12]),
        Block(2, 15, 25, "p", "اثنان. ok.", [15, 21, 22, 25]),
    ]
    rows = reading(blocks, [], None, language="en")
    assert [(row.writing.language, row.writing.direction) for row in rows] == [("en", "ltr"), ("", "rtl")]
    told = [
        (one.start, one.writing.language, one.writing.direction)
        for row in rows
        for one in row.sentences
        if one.writing is not None
    ]
    assert told == [(7, "he", "rtl"), (22, "", "ltr")]


def test_a_page_runs_as_its_language_does_else_as_its_title() -> None:
    assert [direction("ar", "News"), direction("", "خبر"), direction("en", "خبر")] == ["rtl", "rtl", "ltr"]


def test_notes_are_numbered_through_and_the_last_piece_of_a_passage_beside_its_note_says_the_number() -> None:
    laid = [seen(1, 0, 3), seen(2, 2, 9), seen(3, 6, 17), seen(4, 12, 17)]
    assert [note.number for row in reading(BLOCKS, laid, None) for note in row.notes] == [1, 2, 3, 4]
    assert [(words, mark.numbers) for words, mark in marks(*laid) if mark.numbers] == [
        ("e", "1"),
        ("wo.", "2"),
        (" ", "3"),
        ("Three", "4"),
    ]
