"""Words that agree are told from those that agree by chance, and stay with those they belong to."""

from app.text.comparing.agreement import agreement
from app.text.comparing.matches import Match
from app.text.comparing.words import words


def agreed(old: str, new: str) -> list[Match]:
    before, after = words(old, [(0, len(old))]), words(new, [(0, len(new))])
    return agreement(before, after, (0, len(before)), (0, len(after))).found


def test_a_word_that_stands_twice_stays_with_those_behind_it() -> None:
    assert agreed("The long wait at sea was by night", "The long wait at was was by sea night") == [
        Match(0, 0, 4),
        Match(5, 5, 2),
        Match(7, 8, 1),
    ]


def test_what_was_put_in_begins_where_a_sentence_does() -> None:
    assert agreed("She left. He stayed at home.", "She left. He waited. He stayed at home.") == [
        Match(0, 0, 3),
        Match(3, 6, 5),
    ]


def test_a_few_words_in_the_midst_of_others_agree_by_chance() -> None:
    old = "The prices of wool fell again that year, and so the farms were sold to whoever had any money left to spend."
    new = (
        "Children skated on the river, and nobody saw how thin it was where the mill race kept the water from freezing."
    )
    assert agreed(old, new) == []
