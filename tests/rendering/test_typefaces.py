"""Which typefaces set given words, on a machine with fonts and on one without."""

from pathlib import Path

import pytest

from app.rendering.typefaces import PACKAGED, Typefaces, scripts
from tests.quotes import PACKAGED as LANGUAGES
from tests.quotes import SENTENCES
from tests.typefaces import font

BARE = Typefaces(machine=False)


@pytest.mark.parametrize("language", SENTENCES)
def test_without_fonts_on_the_machine_the_packaged_ones_set_what_they_can(language: str) -> None:
    assert bool(BARE.faces(SENTENCES[language], language)) == (language in LANGUAGES)


def test_the_packaged_family_alone_sets_what_it_has() -> None:
    assert BARE.faces("Ἐν ἀρχῇ – “была” שָׁלוֹם", "") == [PACKAGED]


@pytest.mark.parametrize("words", ["\ue000", "\U000fffff", "😀", "\U0001f9ff", "𓀀", "學", "a ह b"])
def test_what_no_family_draws_is_not_set(words: str) -> None:
    assert not BARE.faces(words)


def test_a_family_of_the_machine_is_asked_for_what_the_packaged_ones_lack(tmp_path: Path) -> None:
    font(tmp_path, "Bars", "กข")
    faces = Typefaces(machine=False, folders=[tmp_path])
    assert faces.faces("a กข")[:2] == [PACKAGED, "Bars"]
    assert not faces.faces("a กขค")


def test_letters_that_nothing_shapes_are_not_set(tmp_path: Path) -> None:
    font(tmp_path, "Loose", "हिन")
    assert not Typefaces(machine=False, folders=[tmp_path]).faces("हिन", "hi")
    font(tmp_path, "Shaped", "हिन", shapes="dev2")
    assert "Shaped" in Typefaces(machine=False, folders=[tmp_path]).faces("हिन", "hi")


def test_of_two_families_the_book_face_comes_first(tmp_path: Path) -> None:
    for family in ("Aa Mono", "Bb Sans", "Noto Serif Thai", "Zz Serif"):
        font(tmp_path, family, "กข")
    assert Typefaces(machine=False, folders=[tmp_path]).faces("กข", "th")[1] == "Noto Serif Thai"


def test_ideographs_look_as_in_their_language(tmp_path: Path) -> None:
    for region in ("JP", "KR", "SC", "TC"):
        font(tmp_path, f"Noto Serif CJK {region}", "學而")
    faces = Typefaces(machine=False, folders=[tmp_path])
    chosen = {language: faces.faces("學而", language)[1] for language in ("ja", "zh", "zh-Hant-HK", "zh-TW", "")}
    assert [str(one)[-2:] for one in chosen.values()] == ["JP", "SC", "TC", "TC", "SC"]


def test_boxes_for_every_letter_are_no_typeface(tmp_path: Path) -> None:
    font(tmp_path, "Last Resort", "กข")
    assert not Typefaces(machine=False, folders=[tmp_path]).faces("กข")


def test_a_broken_font_is_passed_over(tmp_path: Path) -> None:
    font(tmp_path, "Bars", "กข")
    whole = (tmp_path / "Bars.ttf").read_bytes()
    (tmp_path / "Broken.ttf").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "Nothing.ttf").write_bytes(b"")
    assert "Bars" in Typefaces(machine=False, folders=[tmp_path]).faces("กข")


def test_words_on_which_typst_breaks_are_not_set() -> None:
    """Version 0.15 panics on some lines from right to left with a sign that no font has."""
    assert not BARE.can_set("a\u2067 \u20e3" * 200, [PACKAGED])
    assert BARE.can_set("and goes on", [PACKAGED])


def test_other_fonts_are_another_edition(tmp_path: Path) -> None:
    assert Typefaces(machine=False).edition == BARE.edition
    font(tmp_path, "Bars", "กข")
    assert Typefaces(machine=False, folders=[tmp_path]).edition != BARE.edition


def test_what_scripts_share_goes_with_the_letters_before_it() -> None:
    assert scripts("हि।") == {"Deva"}
    assert scripts("ラー。") == {"Kana"}
