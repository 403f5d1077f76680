"""Lists, tables and what lies over words: the page shows the text and nothing else."""

from datetime import UTC, datetime
from types import SimpleNamespace

from hypothesis import given, settings
from hypothesis import strategies as st

from app.rendering.reading import reading
from app.rendering.rows import Row, Shape
from app.rendering.shapes import is_structured, nest
from app.rendering.templates import rendered
from app.storage.articles import Block
from app.storage.margins import Seen
from app.text.drafts import JOINT, Draft, DraftParagraph
from app.text.spans import Span
from app.text.structures import Inline, Structure
from tests.html import Element, parse
from tests.text.test_structures import stretches

ARTICLE = SimpleNamespace(slug="a", closed_at=None)
TOKEN = "abcdefghijklmnopqrstuv"
PICTURE = Structure(picture=TOKEN, width=300, height=200)
KINDS = st.sampled_from("p heading quotation code table picture caption footnote".split())


@st.composite
def paragraphs(draw: st.DrawFn) -> DraftParagraph:
    kind = draw(KINDS)
    words = draw(st.text(st.sampled_from("aé字😀.<&\"' \n\t"), min_size=1, max_size=20).filter(str.strip))
    text = words if kind == "table" else words.strip()
    structure = Structure(
        tuple(draw(stretches(len(text)))),
        level=draw(st.integers(0, 9)),
        depth=draw(st.integers(0, 3)),
        marker=draw(st.sampled_from(["", "•", "3."])),
        fresh=draw(st.booleans()),
        quoted=draw(st.integers(0, 2)),
        head=draw(st.integers(0, 2)),
        picture=draw(st.sampled_from(["", TOKEN])),
        width=300,
        height=draw(st.integers(0, 1)),
    )
    return DraftParagraph(text, kind, structure)


def blocks_of(draft: Draft) -> list[Block]:
    return [
        Block(
            number,
            span.start,
            span.end,
            paragraph.kind,
            paragraph.text,
            [at for sentence in found for at in (sentence.start, sentence.end)],
            paragraph.structure or None,
        )
        for number, (paragraph, span, found) in enumerate(
            zip(draft.paragraphs, draft.spans, draft.sentences, strict=True), start=1
        )
    ]


def seen(id: int, span: Span) -> Seen:
    made = datetime(2026, 1, 2, tzinfo=UTC)
    return Seen(id, span.start, span.end, 1, "Ann", "yellow", "everyone", "", made, note_html="<p>x</p>")


def shown(row: Row) -> Element:
    page = parse(rendered("articles/paragraph.html", article=ARTICLE, row=row, query=""))
    (block,) = [element for element in page.below() if "data-start" in element]
    return block


def block(text: str, *inline: Inline, kind: str = "p", level: int = 0) -> Block:
    return Block(1, 0, len(text), kind, text, [0, len(text)], Structure(inline, level) or None)


@settings(deadline=None)
@given(st.lists(paragraphs(), min_size=1, max_size=6), st.lists(st.tuples(st.integers(0, 90), st.integers(0, 90))))
def test_the_page_shows_every_word_once_whatever_lies_over_it(
    drafted: list[DraftParagraph], marked: list[tuple[int, int]]
) -> None:
    draft = Draft("A", tuple(drafted))
    marks = [seen(id, Span(min(pair), max(pair))) for id, pair in enumerate(marked, 1)]
    rows = reading(blocks_of(draft), marks, None)
    assert JOINT.join(shown(row).text for row in rows) == draft.text
    for row, paragraph in zip(rows, draft.paragraphs, strict=True):
        element = shown(row)
        for sentence in element.all("span", "sentence"):
            start = int(sentence.id[1:]) - row.start
            assert paragraph.text[start:].startswith(sentence.text)
        assert all(mark.tag != "mark" for one in element.all("mark") for mark in one.below())
        assert all(not link["href"].startswith(("javascript", "/")) for link in element.all("a"))


@given(st.lists(st.tuples(st.integers(0, 4), st.booleans(), st.booleans()), max_size=12))
def test_lists_open_and_close_in_pairs(said: list[tuple[int, bool, bool]]) -> None:
    shapes = [Shape("", "•" * marked, depth, fresh, [], 0) if depth else None for depth, marked, fresh in said]
    nest(shapes)
    open: list[str] = []
    for shape, (depth, *_) in zip(shapes, said, strict=True):
        if shape:
            open += shape.opens
        assert open == ["list", "listitem"] * depth
        del open[len(open) - (shape.closes if shape else 0) :]
    assert open == []


def test_items_of_one_list_stand_in_one_list() -> None:
    shapes = [Shape("", marker, depth, fresh, [], 0) for marker, depth, fresh in (
        ("•", 1, True), ("", 1, False), ("1.", 2, True), ("•", 1, False), ("1.", 1, True)
    )]  # fmt: skip
    nest(list(shapes))
    assert [(shape.opens, shape.closes) for shape in shapes] == [
        (["list", "listitem"], 0),
        ([], 0),
        (["list", "listitem"], 3),
        (["listitem"], 2),
        (["list", "listitem"], 2),
    ]


