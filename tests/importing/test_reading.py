"""Reading apart: sound or refused in words, within memory and time, whatever comes."""

import io
import os
import struct
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from queue import Queue
from threading import Thread

import pytest

from app.formats import sources
from app.importing import reading
from app.importing.reading import NotRead, Progress, Source, Stopped
from app.text.drafts import Work

SECONDS = 60


def read(content: bytes, name: str = "bees.txt", **more: str) -> Work:
    return reading.read(Source(content, name, **more), SECONDS)


def children() -> set[str]:
    """The processes that this one has started and that are still there."""
    found = set()
    for thread in Path("/proc/self/task").iterdir():
        found |= set((thread / "children").read_text().split())
    return found


def test_what_is_read_apart_is_what_would_be_read_here() -> None:
    page = "<title>Bees</title><meta name=author content=Ann><p>They <b>hum</b>. All <a href=/d>day</a>.<ul><li>é 🐝"
    here = sources.read(page.encode(), "b.html", address="https://example.org/b", language="en")
    apart = read(page.encode(), "b.html", address="https://example.org/b", language="en")
    assert apart == here
    assert apart.drafts[0].cut is not None
    assert apart.drafts[0].sentences == here.drafts[0].sentences


def test_how_far_it_is_is_told_and_it_can_be_stopped() -> None:
    before, told = children(), list[Progress]()

    def three_times(progress: Progress) -> bool:
        told.append(progress)
        return len(told) < 3

    with pytest.raises(Stopped):
        reading.read(Source(b"Bees hum.\n" * 49_000), SECONDS, three_times)
    assert told[0].step == "reading"
    assert children() == before


def test_what_takes_too_long_is_ended() -> None:
    before, begun = children(), time.monotonic()
    with pytest.raises(NotRead, match=r"longer to read than the 0\.3 seconds"):
        reading.read(Source(b"Bees hum.\n" * 49_000), 0.3)
    assert time.monotonic() - begun < 10
    assert children() == before


def test_it_learns_nothing_of_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        f"import os, pathlib\npathlib.Path({str(tmp_path / 'told')!r}).write_text(str(sorted(os.environ)))\n"
    )
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")]))
    monkeypatch.setenv("POSTIL_DATABASE_URL", "postgresql+psycopg://ann:secret@db/postil")
    read(b"Bees.")
    assert "PATH" in (tmp_path / "told").read_text()
    assert "POSTIL" not in (tmp_path / "told").read_text()


def test_a_picture_for_which_there_is_no_room_holds_nobody_up() -> None:
    """The process ends without having taken what was fetched for it."""
    page = b"<p>Bees</p><p><img src=https://example.org/a.png alt=Hive></p>"
    given = Queue[str]()

    def read_it() -> None:
        try:
            reading.read(Source(page, "a.html"), SECONDS, fetch=lambda _: bytes(reading.MEMORY))
        except NotRead as error:
            given.put(str(error))

    Thread(target=read_it, daemon=True).start()
    assert "memory" in given.get(timeout=30)


BILLION = (
    b"<?xml version='1.0'?><!DOCTYPE html [<!ENTITY a 'bees bees bees bees'>"
    + b"".join(b"<!ENTITY %c '%s'>" % (i, b"&%c;" % (i - 1) * 20) for i in range(ord("b"), ord("k")))
    + b"]><html><body><p>&j;</p><p>Bees</p></body></html>"
)


def book(**files: bytes) -> bytes:
    """A book of one chapter, `a.xhtml`, and other files; `__` stands for a full stop."""
    out = io.BytesIO()
    container = b"<container><rootfiles><rootfile full-path='b.opf'/></rootfiles></container>"
    package = (
        b"<package><metadata><title>Bees</title></metadata><manifest><item id='a' href='a.xhtml' "
        b"media-type='application/xhtml+xml'/><item id='p' href='a.png' media-type='image/png'/></manifest>"
        b"<spine><itemref idref='a'/></spine></package>"
    )
    found = {"mimetype": b"application/epub+zip", "META-INF/container.xml": container, "b.opf": package}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (found | {name.replace("__", "."): content for name, content in files.items()}).items():
            archive.writestr(name, content)
    return out.getvalue()


