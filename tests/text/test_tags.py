"""Tags: each once, in order, however they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.text.tags import MOST_TAGS, TAG_LENGTH, tags_in_line, tags_of


@pytest.mark.parametrize(
    ("written", "tags"),
    [
        ("", []),
        (" , ,; ", []),
        ("law", ["law"]),
        ("law, Irony", ["law", "Irony"]),
        ("close  reading ,law", ["close reading", "law"]),
        ("#law, # irony", ["law", "irony"]),
        ("law, irony, Law, LAW", ["law", "irony"]),
        ("право，法律、ironi", ["право", "法律", "ironi"]),
        ("Straße, STRASSE", ["Straße"]),
    ],
)
def test_tags_stand_with_commas_between(written: str, tags: list[str]) -> None:
    assert tags_of(written) == tags


@given(st.text(max_size=80))
def test_what_is_kept_says_the_same_again(written: str) -> None:
    tags = tags_of(written)
    assert tags_of(", ".join(tags)) == tags
    assert all(tag.strip() == tag and tag for tag in tags)
    assert len({tag.casefold() for tag in tags}) == len(tags)


def test_as_many_fit_as_are_said_to_and_no_more() -> None:
    many = [f"t{number}" for number in range(MOST_TAGS)]
    assert tags_in_line(",".join(many)) == ", ".join(many)
    with pytest.raises(ValueError, match="at most 20"):
        tags_in_line(",".join([*many, "more"]))


def test_a_tag_is_as_long_as_it_may_be_and_no_longer() -> None:
    assert tags_in_line("é" * TAG_LENGTH) == "é" * TAG_LENGTH
    with pytest.raises(ValueError, match="61"):
        tags_in_line("short, " + "é" * (TAG_LENGTH + 1))
