"""A text is cut into words that stand where they say, and that compare as a reader would."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.text.comparing.words import LONGEST, set_alike, weight, words

unhurried = settings(deadline=None)


def cut(text: str) -> list[str]:
    found = words(text, [(0, len(text))])
    return [text[start:end] for start, end in zip(found.starts, found.ends, strict=True)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It’s “fine”--well-known…", ["It’s", "“", "fine", "”", "--", "well", "-", "known", "…"]),
        ("3.14 x_y ok....", ["3", ".", "14", "x_y", "ok", "...", "."]),
        ("e\u0301te\u0301 ty\u00adpo", ["e\u0301te\u0301", "ty\u00adpo"]),
        ("日本語のテキスト。か\u3099", [*"日本語のテキスト。", "か\u3099"]),
        ("หมูกิน", ["ห", "มู", "กิ", "น"]),
        ("हिन्दी में।", ["हिन्दी", "में", "।"]),
        ("الْعَرَبِيَّة، نص", ["الْعَرَبِيَّة", "،", "نص"]),
        ("به\u200cنام", ["به\u200cنام"]),
        ("한국어 문장.", ["한국어", "문장", "."]),
        ("hi👩🏽‍🚀👍🇩🇪🇫🇮 1️⃣", ["hi", "👩🏽‍🚀", "👍", "🇩🇪", "🇫🇮", "1️⃣"]),
        ("one\u200btwo\u00a0three", ["one", "two", "three"]),
        ("x" * (LONGEST + 1), ["x"] * (LONGEST + 1)),
        (" \n\t ", []),
    ],
)
def test_words_are_what_a_reader_takes_for_words(text: str, found: list[str]) -> None:
    assert cut(text) == found


@unhurried
@given(st.text(max_size=80))
def test_nothing_but_white_space_is_between_words(text: str) -> None:
    found = words(text, [(0, len(text))])
    edges = [0, *(edge for pair in zip(found.starts, found.ends, strict=True) for edge in pair), len(text)]
    assert edges == sorted(edges)
    between = "".join(text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True))
    assert not between.replace("\u200b", "").strip()
    assert all(found.folded)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("“", '"'),
        ("’", "'"),
        ("it’s", "it's"),
        ("—", "--"),
        ("–", "-"),
        ("…", "..."),
        ("é", "e\u0301"),
        ("ﬁn", "fin"),
        ("ａ", "a"),
        ("，", ","),
    ],
)
def test_what_a_typesetter_tells_apart_is_the_same(one: str, other: str) -> None:
    assert set_alike(one) == set_alike(other)


@pytest.mark.parametrize(("one", "other"), [("a", "A"), ("e", "é"), (".", ","), ("resume", "résumé"), ("-", "_")])
def test_what_a_reader_tells_apart_is_not(one: str, other: str) -> None:
    assert set_alike(one) != set_alike(other)


def test_only_the_given_stretches_are_cut() -> None:
    found = words("one two three four", [(4, 7), (14, 18)])
    assert (found.starts, found.folded) == ([4, 14], ["two", "four"])
    assert found.within(4, 7) == (0, 1)
    assert found.within(14, 18) == (1, 2)


def test_where_something_begins_is_seen() -> None:
    found = words("One two. “Three” said?” Four\n(five)-six, 七八。九", [(0, 100)])
    assert [found.opens(at) for at in range(len(found))] == [3, 1, 0, 2, 0, 0, 1, 0, 0, 2, 3, 0, 0, 0, 0, 0, 1, 0, 0, 2]


def test_a_word_weighs_its_letters() -> None:
    assert [weight(word) for word in ["river", "。", "猫", "1871", "😀", "'"]] == [5, 0, 2, 4, 0, 0]
