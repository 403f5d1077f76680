"""Markdown: articles that are brought in, and what a reader has written, to be kept by other software."""

import re
from collections.abc import Iterable, MutableMapping, Sequence
from functools import cache
from html import unescape
from itertools import groupby
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

from app.formats import html
from app.formats.plain import TITLE_LENGTH
from app.text import languages
from app.text.dates import day_in
from app.text.drafting import Drafting
from app.text.drafts import Draft, DraftParagraph, paragraph, printable

if TYPE_CHECKING:  # who only reads needs no database: it would double the memory that importing begins with
    from app.storage.notes import Written

NESTING = 100
"""How deep lists and quotations may lie: the parser would leave out what lies deeper."""

LENGTH = 5_000_000
"""In code points: the longest of novels has less."""

BRACKETS = 15_000
"""How many may crowd into one paragraph: behind each the parser looks for its end, so time grows with their square."""

_BLANK = re.compile(r"\n[ \t\r]*\n")
_KINDS = {
    "em": "emphasis",
    "i": "emphasis",
    "strong": "strong",
    "b": "strong",
    "s": "deleted",
    "del": "deleted",
    "code": "code",
    "kbd": "code",
    "sub": "subscript",
    "sup": "superscript",
}
_HTML = re.compile(rf"<(/?)({'|'.join(_KINDS)})>", re.IGNORECASE)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_ANCHOR = re.compile(r"<(/?)a\b([^<>]*)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""\b(id|name|href)\s*=\s*("[^"]*"|'[^']*')""", re.IGNORECASE)
_HIDDEN = re.compile(r"<(/?)(script|style)\b", re.IGNORECASE)
_UNSPACED = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
"""Chinese and Japanese, where a new line is no space."""
_SAID = re.compile(r"^([A-Za-z_]+):[ \t]*(\S.*)$", re.MULTILINE)


def read(source: str, title: str = "", language: str = "") -> Draft:
    """Read Markdown: CommonMark, tables, ~~strikethrough~~, footnotes, and front matter.

    Without a title, front matter or a heading at the beginning gives it, else the first words; front matter may say
    author, source, date and language too. White space counts once, but where it is written as a reference (`&#32;`). A
    footnote that nothing refers to comes last. Raises ValueError if there is not a word in it, or more than can be
    read.
    """
    if len(source) > LENGTH:
        raise ValueError(f"Markdown may be {LENGTH:,} characters long; this has {len(source):,}")
    if sum(stretch.count("[") ** 2 for stretch in _BLANK.split(source)) > BRACKETS**2:
        raise ValueError(f"there are more than {BRACKETS:,} brackets in a paragraph of it")
    drafting = Drafting()
    said = read_into(drafting, source)
    given = paragraph(" ".join((title or said.get("title", "")).split()))
    heading = "" if title else drafting.take_heading(given.text if given else "")
    paragraphs = drafting.paragraphs()
    if all(one.says_nothing for one in paragraphs):
        raise ValueError("there is no text in it")
    spoken = language or said.get("language", said.get("lang", ""))
    return Draft(
        title=(given.text if given else heading or _title(paragraphs))[:TITLE_LENGTH],
        paragraphs=paragraphs,
        author=said.get("author", ""),
        source=said.get("source", ""),
        published_on=day_in(said.get("date", "")),
        language=languages.tag(spoken),
    )


def read_into(drafting: Drafting, source: str, known: MutableMapping[str, Any] | None = None) -> dict[str, str]:
    """Write Markdown down among other things; gives what front matter says. `known` is what the parser knows before.

    Raises ValueError if lists and quotations lie deeper than can be read.
    """
    tokens = _parser().parse(source, {} if known is None else known)
    if any(token.level >= NESTING - 1 for token in tokens):
        raise ValueError(f"lists and quotations lie more than {NESTING // 2} deep in it")
    return _read_blocks(tokens, drafting)


def _title(paragraphs: Sequence[DraftParagraph]) -> str:
    """The first of the highest headings, else the first words."""
    heading = next((one for one in paragraphs if one.kind == "heading" and one.structure.level == 1), None)
    return " ".join((heading or paragraphs[0]).text.split())[: TITLE_LENGTH if heading else 120]


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"maxNesting": NESTING}).enable(["table", "strikethrough"])
    parser.use(front_matter_plugin).use(footnote_plugin)
    parser.core.ruler.before("footnote_tail", "unreferred", _keep_footnotes)
    return parser.disable("text_join")  # it would hide which letters were written as references


def _keep_footnotes(state: StateCore) -> None:
    """Number the footnotes to which nothing refers after the others: the parser would leave them out."""
    footnotes = state.env.get("footnotes", {})
    for label, number in footnotes.get("refs", {}).items():
        if number < 0:
            footnotes["refs"][label] = len(footnotes["list"])
            footnotes["list"][len(footnotes["list"])] = {"label": label[1:], "count": 0}


