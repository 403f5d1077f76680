"""Passwords: which are no secret."""

import pytest

from app.text.passwords import MOST, fault_of, prepared


@pytest.mark.parametrize(
    "password",
    "seven77 password Passw0rd qwertyuiop 12345678 87654321 hgfedcba 89012345 aaaaaaaa abababab letmein123".split(),
)
def test_what_a_stranger_tries_first_is_none(password: str) -> None:
    assert fault_of(password)


@pytest.mark.parametrize(
    "password", ["ann example", "AnnExample1", "elpmaxenna", "annexample!", "annexampleannexample"]
)
def test_ones_own_name_is_none(password: str) -> None:
    assert fault_of(password, "Ann Example")


@pytest.mark.parametrize(
    "password", ["correct horse", "ann reads at night", "пароль мой", "😀🐝🌻📚🎈🚲🍎🧭", "a b c d e f"]
)
def test_what_only_one_knows_is_one(password: str) -> None:
    assert fault_of(password, "Ann") == ""


def test_a_book_is_none() -> None:
    assert fault_of("bees " * (MOST // 5)) == ""
    assert fault_of("bees " * (MOST // 5) + "!")


def test_a_password_is_the_same_from_every_keyboard() -> None:
    assert prepared("cafe\u0301") == prepared("café")
