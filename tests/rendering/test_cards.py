"""What other software shows of a shared passage."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from app.rendering.cards import card, shortened
from app.storage.articles import Article
from app.storage.margins import Seen
from app.storage.shares import Share
from app.text.notes import html_of

WHEN = datetime(2026, 11, 3, 23, 59, tzinfo=UTC)
ARTICLE = Article(slug="a", title="Of *Bees* & Ants", author="")
SHARE = Share(token="t", article_id=1, reader_id=1, revision=1, start=0, end=9, exact="words\n\nin two <paragraphs>")


def seen(note: str) -> Seen:
    return Seen(1, 0, 9, 1, "Ann", "yellow", "everyone", "", WHEN, note_html=html_of(note))


@given(st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from(" \n"), max_size=60), st.integers(2, 40))
def test_shortened_words_fit_on_one_line(words: str, length: int) -> None:
    line = shortened(words, length)
    whole = " ".join(words.split())
    assert len(line) <= length
    assert line == whole or (line.endswith("…") and whole.startswith(line[:-1]))


def test_words_are_cut_between_words() -> None:
    assert shortened("one two, three", 10) == "one two…"
    assert shortened("onetwothree", 6) == "onetw…"


def test_the_quote_is_the_title_and_the_note_its_description() -> None:
    made = card(ARTICLE, SHARE, seen("Is it *so*? <b> & co"))
    assert made.title == "words in two <paragraphs>"
    assert made.description == "Is it so? <b> & co – Ann, on “Of *Bees* & Ants”"
    assert made.date == "3 Nov 2026"


def test_a_highlight_says_whose_it_is_and_of_what() -> None:
    article = Article(slug="a", title="Bees", author="Huber")
    assert card(article, SHARE, seen("")).description == "Ann, on “Bees” by Huber"


def test_a_bare_passage_says_what_it_is_of() -> None:
    made = card(ARTICLE, SHARE, None)
    assert (made.description, made.date) == ("On “Of *Bees* & Ants”", "")
