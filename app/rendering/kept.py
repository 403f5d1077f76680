"""Pages that have been rendered before, ready to be sent again."""

import gzip
from collections.abc import Callable
from threading import Lock

from cachetools import LRUCache

GZIP_LEVEL = 6
"""Level 9 costs half as much again for nothing that one would see."""


class KeptPages:
    """Rendered pages, compressed, by the tag that names their state. The least used go when `size` (bytes) is full.

    A tag must name everything that a page depends on, who is reading above all: no gate stands in front of this.
    """

    def __init__(self, size: int) -> None:
        self._pages: LRUCache[str, bytes] = LRUCache(size, getsizeof=len)
        self._lock = Lock()

    def compressed(self, tag: str, render: Callable[[], str]) -> bytes:
        """The page of this tag, rendered now if it is not there."""
        with self._lock:
            page = self._pages.get(tag)
        if page is None:
            page = gzip.compress(render().encode(), GZIP_LEVEL, mtime=0)
            with self._lock:
                if len(page) <= self._pages.maxsize:
                    self._pages[tag] = page
        return page
