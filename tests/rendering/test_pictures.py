"""Pictures of cards: quotes in many scripts, short and long, well set or left out; drawn once."""

import json
import re
import struct
import time
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import pytest
import typst

from app.rendering.pictures import BYTES, HEIGHT, WIDTH, Picture, Pictures, draw, said, sheet
from app.rendering.typefaces import Typefaces
from app.settings import shipped
from tests.conftest import ROOT, missing
from tests.quotes import QUOTES, SENTENCES, repeated
from tests.typefaces import font

BARE = Typefaces(machine=False)
FONTS = ROOT / ".venv" / "fonts"
"""Where `.ci/run` puts fonts for every script of the quotes; without it there are those of the machine."""

HERE = Typefaces(folders=[FONTS] if FONTS.is_dir() else [])
TEMPLATE = shipped("templates") / "shares" / "card.typ"
SECONDS = 5
"""Room for one drawing on a machine that is busy with others; it takes a tenth of one."""

on_any_machine = pytest.mark.parametrize("typefaces", [BARE, HERE], ids=["bare", "here"])
quotes = pytest.mark.parametrize(("language", "quote"), QUOTES, ids=lambda one: one if len(one) == 2 else str(len(one)))


def picture(quote: str, language: str = "en", **more: str) -> Picture:
    return Picture(
        quote, title="A day in a library", author="Northwind Press", reader="Ann", language=language, colour="yellow"
    )._replace(**more)  # type: ignore[arg-type]


def shown(picture: Picture, typefaces: Typefaces) -> str:
    """The words that stand large on the card."""
    inputs = {"card": json.dumps(sheet(picture, typefaces))}
    found = typst.query(TEMPLATE.read_bytes(), "<shown>", "value", sys_inputs=inputs, font_paths=typefaces.fonts)
    return "\n".join(line for lines in json.loads(found) for line in lines).replace("\u2060", "")


def outlines(source: bytes, inputs: dict[str, str], typefaces: Typefaces) -> list[bytes]:
    """The shape of each glyph that is drawn."""
    svg = typst.compile(source, format="svg", sys_inputs=inputs, font_paths=typefaces.fonts)
    shapes = dict(re.findall(rb'<symbol id="(\w+)"[^>]*>(.*?)</symbol>', svg, re.DOTALL))
    return [shapes[used] for used in re.findall(rb'href="#(g\w+)"', svg)]


@cache
def tofu(face: str, typefaces: Typefaces) -> frozenset[bytes]:
    """What a family draws, in any size, for a character that it does not have."""
    source = b"""#set text(font: sys.inputs.face, fallback: false)
    #for size in range(20, 101) { text(size: size * 1pt, "\\u{10fffd}") }"""
    return frozenset(outlines(source, {"face": face}, typefaces))


