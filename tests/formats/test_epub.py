"""Books: each chapter an article, its text complete and in order, with footnotes and pictures; nothing that acts."""

import io
import re
import struct
import time
import tracemalloc
import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from app.formats import epub, sources
from app.formats.packages import ENTRIES
from app.text.drafts import Work
from tests.formats.books import CONTAINER, packed
from tests.formats.outline import outline

FILES = sorted((Path(__file__).parent / "epub").glob("*.book"))
PAGE = '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><body>{}</body></html>'


def listed(*paths: str) -> str:
    """A list of these documents, in this order."""
    items = "".join(f'<item id="i{n}" href="{path}" media-type="text/html"/>' for n, path in enumerate(paths))
    spine = "".join(f'<itemref idref="i{n}"/>' for n, _ in enumerate(paths))
    facts = "<metadata><title>A book</title></metadata>"
    return f"<package>{facts}<manifest>{items}</manifest><spine>{spine}</spine></package>"


def zipped(files: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as book:
        for path, words in files.items():
            book.writestr(path, words)
    return out.getvalue()


def book(*pages: str, **more: str | bytes) -> bytes:
    """An EPUB of these pages."""
    paths = [f"{number}.xhtml" for number, _ in enumerate(pages)]
    files: dict[str, str | bytes] = {"META-INF/container.xml": CONTAINER.format("b.opf"), "b.opf": listed(*paths)}
    files |= {path: PAGE.format(words) for path, words in zip(paths, pages, strict=True)}
    return zipped(files | more)


@pytest.mark.parametrize(
    ("dates", "day"),
    [
        ("<dc:date>1926-11-22T07:00:00Z</dc:date>", date(1926, 11, 22)),
        ('<dc:date opf:event="modification">2020-01-01</dc:date><dc:date>1926-11-22</dc:date>', date(1926, 11, 22)),
        (
            '<dc:date>2020-01-01</dc:date><dc:date opf:event="publication">1926-11-22</dc:date>',
            date(1926, 11, 22),
        ),
        ('<dc:date opf:event="conversion">2020-01-01</dc:date>', None),
        ("<dc:date>0101-01-01T00:00:00+00:00</dc:date>", None),
        ("<dc:date>1926</dc:date>", None),
        ("<dc:date/>", None),
        ("", None),
    ],
)
def test_a_book_says_when_it_was_published(dates: str, day: date | None) -> None:
    names = 'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:opf="http://www.idpf.org/2007/opf"'
    said = listed("0.xhtml").replace("<package>", f"<package {names}>").replace("</metadata>", f"{dates}</metadata>")
    (draft,) = epub.read(book("<p>Bees hum.</p>", **{"b.opf": said})).drafts
    assert draft.published_on == day


def described(work: Work) -> str:
    said = f"{work.title} · {work.author} · {', '.join(work.pictures) or 'no pictures'}\n"
    return "\n".join([said, *map(outline, work.drafts)])


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.stem))
def test_a_book_is_read_as_its_outline_says(path: Path) -> None:
    assert described(epub.read(packed(path.read_text("utf-8")))) == path.with_suffix(".outline").read_text("utf-8")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.stem))
def test_nothing_of_what_acts_is_left_of_a_book(path: Path) -> None:
    for draft in epub.read(packed(path.read_text("utf-8"))).drafts:
        for paragraph in draft.paragraphs:
            for one in paragraph.structure.inline:
                assert re.match(r"$|#\d+$|https?://|mailto:", one.target)
                assert "utm_" not in one.target
        assert not re.search(r"no\d|evil|tracker|secret", draft.text)


def test_there_are_ten_books_of_different_make() -> None:
    assert len(FILES) == 10


def test_what_comes_as_a_book_is_read_as_one() -> None:
    work = sources.read(book("<h1>One</h1><p>A.</p>", "<h1>Two</h1><p>B.</p>"), "a book.epub")
    assert (work.title, [one.title for one in work.drafts]) == ("A book", ["One", "Two"])
    assert [one.source for one in work.drafts] == ["A book", "A book"]


def test_a_title_and_a_language_that_are_given_count() -> None:
    work = epub.read(book("<h1>One</h1><p>A.</p>"), "Another title", "uk")
    assert (work.title, work.drafts[0].language) == ("Another title", "uk")


