"""Markdown that is brought in: text complete and in order, structure as it was meant, nothing that acts."""

import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.formats import markdown
from tests.formats.outline import outline

FILES = sorted((Path(__file__).parent / "markdown").glob("*.md"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.stem))
def test_a_file_is_read_as_its_outline_says(path: Path) -> None:
    assert outline(markdown.read(path.read_text("utf-8"))) == path.with_suffix(".outline").read_text("utf-8")


def test_a_title_that_is_given_leaves_the_heading_where_it_is() -> None:
    draft = markdown.read("# Bees\n\nThey fly.", title=" All\nabout bees ", language="en")
    assert (draft.title, draft.language) == ("All about bees", "en")
    assert [one.text for one in draft.paragraphs] == ["Bees", "They fly."]


def test_a_heading_alone_is_text_and_title() -> None:
    draft = markdown.read("# Bees")
    assert (draft.title, [one.text for one in draft.paragraphs]) == ("Bees", ["Bees"])


@pytest.mark.parametrize(
    ("said", "day"),
    [("1926-11-22", date(1926, 11, 22)), ('"22 Nov 1926"', date(1926, 11, 22)), ("soon", None), ("1926", None)],
)
def test_front_matter_says_when_it_was_published(said: str, day: date | None) -> None:
    assert markdown.read(f"---\ntitle: Bees\ndate: {said}\n---\n\nThey hum.").published_on == day


@pytest.mark.parametrize("nothing", ["", "\n \n", "---\ntitle: x\n---\n", "<!-- a -->", "| |\n|-|\n| |", "![](x.png)"])
def test_a_text_without_a_word_is_refused(nothing: str) -> None:
    with pytest.raises(ValueError, match="no text"):
        markdown.read(nothing)


@pytest.mark.parametrize("sign", ["> ", "- ", "1. "])
def test_what_is_nested_too_deeply_is_refused_and_not_cut_off(sign: str) -> None:
    with pytest.raises(ValueError, match="deep"):
        markdown.read(sign * 10_000 + "here")
    assert "here" in markdown.read(sign * 30 + "here").text


@pytest.mark.parametrize("source", ["[" * 15_001, "a" * 5_000_001, "[x]" * 12_000 + "\n\n" + "[x]" * 12_000])
def test_what_would_take_minutes_is_refused(source: str) -> None:
    with pytest.raises(ValueError, match=r"15,000 brackets|5,000,000 characters"):
        markdown.read(source)


@settings(deadline=None)
@given(st.text(st.sampled_from("ab *_`~[]()!<>#-+|\n\t0.\\&:^é字😀\"'/=")))
def test_whatever_can_be_read_can_be_published(source: str) -> None:
    try:
        draft = markdown.read(source)
    except ValueError:
        return
    assert draft.title.strip()
    assert all(paragraph.text.strip() for paragraph in draft.paragraphs)
    assert draft.text.encode()


@settings(deadline=None)
@given(st.lists(st.text("abé字😀 .", min_size=1, max_size=20).filter(lambda text: text.strip(" .")), min_size=1))
def test_plain_words_come_out_as_they_went_in(said: list[str]) -> None:
    draft = markdown.read("\n\n".join(f"x{one.strip()}" for one in said), title="t")
    assert [one.text for one in draft.paragraphs] == [" ".join(f"x{one.strip()}".split(" ")) for one in said] or [
        "".join(one.text.split()) for one in draft.paragraphs
    ] == ["".join(f"x{one}".split()) for one in said]


@pytest.mark.parametrize(
    "source",
    [
        "a" * 1_000_000,
        "word " * 200_000,
        "e.g. " * 100_000,
        "Words.\n\n" * 50_000,
        "*a " * 30_000,
        "[" * 15_000,
        "![[](" * 6_000,
        "x" + "`" * 100_000 + "a",
        "".join("`" * number + "a" for number in range(600)),
        "| a " * 2_000 + "\n" + "|-" * 2_000 + "\n" + "| b " * 2_000,
        "<" * 30_000,
        "&" * 100_000,
        "[^1]" * 5_000 + "\n\n[^1]: x",
        "- a\n" * 20_000,
        "a\n" * 60_000,
        "x" + "~~" * 20_000 + "a",
    ],
    ids=(
        "long words abbreviations paragraphs stars brackets pictures ticks rising wide tags entities notes items lines"
        " strike"
    ).split(),
)
def test_hostile_files_take_seconds_at_most(source: str) -> None:
    begun = time.monotonic()
    markdown.read(source)
    assert time.monotonic() - begun < 20
