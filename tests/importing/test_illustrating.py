"""Pictures of what is brought in: from wherever they are, drawn anew, and never at the cost of the words."""

import base64
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path

import pytest

from app.fetching import OPEN_INTERNET, Guard
from app.formats import sources
from app.formats.pictures import encode
from app.importing import bringing, illustrating
from app.importing.illustrating import illustrated
from app.importing.reading import Source
from app.text.drafts import Draft, Work
from tests.conftest import settings
from tests.fetching.sites import PRIVATE, PUBLIC, Site, page, sending
from tests.formats.test_epub import book
from tests.pictures import drawn

BEE = drawn()


def nothing(_: str) -> bytes:
    return b""


def read(source: str, fetch: Callable[[str], bytes] = nothing, address: str = "") -> Draft:
    work = sources.read(source.encode(), "a.html", address=address, title="A title")
    (draft,) = illustrated(work, fetch, lambda *_: None).drafts
    return draft


def said(draft: Draft) -> list[tuple[str, bool]]:
    """The words of each paragraph, and whether its picture is there."""
    return [(one.text, one.structure.picture in draft.pictures) for one in draft.paragraphs]


def test_a_picture_is_had_from_its_address() -> None:
    asked: list[str] = []

    def fetch(address: str) -> bytes:
        asked.append(address)
        return BEE

    draft = read("<p>Words<p><img src=b.png alt=Bee>", fetch, "https://example.org/a/")
    assert asked == ["https://example.org/a/b.png"]
    assert said(draft) == [("Words", False), ("Bee", True)]
    (picture,) = draft.pictures.values()
    assert (picture.media_type, picture.width, picture.height) == ("image/webp", 320, 200)


def test_a_picture_that_stands_in_the_page_itself_is_had_from_there() -> None:
    inline = f"data:image/png;base64,{base64.b64encode(BEE).decode()}"
    assert said(read(f"<p>Words<p><img src='{inline}' alt=Bee>")) == [("Words", False), ("Bee", True)]
    for broken in ("data:image/png;base64,A", "data:image/png;base64,AAAA", "data:image/svg+xml,<svg/>", "data:,a"):
        assert said(read(f"<p>Words<p><img src='{broken}' alt=Bee>")) == [("Words", False), ("Bee", False)]


def test_what_cannot_be_had_leaves_its_words_and_nothing_where_it_has_none() -> None:
    source = "<p id=a>One<p><img src=https://example.org/a><p id=b>Two <a href='#b'>here</a><p><img src=x alt='A bee'>"
    draft = read(source)
    assert said(draft) == [("One", False), ("Two here", False), ("A bee", False)]
    assert [one.target for one in draft.paragraphs[1].structure.inline] == ["#2"]


@pytest.mark.parametrize("small", [drawn(1, 1), drawn(40, 40), b"<svg/>"])
def test_what_counts_readers_and_ornaments_without_words_are_left_out(small: bytes) -> None:
    assert said(read("<p>One<p><img src=https://example.org/a><p>Two", lambda _: small)) == [
        ("One", False),
        ("Two", False),
    ]


def test_pictures_of_a_book_come_out_of_the_book() -> None:
    source = "<p>Words</p><p><img src='bee.png' alt='Bee'/></p><p><img src='https://example.org/a.png' alt='Far'/></p>"
    asked: list[str] = []
    work = sources.read(book(source, **{"bee.png": BEE}), "a.epub")
    made = illustrated(work, lambda name: asked.append(name) or b"", lambda *_: None)  # type: ignore[func-returns-value]
    assert said(made.drafts[0]) == [("Words", False), ("Bee", True), ("Far", False)]
    assert (asked, made.pictures) == ([], {})


def test_more_than_may_be_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    source = "<p>Words" + "".join(f"<p><img src=https://example.org/{n} alt=Bee>" for n in range(5))
    with monkeypatch.context() as patched:
        patched.setattr(illustrating, "AT_MOST", 2)
        assert sum(there for _, there in said(read(source, lambda _: BEE))) == 2
    with monkeypatch.context() as patched:
        patched.setattr(illustrating, "BYTES", len(encode(BEE).content) * 3)
        assert sum(there for _, there in said(read(source, lambda _: BEE))) == 3
    with monkeypatch.context() as patched:
        patched.setattr(illustrating, "SECONDS", -1)
        assert sum(there for _, there in said(read(source, lambda _: BEE))) == 0


def brought(source: Source, beside: Path | None = None, guard: Guard = OPEN_INTERNET, **decided: object) -> Work:
    return bringing.read(source, settings("sqlite://", **decided), guard=guard, beside=beside)


def test_pictures_are_fetched_from_the_open_internet_and_from_nowhere_else() -> None:
    site, inside = Site(sending(page(BEE))), Site(sending(page(BEE)), host=PRIVATE)
    with closing(site), closing(inside):
        guard = Guard((ip_network(f"{PUBLIC}/32"),), ports=(site.port, inside.port))
        source = f"<p>Words<p><img src=/bee.png alt=Bee><p><img src=http://{PRIVATE}:{inside.port}/a.png alt=Inside>"
        brings = Source(source.encode(), media_type="text/html", address=f"http://{PUBLIC}:{site.port}/page")
        (draft,) = brought(brings, guard=guard).drafts
        assert said(draft) == [("Words", False), ("Bee", True), ("Inside", False)]
        assert [one.split()[:2] for one in site.requests] == [["GET", "/bee.png"]]
        assert inside.connections == 0
        (draft,) = brought(brings, guard=guard, fetching=False).drafts
        assert not draft.pictures
        assert len(site.requests) == 1


def test_a_file_has_its_pictures_beside_it_and_nowhere_else(tmp_path: Path) -> None:
    folder = tmp_path / "saved"
    (folder / "page files").mkdir(parents=True)
    (folder / "page files" / "a.png").write_bytes(BEE)
    (tmp_path / "secret.png").write_bytes(BEE)
    (folder / "link.png").symlink_to(tmp_path / "secret.png")
    names = ("page%20files/a.png", "../secret.png", str(tmp_path / "secret.png"), "link.png", "page files", "none.png")
    source = "<p>Words" + "".join(f"<p><img src='{name}' alt=Bee>" for name in names)
    (draft,) = brought(Source(source.encode(), "page.html"), folder, fetching=False).drafts
    assert [there for _, there in said(draft)] == [False, True, False, False, False, False, False]
    (draft,) = brought(Source(source.encode(), "page.html")).drafts
    assert not any(there for _, there in said(draft))


def test_many_pictures_fit_into_the_memory_that_reading_may_take() -> None:
    pages = {f"{n}.jpg": drawn(3000, 2000 + n, "JPEG") for n in range(40)}
    source = "<p>Words</p>" + "".join(f"<p><img src='{name}' alt='Bee {name}'/></p>" for name in pages)
    (draft,) = brought(Source(book(source, **pages), "a.epub")).drafts
    assert sum(there for _, there in said(draft)) == 40


def test_a_work_is_told_how_far_its_pictures_are() -> None:
    told: list[tuple[int, int]] = []
    work = sources.read(b"<p>Words<p><img src=https://e.org/a alt=A><p><img src=https://e.org/b alt=B>", "a.html")
    illustrated(work, nothing, lambda done, of: told.append((done, of)))
    assert told == [(0, 2), (1, 2)]
    assert replace(work, pictures={}) == work
