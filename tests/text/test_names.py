"""Names: when two are the same, and what is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.text.names import fault_of, key, tidy

UNSEEN = "\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b\u180f\u2800\u3164\ufe00\ufe0f\ufeff\U000e0100\U000e01ef"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ann", "ANN"),
        ("Ann Example", " ann \u00a0 example "),
        ("Straße", "STRASSE"),
        ("Ann", "Ａｎｎ"),
        ("Ann", "A\u200bn\u2060n"),
        ("é", "e\u0301"),
        ("ﬁn", "FIN"),
        *[
            ("Anna", f"An{unseen}na")
            for unseen in "\u034f\u061c\u115f\u17b4\u180b\u180f\u2800\u3164\ufe00\ufe0f\U000e0100"
        ],
        ("é", "e\u034f\u0301"),
    ],
)
def test_names_that_look_alike_are_one(one: str, other: str) -> None:
    assert key(one) == key(other)


def test_names_that_are_told_apart_are_two() -> None:
    assert len({key(name) for name in ("Ann", "Anna", "An n", "Änn", "Анн")}) == 5


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "\u200b",
        "\u3164\u2800",
        "A\u202eB",
        "A\x07B",
        "\u2066A",
        "\ufe0f\u034f",
        "A former reader",
        "a FORMER\u200b reader",
    ],
)
def test_what_nobody_sees_is_no_name(name: str) -> None:
    assert fault_of(name)


@pytest.mark.parametrize("name", ["Ann", "علي", "李", "👩‍🚀", "O’Neil", "نرم‌افزار", "1", "❤\ufe0f"])
def test_what_people_are_called_is_a_name(name: str) -> None:
    assert fault_of(name) == ""


@given(some.text(max_size=80))
def test_a_key_is_its_own_key_and_a_tidy_name_has_the_same(name: str) -> None:
    assert key(key(name)) == key(name)
    assert key(tidy(name)) == key(name)
