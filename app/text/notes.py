"""A note's Markdown, made into HTML that is safe to show beside anybody's words."""

import unicodedata
from html import unescape
from typing import Literal

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

from app.text.addresses import addresses

Colour = Literal["yellow", "green", "blue", "pink"]
"""The colours that a highlight and its note may have."""


BRACKETS = 5
"""Brackets within brackets among which the end of a link's words is looked for: each is read anew for all above it."""


def _deep_brackets(state: StateInline, silent: bool) -> bool:
    # To the end, as markdown-it does itself at `maxNesting`, which holds for lists and quotations too.
    if not silent or state.src[state.pos] != "[" or state.level <= BRACKETS:
        return False
    state.pos = state.posMax
    return True


def _markdown(*extras: str) -> MarkdownIt:
    # Headings would break the outline of the page, pictures would tell another host who is reading, and definitions
    # of references would show nothing of a note that begins with "[1]: ".
    made = MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": 20})
    made.use(addresses).enable(["strikethrough", *extras])
    made.inline.ruler.before("link", "deep_brackets", _deep_brackets)
    return made.disable(["heading", "lheading", "image", "html_block", "reference"])


_plain, _with_tables = _markdown(), _markdown("table")

_TAGS = set("a b blockquote br code del em hr i li ol p pre s strong table tbody td th thead tr ul".split())

_BLANKS = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters and symbols that have no look."""

CELLS = 2_000
"""Room in one table. Rows are filled up to the width of the widest: a note of 10,000 characters could make 60,000."""


def html_of(note: str) -> str:
    """Render a note's Markdown (CommonMark, bare links, ~~strike~~, tables) as HTML from a short allow-list.

    No attribute survives but a link's `href` and a list's `start`: `hx-*` and the like would be event handlers. Of a
    note in which there is nothing to read there is nothing.
    """
    lines = note.splitlines()
    cells = len(lines) * max((line.count("|") for line in lines), default=0)
    html = nh3.clean(
        (_with_tables if cells <= CELLS else _plain).render(note),
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}, "*": set()},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener noreferrer ugc",
        strip_comments=True,
    ).strip()
    return html if is_readable(text_of(html)) else ""


def is_readable(words: str) -> bool:
    """Whether there is a sign in words that can be seen: a letter, a digit, punctuation, a symbol."""
    return any(unicodedata.category(one)[0] in "LNPS" and one not in _BLANKS for one in words)


def text_of(html: str) -> str:
    """The words of a rendered note, without its tags."""
    return unescape(nh3.clean(html, tags=set())).strip()