def test_a_long_document_with_one_entry_is_cut_at_those_below_it() -> None:
    points = "".join(
        f'<navPoint><navLabel><text>C{n}</text></navLabel><content src="0.xhtml#c{n}"/></navPoint>' for n in (1, 2)
    )
    first = '<navPoint><navLabel><text>All</text></navLabel><content src="0.xhtml"/>'
    ncx = f"<ncx><navMap>{first}{points}</navPoint></navMap></ncx>"
    item = '<item id="x" href="x" media-type="application/x-dtbncx+xml"/>'
    listing = listed("0.xhtml").replace("</manifest>", f"{item}</manifest>")
    for words, wanted in (("word " * 20_000, ["All", "C1", "C2"]), ("word ", ["All"])):
        page = f'<h1>All</h1><p>Before.</p><h2 id="c1">C1</h2><p>{words}</p><h2 id="c2">C2</h2><p>Last.</p>'
        work = epub.read(book(page, **{"x": ncx, "b.opf": listing}))
        assert [one.title for one in work.drafts] == wanted


def test_a_footnote_that_two_chapters_refer_to_stands_in_both() -> None:
    refer = '<h1>One</h1><p>Words<a epub:type="noteref" href="2.xhtml#n">1</a>.</p>'
    note = '<h1>Notes</h1><ol epub:type="endnotes"><li epub:type="endnote" id="n">Twice.</li></ol>'
    one, two = epub.read(book(refer, refer, note)).drafts
    assert one.text == two.text == "Words1.\n\nTwice."
    assert [paragraph.kind for paragraph in one.paragraphs] == ["p", "footnote"]


# ── what is refused


def fault(content: bytes) -> str:
    with pytest.raises(ValueError) as found:  # noqa: PT011
        epub.read(content)
    return str(found.value)


def encrypted(algorithm: str) -> str:
    data = f'<EncryptionMethod Algorithm="{algorithm}"/><CipherData><CipherReference URI="0.xhtml"/></CipherData>'
    return f'<encryption><EncryptedData xmlns="http://www.w3.org/2001/04/xmlenc#">{data}</EncryptedData></encryption>'


def test_a_locked_book_says_so_and_one_whose_fonts_alone_are_is_read() -> None:
    locked = encrypted("http://www.w3.org/2001/04/xmlenc#aes128-cbc")
    assert "DRM" in fault(book("<p>A.</p>", **{"META-INF/encryption.xml": locked}))
    fonts = encrypted("http://www.idpf.org/2008/embedding")
    assert epub.read(book("<p>A.</p>", **{"META-INF/encryption.xml": fonts})).drafts


