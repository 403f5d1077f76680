"""What lies over a paragraph's words, and around it."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.text.drafts import Draft, DraftParagraph
from app.text.spans import Span
from app.text.structures import KINDS, PLAIN, Inline, Structure, cells, is_safe, lines, read, runs, written

SAFE = ["https://example.org/a?b=1&c=2#d", "http://localhost:8000/", "mailto:ann@example.org", "#3", "#p120"]
UNSAFE = [
    "javascript:alert(1)",
    " JavaScript:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,<script>",
    "vbscript:x",
    "file:///etc/passwd",
    "//example.org/",
    "/articles/other/delete",
    "page.html",
    "https:",
    "http://[",
    "#",
    "#text",
    "#p1 2",
    "",
]


@st.composite
def stretches(draw: st.DrawFn, length: int) -> list[Inline]:
    """Anything that may lie over a text so long: over one another, crossing, empty."""
    place = st.integers(0, length)
    kind = st.sampled_from(sorted(KINDS))
    found = draw(st.lists(st.tuples(place, place, kind, st.sampled_from([*SAFE, ""])), max_size=8))
    return [Inline(Span(min(a, b), max(a, b)), kind, target) for a, b, kind, target in found]


@pytest.mark.parametrize("target", SAFE)
def test_a_link_may_lead_to_pages_mail_and_paragraphs(target: str) -> None:
    assert is_safe(target)


@pytest.mark.parametrize("target", UNSAFE)
def test_a_link_may_lead_nowhere_else(target: str) -> None:
    assert not is_safe(target)
    if target:
        with pytest.raises(ValueError, match="link"):
            Inline(Span(0, 1), "link", target)


def test_a_kind_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="blink"):
        Inline(Span(0, 1), "blink")


def test_what_lies_beside_the_words_is_refused() -> None:
    with pytest.raises(ValueError, match="beside"):
        DraftParagraph("three", structure=Structure((Inline(Span(3, 6), "strong"),)))


@given(stretches(12), st.integers(0, 6), st.integers(0, 8), st.sampled_from(["", "•", "12."]), st.booleans())
def test_what_is_kept_is_read_again(over: list[Inline], level: int, depth: int, marker: str, fresh: bool) -> None:
    structure = Structure(tuple(over), level, depth, marker, fresh)
    assert (read(written(structure)) or PLAIN) == structure


def test_nothing_is_kept_of_what_says_nothing() -> None:
    assert written(PLAIN) == ""
    assert read("") is None


def test_a_link_to_a_paragraph_leads_to_where_it_begins() -> None:
    inline = tuple(Inline(Span(0, 1), "link", target) for target in ("#2", "#9", "https://example.org/#2"))
    said = read(written(Structure(inline), [0, 120]))
    assert said
    assert [one.target for one in said.inline] == ["#p120", "#9", "https://example.org/#2"]


@given(stretches(12))
def test_runs_adjoin_and_each_knows_what_lies_over_it(over: list[Inline]) -> None:
    found = runs(over, 12)
    starts = [start for start, _ in found]
    assert starts[0] == 0
    assert starts == sorted(set(starts))
    ends = [*starts[1:], 12]
    for (start, lying), end in zip(found, ends, strict=True):
        assert start < end
        wanted = [one for one in over if one.span.start <= start and end <= one.span.end and one.span]
        assert sorted(map(repr, lying)) == sorted(map(repr, wanted))
        assert not any(start < one.span.start < end or start < one.span.end < end for one in over if one.span)


def test_runs_of_a_long_text_take_no_time() -> None:
    over = [Inline(Span(at, at + 7), "emphasis") for at in range(0, 1_000_000, 10)]
    assert len(runs(over, 1_000_000)) == 200_000


@given(st.text("ab \t\n", max_size=30))
def test_cells_and_lines_are_the_text_but_for_what_separates_them(text: str) -> None:
    table = cells(text)
    assert "\n".join("\t".join(cell.of(text) for cell in line) for line in table) == text
    assert [line.of(text) for line in lines(text)] == text.split("\n")
    flat = [cell for line in table for cell in line]
    assert all(one.end + 1 == next.start for one, next in pairwise(flat))


def test_sentences_stay_within_their_cell_and_their_line_of_code() -> None:
    table = DraftParagraph("Name\tSaid. And more.\n\tOne", "table")
    assert [span.of(table.text) for span in table.sentences("en")] == ["Name", "Said.", "And more.", "One"]
    code = DraftParagraph("def f(x):\n\n    return x. y", "code")
    assert [span.of(code.text) for span in code.sentences("en")] == ["def f(x):", "return x. y"]
    draft = Draft("", (DraftParagraph("One."), table))
    assert [span.of(draft.text) for span in draft.sentences[1]] == ["Name", "Said.", "And more.", "One"]
