"""What two sequences have in common is found in order, however long and however odd they are."""

import random
from difflib import SequenceMatcher

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.text.comparing import matches as module
from app.text.comparing.matches import Match, matches

unhurried = settings(deadline=None)

sequences = st.lists(st.integers(0, 6), max_size=60)


def is_common(old: list[int], new: list[int], found: list[Match]) -> None:
    at = at_new = 0
    for match in found:
        assert match.length
        assert match.old >= at
        assert match.new >= at_new
        assert old[match.old : match.old + match.length] == new[match.new : match.new + match.length]
        at, at_new = match.old + match.length, match.new + match.length


@unhurried
@given(sequences, sequences)
def test_what_is_found_is_common_and_the_most_there_is(old: list[int], new: list[int]) -> None:
    found, complete = matches(old, new)
    is_common(old, new, found)
    assert complete
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    assert sum(match.length for match in found) >= sum(block.size for block in blocks)


@unhurried
@given(sequences, sequences)
def test_what_is_cut_up_is_common_all_the_same(old: list[int], new: list[int]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "AT_ONCE", 9)
        patch.setattr(module, "AT_MOST", 25)
        found, complete = matches(old, new)
        is_common(old, new, found)
        assert matches(old, old).found == ([Match(0, 0, len(old))] if old else [])
        assert complete or len(old) * len(new) > 25


def test_what_stands_once_holds_two_long_sequences_together() -> None:
    chance = random.Random(1)
    old = [chance.randrange(2_000) for _ in range(20_000)]
    new = [number for number in old if chance.random() > 0.05]
    found, complete = matches(old, new)
    is_common(old, new, found)
    assert complete
    assert sum(match.length for match in found) >= 0.99 * len(new)


def test_where_nothing_stands_once_rows_of_a_few_do() -> None:
    chance = random.Random(1)
    old = [chance.randrange(40) for _ in range(40_000)]
    new = [number if chance.random() > 0.02 else 99 for number in old]
    found, complete = matches(old, new)
    assert complete
    assert sum(match.length for match in found) >= 0.95 * len(old)


def test_what_would_take_too_long_is_not_compared_and_that_is_said() -> None:
    chance = random.Random(1)
    old, new = ([chance.randrange(2) for _ in range(100_000)] for _ in range(2))
    assert not matches(old, new).complete
    assert matches(old, [number + 2 for number in new]) == ([], True)


def test_members_that_only_have_the_same_hash_are_not_equal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "AT_ONCE", 0)
    assert hash((-1,)) == hash((-2,))
    assert matches([7, -1, 8, 5], [3, -2, 8, 4]).found == [Match(2, 2, 1)]


def test_nothing_is_looked_at_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, limit in {"AT_ONCE": 9, "AT_MOST": 25, "ROUNDS": 0}.items():
        monkeypatch.setattr(module, name, limit)
    assert matches(list(range(9)), list(range(1, 10))) == ([], False)