def test_what_is_none_is_refused() -> None:
    whole = book("<h1>One</h1><p>A.</p>" * 50)
    for content in (
        b"",
        b"PK\3\4",
        whole[: len(whole) // 2],
        whole.replace(b"PK\1\2", rb"PK\9\9"),
        zipped({"a.txt": "a"}),
    ):
        assert "damaged" in fault(content) or "none" in fault(content)
    assert "no text" in fault(book("<p> </p>", "<img src='a'/>"))


def test_a_damaged_document_is_said() -> None:
    whole = zipped({"b.opf": listed("0.xhtml"), "0.xhtml": PAGE.format("<p>Words</p>" * 9)}, zipfile.ZIP_STORED)
    assert "0.xhtml" in fault(whole.replace(b"<p>Words", b"<p>Wrods"))


def test_a_file_that_unpacks_to_more_than_it_may_is_refused_before_it_does() -> None:
    bomb = zipped({"b.opf": listed("0.xhtml"), "0.xhtml": b"<p>" + b"a" * 300_000_000})
    assert len(bomb) < 1_000_000
    begun = time.monotonic()
    tracemalloc.start()
    assert "bytes" in fault(bomb)
    assert tracemalloc.get_traced_memory()[1] < 150_000_000
    tracemalloc.stop()
    assert time.monotonic() - begun < 10


def test_many_that_unpack_to_more_together_are_refused() -> None:
    paths = [f"{n}.xhtml" for n in range(50)]
    bomb = zipped({"b.opf": listed(*paths)} | dict.fromkeys(paths, b"<p>" + b"a " * 1_000_000))
    assert "bytes" in fault(bomb)


def test_a_size_that_is_declared_is_not_believed() -> None:
    whole = bytearray(book("<h1>One</h1><p>A.</p>"))
    at = whole.find(b"PK\1\2")
    while at >= 0:
        whole[at + 24 : at + 28] = struct.pack("<I", 0xFFFFFFF0)
        at = whole.find(b"PK\1\2", at + 4)
    begun = time.monotonic()
    assert [one.text for one in epub.read(bytes(whole)).drafts] == ["A."]
    assert time.monotonic() - begun < 5


def test_a_book_of_very_many_files_is_refused_before_they_are_listed() -> None:
    many = zipped({f"{n}.txt": b"" for n in range(ENTRIES + 10)}, zipfile.ZIP_STORED)
    assert fault(many).endswith("there are more")
    lying = bytearray(many)
    at = lying.rfind(b"PK\5\6")
    lying[at + 8 : at + 12] = struct.pack("<HH", 1, 1)
    assert "files" in fault(bytes(lying))


def test_entities_of_its_own_do_not_grow() -> None:
    declared = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol"}">' for n in range(12))
    page = f"<!DOCTYPE html [{declared}]><html><body><p>Words &l11; and &eacute;</p></body></html>"
    begun = time.monotonic()
    work = epub.read(zipped({"b.opf": listed("0.xhtml"), "0.xhtml": page}))
    assert work.drafts[0].text == "Words &l11; and é"
    assert time.monotonic() - begun < 2


def test_an_entity_that_stands_for_a_file_stands_for_nothing() -> None:
    page = '<!DOCTYPE html [<!ENTITY f SYSTEM "file:///etc/hostname">]><html><body><p>Words &f;</p></body></html>'
    for path in ("0.xhtml", "b.opf"):
        files = {"b.opf": listed("0.xhtml"), "0.xhtml": PAGE.format("<p>A.</p>")} | {path: page}
        try:
            assert epub.read(zipped(files)).drafts[0].text == "Words &f;"
        except ValueError as error:
            assert "no text" in str(error)  # noqa: PT017


def test_names_that_lead_out_of_the_book_lead_nowhere() -> None:
    page = "<p>A.</p><p><img src='../../../../../etc/hostname' alt='Out'/></p><p><img src='/b.opf' alt='In'/></p>"
    work = epub.read(book(page, "<p><a href='../../../1.xhtml#a'>B</a></p>"))
    assert list(work.pictures) == ["b.opf"]
    assert [one.text for one in work.drafts] == ["A.\n\nOut\n\nIn", "B"]


@pytest.mark.filterwarnings("ignore:Duplicate")
def test_a_name_that_stands_twice_is_read_once() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as twice:
        twice.writestr("b.opf", listed("0.xhtml", "0.xhtml"))
        for words in ("First", "Last"):
            twice.writestr("0.xhtml", PAGE.format(f"<p>{words}</p>"))
    assert [one.text for one in epub.read(out.getvalue()).drafts] == ["Last"]


def test_no_words_are_lost_where_footnotes_refer_to_each_other() -> None:
    note = '<aside epub:type="footnote" id="{}">{} <a epub:type="noteref" href="#{}">2</a></aside>'
    (draft,) = epub.read(
        book("<p>Words.</p>" + note.format("a", "First", "b") + note.format("b", "Second", "a"))
    ).drafts
    assert draft.text == "Words.\n\nFirst 2\n\nSecond 2"
    notes = note.format("a", "First", "b") + '<aside epub:type="footnote" id="b">Second</aside>'
    (draft,) = epub.read(book(notes + '<p>Words<a epub:type="noteref" href="#a">1</a></p>')).drafts
    assert draft.text == "Words1\n\nFirst 2\n\nSecond"


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 10_000 + "a",
        "<p>" + "e.g. " * 100_000,
        "<p>Words.</p>" * 50_000,
        "".join(
            f'<p id="a{n}"><a href="#b{n}">{n}</a> words</p><p id="b{n}"><a href="#a{n}">{n}</a> note</p>'
            for n in range(9_999)
        ),
        '<p id="x">' + '<a href="#x">1</a> ' * 50_000 + "</p>",
        "<div><h1 id='x'>Long</h1>" + "<p><a href='#x'>1</a></p>" * 20_000 + "</div>",
    ],
    ids="deep abbreviations paragraphs notes links block".split(),
)
def test_hostile_books_take_seconds_at_most(page: str) -> None:
    begun = time.monotonic()
    try:
        epub.read(book(page))
    except ValueError as error:
        assert "deep" in str(error)  # noqa: PT017
    assert time.monotonic() - begun < 20