def size_of(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


# ── every script


def test_the_quotes_are_as_many_and_as_different_as_they_should_be() -> None:
    assert len(QUOTES) >= 40
    assert len(SENTENCES) >= 12
    assert min(len(quote) for _, quote in QUOTES) <= 5
    assert max(len(quote) for _, quote in QUOTES) > 1_900


@on_any_machine
@quotes
def test_a_card_is_small_and_of_the_size_that_others_show(language: str, quote: str, typefaces: Typefaces) -> None:
    png = draw(picture(quote, language), typefaces)
    assert size_of(png) == (WIDTH, HEIGHT) == (1200, 630)
    assert len(png) <= BYTES == 300_000


@on_any_machine
@quotes
def test_no_card_shows_a_box_for_a_letter(language: str, quote: str, typefaces: Typefaces) -> None:
    card = sheet(picture(quote, language), typefaces)
    drawn = outlines(TEMPLATE.read_bytes(), {"card": json.dumps(card)}, typefaces)
    faces = {
        str(face["name"] if isinstance(face, dict) else face)
        for text in ("quote", "title")
        if card[text]
        for face in card[text]["faces"]
    }
    assert not {shape for face in faces for shape in tofu(face, typefaces)} & set(drawn)
    words = shown(picture(quote, language), typefaces)
    bases = len(re.findall(r"[^\W\d_]", words)) * (0.3 if language in ("ar", "hi", "bn", "km") else 0.8)
    assert len(drawn) >= bases  # no letter is just not there


@on_any_machine
@quotes
def test_words_are_whole(language: str, quote: str, typefaces: Typefaces) -> None:
    words = shown(picture(quote, language), typefaces)
    if not said(quote, language, typefaces):
        assert words == "A day in a library"
    elif words != quote:
        assert words.endswith("…")
        assert len(words) > 150
        assert quote.startswith(words[:-1])
        assert not re.match(r"\w", quote[len(words) - 1 :])


def test_with_fonts_there_every_script_is_set() -> None:
    if not FONTS.is_dir():
        missing("fonts of all these scripts", "`.ci/run`", "REQUIRE_FONTS")
    for language, words in SENTENCES.items():
        assert shown(picture(words, language), HERE) == words


# ── what a card shows


def test_without_words_that_can_be_set_a_card_shows_the_title() -> None:
    assert shown(picture("\ue000\ue001"), BARE) == "A day in a library"
    assert shown(picture("\ue000", title="\ue000", author="\ue000", reader="\ue000"), BARE) == ""
    assert shown(Picture(), BARE) == ""


def test_paragraphs_stay_apart() -> None:
    assert shown(picture("One.\n\nTwo,\nthree."), BARE) == "One.\nTwo, three."


@pytest.mark.parametrize(
    ("quote", "words"),
    [
        ('#import "x" #panic() $x$ *a* _b_ \\ `c` <d> @e //f', '#import "x" #panic() $x$ *a* _b_ \\ `c` <d> @e //f'),
        ("\\u{41} \" ' {} [] “” \x00\x07", "\\u{41} \" ' {} [] “”"),
        ("a \u202eevil\u202c b\u2067c", "a evil bc"),
        ("   \n\n \t\n\n ", "A day in a library"),
        ("\u200b\u200d\u2060", "A day in a library"),
        ("\u0301" * 20, "A day in a library"),
        ("a" + "\u0301" * 500, "A day in a library"),
        ("w" * 20_000, "A day in a library"),
        ("\ud800 lone", "lone"),
        ("\ufffe\uffff", "A day in a library"),
    ],
)
def test_hostile_words_are_only_words(quote: str, words: str) -> None:
    assert shown(picture(quote), BARE) == words
    assert size_of(draw(picture(quote, title=quote, author=quote, reader=quote), BARE)) == (WIDTH, HEIGHT)


@pytest.mark.parametrize("language", ["", "x", "en-", "../..", "zh-Hant-TW", "123456", "\ue000", "de-DE-1996", "'\"#"])
def test_any_language_tag_will_do(language: str) -> None:
    assert shown(picture("Some words.", language), BARE) == "Some words."
    assert draw(picture("Some words.", language), BARE)


@pytest.mark.parametrize(
    "quote",
    [
        repeated("The words of a long passage go on.", 20_000, " "),
        repeated("Kurz.", 20_000, "\n\n"),
        "-".join("ab" * 10_000),
        "a " * 10_000,
        "a \u20e3" * 600,
        "a \u0301 " * 500,
        "a ש" * 700,
        "\u200fש\u0301 \u20e3" * 500,
        "W" * 60 + " end " * 4_000,
    ],
)
def test_any_passage_is_drawn_in_bounded_time(quote: str) -> None:
    began = time.monotonic()
    png = draw(picture(quote), BARE)
    assert time.monotonic() - began < SECONDS
    assert len(png) <= BYTES == 300_000


def test_a_word_that_is_wider_than_the_card_ends_the_words_before_it() -> None:
    assert shown(picture("Before it. " + "w" * 400 + " after."), BARE) == "Before it…"


def test_what_is_too_busy_gives_way_to_the_title(tmp_path: Path) -> None:
    letters = "".join(map(chr, range(0x3400, 0x3500)))
    font(tmp_path, "Splinters", letters, splinters=150)
    typefaces = Typefaces(machine=False, folders=[tmp_path])
    few, many = (picture(letters[:count]) for count in (12, 256))
    assert shown(few, typefaces) == few.quote
    assert BYTES / 4 < len(draw(few, typefaces)) <= BYTES
    assert draw(many, typefaces) == draw(picture(""), typefaces)


def test_the_colours_are_those_of_the_page() -> None:
    tokens = (shipped("static") / "css" / "tokens.css").read_text()
    colours = set(re.findall(r"light-dark\((#\w+)", tokens))
    assert set(re.findall(r'rgb\("(#\w+)"\)', TEMPLATE.read_text())) <= colours


def test_a_card_from_right_to_left_is_mirrored() -> None:
    directions = {
        language: sheet(picture(SENTENCES[language], language), HERE)["direction"] for language in ("en", "he", "ar")
    }
    assert directions == {"en": "ltr", "he": "rtl", "ar": "rtl"}
    assert sheet(picture("שלום", ""), BARE)["direction"] == "rtl"


# ── drawn once


def test_a_picture_is_drawn_once_and_the_same_each_time() -> None:
    pictures = Pictures(1_000_000, BARE)
    first = pictures.png(picture("Once."))
    assert pictures.png(picture("Once.")) is first
    assert pictures.drawings == 1
    assert draw(picture("Once."), Typefaces(machine=False)) == first


def test_many_who_ask_at_once_wait_for_one_drawing() -> None:
    pictures = Pictures(1_000_000, BARE)
    with ThreadPoolExecutor(8) as executor:
        found = set(executor.map(pictures.png, [picture("At once.")] * 16))
    assert (len(found), pictures.drawings) == (1, 1)


def test_the_least_used_go_when_the_room_is_full() -> None:
    one = len(draw(picture("1."), BARE))
    pictures = Pictures(3 * one + one // 2, BARE)
    for quote in ("1.", "2.", "1.", "3.", "4.", "1."):
        pictures.png(picture(quote))
    assert pictures.drawings == 4
    assert Pictures(10, BARE).png(picture("1."))


def test_whatever_is_drawn_is_in_the_name_of_the_picture(tmp_path: Path) -> None:
    pictures = Pictures(10, BARE)
    all_that = picture("Words")
    changed = [all_that._replace(**{field: "other"}) for field in ("quote", "title", "author", "reader", "language")]  # type: ignore[arg-type]
    changed += [all_that._replace(colour="blue"), all_that._replace(noted=True)]
    assert len({pictures.tag(one) for one in [all_that, *changed]}) == 8
    assert Pictures(10, Typefaces(machine=False)).tag(all_that) == pictures.tag(all_that)
