"""What is brought in is read as what it is, whatever it is called."""

import zipfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.formats import sources
from app.text.drafts import Draft


def one(content: str | bytes, name: str = "", media_type: str = "", **more: str) -> Draft:
    work = sources.read(content.encode() if isinstance(content, str) else content, name, media_type, **more)
    (draft,) = work.drafts
    assert (work.title, work.author, work.pictures) == (draft.title, draft.author, {})
    return draft


def packed(**files: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "media_type", "kind"),
    [
        ("# Bees", "bees.txt", "", "plain"),
        ("<p>Bees</p>", "bees.md", "", "markdown"),
        ("Bees", "BEES.HTML", "", "html"),
        ("Bees", "bees", "text/html; charset=utf-8", "html"),
        ("# Bees", "bees.md", "text/plain", "markdown"),
        ("One.\nTwo.\n\nThree.", "", "", "markdown"),
        ("One.\nTwo.\nThree.", "", "", "plain"),
        ("One.\n\nTwo.\n\nThree.\n", "", "", "plain"),
        ("Bees\n====\nhum", "", "", "markdown"),
        ("- one\n- two", "", "", "markdown"),
        ("see [this](https://example.org) for more", "", "", "markdown"),
        ("\n<!-- saved --><!DOCTYPE html><title>Bees</title><p>Bees", "", "", "html"),
        ("<div><p>Bees hum.</p></div>", "", "", "html"),
        ("<p> is what a paragraph is called", "", "", "plain"),
        ("a < b, and b > c", "", "", "plain"),
        ("<!-- -->" * 8_000, "", "", "plain"),
        ("e.g. " * 13_000, "", "", "plain"),
    ],
)
def test_what_it_is_is_told_by_type_ending_and_look(content: str, name: str, media_type: str, kind: str) -> None:
    assert sources.kind_of(content.encode(), name, media_type) == kind


def test_a_book_is_known_by_what_is_in_it() -> None:
    assert sources.kind_of(packed(mimetype=b"application/epub+zip"), "book.zip") == "epub"
    assert sources.kind_of(packed(**{"META-INF/container.xml": b"<container/>"})) == "epub"


@pytest.mark.parametrize(
    ("content", "name", "media_type", "said"),
    [
        (b"%PDF-1.7 ...", "bees.txt", "", "it is a PDF. Plain text, Markdown, HTML and EPUB can be read"),
        (b"\x89PNG\r\n\x1a\n", "bees.html", "", "it is a picture"),
        (packed(**{"word/document.xml": b""}), "bees.docx", "", "word processor"),
        (b"\x1f\x8b\x08", "bees.txt.gz", "", "it is packed"),
        (b"Bees", "bees.epub", "", "calls itself an EPUB"),
        (b"Bees", "bees", "image/svg+xml", "it is image/svg"),
        (bytes(range(256)) * 9, "bees.txt", "", "it is no text"),
        (b"", "bees.txt", "", "there is no text in it"),
        (b"\0 \0", "", "", "it is no text"),
        (b"<p></p>", "bees.html", "", "there is no text in it"),
    ],
)
def test_what_cannot_be_read_is_said(content: bytes, name: str, media_type: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        sources.read(content, name, media_type)


def test_words_are_read_in_the_letters_they_are_written_in() -> None:
    words = "Про бджіл – й мед"
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-32"):
        assert one(words.encode(encoding)).text == words
    assert one(words.encode("cp1251"), "", "text/plain; charset=windows-1251").text == words
    assert one(f"<p>{words}".encode("koi8-u", "replace"), "", "text/html;charset=koi8-u").text == words.replace(
        "–", "?"
    )
    assert one("“Bees” hum—café".encode("cp1252")).text == "“Bees” hum—café"
    assert one(b"Bees \xff\0 hum. " + b"So it is. " * 200).text.startswith("Bees \ufffd hum.")


def test_where_it_is_from_is_kept() -> None:
    page = "<link rel=canonical href=https://example.org/b><p>See <a href=/c>this</a>"
    assert one(page, "b.html").source == "https://example.org/b"
    fetched = one(page, "", "text/html", address="https://mirror.example/x/b?c=1")
    assert fetched.source == "https://mirror.example/x/b?c=1"
    assert fetched.paragraphs[0].structure.inline[0].target == "https://mirror.example/c"
    assert one("Bees", "bees.txt").source == "bees.txt"
    assert one("# Bees\n\nhum", address="https://example.org/bees.txt?raw=1").title == "# Bees"


def test_title_and_language_are_those_that_are_said() -> None:
    draft = one("# Bees\n\nhum", title="On bees", language="en-GB")
    assert (draft.title, draft.language) == ("On bees", "en-GB")


@given(st.binary(max_size=300), st.sampled_from(["", "a.txt", "a.md", "a.html", "a.epub"]))
def test_whatever_bytes_come_they_are_read_or_refused(content: bytes, name: str) -> None:
    try:
        draft = one(content, name)
    except ValueError:
        return
    assert draft.title.strip()
    assert draft.text.encode()
