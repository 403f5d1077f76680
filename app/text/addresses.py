"""Bare addresses in a note, made into links.

The library that markdown-it asks for this takes time that grows with the square of a note's length, and doubles with
every `xn--` in a host. Here each character is looked at a few times at most: every repetition is possessive, and
nothing is tried again inside a run of characters that has been tried.
"""

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

_RUN = r"[^\s\x00-\x1f\x7f<>\"`\\()\[\]{}]++"
_REST = rf"(?:{_RUN}|\((?:{_RUN})?+\)|\[(?:{_RUN})?+\]|\{{(?:{_RUN})?+\}})*+"
"""What an address goes on with: brackets only where each is closed, so that "(see https://…)" keeps its last."""

_SCHEME = re.compile(r"(?<![a-z0-9.+-])https?\Z", re.IGNORECASE)
_WITH_SCHEME = re.compile(rf"https?://(?=[^\W_]){_REST}", re.IGNORECASE)
_WITHOUT = re.compile(
    r"(?<![\w.@:/+-])(?P<name>(?:mailto:)?[\w.+-]++@)?+"
    r"(?P<host>[^\W_][\w-]*+(?:\.(?P<top>[^\W_][\w-]*+))++)"
    rf"(?P<path>(?::\d{{1,5}}+)?+(?:[/?#]{_REST})?+)"
)
_TOPS = set("biz com coop edu gov info museum net org shop рф".split())

_ENDS_A_SENTENCE = "?!.,:;'*_~…’”»"


def addresses(markdown: MarkdownIt) -> None:
    """Make links of http:// and https:// addresses, of hosts whose last part is well known, and of mail addresses."""
    markdown.inline.ruler.after("text", "addresses", _with_scheme)
    markdown.core.ruler.after("inline", "addresses", _without_scheme)


def _with_scheme(state: StateInline, silent: bool) -> bool:
    # At the colon, before the rest is read as Markdown: `_` and `*` in an address emphasize nothing.
    if silent or state.linkLevel or state.src[state.pos] != ":":
        return False
    scheme = _SCHEME.search(state.pending, max(0, len(state.pending) - len("https")))
    if not scheme or not (found := _WITH_SCHEME.match(state.src, state.pos - len(scheme[0]), state.posMax)):
        return False
    address = found[0].rstrip(_ENDS_A_SENTENCE)
    state.pending = state.pending[: scheme.start()]
    href, shown = state.md.normalizeLink(address), state.md.normalizeLinkText(address)
    state.push("link_open", "a", 1).attrs = {"href": href}
    state.push("text", "", 0).content = shown
    state.push("link_close", "a", -1)
    state.pos = found.start() + len(address)
    return True


def _without_scheme(state: StateCore) -> None:
    for block in state.tokens:
        if block.type == "inline" and "." in block.content:
            block.children = list(_with_links(state.md, block.children or []))


def _with_links(markdown: MarkdownIt, tokens: list[Token]) -> Iterator[Token]:
    depth = 0
    escaped = False
    for token in tokens:
        depth += token.nesting if token.type in ("link_open", "link_close") else 0
        if token.type == "text" and not depth:
            yield from _split(markdown, token.content, escaped)
        else:
            yield token
        escaped = token.type == "text_special"


def _split(markdown: MarkdownIt, words: str, escaped: bool) -> Iterator[Token]:
    """The words of a text as tokens. Where what precedes them is `escaped`, they are not to begin with a link."""
    done = 0
    for found in _WITHOUT.finditer(words):
        if not _is_known(found["host"], found["top"]) or (escaped and found.start() == 0):
            continue
        shown = found["name"] + found["host"] if found["name"] else found[0].rstrip(_ENDS_A_SENTENCE)
        scheme = ("" if shown.startswith("mailto:") else "mailto:") if found["name"] else "http://"
        yield Token("text", "", 0, content=words[done : found.start()])
        yield Token("link_open", "a", 1, attrs={"href": markdown.normalizeLink(scheme + shown)})
        yield Token("text", "", 0, content=shown)
        yield Token("link_close", "a", -1)
        done = found.start() + len(shown)
    yield Token("text", "", 0, content=words[done:])


def _is_known(host: str, top: str) -> bool:
    country = len(top) == 2 and top.isascii() and top.islower()
    return country or top.lower() in _TOPS or top.startswith("xn--") or host.startswith("www.")
