"""Plain text, as people paste and keep it."""

import textwrap

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


WORDS = (
    "A margin is the part of a page that nobody has written on yet, and so it is the part that belongs to whoever "
    "reads. What stands there later was not foreseen by the one who set the type, and often not by the one who "
    "wrote it down either; it came about because a sentence would not let go of somebody."
)


@pytest.mark.parametrize("width", [60, 66, 72, 79])
@pytest.mark.parametrize("indent", ["", "    "])
def test_lines_that_were_broken_to_fit_a_width_are_one_paragraph(width: int, indent: str) -> None:
    broken = textwrap.fill(WORDS, width, initial_indent=indent)
    draft = plain.read(f"On margins\n\n{broken}\n\n{broken}\n", title="Margins")
    assert texts(draft) == ["On margins", WORDS, WORDS]


def test_a_paragraph_of_two_lines_is_one_where_others_show_the_width() -> None:
    two = " ".join(WORDS.split()[:22])
    draft = plain.read("\n\n".join(textwrap.fill(words, 72) for words in (WORDS, two)), title="Margins")
    assert texts(draft) == [WORDS, two]
    assert len(texts(plain.read(textwrap.fill(two, 72), title="Margins"))) == 2


VERSE = """The clock upon the landing struck eleven and then stood still,
The cat had gone about her work behind the window sill,
The kettle sang as kettles will, and nobody was there
To take it from the fire or to sit down in the chair."""
LIST = """Flour, as much as the bowl will hold without being pressed
two eggs, or three small ones
a spoon of salt
milk until it runs from the spoon as slowly as honey does"""


@pytest.mark.parametrize("lines", [VERSE, LIST, "one,1,2\n" * 3 + "a" * 60 + "\n" + "b" * 60, f"{WORDS}\n{WORDS}"])
def test_lines_that_somebody_meant_stay_lines(lines: str) -> None:
    draft = plain.read(f"{textwrap.fill(WORDS, 72)}\n\n{lines}", title="Margins")
    assert texts(draft) == [WORDS, *lines.splitlines()]


def test_what_a_mail_quotes_is_a_quotation() -> None:
    quoted = "\n".join(f"> {line}" for line in textwrap.fill(WORDS, 70).splitlines())
    mail = f"Ann wrote:\n\n{quoted}\n>\n> Indeed.\n>> Twice?\n\n{textwrap.fill(WORDS, 72)}\n\n>>> 1 + 1\n"
    draft = plain.read(mail, title="A mail")
    assert [(one.kind, one.text) for one in draft.paragraphs] == [
        ("p", "Ann wrote:"),
        ("quotation", WORDS),
        ("quotation", "Indeed."),
        ("quotation", "Twice?"),
        ("p", WORDS),
        ("p", ">>> 1 + 1"),
    ]


def test_an_item_of_a_list_goes_on_in_the_lines_below_it() -> None:
    lines = "- the clock, which is not\n  the one that goes;\n- the cat\n12. and a third\n    thing\n  1. within"
    assert texts(plain.read(lines, title="A list")) == [
        "- the clock, which is not the one that goes;",
        "- the cat",
        "12. and a third thing",
        "1. within",
    ]
    assert texts(plain.read("if a:\n    b\n    c", title="Code")) == ["if a:", "b", "c"]


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
