"""Filters: what is chosen is what is kept, and what is written is what is read."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rendering.filters import Filter, choices, read
from app.storage.margins import Seen

NOTE = Seen(7, 0, 5, 3, "Ann", "green", "everyone", "law, Irony", datetime(2026, 3, 1, 12, tzinfo=UTC))
RESOLVED = NOTE._replace(resolved_at=NOTE.created_at)


@pytest.mark.parametrize(
    ("chosen", "kept"),
    [
        ({}, True),
        ({"by": 3}, True),
        ({"by": 4}, False),
        ({"colour": "green"}, True),
        ({"colour": "pink"}, False),
        ({"tag": "irony"}, True),
        ({"tag": "iron"}, False),
        ({"state": "open"}, True),
        ({"state": "resolved"}, False),
        ({"replies": "yes"}, True),
        ({"since": date(2026, 3, 1)}, True),
        ({"since": date(2026, 3, 2)}, False),
        ({"popular": "yes"}, True),
        ({"by": 3, "colour": "pink"}, False),
    ],
)
def test_a_note_is_kept_that_is_as_chosen(chosen: dict[str, Any], kept: bool) -> None:
    assert Filter(**chosen).keeps(NOTE, {7}) == kept


def test_what_is_resolved_is_not_open() -> None:
    assert Filter(state="resolved").keeps(RESOLVED, ())
    assert not Filter(state="open").keeps(RESOLVED, ())
    assert not Filter(replies="yes").keeps(RESOLVED, {8})


FILTERS = st.builds(
    Filter,
    by=st.none() | st.integers(1, 2**63 - 1),
    colour=st.sampled_from([None, "yellow", "green", "blue", "pink"]),
    tag=st.none() | st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60),
    state=st.sampled_from([None, "open", "resolved"]),
    replies=st.sampled_from([None, "yes"]),
    since=st.none() | st.dates(),
    popular=st.sampled_from([None, "yes"]),
)


@given(FILTERS)
def test_what_is_written_is_read_again(chosen: Filter) -> None:
    assert read(chosen.written) == chosen


@given(st.text())
def test_a_cookie_that_says_nothing_hides_nothing(written: str) -> None:
    assert isinstance(read(written), Filter)
    assert read("colour=mauve&by=x") == Filter()


def test_fields_left_as_they_were_choose_nothing() -> None:
    left = {"by": "", "colour": "", "tag": "", "state": "", "since": ""}
    assert Filter.model_validate(left) == Filter()
    assert not Filter.model_validate(left).narrows
    assert not Filter(popular="yes").narrows


def test_a_filter_says_in_words_what_it_lets_through() -> None:
    offered = choices([NOTE, RESOLVED])
    assert offered == ([(3, "Ann")], ["Irony", "law"])
    chosen = Filter(by=3, colour="green", tag="law", state="open", replies="yes", since=date(2026, 3, 1))
    assert chosen.described(offered) == "green, by Ann, tagged “law”, open, with replies, since 2026-03-01"


def test_who_has_only_deleted_is_not_offered() -> None:
    assert choices([NOTE._replace(deleted_at=NOTE.created_at, reader="", tags="")]) == ([], [])
