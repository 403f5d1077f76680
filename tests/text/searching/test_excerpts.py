"""Excerpts: the words that were looked for, marked where they stand."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.text.searching.excerpts import EXCERPT_LENGTH, Piece, excerpt, hits
from app.text.searching.folding import folded
from app.text.searching.queries import Words, query_of

MARKED: dict[tuple[str, str], list[str]] = {
    ("The white whale, a White Whale! Whaling.", "white whale"): ["white", "whale", "White", "Whale"],
    ("The white whale, whaling.", "whal"): ["whale", "whaling"],
    ("The white whale and the whale.", '"white whale"'): ["white whale"],
    ("A white,\n  “whale”.", '"white whale"'): ["white,\n  “whale"],
    ("Straßenfest in Łódź, ŁÓDŹ", "lodz strass"): ["Straßenfest", "Łódź", "ŁÓDŹ"],
    ("Straße, strasse", "strasse "): ["Straße", "strasse"],
    ("彼は東京都に住む。京東", "東京"): ["東京"],
    ("서울에서 만나요", "서울"): ["서울"],
    ("tower東京tower", "東京"): ["東京"],
    ("Cafe\u0301s and cafés", "cafes"): ["Cafe\u0301s", "cafés"],
    ("😀 the owl 😀 owls", "owl "): ["owl"],
    ("😀👍 x", "👍"): ["👍"],
    ("ﬁne wines, fine", "fine "): ["ﬁne", "fine"],
    ("wholewhale", "whale "): [],
    ("whales", "whale "): [],
    ("a-b_c", "b "): ["b"],
    ("x" * 100 + " y", "x" * 70 + " "): ["x" * 100],
    ("مُحَمَّد ومحمد", "محمد "): ["مُحَمَّد"],
}


@pytest.mark.parametrize(("text", "typed"), MARKED)
def test_the_words_are_marked_where_they_stand(text: str, typed: str) -> None:
    assert [span.of(text) for span in hits(text, query_of(typed).wanted)] == MARKED[text, typed]


def test_a_long_text_is_cut_around_them_between_words() -> None:
    text = "before " * 200 + "a whale here " + "after " * 200
    pieces = excerpt(text, query_of("whale ").wanted)
    assert pieces[0] == pieces[-1] == Piece("…", False)
    middle = "".join(piece.words for piece in pieces[1:-1])
    assert "a whale here after" in middle
    assert middle.startswith("before")
    assert middle.endswith("after")
    assert EXCERPT_LENGTH - 60 <= len(middle) <= EXCERPT_LENGTH


def test_where_most_of_them_stand_is_shown() -> None:
    text = "one whale alone. " + "nothing to see here. " * 30 + "A white whale, the white whale."
    assert "A white whale" in "".join(piece.words for piece in excerpt(text, query_of("white whale ").wanted))


def test_a_text_without_them_shows_how_it_begins() -> None:
    assert excerpt("word " * 100, query_of("whale").wanted)[-1] == Piece("…", False)
    assert excerpt("Short.", ()) == [Piece("Short.", False)]
    assert excerpt("", query_of("whale").wanted) == []


SOME_TEXT = some.text(
    some.one_of(some.sampled_from("ab é\u0301ßﬁ東서😀-.\n"), some.characters(codec="utf-8")), max_size=300
)


@given(SOME_TEXT, some.text(some.sampled_from('ab éß東서 "'), max_size=12))
def test_an_excerpt_is_a_stretch_of_the_text(text: str, typed: str) -> None:
    pieces = excerpt(text, query_of(typed).wanted, 60)
    said = "".join(piece.words for piece in pieces)
    assert said.removeprefix("…").removesuffix("…") in text or said in text
    assert len(said) <= 122


@given(SOME_TEXT, some.integers(0, 20))
def test_whatever_word_stands_there_is_found_there(text: str, which: int) -> None:
    words = folded(text).split()
    if not words:
        return
    word = words[which % len(words)]
    found = hits(text, (Words((word,)),))
    composed_alike = folded("".join(map(folded, text))) == folded("".join(text.split()))
    assert found or not composed_alike or not text.isascii()


def test_much_takes_little_time() -> None:
    begun = time.process_time()
    for text in ("a " * 100_000, "a" * 200_000, " " * 200_000, "é " * 50_000, "海" * 50_000):
        excerpt(text, query_of('a* "a b" "海 a" é*').wanted)
    assert time.process_time() - begun < 5
