"""Titles in the order of the alphabet."""

import pytest

from app.text import titles


@pytest.mark.parametrize(
    "in_order",
    [
        ["apples", "Être là", "The hill", "the road", "Zebras"],
        ["Chapter 2", "Chapter 10", "Chapter 100"],
        ["“Quoted”", "“Said”", "— To wit"],
        ["Straße 1", "STRASSE 2"],
        ["Alpha", "Яблоко", "山"],
    ],
)
def test_titles_stand_in_order(in_order: list[str]) -> None:
    assert sorted(set(in_order), key=titles.key) == in_order


def test_a_key_is_short_and_says_nothing_of_case_accents_and_spaces() -> None:
    assert titles.key("  Ünïcode —  and\tmore ") == titles.key("unicode — and more")
    assert len(titles.key("9" * 1000)) == titles.KEY_LENGTH
    assert titles.key("…") == ""
