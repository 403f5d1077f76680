"""Postil's requests against the bare ones: what is measured, and what it may come to."""

import gzip
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks import library
from benchmarks.library import Hand, Library
from benchmarks.measure import Act, Answer, Served, Times, free_port, interleaved, serving

BETWEEN_CLEANINGS = 20
"""How many notes are saved before they are taken away again, each in another paragraph."""

GZIP_HEADER = 20
"""Bytes by which the same text may differ, compressed at the same level."""


@dataclass(frozen=True)
class Bar:
    """An act of Postil's, its reference, and the ratio that it may reach; None where it is only worth knowing."""

    act: str
    reference: str
    at_most: float | None = None


BARS = [
    Bar("article page", "bare page", 1.5),
    Bar("article page after a write", "bare page after a write"),
    Bar("304", "bare page's look-ups, empty", 1.0),
    Bar("304", "bare session and article, empty"),
    # It was 2.0 before there were accounts: decision 16.
    Bar("note saved, htmx", "bare save", 2.4),
    Bar("note saved, 303", "bare save", 2.0),
    Bar("note saved, htmx", "bare save, ids given"),
    Bar("note saved, 303", "bare save, ids given"),
]


def measured(rounds: int = 9, requests: int = 60) -> Times:
    with tempfile.TemporaryDirectory(prefix="postil-bench-") as folder, _both(Path(folder)) as acts:
        return interleaved(acts, rounds, requests)


@contextmanager
def _both(folder: Path) -> Iterator[dict[str, Act]]:
    ours, bare, page = folder / "postil.db", folder / "bare.db", folder / "page.html"
    made = library.make(ours)
    shutil.copy(ours, bare)
    library.without_index(bare)
    environment = {key: value for key, value in os.environ.items() if not key.startswith("POSTIL_")}
    with ExitStack() as stack:
        port = free_port()
        postil = stack.enter_context(
            serving(
                port,
                folder / "postil.log",
                environment | {"POSTIL_DATA_DIR": str(folder), "POSTIL_RATE_LIMITS": "off"},
                *("app.cli", "serve", "--port", str(port)),
            )
        )
        sent = _page(postil, made)
        page.write_bytes(gzip.decompress(sent))
        port = free_port()
        plain = stack.enter_context(
            serving(
                port,
                folder / "bare.log",
                environment | {"BARE_DATABASE": str(bare), "BARE_PAGE": str(page)},
                *("uvicorn", "benchmarks.bare:app", "--port", str(port)),
            )
        )
        same = _page(plain, made)
        if gzip.decompress(same) != page.read_bytes() or abs(len(same) - len(sent)) > GZIP_HEADER:
            raise RuntimeError("the bare page is not the same page, compressed alike")
        hands = {server: Hand(path) for server, path in ((postil, ours), (plain, bare))}
        yield _acts(postil, plain, made, hands)
        for hand in hands.values():
            hand.close()


def _headers(made: Library) -> dict[str, str]:
    return {"Cookie": made.cookie, "Accept-Encoding": "gzip"}


def _page(server: Served, made: Library) -> bytes:
    answer = server.get(f"/articles/{made.slug}", _headers(made))
    _must(answer, 200)
    if answer.headers["Content-Encoding"] != "gzip":
        raise RuntimeError("the page is not compressed")
    return answer.body


def _must(answer: Answer, status: int) -> None:
    if answer.status != status:
        raise RuntimeError(f"{answer.status} instead of {status}: {answer.body[:500]!r}")


def _acts(postil: Served, plain: Served, made: Library, hands: Mapping[Served, Hand]) -> dict[str, Act]:
    article = f"/articles/{made.slug}"
    save, known = f"{article}/annotations", f"/articles/{made.article_id}/annotations/known"
    htmx = {"HX-Request": "true"}
    return {
        "article page": _reading(postil, made, article),
        "bare page": _reading(plain, made, article),
        "article page after a write": _reading(postil, made, article, hands[postil]),
        "bare page after a write": _reading(plain, made, article, hands[plain]),
        "304": _reading_again(postil, made, article),
        "bare page's look-ups, empty": _reading(plain, made, f"{article}/nothing", status=204),
        "bare session and article, empty": _reading(plain, made, f"{article}/two", status=204),
        "note saved, htmx": _saving(postil, made, save, hands[postil], 200, htmx),
        "note saved, 303": _saving(postil, made, save, hands[postil], 303, {}),
        "bare save": _saving(plain, made, save, hands[plain], 204, {}),
        "bare save, ids given": _saving(plain, made, known, hands[plain], 204, {}),
    }


def _reading(server: Served, made: Library, path: str, writer: Hand | None = None, status: int = 200) -> Act:
    headers = _headers(made)

    def send(_number: int) -> None:
        if writer:
            writer.change_every_note()
        _must(server.get(path, headers), status)

    return Act(server, send, after=writer.put_back) if writer else Act(server, send)


def _reading_again(server: Served, made: Library, path: str) -> Act:
    headers = _headers(made)

    def before() -> None:
        headers["If-None-Match"] = str(server.get(path, _headers(made)).headers["ETag"])

    def send(_number: int) -> None:
        _must(server.get(path, headers), 304)

    return Act(server, send, before)


def _saving(server: Served, made: Library, path: str, hand: Hand, status: int, more: Mapping[str, str]) -> Act:
    headers = {**_headers(made), **more}

    def send(number: int) -> None:
        if number % BETWEEN_CLEANINGS == 0:
            hand.put_back()
        at = made.passages[number % BETWEEN_CLEANINGS]
        form = {
            "start": at.start,
            "end": at.end,
            "exact": at.exact,
            "note": f"Note {number}, of a usual length: it says what one reader thought of this sentence.",
            "colour": "green",
            "visibility": "everyone",
            "reader": made.reader_id,
        }
        _must(server.post(path, form, headers), status)

    return Act(server, send, after=hand.put_back)


def report(times: Times, show: Callable[[str], None]) -> None:
    for bar in BARS:
        limit = f"at most {bar.at_most}" if bar.at_most else "no bar"
        show(
            f"{times.ratio(bar.act, bar.reference):5.2f} ({limit}): {bar.act} {times.microseconds(bar.act):,.0f} µs"
            f" : {bar.reference} {times.microseconds(bar.reference):,.0f} µs of CPU"
        )