def test_stretches_are_cut_by_marks_and_marks_by_stretches() -> None:
    over = (
        Inline(Span(0, 8), "link", "https://example.org/?a=1&b=2"),
        Inline(Span(4, 12), "strong"),
        Inline(Span(6, 10), "emphasis"),
        Inline(Span(0, 12), "strong"),
    )
    (row,) = reading([block("abcdefghijkl", *over)], [seen(7, Span(2, 9))], None)
    element = shown(row)
    assert [link.text for link in element.all("a")] == ["ab", "cdef", "gh"]
    assert {link["rel"] for link in element.all("a", href="https://example.org/?a=1&b=2")} == {
        "nofollow noopener noreferrer"
    }
    assert [mark.text for mark in element.all("mark", data_annotations="7")] == ["cdef", "gh", "i"]
    assert "".join(mark.text for mark in element.all("mark", data_anchors="--a7")) == "cdef"
    assert [strong.text for strong in element.all("strong")] == ["ab", "cdef", "gh", "i", "j", "kl"]
    assert [em.text for em in element.all("em")] == ["gh", "i", "j"]


def test_a_footnote_is_led_to_from_a_raised_number() -> None:
    (row,) = reading([block("so[1]", Inline(Span(2, 5), "reference", "#p12"))], [], None)
    link = shown(row).one("a", href="#p12")
    assert (link.one("sup").text, "rel" in link) == ("[1]", False)


def test_a_table_has_its_cells_and_what_separates_them_between() -> None:
    text = "Name\tAge\n\tten. Years\nBo\t"
    made = Block(1, 5, 5 + len(text), "table", text, [5, 9, 10, 13, 15, 19, 20, 25, 26, 28], Structure(head=1))
    (row,) = reading([made], [seen(3, Span(6, 22))], None)
    element = shown(row)
    assert element.text == text
    assert (element.tag, element["tabindex"], element["aria-label"]) == ("div", "0", "Table")
    lines = element.all("tr")
    assert [[cell.text for cell in line.children if isinstance(cell, Element)] for line in lines] == [
        ["Name", "Age"],
        ["", "ten. Years"],
        ["Bo", ""],
    ]
    assert [cell["scope"] for cell in element.all("th")] == ["col", "col"]
    assert [mark.text for mark in element.all("mark")] == ["ame", "Age", "ten.", " ", "Ye"]


def test_headings_have_their_level_below_the_title() -> None:
    tags = [reading([block("a", kind="heading", level=level)], [], None)[0].tag for level in range(8)]
    assert tags == ["h2", "h2", "h3", "h4", "h5", "h6", "h6", "h6"]


def test_plain_paragraphs_have_no_shape_and_need_no_style_of_their_own() -> None:
    plain = reading([block("a"), block("b", kind="code"), block("c", kind="heading")], [], None)
    assert not is_structured(plain)
    assert is_structured(reading([block("a", Inline(Span(0, 1), "code"))], [], None))
    assert is_structured(reading([block("a", kind="table")], [], None))


def rows_of(*drafted: DraftParagraph) -> list[Row]:
    return reading(blocks_of(Draft("A text", drafted)), [], None)


def figures(*kinds: str) -> str:
    """What stands around rows of these kinds: `(` and `)` for where a figure begins and ends."""
    rows = rows_of(*(DraftParagraph(kind, kind, PICTURE if kind == "picture" else Structure()) for kind in kinds))
    said = [f"{'(' * len(row.shape.opens)}{row.tag}{')' * row.shape.closes}" if row.shape else "-" for row in rows]
    return " ".join(said)


def test_a_picture_and_its_caption_are_a_figure() -> None:
    assert figures("picture", "caption") == "(p p)"
    assert figures("picture", "caption", "caption") == "(p p p)"
    assert figures("picture", "picture", "caption", "p") == "(p p p) -"
    assert figures("picture", "caption", "picture", "caption") == "(p p) (p p)"
    assert figures("picture", "p", "caption") == "p - p"
    assert figures("caption", "table", "picture") == "p div p"


def test_a_figure_in_an_item_ends_before_the_item_does() -> None:
    item = Structure(depth=1, marker="•", fresh=True, picture=TOKEN, width=300, height=200)
    rows = rows_of(
        DraftParagraph("a", "picture", item),
        DraftParagraph("b", "caption", Structure(depth=1)),
        DraftParagraph("c", "caption", Structure(depth=1, marker="•")),
    )
    assert [(row.shape.opens, row.shape.closes) for row in rows if row.shape] == [
        (["list", "listitem", "figure"], 0),
        ([], 2),
        (["listitem"], 2),
    ]


def test_a_picture_is_shown_by_its_token_alone() -> None:
    for name in ("", "https://example.org/a.png", "../a", f'{TOKEN[:-2]}">'):
        (row,) = rows_of(DraftParagraph("Words", "picture", Structure(picture=name, width=300, height=200)))
        assert row.shape
        assert row.shape.picture is None
    (row,) = rows_of(DraftParagraph("Words", "picture", Structure(picture=TOKEN)))
    assert row.shape
    assert row.shape.picture is None
