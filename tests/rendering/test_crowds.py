"""Crowds: what stands in the page of an article with very many notes, and what waits."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from app.rendering.crowds import MOST, PAGE, Crowd, in_sight, popular
from app.storage.articles import Block
from app.storage.margins import Seen

BLOCKS = [
    Block(1, 0, 20, "p", "One two. Three four.", [0, 8, 9, 20]),
    Block(2, 22, 38, "p", "Five six. Seven.", [22, 31, 32, 38]),
]
MANY = 10_000


def seen(id: int, start: int, end: int = 0, reader: int = 9) -> Seen:
    made = datetime(2026, 3, 1, tzinfo=UTC)
    return Seen(id, start, end or start + 3, reader, f"Reader {reader}", "yellow", "everyone", "", made)


def crowd(start: int, number: int, first: int = 1) -> list[Seen]:
    return [seen(first + one, start, reader=first + one) for one in range(number)]


def test_a_crowd_waits_behind_its_sentence() -> None:
    there = [*crowd(0, 40), *crowd(9, 2, 100), seen(200, 22)]
    ids, crowds = in_sight(BLOCKS, there, MANY, None, {}, None)
    assert ids == {200}
    assert crowds == [Crowd(0, 40, 0, 40), Crowd(9, 2, 0, 2)]


def test_what_is_mine_or_wanted_or_opened_stands() -> None:
    there = [*crowd(0, 80), seen(500, 0, reader=900), *crowd(9, 60, 100)]
    ids, crowds = in_sight(BLOCKS, there, MANY, 900, {9: PAGE}, 33)
    assert ids == {500, 33, *range(100, 100 + PAGE)}
    assert [(one.start, one.waiting, one.opened) for one in crowds] == [(0, 79, 0), (9, 60 - PAGE, PAGE)]
    assert crowds[1].more == f"9-{2 * PAGE}"


def test_the_more_there_are_the_sooner_a_paragraph_is_crowded() -> None:
    three = crowd(0, 3)
    assert in_sight(BLOCKS, three, MOST + 1, None, {}, None) == ({1, 2, 3}, [])
    assert in_sight(BLOCKS, three, MANY, None, {}, None) == (set(), [Crowd(0, 3, 0, 3)])
    assert in_sight(BLOCKS, crowd(0, 1), MANY, None, {}, None) == ({1}, [])


def test_what_comes_over_from_a_paragraph_before_is_no_crowd_of_these() -> None:
    over = [seen(number, 3, 25, reader=number) for number in range(1, 41)]
    ids, crowds = in_sight(BLOCKS[1:], over, MANY, 5, {}, None)
    assert (ids, crowds) == ({5}, [])


@given(st.lists(st.tuples(st.sampled_from([0, 4, 9, 12, 22, 32]), st.integers(1, 5)), max_size=60), st.integers(1, 5))
def test_each_stands_or_waits(places: list[tuple[int, int]], reader: int) -> None:
    there = sorted(
        (seen(id, start, reader=who) for id, (start, who) in enumerate(places, 1)), key=lambda one: one.start
    )
    ids, crowds = in_sight(BLOCKS, there, MANY, reader, {0: 2}, 3)
    assert len(ids) + sum(one.waiting for one in crowds) == len(there)
    assert {one.id for one in there if one.reader_id == reader} <= ids


def test_a_sentence_is_popular_that_three_readers_have_marked() -> None:
    there = [
        seen(1, 0, 4, 1),
        seen(2, 3, 12, 2),
        seen(3, 2, 8, 3),
        seen(4, 0, 4, 1),
        seen(5, 22, 25, 1),
        seen(6, 23, 25, 1),
    ]
    assert popular(BLOCKS, there) == {0: 3}
    assert popular(BLOCKS, [*there, seen(7, 9, 20, 3), seen(8, 10, 11, 4)]) == {0: 3, 9: 3}
