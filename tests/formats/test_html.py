"""Pages that are brought in: text complete and in order, structure as it was meant, nothing that acts or hides."""

import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.formats import html
from tests.formats.outline import outline

FILES = sorted((Path(__file__).parent / "html").glob("*.html"))
TAGS = st.sampled_from(
    "p div b i em strong a h1 h3 ul li ol blockquote pre code table tr td span section font nosuch".split()
)


def texts(source: str) -> list[str]:
    return [one.text for one in html.read(source.encode()).paragraphs]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.stem))
def test_a_page_is_read_as_its_outline_says(path: Path) -> None:
    assert outline(html.read(path.read_bytes())) == path.with_suffix(".outline").read_text("utf-8")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.stem))
def test_nothing_of_what_acts_is_left_of_a_page(path: Path) -> None:
    draft = html.read(path.read_bytes())
    for paragraph in draft.paragraphs:
        for one in paragraph.structure.inline:
            assert re.match(r"$|#\d+$|https?://|mailto:", one.target, re.IGNORECASE)
            assert not re.search("utm_|fbclid|track", one.target)
    assert not re.search(r"no\d|evil|tracker|secret", draft.text)


@settings(deadline=None)
@given(st.lists(st.one_of(st.text("abé字😀 .&\n", max_size=6), TAGS.map("<{}>".format), TAGS.map("</{}>".format))))
def test_the_words_of_any_page_come_out_as_they_went_in(parts: list[str]) -> None:
    source = "".join(part.replace("&", "&amp;") for part in parts)
    words = "".join("".join(part for part in parts if not part.startswith("<")).split())
    if not words:
        with pytest.raises(ValueError, match="no text"):
            html.read(source.encode())
        return
    draft = html.read(source.encode(), title="A title")
    assert "".join("".join(one.text for one in draft.paragraphs).split()) == words


@given(st.binary(max_size=200))
def test_whatever_bytes_are_read_can_be_published_or_are_refused(source: bytes) -> None:
    try:
        draft = html.read(source)
    except ValueError:
        return
    assert draft.title.strip()
    assert draft.text.encode()


def test_a_title_that_is_given_leaves_the_heading_where_it_is() -> None:
    draft = html.read(b"<h1>Bees</h1><p>They fly.", title=" All\nbees ", language="en")
    assert (draft.title, draft.language, [one.text for one in draft.paragraphs]) == (
        "All bees",
        "en",
        ["Bees", "They fly."],
    )


@pytest.mark.parametrize(
    "nothing", [b"", b" \n", b"<p>", b"<!-- a -->", b"<script>a</script>", b"<p hidden>a", b"\xff\xfe", b"<img src=a>"]
)
def test_a_page_without_a_word_is_refused(nothing: bytes) -> None:
    with pytest.raises(ValueError, match="no text"):
        html.read(nothing)


@pytest.mark.parametrize("tag", "div b ul blockquote table span".split())
def test_what_is_nested_too_deeply_is_refused_and_not_cut_off(tag: str) -> None:
    inner = "<tr><td>" if tag == "table" else "<li>" if tag == "ul" else ""
    with pytest.raises(ValueError, match="deep"):
        html.read((f"<{tag}>{inner}" * 10_000 + "here").encode())
    assert "here" in html.read((f"<{tag}>{inner}" * 300 + "here").encode()).text


def test_a_page_that_is_too_large_is_refused() -> None:
    with pytest.raises(ValueError, match="bytes"):
        html.read(b"<p>a" * 6_000_000)


def test_cells_that_claim_to_span_millions_leave_only_so_many_empty() -> None:
    draft = html.read(b"<table><tr><td colspan=999999>a<td>b" + b"<tr><td rowspan=999999 colspan=900>c<td>d" * 99)
    assert draft.text.count("\t") < 2 * html.FILLED


