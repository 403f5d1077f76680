"""Words are cut short between them, never inside one."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.text.cuts import cuts, kept_whole, unbroken, visible


@given(st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from(" \u200b，。字かไ"), max_size=40))
def test_the_pieces_are_the_line_and_the_places_lie_between_them(line: str) -> None:
    cut = cuts(line)
    assert "".join(cut.pieces) == line
    assert all(cut.pieces)
    places = sorted(cut.words + cut.ideographs)
    assert places == list(range(1, len(cut.pieces)))


@pytest.mark.parametrize(
    ("line", "words", "ideographs"),
    [
        ("One two-three, four.", ["One ", "two-three, ", "four."], []),
        (
            "天地玄黄，宇宙洪荒。日",
            ["天地玄黄，", "宇宙洪荒。", "日"],
            ["天", "地", "玄", "黄，", "宇", "宙", "洪", "荒。", "日"],
        ),
        ("「はい」と彼。", ["「はい」", "と彼。"], ["「は", "い」", "と", "彼。"]),
        ("มนุษย์ทั้งหลาย เกิด", ["มนุษย์ทั้งหลาย ", "เกิด"], []),
        ("ភាសា\u200bខ្មែរ", ["ភាសា\u200b", "ខ្មែរ"], []),
        ("인간은 태어날", ["인간은 ", "태어날"], []),
        ("Endless", ["Endless"], []),
        ("", [], []),
    ],
)
def test_words_end_at_spaces_and_clauses(line: str, words: list[str], ideographs: list[str]) -> None:
    cut = cuts(line)
    ends = [0, *cut.words, len(cut.pieces)]
    assert [one for at, end in pairwise(ends) if (one := "".join(cut.pieces[at:end]))] == words
    assert cut.pieces == (ideographs or words)


def test_what_has_no_break_is_found() -> None:
    assert unbroken("a/endlessly, ", 10) == ["endlessly,"]
    assert unbroken("一二三四五六七八九十一二", 10) == []
    assert unbroken("มนุษย์ทั้งหลายเกิดมา", 10) == []


def test_lines_do_not_break_within_a_korean_word() -> None:
    assert kept_whole("그 존엄과") == "그 존\u2060엄\u2060과"


@pytest.mark.parametrize(
    ("words", "seen"),
    [
        (" two\n\twords ", "two words"),
        ("a\u202eb\u202c\x07\u00ad\ufeffc\ud800", "abc"),
        ("به\u200cنام\u200f 👩\u200d🚀", "به\u200cنام\u200f 👩\u200d🚀"),
    ],
)
def test_what_has_no_look_is_left_out_unless_letters_need_it(words: str, seen: str) -> None:
    assert visible(words) == seen
