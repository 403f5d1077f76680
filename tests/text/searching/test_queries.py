"""Queries: what somebody means who types this, and that there is nothing that cannot be typed."""

import timeit

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.text.searching.folding import WORD_LENGTH, folded
from app.text.searching.queries import MOST_IN_A_PHRASE, MOST_WORDS, QUERY_LENGTH, Query, Words, query_of


def w(*words: str, begins: bool = False) -> Words:
    return Words(words, begins)


MEANT: dict[str, Query] = {
    "white whale": Query(wanted=(w("white"), w("whale", begins=True))),
    "white whale ": Query(wanted=(w("white"), w("whale"))),
    "whi* whale ": Query(wanted=(w("whi", begins=True), w("whale"))),
    "Éa": Query(wanted=(w("ea", begins=True),)),
    "a": Query(wanted=(w("a"),)),
    '"white whale"': Query(wanted=(w("white", "whale"),)),
    '"white wha': Query(wanted=(w("white", "wha", begins=True),)),
    "„weißer Wal“ ": Query(wanted=(w("weisser", "wal"),)),
    "«baleine blanche»": Query(wanted=(w("baleine", "blanche"),)),
    "「白鯨」": Query(wanted=(w("白", "鯨"),)),
    "白鯨": Query(wanted=(w("白", "鯨"),)),
    "白鯨Moby": Query(wanted=(w("白", "鯨", "moby", begins=True),)),
    "고래": Query(wanted=(w("고", "래"),)),
    "don’t ": Query(wanted=(w("don", "t"),)),
    "-ship whale ": Query(wanted=(w("whale"),), unwanted=(w("ship"),)),
    "whale -shi": Query(wanted=(w("whale"),), unwanted=(w("shi"),)),
    "whale -shi* ": Query(wanted=(w("whale"),), unwanted=(w("shi", begins=True),)),
    'whale -"the ship"': Query(wanted=(w("whale"),), unwanted=(w("the", "ship"),)),
    "well-known ": Query(wanted=(w("well", "known"),)),
    "- whale ": Query(wanted=(w("whale"),)),
    "whale whale ": Query(wanted=(w("whale"),)),
    "tag:sea ": Query(tags=(w("sea"),)),
    "tag:se": Query(tags=(w("se", begins=True),)),
    'TAG:"Night Work" -tag:draft ': Query(tags=(w("night", "work"),), unwanted_tags=(w("draft"),)),
    "tag：海": Query(tags=(w("海"),)),
    'by:"Ada Quill" by:me ': Query(by=(w("ada", "quill"), w("me"))),
    "in:moby-dick in:other whale ": Query(wanted=(w("whale"),), within=("moby-dick",)),
    'in:"Moby Dick" ': Query(within=("Moby Dick",)),
    "has:note whale ": Query(wanted=(w("whale"),), noted=True),
    "has:feet whale ": Query(wanted=(w("whale"),)),
    "tag: by: in: has: -tag: ": Query(),
    "http://example.org/a?b=c ": Query(wanted=(w("http", "example", "org", "a", "b", "c"),)),
    "title:whale ": Query(wanted=(w("title", "whale"),)),
    '" " "" \'*\' -* -"" : :: ()': Query(),
    "": Query(),
    "\0": Query(),
}


@pytest.mark.parametrize("typed", MEANT)
def test_what_is_meant(typed: str) -> None:
    assert query_of(typed) == MEANT[typed]


def test_what_only_leaves_out_finds_nothing() -> None:
    assert [query_of(typed).finds for typed in ("whale", "tag:sea", "by:ada", "has:note")] == [True] * 4
    assert [query_of(typed).finds for typed in ("-whale", "in:moby", "-tag:sea", "in:moby -whale", "")] == [False] * 5


def test_no_more_is_read_than_is_said() -> None:
    many = query_of(" ".join(f"w{number} -x{number}" for number in range(60)))
    assert len(many.wanted) + len(many.unwanted) == MOST_WORDS
    (phrase,) = query_of('"' + "a " * 200 + '"').wanted
    assert len(phrase.words) == MOST_IN_A_PHRASE
    (long,) = query_of("x" * QUERY_LENGTH).wanted
    assert long.words == ("x" * WORD_LENGTH,)
    assert query_of("a " * (QUERY_LENGTH // 2) + "whale") == query_of("a " * (QUERY_LENGTH // 2))


TYPED = some.text(
    some.one_of(
        some.sampled_from("\"*-:()&|!<>^+{}\\'_ \0\t\n“”«："),
        some.sampled_from(["tag:", "by:", "in:", "has:note", "NEAR(", " AND ", " OR ", "NOT "]).map(
            lambda one: one[:1]
        ),
        some.characters(),
    ),
    max_size=80,
)


@given(
    some.lists(some.one_of(TYPED, some.sampled_from(["tag:", "-tag:", "by:", "in:", "has:note", '"', " "]))).map(
        "".join
    )
)
def test_whatever_is_typed_means_something_or_nothing(typed: str) -> None:
    query = query_of(typed)
    said = [*query.wanted, *query.unwanted, *query.tags, *query.unwanted_tags, *query.by]
    assert len(said) <= MOST_WORDS
    for words in said:
        assert 1 <= len(words.words) <= MOST_IN_A_PHRASE
        for word in words.words:
            # What is put between quotation marks of FTS5 and of a tsquery has none in it, and is no key.
            assert word == folded(word)
            assert not set(word) & set("\"'\\_:* \0")


@given(some.text(some.characters(codec="utf-8"), max_size=60))
def test_what_is_folded_stays_so(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@pytest.mark.parametrize(
    "typed", ["a" * 100_000, '"' * 100_000, "-" * 100_000, "a:" * 50_000, "海" * 100_000, " " * 100_000]
)
def test_what_is_long_takes_no_longer_than_its_beginning(typed: str) -> None:
    def shortest(words: str) -> float:
        return min(timeit.repeat(lambda: query_of(words), number=20, repeat=5))

    assert shortest(typed) <= 5 * shortest(typed[:1000])
