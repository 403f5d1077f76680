"""What two texts have in common reads the same in both, and moves keep their order in themselves."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.text.comparing.differences import Run, difference
from tests.text.comparing.test_revisions import revisions, unhurried
from tests.text.revised import BRIDGE, FERRY, KEEPER, WINTER, joined


@unhurried
@given(revisions())
def test_runs_are_in_order_and_read_the_same(texts: tuple[str, str]) -> None:
    old, new = texts
    found = difference(old, new)
    for runs in [found.kept, *found.moved]:
        at = at_new = 0
        for run in runs:
            assert at <= run.old <= run.old_end <= len(old)
            assert at_new <= run.new <= run.new_end <= len(new)
            assert (old[run.old : run.old_end] == new[run.new : run.new_end]) == run.exact
            at, at_new = run.old_end, run.new_end


@unhurried
@given(revisions())
def test_no_letter_of_the_old_text_stands_in_two_places(texts: tuple[str, str]) -> None:
    found = difference(*texts)
    runs = sorted(run for chain in [found.kept, *found.moved] for run in chain)
    assert all(one.old_end <= other.old for one, other in pairwise(runs))


@st.composite
def shuffled(draw: st.DrawFn) -> tuple[str, str]:
    """Sentences of which some begin and end alike, and the same in another order with some words replaced."""
    places = "harbour bridge mill river lamp ledger stove meadow barley larch".split()
    sentences = [f"Nobody had seen it, but the {place} was green by then and she was glad of it" for place in places]
    sentences += [f"The {place} stood for sixty years, as far as anybody could tell" for place in places]
    old = draw(st.permutations(sentences))[: draw(st.integers(2, 12))]
    new = [
        " ".join(draw(st.sampled_from([word] * 9 + ["replaced"])) for word in one.split())
        for one in draw(st.permutations(old))
    ]
    joint = st.sampled_from([". ", ".\n\n"])
    return "".join(one + draw(joint) for one in old), "".join(one + draw(joint) for one in new)


@unhurried
@given(shuffled())
def test_no_letter_of_the_new_text_stands_for_two(texts: tuple[str, str]) -> None:
    found = difference(*texts)
    runs = sorted((run.new, run.new_end) for chain in [found.kept, *found.moved] for run in chain)
    assert all(one[1] <= other[0] for one, other in pairwise(runs))
    runs = sorted((run.old, run.old_end) for chain in [found.kept, *found.moved] for run in chain)
    assert all(one[1] <= other[0] for one, other in pairwise(runs))


def test_a_text_that_stays_is_one_run() -> None:
    text = joined(FERRY, BRIDGE)
    assert difference(text, text).kept == [Run(0, len(text), 0, len(text))]
    assert difference(text, joined(KEEPER, text)).kept == [
        Run(0, len(text), len(KEEPER) + 2, len(KEEPER) + 2 + len(text))
    ]


def test_what_has_moved_is_told_from_what_stands_in_order() -> None:
    found = difference(joined(FERRY, BRIDGE, KEEPER, WINTER), joined(BRIDGE, KEEPER, WINTER, FERRY))
    assert [[run.old for run in runs] for runs in found.moved] == [[0]]
    assert [run.old for run in found.kept] == [len(FERRY) + 2]


def test_chance_is_not_taken_for_survival() -> None:
    found = difference(joined(FERRY, BRIDGE), joined(WINTER, KEEPER))
    assert (found.kept, found.moved) == ([], [])


def test_what_could_not_be_compared_is_said() -> None:
    one = "one two " * 60_000
    other = "two three one " * 40_000
    assert not difference(one, other).complete
    assert difference(one, one + "three").complete
