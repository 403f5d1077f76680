"""The Markdown of the editor: what is long is read and written apart, as what is short is here, and within limits."""

import time
from contextlib import suppress

import pytest

from app.formats import markdown
from app.formats.markdown_blocks import write_article
from app.importing import editing
from app.importing.editing import SHORT, Sources
from app.importing.reading import NotRead

BLOCKS = """## A heading

A **bold** [link](https://example.org/) and one [to the heading](#a-heading). Two *sentences*[^1] 😀.

![A hive](/pictures/abc "At noon")

> - quoted
> - `twice`

| a | b |
|---|---|
| 1 | 2 |

[^1]: Below.

"""
LONG = BLOCKS.replace("[^1]", "") * (3 * SHORT // len(BLOCKS)) + BLOCKS


def test_what_is_long_is_read_as_what_is_short_is() -> None:
    here = markdown.read(LONG, "Hives", "en")
    apart = editing.read(LONG, "Hives", "en")
    assert len(LONG) > SHORT
    assert apart == here
    assert apart.sentences == here.sentences
    assert any(one.structure.picture == "/pictures/abc" for one in apart.paragraphs)


def test_what_is_long_is_written_as_what_is_short_is() -> None:
    paragraphs = markdown.read(LONG, "Hives").paragraphs
    assert sum(len(one.text) for one in paragraphs) > SHORT
    assert editing.write(paragraphs) == write_article(paragraphs)


@pytest.mark.parametrize("words", ["", "a\n\n" * 10_000], ids=["short", "long"])
def test_what_is_no_article_is_refused(words: str) -> None:
    with pytest.raises((ValueError, NotRead), match="no text in it"):
        editing.read(words.replace("a", "<!-- a -->"), "Nothing", "en")


def test_what_a_page_cannot_show_is_refused() -> None:
    with pytest.raises(NotRead, match="50,000 paragraphs"):
        editing.read("a\n\n" * 50_001, "Letters", "en")


@pytest.mark.parametrize("words", ["*a **b " * 40_000, "[a](b " * 2_400, "`a ``b " * 30_000])
def test_hostile_texts_take_no_longer_than_they_may(words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(editing, "SECONDS", 3)
    begun = time.monotonic()
    with suppress(NotRead):
        editing.write(editing.read(words, "Hostile", "en").paragraphs)
    assert time.monotonic() - begun < 30


def test_a_revision_is_written_once() -> None:
    sources = Sources(1_000)
    paragraphs = markdown.read("One.\n\nTwo.", "Numbers").paragraphs
    asked: list[int] = []

    def of(revision: int) -> str:
        return sources.of(1, revision, lambda: asked.append(revision) or paragraphs)  # type: ignore[func-returns-value]

    assert [of(1), of(1), of(2)] == ["One.\n\nTwo.\n"] * 3
    assert asked == [1, 2]
