"""A draft in the making."""

from hypothesis import given
from hypothesis import strategies as st

from app.text.drafting import Drafting
from app.text.drafts import DraftParagraph
from app.text.structures import KINDS

WORDS = st.text(st.sampled_from("ab .é字😀\u00a0\u3000\n\t \r\x00\ud800"), max_size=12)
CALLS = st.one_of(
    st.tuples(st.just("words"), WORDS),
    st.tuples(st.sampled_from(["begin", "end"]), st.sampled_from(sorted(KINDS))),
    st.tuples(st.just("begin"), st.just("link"), st.sampled_from(["https://example.org/", "#a", "javascript:x", ""])),
    st.tuples(st.just("begin_block"), st.sampled_from("p heading code table footnote".split()), st.integers(0, 6)),
    st.tuples(st.just("begin_list"), st.none() | st.integers(0, 99)),
    st.tuples(st.just("name"), st.sampled_from("ab")),
    st.tuples(
        st.sampled_from(
            "line_break end_block begin_item end_list begin_quotation end_quotation begin_line next_cell".split()
        )
    ),
)


def made(calls: list[tuple[object, ...]]) -> tuple[DraftParagraph, ...]:
    drafting = Drafting()
    for name, *said in calls:
        getattr(drafting, str(name))(*said)
    return drafting.paragraphs()


@given(st.lists(CALLS, max_size=40))
def test_whatever_is_said_in_whatever_order_the_words_come_out_as_they_went_in(calls: list[tuple[object, ...]]) -> None:
    found = made(calls)
    said = "".join(str(call[1]) for call in calls if call[0] == "words")
    plain = "".join(said.replace("\x00", "").replace("\ud800", "").split())
    assert "".join("".join(one.text.split()) for one in found) == plain
    level = 0
    for one in found:
        assert one.text.strip()
        assert one.text.encode()
        assert not one.text.startswith("\n") or one.kind == "table"
        assert one.kind == "table" or one.text == one.text.rstrip()
        assert all(inline.span and inline.span.end <= len(one.text) for inline in one.structure.inline)
        assert all(inline.target for inline in one.structure.inline if inline.kind == "link")
        if one.structure.level:
            assert one.structure.level <= level + 1
            level = one.structure.level


def test_white_space_is_one_space_but_in_code() -> None:
    drafting = Drafting()
    drafting.words("  One\n\t two ")
    drafting.begin("strong")
    drafting.words(" three ")
    drafting.end("strong")
    drafting.line_break()
    drafting.words(" four  ")
    drafting.begin_block("code")
    drafting.words("\n \n  if a:\n    b\n\n")
    first, code = drafting.paragraphs()
    assert (first.text, code.text) == ("One two three\nfour", "  if a:\n    b")
    assert [one.span.of(first.text) for one in first.structure.inline] == ["three\n"]


def test_what_is_open_where_a_block_ends_goes_on_in_the_next() -> None:
    drafting = Drafting()
    drafting.begin("emphasis")
    drafting.words("One.")
    drafting.begin_block("p")
    drafting.words("Two")
    drafting.end("emphasis")
    drafting.words(" three.")
    assert [[one.span.of(block.text) for one in block.structure.inline] for block in drafting.paragraphs()] == [
        ["One."],
        ["Two"],
    ]


def test_links_lead_to_what_is_named_before_and_after_and_else_are_none() -> None:
    drafting = Drafting()
    for name in ("later", "nowhere", "here"):
        drafting.begin("link", f"#{name}")
        drafting.words("x")
        drafting.end("link")
    drafting.name("here")
    drafting.begin_block("p")
    drafting.name("later")
    drafting.words("y")
    first, _ = drafting.paragraphs()
    assert [(one.span.start, one.target) for one in first.structure.inline] == [(0, "#2"), (2, "#1")]


def test_lists_in_lists_know_their_depth_and_what_stands_before_them() -> None:
    drafting = Drafting()
    drafting.begin_list(3)
    drafting.begin_item()
    drafting.words("a")
    drafting.begin_block("p")
    drafting.words("b")
    drafting.begin_list()
    drafting.begin_item()
    drafting.words("c")
    drafting.end_list()
    drafting.begin_item(7)
    drafting.words("d")
    drafting.end_list()
    drafting.begin_list()
    drafting.begin_item()
    drafting.words("e")
    drafting.end_list()
    drafting.words("f")
    found = [(one.structure.depth, one.structure.marker, one.structure.fresh) for one in drafting.paragraphs()]
    assert found == [
        (1, "3.", True),
        (1, "", False),
        (2, "•", True),
        (1, "7.", False),
        (1, "•", True),
        (0, "", False),
    ]


def test_a_table_may_begin_and_end_with_empty_cells() -> None:
    drafting = Drafting()
    drafting.begin_block("table")
    for line, head in ((["", "a "], True), (["b", " "], False)):
        drafting.begin_line(head)
        for number, words in enumerate(line):
            if number:
                drafting.next_cell()
            drafting.words(words)
    (table,) = drafting.paragraphs()
    assert (table.text, table.kind, table.structure.head) == ("\ta\nb\t", "table", 1)


def test_a_heading_taken_as_title_moves_what_links_lead_to() -> None:
    drafting = Drafting()
    drafting.begin_block("heading", 1)
    drafting.words(" The title ")
    drafting.begin_block("p")
    drafting.begin("link", "#end")
    drafting.words("x")
    drafting.end("link")
    drafting.begin_block("p")
    drafting.name("end")
    drafting.words("y")
    assert drafting.take_heading("Another") == ""
    assert drafting.take_heading() == "The title"
    first, _ = drafting.paragraphs()
    assert first.structure.inline[0].target == "#2"
