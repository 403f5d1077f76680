"""An article before it is published."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.text.drafts import Draft, DraftParagraph, paragraph, words_in

anything = st.text(st.characters(exclude_categories=()) | st.sampled_from("\0\r\n\t \x0b\x7f\ud800\udfff\ufeff\u2028"))


@pytest.mark.parametrize(
    ("found", "kept"),
    [
        ("  two words \n", "two words"),
        ("one\r\ntwo\rthree\nfour", "one\ntwo\nthree\nfour"),
        ("NUL\0, bell\a, escape\x1b, delete\x7f", "NUL, bell, escape, delete"),
        ("half a pair \ud83d here, \ude00 there", "half a pair  here,  there"),
        ("\ufffe\uffffno characters", "no characters"),
        ("tab\tand no-break\u00a0space", "tab\tand no-break\u00a0space"),
        ("e\u0301 \u05d0\u05d1 👩‍👩‍👧 \u202eabc", "e\u0301 \u05d0\u05d1 👩‍👩‍👧 \u202eabc"),
    ],
)
def test_a_paragraph_keeps_what_html_keeps(found: str, kept: str) -> None:
    assert paragraph(found) == DraftParagraph(kept)


@pytest.mark.parametrize("nothing", ["", " \n\t", "\0\r\n", "\ud800", "\u2003\u3000"])
def test_a_paragraph_of_nothing_is_none(nothing: str) -> None:
    assert paragraph(nothing) is None


@given(anything)
def test_a_paragraph_is_plain_and_stays_as_it_is(words: str) -> None:
    found = paragraph(words)
    if found:
        assert found.text.encode().decode() == found.text == found.text.strip()
        assert not set(found.text) & set(map(chr, [*range(9), *range(11, 32), 127, 0xFFFE, 0xFFFF]))
        assert paragraph(found.text) == found


@given(st.lists(st.text("ab 😀", min_size=1), min_size=1))
def test_every_paragraph_stands_at_its_span(texts: list[str]) -> None:
    draft = Draft("", tuple(map(DraftParagraph, texts)))
    assert [span.of(draft.text) for span in draft.spans] == texts
    assert draft.text == "\n\n".join(texts)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("One two, three.", 3),
        ("مرحبا بكم", 2),
        ("図書館の朝。", 3),
        ("彼は「Hello」と言った。", 4),
        ("字", 1),
    ],
)
def test_words_are_counted_where_no_spaces_stand_between_them_too(text: str, words: int) -> None:
    assert words_in(text) == words
