"""Slugs: made of titles, and numbered where they are taken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.text import slugs


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Où est l’été?", "ou-est-lete"),
        ("Київ", "kiiv"),
        ("😀", "article"),
        ("", "article"),
        ("word " * 100, "-".join(["word"] * 16)),
    ],
)
def test_a_slug_is_made_of_a_title(title: str, slug: str) -> None:
    assert slugs.slug_of(title, "article") == slug
    assert slugs.is_slug(slug)


@pytest.mark.parametrize("words", ["", "A", "a--b", "-a", "a-", "a b", "é", "a" * 81, "a/b", "a\n"])
def test_what_is_no_slug(words: str) -> None:
    assert not slugs.is_slug(words)


@given(st.integers(0, 300))
def test_the_first_number_that_is_free_is_found_in_few_questions(taken: int) -> None:
    there = {"a", *(f"a-{number}" for number in range(2, taken + 1))} if taken else set()
    asked: list[str] = []
    found = slugs.free("a", lambda slug: asked.append(slug) or slug in there)  # type: ignore[func-returns-value]
    assert found == ("a" if taken == 0 else f"a-{taken + 1}")
    assert len(asked) <= 2 + 2 * max(taken, 1).bit_length()


@given(st.sets(st.integers(1, 60)))
def test_what_is_found_is_free_whatever_gaps_there_are(numbers: set[int]) -> None:
    there = {"a" if number == 1 else f"a-{number}" for number in numbers}
    assert slugs.free("a", there.__contains__) not in there


def test_an_address_at_which_something_else_stands_is_not_given() -> None:
    assert slugs.free("new", lambda _: False) == "new-2"
