"""The Markdown in which an article is edited, read and written: what is long apart, as imports are."""

from collections.abc import Callable, Sequence
from threading import BoundedSemaphore, Lock

from cachetools import LRUCache

from app.formats import markdown, sources, works
from app.formats.markdown_blocks import write_article
from app.importing.reading import NotRead, apart
from app.text.drafts import Draft, DraftParagraph, Work

SHORT = 16_000
"""Code points that take a second or so, whatever stands there; with more, time may grow with their square."""

SECONDS = 45
"""How long it may take; who waits for it is answered before they give up."""

AT_ONCE = 2
"""How many are read or written apart at a time; more wait."""

_PLACES = BoundedSemaphore(AT_ONCE)


def read(text: str, title: str, language: str) -> Draft:
    """The draft that a text in Markdown is. Raises ValueError where it is none, and NotRead: it takes too long."""
    if len(text) <= SHORT:
        return sources.fitting(markdown.read(text, title, language))
    content = text.encode("utf-8", "replace")
    return works.read(_apart("edit", content, {"title": title, "language": language})).drafts[0]


def write(paragraphs: Sequence[DraftParagraph]) -> str:
    """Paragraphs as Markdown. Raises NotRead where that takes too long."""
    if sum(len(one.text) for one in paragraphs) <= SHORT:
        return write_article(paragraphs)
    uncut = Draft("", tuple(paragraphs), cut=((),) * len(paragraphs))
    return _apart("write", works.write(Work("", (uncut,))), {}).decode()


def _apart(deed: str, content: bytes, asked: dict[str, str]) -> bytes:
    if not _PLACES.acquire(timeout=SECONDS):
        raise NotRead("others have long texts read at this moment: try again when they are done")
    try:
        return apart(deed, content, asked, SECONDS)
    finally:
        _PLACES.release()


class Sources:
    """What revisions are in Markdown, by article and number, as they never change: it takes long to write it."""

    def __init__(self, size: int) -> None:
        self._kept: LRUCache[tuple[int, int], str] = LRUCache(size, getsizeof=len)
        self._lock = Lock()

    def of(self, article: int, revision: int, paragraphs: Callable[[], Sequence[DraftParagraph]]) -> str:
        """The Markdown of a revision, written now if it is not there. Raises NotRead."""
        with self._lock:
            found = self._kept.get((article, revision))
        if found is None:
            found = write(paragraphs())
            with self._lock:
                if len(found) <= self._kept.maxsize:
                    self._kept[article, revision] = found
        return found
