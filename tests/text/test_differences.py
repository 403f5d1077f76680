"""What two texts have in common reads the same in both, and moves keep their order in themselves."""

from itertools import pairwise

from hypothesis import given

from app.text.differences import Run, difference
from tests.text.test_revisions import BRIDGE, FERRY, KEEPER, WINTER, joined, revisions, unhurried


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