def picture_bomb() -> bytes:
    """A PNG of 40,000 by 40,000 black pixels: small as it comes, 1.6 GB unpacked."""

    def part(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    rows = zlib.compressobj(9)
    packed = b"".join(rows.compress(bytes(40_001)) for _ in range(40_000)) + rows.flush()
    head = struct.pack(">IIBBBBB", 40_000, 40_000, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", packed) + part(b"IEND", b"")


def many_files() -> bytes:
    return book(a__xhtml=b"<p>Bees", **{f"f{number}": b"" for number in range(70_000)})


ILLUSTRATED = b"<html><body><p>Bees</p><img src='a.png' alt='A bomb'/></body></html>"

HOSTILE: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "100 MB": (lambda: b"a b. " * 20_000_000, "a.txt", "1,000,000 characters"),
    "100 MB of lines": (lambda: b"a b.\n" * 20_000_000, "a.txt", "memory"),
    "100 MB of Markdown": (lambda: b"a b.\n\n" * 17_000_000, "a.md", "5,000,000 characters"),
    "100 MB of HTML": (lambda: b"<p>a b." * 15_000_000, "a.html", "20,000,000 bytes"),
    "20 MB": (lambda: b"Bees hum. They do. " * 1_000_000, "a.txt", "1,000,000 characters"),
    "a paragraph of a million characters": (lambda: b"Bees hum. " * 100_000, "a.txt", ""),
    "a paragraph of more": (lambda: b"Bees hum. " * 100_100, "a.md", "1,000,000 characters"),
    "a word of a million letters": (lambda: b"a" * 1_000_000, "a.txt", ""),
    "50,000 paragraphs": (lambda: b"Bees hum. They do.\n" * 50_000, "a.txt", ""),
    "50,000 paragraphs of Markdown": (lambda: b"Bees hum. They do.\n\n" * 50_000, "a.md", ""),
    "50,000 paragraphs of HTML": (lambda: b"<p>Bees hum. They do." * 50_000, "a.html", ""),
    "more paragraphs": (lambda: b"Bees hum.\n" * 60_000, "a.md.txt", "50,000 paragraphs"),
    "100,000 levels": (lambda: b"<div>" * 100_000 + b"a", "a.html", "nested"),
    "100,000 levels of emphasis": (lambda: b"<b>" * 100_000 + b"a", "a.html", "nested"),
    "100,000 levels of quotations": (lambda: b"> " * 100_000 + b"a", "a.md", "deep"),
    "100,000 levels of lists": (lambda: b"- " * 100_000 + b"a", "a.md", "deep"),
    "100,000 levels of links": (lambda: b"<a href=/b>" * 100_000 + b"a", "a.html", ""),
    "e.g.": (lambda: b"e.g. " * 100_000, "a.txt", ""),
    "e.g. in Markdown": (lambda: b"e.g. " * 100_000, "a.md", ""),
    "brackets": (lambda: b"[" * 1_000_000, "a.md", "brackets"),
    "asterisks": (lambda: b"*a " * 300_000, "a.md", ""),
    "entities": (lambda: BILLION, "a.xhtml", ""),
    "entities in a book": (lambda: book(a__xhtml=BILLION), "a.epub", ""),
    "a packed bomb in a book": (
        lambda: book(a__xhtml=b"<html><body><p>" + b"a" * 1_000_000_000),
        "a.epub",
        "MB|bytes|memory|large",
    ),
    "a picture bomb in a book": (lambda: book(a__xhtml=ILLUSTRATED, a__png=picture_bomb()), "a.epub", ""),
    "a book of many small files": (many_files, "a.epub", "."),
    "broken UTF-8": (lambda: b"Bees \xe2\x82 hum \xf0\x9f. \xff" * 50_000, "a.txt", ""),
    "NULs": (lambda: b"\0" * 1_000_000, "a.txt", "no text"),
    "NULs between letters": (lambda: b"B\0e\0e\0s\0" * 100_000, "a.txt", "no text"),
    "few NULs": (lambda: b"Bees hum in the garden all day long, and at night they sleep.\0 " * 1_000, "a.txt", ""),
    "a bomb packed as something else": (lambda: b"\x1f\x8b\x08" + bytes(1_000_000), "a.txt", "packed"),
    "rows": (lambda: b"<table>" + b"<tr><td>a" * 100_000, "a.html", "50,000 paragraphs"),
    "cells that reach far": (lambda: b"<table><tr>" + b"<td colspan=1000 rowspan=60000>a" * 30_000, "a.html", ""),
}


@pytest.mark.parametrize(("made", "name", "said"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_files_are_read_or_refused(made: Callable[[], bytes], name: str, said: str) -> None:
    content = made()
    begun = time.monotonic()
    if said:
        with pytest.raises(NotRead, match=said):
            read(content, name)
    else:
        work = read(content, name)
        assert work.drafts[0].text.encode()
        assert len(work.drafts[0].paragraphs) <= sources.PARAGRAPHS
    assert time.monotonic() - begun < SECONDS


def test_it_may_take_only_so_much_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MEMORY", 200 << 20)
    with pytest.raises(NotRead, match="memory"):
        read(b"Bees hum.\n" * 5_000_000)
