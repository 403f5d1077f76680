"""A span goes where its own words went, and nowhere else."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.text.comparing.differences import difference
from app.text.comparing.revisions import ORPHAN, Carrier, Placed, carry
from app.text.spans import Span
from benchmarks.revisions import Revision, carried, compared, compared_by_difflib, notes, ordinary
from tests.text.revised import CASES, OTHER, WINTER, marked

unhurried = settings(deadline=None)


@pytest.mark.parametrize("case", CASES)
def test_a_passage_goes_where_its_words_went(case: str) -> None:
    before, after, status = CASES[case]
    (old, span), (new, place) = marked(before), marked(after)
    assert span
    assert carry(old, new, [span]) == [Placed(place, status)]


@pytest.mark.parametrize("case", CASES)
def test_lines_may_be_joined_by_one_newline_as_well(case: str) -> None:
    before, after, status = CASES[case]
    (old, span), (new, place) = marked(before.replace("\n\n", "\n")), marked(after.replace("\n\n", "\n"))
    assert span
    assert carry(old, new, [span]) == [Placed(place, status)]


def test_a_span_beyond_the_old_text_is_an_error() -> None:
    with pytest.raises(ValueError, match="not in the old text"):
        carry("short", "a longer text", [Span(2, 9)])


# Few words, so that the same ones stand in many places; signs that are one for a reader, and lines.
WORDS = [
    *"a the river froze lamp Maren 1871 nobody’s été e\u0301te\u0301 猫 は 👩🏽‍🚀 هادئا ... … — “ ” , .".split(),
    "\n",
    "\n\n",
]
texts = st.lists(st.sampled_from(WORDS) | st.text(max_size=4), max_size=60).map(" ".join)
letters = st.text(st.sampled_from("ab .\n"), max_size=40)
any_text = texts | letters


@st.composite
def revisions(draw: st.DrawFn) -> tuple[str, str]:
    """A text, and what has become of it: stretches of it taken out, put in, replaced, moved and copied."""
    old = draw(any_text)
    new = old
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(new)))
        end = draw(st.integers(start, len(new)))
        at = draw(st.integers(0, len(new)))
        put = draw(st.sampled_from(["", new[start:end], draw(any_text)]))
        new = draw(st.sampled_from([new[:start] + put + new[end:], new[:at] + new[start:end] + new[at:]]))
    return old, new


def spans_of(text: str) -> st.SearchStrategy[Span]:
    return st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(lambda one: Span(min(one), max(one)))


@unhurried
@given(any_text, st.data())
def test_on_the_same_text_every_span_stays(text: str, data: st.DataObject) -> None:
    span = data.draw(spans_of(text))
    assert carry(text, text, [span]) == [Placed(span, "ok")]


@unhurried
@given(revisions(), st.data())
def test_what_is_placed_lies_in_the_new_text(texts: tuple[str, str], data: st.DataObject) -> None:
    old, new = texts
    (placed,) = carry(old, new, [data.draw(spans_of(old))])
    assert (placed.span is None) == (placed.status == "orphan")
    assert placed.span is None or placed.span.within(Span(0, len(new)))


def letters_of(words: str) -> str:
    """Words as they read: whatever white space is between them, however quotes, dashes and ellipses are set."""
    plain = words.replace("…", "...").replace("e\u0301", "é")
    plain = plain.translate(str.maketrans("“”‘’—–", "\"\"''--"))
    return re.sub("-+", "-", "".join(plain.split()))


@unhurried
@given(st.lists(st.sampled_from(WORDS), max_size=40), st.data())
def test_what_is_ok_reads_the_same(words: list[str], data: st.DataObject) -> None:
    old = " ".join(words)
    for _ in range(data.draw(st.integers(0, 4))):
        at = data.draw(st.integers(0, len(words)))
        words = [*words[:at], *data.draw(st.lists(st.sampled_from(WORDS), max_size=3)), *words[at + 1 :]]
    new = " ".join(words)
    (placed,) = carry(old, new, [span := data.draw(spans_of(old))])
    if placed.status == "ok":
        assert placed.span is not None
        assert letters_of(placed.span.of(new)) == letters_of(span.of(old))


@unhurried
@given(
    any_text, st.sampled_from([OTHER, f"{OTHER}\n\n{WINTER}", "1234\n5678"]), st.sampled_from(["\n", "\n\n"]), st.data()
)
def test_a_paragraph_put_before_shifts_exactly(text: str, put: str, joint: str, data: st.DataObject) -> None:
    text = text.strip("\n")
    span = data.draw(spans_of(text))
    before = put + joint
    lines = set(text.split("\n"))
    # Of a line that stands in both, either may be the one that was put before.
    if text and not lines & set(put.split("\n")):
        assert carry(text, before + text, [span]) == [Placed(span.shifted(len(before)), "ok")]


@unhurried
@given(st.lists(st.sampled_from("river lamp Maren froze mill".split()), min_size=1, max_size=30), st.data())
def test_new_words_put_before_shift_exactly(words: list[str], data: st.DataObject) -> None:
    text = " ".join(words)
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, len(words) - 1))
    start = len(" ".join([*words[:first], ""]))
    span = Span(start, start + len(" ".join(words[first : last + 1])))
    before = data.draw(st.sampled_from(["Prices fell.", "“Ach!” ", "小さな", "\n", "👍 "])) + data.draw(
        st.sampled_from([" ", "\n\n"])
    )
    assert carry(text, before + text, [span]) == [Placed(span.shifted(len(before)), "ok")]


@unhurried
@given(revisions(), st.data())
def test_one_by_one_is_as_together_and_as_again(texts: tuple[str, str], data: st.DataObject) -> None:
    old, new = texts
    spans = data.draw(st.lists(spans_of(old), max_size=5))
    together = carry(old, new, spans)
    assert together == carry(old, new, spans)
    assert together == [one for span in spans for one in carry(old, new, [span])]


FIRST = "amber birch cedar dunes ember fjord grove heath islet juniper".split()
SECOND = "nickel oxide pewter quartz rubber silver tinfoil uranium vinyl wolfram".split()


@unhurried
@given(st.data())
def test_words_that_were_replaced_never_lend_their_place(data: st.DataObject) -> None:
    """A span whose words were all replaced by others is an orphan, however many of those around it stay."""
    words = data.draw(st.lists(st.sampled_from(FIRST), min_size=1, max_size=30))
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, len(words) - 1))
    put = data.draw(st.lists(st.sampled_from(SECOND), min_size=0, max_size=10))
    old, new = " ".join(words), " ".join([*words[:first], *put, *words[last + 1 :]])
    gone = Span(len(" ".join([*words[:first], ""])), len(" ".join(words[: last + 1])))
    inside = data.draw(spans_of(gone.of(old))).shifted(gone.start)
    (placed,) = carry(old, new, [inside])
    # Of words that stand beside themselves ("amber amber") either may be the one that stayed.
    alike = set(words[first : last + 1]) & set(words[:first] + words[last + 1 :])
    assert alike or not inside.of(old).strip() or placed == ORPHAN


@unhurried
@given(revisions(), st.data())
def test_what_is_placed_holds_words_of_its_own(texts: tuple[str, str], data: st.DataObject) -> None:
    old, new = texts
    span = data.draw(spans_of(old))
    over = difference(old, new)
    (placed,) = Carrier(over).carry([span])
    if placed.span:
        runs = [run for chain in [over.kept, *over.moved] for run in chain]
        own = [run for run in runs if run.old < span.end and span.start < run.old_end]
        assert any(run.new < placed.span.end and placed.span.start < run.new_end for run in own)


def test_a_revision_is_compared_in_half_the_time_of_difflib_and_notes_in_twenty_times_that() -> None:
    revision = ordinary()
    one = compared(revision)
    assert one <= 0.5 * compared_by_difflib(revision)
    assert carried(difference(*revision), notes(revision.old)) <= 20 * one


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("word " * 100_000, ("word " * 6 + "else ") * 14_000),
        ("".join(map(chr, range(0x4E00, 0x9E00))) * 5, "".join(map(chr, range(0x9DFF, 0x4DFF, -1))) * 5),
        ("ab" * 100_000, "ba" * 99_000 + "c"),
    ],
    ids=["one word", "no spaces, backwards", "no spaces, two letters"],
)
def test_what_cannot_be_compared_leaves_orphans_and_is_said(old: str, new: str) -> None:
    usual = compared(ordinary())
    over = difference(old, new)
    assert not over.complete
    assert compared(Revision(old, new), 1) <= 400 * usual
    assert {placed.status for placed in Carrier(over).carry(notes(old, 100))} <= {"orphan", "ok", "changed"}
