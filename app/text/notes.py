"""A note's Markdown, made into HTML that is safe to show beside anybody's words."""

from html import unescape
from typing import Literal

import nh3
from markdown_it import MarkdownIt

Colour = Literal["yellow", "green", "blue", "pink"]
"""The colours that a highlight and its note may have."""


def _markdown(*extras: str) -> MarkdownIt:
    # Headings would break the outline of the page, pictures would tell another host who is reading, and definitions
    # of references would show nothing of a note that begins with "[1]: ".
    made = MarkdownIt("commonmark", {"html": False, "breaks": True, "linkify": True, "maxNesting": 20})
    made.enable(["linkify", "strikethrough", *extras])
    return made.disable(["heading", "lheading", "image", "html_block", "reference"])


_plain, _with_tables = _markdown(), _markdown("table")

_TAGS = set("a b blockquote br code del em hr i li ol p pre s strong table tbody td th thead tr ul".split())

CELLS = 2_000
"""Room in one table. Rows are filled up to the width of the widest: a note of 10,000 characters could make 60,000."""


def html_of(note: str) -> str:
    """Render a note's Markdown (CommonMark, bare links, ~~strike~~, tables) as HTML from a short allow-list.

    No attribute survives but a link's `href` and a list's `start`: `hx-*` and the like would be event handlers.
    """
    lines = note.splitlines()
    cells = len(lines) * max((line.count("|") for line in lines), default=0)
    return nh3.clean(
        (_with_tables if cells <= CELLS else _plain).render(note),
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}, "*": set()},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener noreferrer ugc",
        strip_comments=True,
    ).strip()


def text_of(html: str) -> str:
    """The words of a rendered note, without its tags."""
    return unescape(nh3.clean(html, tags=set())).strip()
