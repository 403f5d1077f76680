"""Plain text, as people paste and keep it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.formats import plain
from app.text.drafts import Draft


def texts(draft: Draft) -> list[str]:
    return [paragraph.text for paragraph in draft.paragraphs]


def test_every_line_is_a_paragraph_and_blank_ones_count_for_nothing() -> None:
    draft = plain.read("\n\n  One.\r\n\r\n\t\nTwo.\rThree.  \n", title="Numbers")
    assert texts(draft) == ["One.", "Two.", "Three."]
    assert {paragraph.kind for paragraph in draft.paragraphs} == {"p"}


def test_a_short_first_line_is_the_title() -> None:
    draft = plain.read("On counting\n\nOne.\nTwo.")
    assert (draft.title, texts(draft)) == ("On counting", ["One.", "Two."])


def test_a_title_that_is_given_leaves_the_first_line_where_it_is() -> None:
    draft = plain.read("On counting\nOne.", title="Numbers")
    assert (draft.title, texts(draft)) == ("Numbers", ["On counting", "One."])


def test_a_long_first_line_is_no_title() -> None:
    first = "a" * 121
    draft = plain.read(f"{first}\nTwo.")
    assert (draft.title, texts(draft)) == ("a" * 120, [first, "Two."])


def test_the_only_line_is_text_and_title_in_one() -> None:
    draft = plain.read("One line.")
    assert (draft.title, texts(draft)) == ("One line.", ["One line."])


@pytest.mark.parametrize("nothing", ["", "\n\n \t\r\n", "\0\n\x1b", "\ufeff"[1:]])
def test_a_text_without_a_word_is_refused(nothing: str) -> None:
    with pytest.raises(ValueError, match="no text"):
        plain.read(nothing, title="Nothing")


@given(st.text(st.characters(exclude_categories=()) | st.sampled_from("\r\n \0")))
def test_whatever_can_be_read_can_be_published(source: str) -> None:
    try:
        draft = plain.read(source)
    except ValueError:
        return
    assert draft.title
    assert draft.paragraphs
    assert all(text and text == text.strip() for text in texts(draft))
    assert draft.text.encode()
