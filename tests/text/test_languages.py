"""Direction by language and script; and what the letters of a text say against the language expected."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.text.languages import tag, writing, writing_of


@pytest.mark.parametrize("language", ["ar", "he", "fa", "ur", "yi", "ps", "dv", "ckb", "ar-EG", "az-Arab", "uz_Arab"])
def test_these_run_from_right_to_left(language: str) -> None:
    assert writing(language).direction == "rtl"


@pytest.mark.parametrize("language", ["en", "ja", "ru", "az", "he-Latn", "sr-Cyrl", "xx"])
def test_these_run_from_left_to_right(language: str) -> None:
    assert writing(language).direction == "ltr"


def test_of_an_unknown_language_the_text_decides() -> None:
    assert writing("").direction == "auto"
    assert [writing_of(text, writing("")).direction for text in ("Hello", "سلام", "12")] == ["ltr", "rtl", "auto"]


@pytest.mark.parametrize(
    ("text", "language", "direction"),
    [
        ("שלום לכולם", "he", "rtl"),
        ("Καλημέρα σε όλους", "el", "ltr"),
        ("これは日本語の文です", "ja", "ltr"),
        ("안녕하세요", "ko", "ltr"),
        ("สวัสดี", "th", "ltr"),
        ("ދިވެހި", "dv", "rtl"),
        ("اللغة العربية", "", "rtl"),
        ("Привет, мир", "", "ltr"),
        ("漢字", "", "ltr"),
        ("नमस्ते", "", "ltr"),
    ],
)
def test_another_script_tells_its_language_if_it_belongs_to_one(text: str, language: str, direction: str) -> None:
    found = writing_of(text, writing("en"))
    assert (found.language, found.direction) == (language, direction)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Hello – “there”, 2026!", "en"),
        ("The word שלום stands in it.", "en"),
        ("قالت NATO شيئًا", "ar"),
        ("東京", "ja"),
        ("東京", "zh-Hant"),
        ("Dobar dan", "sr"),
        ("Добар дан", "sr"),
        ("ᏣᎳᎩ", "xx"),
        ("… 1, 2, 3 …", "ar"),
        ("𝔘𝔫𝔡", "ar"),
        ("", "ar"),
    ],
)
def test_a_text_in_the_letters_of_its_language_is_as_expected(text: str, language: str) -> None:
    expected = writing(language)
    assert writing_of(text, expected) is expected


def test_latin_words_in_another_script_say_that_nobody_knows_their_language() -> None:
    for language in ("ar", "ru", "ja"):
        found = writing_of("The margin answers.", writing(language))
        assert (found.language, found.direction) == ("", "ltr")


def test_chinese_with_a_few_kana_stays_chinese_and_japanese_beside_it_does_not() -> None:
    chinese = writing("zh")
    assert writing_of("日本語裡的の字是一個常用的助詞", chinese) is chinese
    assert writing_of("これは短い日本語の文です", chinese).language == "ja"


@given(st.text(), st.sampled_from(["", "en", "ar", "ja", "ru"]))
def test_what_a_text_tells_of_itself_it_does_not_contradict(text: str, language: str) -> None:
    found = writing_of(text, writing(language))
    assert writing_of(text, found) is found


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("en", "en"),
        (" pt-BR ", "pt-BR"),
        ("zh_Hans", "zh-Hans"),
        ("ckb", "ckb"),
        ("de-1996", "de-1996"),
        ("english", ""),
        ("e", ""),
        ("en-", ""),
        ("en--GB", ""),
        ("en; q=1", ""),
        ("en" + "-abcdefgh" * 4, ""),
        ("", ""),
    ],
)
def test_what_is_a_language_tag(said: str, found: str) -> None:
    assert tag(said) == found