def _read_blocks(tokens: Sequence[Token], drafting: Drafting) -> dict[str, str]:
    """Write blocks down; gives what front matter says."""
    said: dict[str, str] = {}
    heads = first = False
    footnote = before = ""
    for token in tokens:
        match token.type:
            case "front_matter":
                said = {name.lower(): printable(words).strip(" \t\"'") for name, words in _SAID.findall(token.content)}
            case "paragraph_open" if footnote:
                drafting.begin_block("footnote", marker="" if footnote == "said" else footnote)
                footnote = "said"
            case "paragraph_open":
                drafting.begin_block("p")
            case "heading_open":
                drafting.begin_block("heading", int(token.tag[1:]))
            case "paragraph_close" | "heading_close" | "table_close":
                drafting.end_block()
            case "fence" | "code_block":
                drafting.begin_block("code")
                drafting.words(token.content)
                drafting.end_block()
            case "html_block":
                html.read_into(drafting, token.content)
            case "blockquote_open":
                drafting.begin_quotation()
            case "blockquote_close":
                drafting.end_quotation()
            case "bullet_list_open":
                drafting.begin_list()
            case "ordered_list_open":
                drafting.begin_list(int(token.attrGet("start") or 1) if token.attrGet("start") != 0 else 0)
            case "list_item_open":
                drafting.begin_item()
            case "bullet_list_close" | "ordered_list_close":
                drafting.end_list()
            case "table_open":
                drafting.begin_block("table")
            case "thead_open" | "tbody_open":
                heads = token.type == "thead_open"
            case "tr_open":
                drafting.begin_line(heads)
                first = True
            case "th_open" | "td_open":
                if not first:
                    drafting.next_cell()
                first = False
            case "footnote_open":
                footnote = f"{token.meta['id'] + 1}."
                drafting.name(f"footnote {token.meta['id']}")
            case "footnote_close":
                footnote = ""
            case "inline":
                _read_inline(token, drafting)
                if before == "heading_open":
                    drafting.name(fragment(token.content))
        before = token.type
    return said


def _read_inline(inline: Token, drafting: Drafting) -> None:
    tokens = inline.children or []
    alone = all(token.type in ("image", "softbreak") for token in tokens)
    before = hidden = ""
    links: list[bool] = []
    for number, token in enumerate(tokens):
        if token.type == "html_inline" and (tag := _HIDDEN.match(token.content)):
            hidden = "" if tag[1] else tag[2]
        if hidden:
            continue
        match token.type:
            case "text_special" if token.info == "entity" and token.content in (" ", "\t"):
                drafting.exactly(token.content)
            case "text" | "text_special":
                drafting.words(token.content)
            case "softbreak":
                after = next((tokens[at].content for at in range(number + 1, len(tokens)) if tokens[at].content), "")
                if not (_UNSPACED.match(before[-1:]) and _UNSPACED.match(after)):
                    drafting.words("\n")
            case "hardbreak":
                drafting.line_break()
            case "html_inline" if _BREAK.match(token.content):
                drafting.line_break()
            case "html_inline" if tag := _HTML.fullmatch(token.content):
                (drafting.end if tag[1] else drafting.begin)(_KINDS[tag[2].lower()])
            case "code_inline":
                drafting.begin("code")
                drafting.words(token.content)
                drafting.end("code")
            case "html_inline" if tag := _ANCHOR.fullmatch(token.content):
                _anchor(tag, links, drafting)
            case "link_open":
                target = str(token.attrGet("href"))
                drafting.begin("link", unquote(target) if target.startswith("#") else target)
            case "link_close":
                drafting.end("link")
            case "image":
                _picture(token, drafting, alone)
            case "footnote_ref":
                drafting.begin("reference", f"#footnote {token.meta['id']}")
                drafting.words(f"[{token.meta['id'] + 1}]")
                drafting.end("reference")
            case kind if kind.endswith("_open") and token.tag in _KINDS:
                drafting.begin(_KINDS[token.tag])
            case kind if kind.endswith("_close") and token.tag in _KINDS:
                drafting.end(_KINDS[token.tag])
        before = token.content or before


def _anchor(tag: re.Match[str], links: list[bool], drafting: Drafting) -> None:
    """A link or a name for a place, or the end of one, written as HTML; `links` says which of those open are links."""
    said = {name.lower(): unescape(value[1:-1]) for name, value in _ATTRIBUTE.findall(tag[2])}
    if tag[1]:
        if links and links.pop():
            drafting.end("link")
        return
    drafting.name(said.get("id") or said.get("name", ""))
    links.append("href" in said)
    if links[-1]:
        drafting.begin("link", said["href"])


def fragment(heading: str) -> str:
    """By what links usually lead to a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")


def _picture(token: Token, drafting: Drafting, alone: bool) -> None:
    """What describes a picture; where it stands alone, its title is its caption."""
    words = "".join(child.content for child in token.children or ())
    if not alone:
        drafting.words(words)
        return
    drafting.picture(words, str(token.attrGet("src") or ""))
    drafting.begin_block("caption")
    drafting.words(str(token.attrGet("title") or ""))
    drafting.end_block()


_SIGNS = re.compile(r"([\\`*_\[\]<>#|~])")


def write(notes: "Iterable[Written]", base_url: str) -> str:
    """A section for each article, in the order in which they come; of each note the quote, the words, and its facts."""
    sections = ["# My notes"]
    for _, found in groupby(notes, key=lambda one: one.article_id):
        written = list(found)
        first = written[0]
        by = f"{_plain(first.author)} · " if first.author else ""
        sections.append(f"## {_plain(first.title)}\n\n{by}<{base_url}/articles/{first.slug}>")
        sections += [_note(one, base_url) for one in written]
    return "\n\n".join(sections) + "\n"


def _note(one: "Written", base_url: str) -> str:
    quote = "\n".join(f"> {_plain(line)}".rstrip() for line in one.exact.splitlines())
    facts = [f"{one.created_at:%Y-%m-%d}", one.colour if one.kind != "reply" else "reply", one.audience]
    facts += ["hidden by the owner"] if one.hidden_at else []
    facts += [f"#{_plain(tag)}" for tag in one.tagged]
    facts += [f"<{base_url}/annotations/{one.id}>"] if one.in_sight else []
    return "\n\n".join(filter(None, [quote, one.note, f"*{' · '.join(facts)}*"]))


def _plain(words: str) -> str:
    """Words on one line that are no Markdown."""
    return _SIGNS.sub(r"\\\1", " ".join(words.split()))
