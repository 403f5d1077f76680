"""Threads: everything said, in the order in which it is read, however deep."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from app.rendering.threads import Turn, threads
from app.storage.margins import Reply

WHEN = datetime(2026, 3, 1, tzinfo=UTC)
ANN, BOB = 1, 2
ROOT = 100_000
NAMES = {ANN: "Ann", BOB: "Bob"}


def reply(id: int, parent: int, reader: int = BOB, *, deleted: bool = False, root: int = ROOT) -> Reply:
    return Reply(id, root, parent, reader, NAMES[reader], WHEN, WHEN if deleted else None, f"<p>{id}</p>")


def thread(*replies: Reply, reader: int | None = ANN) -> list[Turn]:
    return threads(replies, reader).get(ROOT, [])


def test_an_answer_stands_below_what_it_answers() -> None:
    turns = thread(reply(1, ROOT), reply(2, ROOT), reply(3, 1), reply(4, 3), reply(5, 1))
    assert [(turn.id, turn.deep) for turn in turns] == [(1, False), (3, True), (4, True), (5, True), (2, False)]


def test_where_its_place_does_not_say_whom_it_answers_it_does_itself() -> None:
    turns = thread(reply(1, ROOT), reply(2, 1, ANN), reply(3, 2), reply(4, 3))
    assert [turn.to for turn in turns] == ["", "", "you", "Bob"]
    assert [turn.label for turn in turns] == [
        "Reply by Bob",
        "Reply by you",
        "Reply by Bob to you",
        "Reply by Bob to Bob",
    ]


def test_a_deleted_reply_stays_where_something_hangs_on_it() -> None:
    turns = thread(reply(1, ROOT, deleted=True), reply(2, 1, deleted=True), reply(3, 2), reply(4, 3, deleted=True))
    assert [(turn.id, turn.deleted) for turn in turns] == [(1, True), (2, True), (3, False)]
    assert turns[0].label == "A deleted reply"
    assert turns[2].to == ""


def test_threads_do_not_mix() -> None:
    found = threads([reply(1, ROOT), reply(2, 200_000, root=200_000)], None)
    assert {root: [turn.id for turn in turns] for root, turns in found.items()} == {ROOT: [1], 200_000: [2]}


def test_a_thread_may_be_deeper_than_calls_may_be() -> None:
    turns = thread(reply(1, ROOT), *[reply(number, number - 1) for number in range(2, 5_001)])
    assert [turn.id for turn in turns] == list(range(1, 5_001))


@given(st.lists(st.tuples(st.integers(0, ROOT), st.booleans()), max_size=40))
def test_nothing_that_is_said_is_lost_and_nothing_stands_twice(said: list[tuple[int, bool]]) -> None:
    replies = [
        reply(number + 1, (parent % (number + 1)) or ROOT, deleted=deleted)
        for number, (parent, deleted) in enumerate(said)
    ]
    ids = [turn.id for turn in thread(*replies)]
    assert len(set(ids)) == len(ids)
    assert set(ids) >= {one.id for one in replies if not one.deleted_at}
    at = {id: place for place, id in enumerate(ids)}
    assert all(at[one.parent_id] < at[one.id] for one in replies if one.id in at and one.parent_id in at)
