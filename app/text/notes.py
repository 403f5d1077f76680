"""A note's Markdown, made into HTML that is safe to show beside anybody's words."""

from html import unescape
from typing import Literal

import nh3
from markdown_it import MarkdownIt

Colour = Literal["yellow", "green", "blue", "pink"]
"""The colours that a highlight and its note may have."""

# Headings would break the outline of the page, pictures would tell another host who is reading.
_markdown = MarkdownIt(
    "commonmark", {"html": False, "breaks": True, "linkify": True, "typographer": False, "maxNesting": 20}
)
_markdown.enable(["linkify", "strikethrough", "table"]).disable(["heading", "lheading", "image", "html_block"])

_TAGS = set("a b blockquote br code del em hr i li ol p pre s strong table tbody td th thead tr ul".split())


def html_of(note: str) -> str:
    """Render a note's Markdown (CommonMark, bare links, ~~strike~~, tables) as HTML from a short allow-list.

    No attribute survives but a link's `href` and a list's `start`: `hx-*` and the like would be event handlers.
    """
    return nh3.clean(
        _markdown.render(note),
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener noreferrer ugc",
        strip_comments=True,
    ).strip()


def text_of(html: str) -> str:
    """The words of a rendered note, without its tags."""
    return unescape(nh3.clean(html, tags=set())).strip()