@pytest.mark.parametrize(
    "source",
    [
        "<p>" + "a" * 1_000_000,
        "<p>" + "e.g. " * 100_000,
        "<p>Words." * 50_000,
        "<b>a" * 2_000 + "<p>b" * 20_000,
        "<a href='https://example.org/'>a</a> " * 50_000,
        "<ul><li>a" * 600 + "<li>b" * 20_000,
        "<p>" + "<img src=a>" * 50_000 + "a",
        "<table>" + "<tr><td>a<td>b" * 20_000,
        "<table><tr><td>" * 500 + "<p>a" * 20_000,
        "a<br>" * 100_000,
        "&amp;" * 200_000,
        "<p id=a><a href='#a'>b</a>" * 20_000,
        "<" * 500_000 + "a",
        "<p " + "a=b " * 200_000 + ">c",
        "<!--" * 200_000 + "-->a",
    ],
    ids="long abbreviations paragraphs bold links items pictures rows tables breaks entities names signs attributes"
    " comments".split(),
)
def test_hostile_pages_take_seconds_at_most(source: str) -> None:
    begun = time.monotonic()
    html.read(source.encode())
    assert time.monotonic() - begun < 20


def test_encodings_that_say_less_than_they_mean_are_read_as_browsers_do() -> None:
    assert html.decoded("<meta charset=latin1>“€”".encode("cp1252")).endswith("“€”")
    assert html.decoded("<?xml version='1.0' encoding='koi8-r'?>Да".encode("koi8-r")).endswith("Да")
    assert html.decoded("<meta charset=utf-16>é".encode()).endswith("é")
    assert html.decoded("\ufeffa".encode("utf-16-be")) == "a"


def test_breaks_are_lines_and_two_on_end_paragraphs() -> None:
    assert texts("a<br>b<br><br>c<br> <br>d<pre>e<br><br>f</pre>") == ["a\nb", "c", "d", "e\n\nf"]


def sources(source: str, address: str = "") -> list[str]:
    return [one.structure.picture for one in html.read(source.encode(), "A title", address=address).paragraphs]


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("src=b.png", "https://example.org/a/b.png"),
        ("src='//pictures.example/b.png'", "https://pictures.example/b.png"),
        ("src='data:image/png;base64,AAAA'", "data:image/png;base64,AAAA"),
        ("src='data:image/gif;base64,R0lGODlhAQABAAAAACw=' data-src=b.png", "https://example.org/a/b.png"),
        ("src=small.png srcset='b.png 1600w, c.png 3200w, d.png 400w'", "https://example.org/a/b.png"),
        ("src=small.png srcset='b.png 600w,\n c.png 300w'", "https://example.org/a/b.png"),
        ("src=small.png srcset='a.png, b.png 2x, c.png 3x'", "https://example.org/a/b.png"),
        ("srcset='b,c.png 2x'", "https://example.org/a/b,c.png"),
        ("src='http://['", ""),
        ("src=javascript:a", ""),
    ],
)
def test_a_picture_is_fetched_from_where_it_is_large_enough(said: str, wanted: str) -> None:
    assert sources(f"<p><img {said} alt=Bee><p>Words", "https://example.org/a/page") == [wanted, ""]


def test_a_page_may_say_to_what_its_pictures_are_relative() -> None:
    page = "<base href='/img/'><p><picture><source srcset=b.avif><img src=b.png alt=Bee></picture><p>Words"
    assert sources(page, "https://example.org/a/page") == ["https://example.org/img/b.png", ""]


def test_a_picture_stands_apart_where_no_words_are_on_its_line() -> None:
    kinds = [
        one.kind for one in html.read(b"<img src=a><p>One<p><img src=b><br>Two<p>Three <img src=c> four").paragraphs
    ]
    assert kinds == ["picture", "p", "picture", "p", "p"]


def test_a_picture_without_words_is_said_to_be_one_and_is_no_text_alone() -> None:
    assert [one.text for one in html.read(b"<p><img src=a><p>Words").paragraphs] == ["Picture", "Words"]
    with pytest.raises(ValueError, match="no text"):
        html.read(b"<p><img src=a><p><img src=b>")
    assert "Picture" not in html.read(b"<p><img src=a width=1 height=1><p><img src=b role=presentation><p>Words").text
