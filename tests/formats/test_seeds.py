"""The articles that Postil ships with, and any other folder of seeds."""

import tomllib
from pathlib import Path

import pytest

from app.formats import seeds
from app.settings import shipped
from app.text.drafts import SampleNote
from app.text.selectors import Quote, anchor
from app.text.spans import Span
from tests.conftest import SLUG


def plant(folder: Path, name: str, said: str, text: str = "One.\nTwo.\n") -> None:
    (folder / f"{name}.toml").write_text(said, "utf-8")
    (folder / f"{name}.txt").write_text(text, "utf-8")


def test_the_seed_article_is_whole() -> None:
    (seed,) = seeds.read(shipped("seeds"))
    assert seed.draft.slug == SLUG
    assert seed.draft.title == "What an American election means for Ukraine"
    assert len(seed.draft.paragraphs) == 33
    assert "does not cover it" in seed.draft.source
    assert seed.draft.language == "en"


def test_every_sample_note_stands_on_its_words() -> None:
    (seed,) = seeds.read(shipped("seeds"))
    text = seed.draft.text
    places = [anchor(text, Quote(note.exact, note.prefix, note.suffix)) for note in seed.notes]
    assert len(places) == 8
    for note, place in zip(seed.notes, places, strict=True):
        assert place
        assert text[: place.start].endswith(note.prefix)
        assert text.count(note.prefix + note.exact) == 1


def test_a_seed_is_named_for_its_file_and_says_what_its_toml_says(tmp_path: Path) -> None:
    plant(tmp_path, "b-second", 'title = "B"\nlanguage = "uk"\nsource = "here"\n', "Один.\nДва.\n")
    plant(
        tmp_path,
        "a-first",
        'title = "A"\nlanguage = ""\nsource = ""\nreader = "Ann"\n'
        '[[notes]]\nexact = "Two"\nnote = "!"\ncolour = "blue"\n',
    )
    first, second = seeds.read(tmp_path)
    assert (first.draft.slug, first.draft.title, first.reader) == ("a-first", "A", "Ann")
    assert first.notes == (SampleNote("Two", "!", "blue"),)
    assert (second.draft.slug, second.draft.language, second.draft.source) == ("b-second", "uk", "here")
    assert second.draft.spans == [Span(0, 5), Span(7, 11)]
    assert (second.reader, second.notes) == ("", ())


def test_an_empty_folder_has_no_seeds(tmp_path: Path) -> None:
    assert list(seeds.read(tmp_path)) == []


def test_a_seed_without_its_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "alone.toml").write_text('title = "A"\nlanguage = ""\nsource = ""\n', "utf-8")
    with pytest.raises(FileNotFoundError):
        list(seeds.read(tmp_path))


def test_a_seed_that_is_no_toml_is_refused(tmp_path: Path) -> None:
    plant(tmp_path, "a", "title: A")
    with pytest.raises(tomllib.TOMLDecodeError):
        list(seeds.read(tmp_path))
