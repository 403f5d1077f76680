"""An article as Markdown to be edited: the inverse of what reads it."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile
from typing import NamedTuple

from app.formats import markdown
from app.formats.markdown_inline import Places, html, ways
from app.storage.pictures import ADDRESS
from app.text.drafting import Drafting
from app.text.drafts import DraftParagraph
from app.text.spans import Span
from app.text.structures import PLAIN, Inline, Structure, cells

_SOURCE = re.compile(r"[\w./:?&=%~#@+-]+", re.ASCII)
_NUMBER = re.compile(r"([0-9]{1,9})\.")


class _Open(NamedTuple):
    """A quotation, or a list's item, in which the next block may stand: what begins its first line and the others."""

    sign: str
    indent: str

    @property
    def is_item(self) -> bool:
        return self.indent.isspace()


_QUOTATION = _Open("> ", "> ")


def write_article(paragraphs: Sequence[DraftParagraph]) -> str:
    """Paragraphs as Markdown that is read again as the same text (every code point), kinds and structure.

    Where Markdown has no words for a structure, that goes, and never a letter of the text: numbers of a list's items
    that do not follow each other, items without a sign in lists within lists, gaps between the depths of lists, what
    stands in which where lists and quotations change places, references whose words are not their footnote's number
    (they become links), footnotes before the end or in another order than their references, a link around a
    picture, a table of one column without a heading (it becomes code).
    """
    wanted = [one.text for one in paragraphs]
    for tight, footnotes in ((True, True), (False, True), (False, False)):
        source = _Writing(paragraphs, tight=tight, footnotes=footnotes).source()
        if [one.text for one in _drafted(source)] == wanted:
            return source
    return "\n\n".join("\n".join(_fenced(text)) for text in wanted) + "\n"


def _drafted(source: str, known: Sequence[int] = (), names: Sequence[str] = ()) -> tuple[DraftParagraph, ...]:
    """What a source says. `known` are the footnotes that stand elsewhere, `names` name blocks after its last."""
    footnotes = {
        "refs": {f":{number}": number - 1 for number in known},
        "list": {number - 1: {"label": str(number), "count": 0} for number in known},
    }
    drafting = Drafting()
    markdown.read_into(drafting, source, {"footnotes": footnotes} if known else {})
    for name in names:
        drafting.begin_block("p")
        drafting.name(name)
        drafting.words("x")
    return drafting.paragraphs()


class _Writing:
    """Writes one article; `tight` leaves no lines between the items of lists where it may."""

    def __init__(self, paragraphs: Sequence[DraftParagraph], *, tight: bool, footnotes: bool) -> None:
        self.paragraphs = paragraphs
        self.tight = tight
        self.open: list[_Open] = []
        self.places = Places({}, _footnotes(paragraphs) if footnotes else {})
        self._name_places()

    def source(self) -> str:
        lines: list[str] = []
        at = 0
        while at < len(self.paragraphs):
            before = list(self.open)
            self._stand(at)
            shared = _shared(before, self.open)
            if at and not self._is_tight(at, shared):
                lines.append("".join(one.indent for one in self.open[:shared]).rstrip())
            body, taken = self._body(at)
            first = "".join(one.indent for one in self.open[:shared]) + "".join(one.sign for one in self.open[shared:])
            others = "".join(one.indent for one in self.open)
            lines.append(first + body[0])
            lines += [others + line if line else others.rstrip() for line in body[1:]]
            at += taken
        return "\n".join(lines) + "\n"

    # ── names of paragraphs

    def _name_places(self) -> None:
        led = {one.target for paragraph in self.paragraphs for one in paragraph.structure.inline}
        headings = [markdown.fragment(one.text) for one in self.paragraphs if one.kind == "heading"]
        for number, paragraph in enumerate(self.paragraphs, start=1):
            target = f"#{number}"
            if target not in led or target in self.places.numbers:
                continue
            fragment = markdown.fragment(paragraph.text)
            is_plain = re.fullmatch(r"[\w\- ]+", paragraph.text) and not paragraph.structure.inline
            sure = paragraph.kind == "heading" and is_plain and headings.count(fragment) == 1
            self.places.names[target] = f"#{fragment}" if sure else f"#paragraph-{number}"

    # ── among what a block stands

    def _stand(self, at: int) -> None:
        """Close and open lists and quotations until the block stands where it should."""
        said = self.paragraphs[at].structure
        depth, quoted, marker, fresh = said.depth, _quoted(self.paragraphs[at]), said.marker, said.fresh
        depth -= _is_definition(self.paragraphs[at])
        base = 1 if self.open and self.open[0].sign.startswith("[^") else 0
        if f"#{at + 1}" in self.places.numbers:
            self.open, base = [_Open(f"[^{self.places.numbers[f'#{at + 1}']}]: ", " " * 4)], 1
            marker = ""
        items = [number for number, one in enumerate(self.open) if number >= base and one.is_item]
        begins = bool(depth and (marker or fresh))
        kept = items[depth - begins] if len(items) > depth - begins else len(self.open)
        quotes = 0
        for number in range(base, kept):
            if not self.open[number].is_item:
                if quotes == quoted:
                    kept = number
                    break
                quotes += 1
        items = [number for number in items if number < kept]
        before = self.open[kept] if kept < len(self.open) and self.open[kept].is_item else None
        self.open = self.open[:kept]
        if begins or len(items) < depth:
            is_new = fresh or not before
            outside = max(quotes, self._least_quoted(at, depth)) if is_new else quotes
            self.open += [_QUOTATION] * (outside - quotes)
            quotes = outside
            self.open += [_sign("", None, is_new=True) for _ in range(depth - 1 - len(items))]
            self.open.append(_sign(marker, before, is_new=is_new))
        self.open += [_QUOTATION] * (quoted - quotes)

    def _least_quoted(self, at: int, depth: int) -> int:
        """In how many quotations all of a list is that begins here."""
        least = _quoted(self.paragraphs[at])
        for one in self.paragraphs[at + 1 :]:
            said = one.structure
            if said.depth < depth or (said.depth == depth and said.fresh) or not least:
                break
            least = min(least, _quoted(one))
        return least

    def _is_tight(self, at: int, shared: int) -> bool:
        before, one = self.paragraphs[at - 1], self.paragraphs[at]
        return bool(
            self.tight
            and before.structure.depth
            and one.structure.marker
            and before.kind == one.kind == "p"
            and before.structure.marker
            and not (one.structure.fresh and one.structure.depth <= before.structure.depth)
            and shared < len(self.open)
            and f"#{at + 1}" not in self.places.numbers
        )

    # ── what a block is

    def _body(self, at: int) -> tuple[list[str], int]:
        """The lines of a block, and of how many paragraphs they are."""
        one = self.paragraphs[at]
        name = self.places.names.get(f"#{at + 1}", "")
        anchor = f'<a id="{name[1:]}"></a>' if name.startswith("#paragraph-") else ""
        match one.kind:
            case "heading":
                words = self._inline(one, begins=False).replace("\\\n", "<br>")
                words = f"{words[:-1]}\\#" if words.endswith("#") else words
                return [f"{'#' * max(1, min(6, one.structure.level))} {anchor}{words}"], 1
            case "code" | "table" | "picture" | "caption":
                body, taken = self._special(at)
                return [*([anchor, ""] if anchor else []), *body], taken
            case "p" if _is_definition(one):
                return self._definition(at, anchor)
            case _:
                return (anchor + self._inline(one)).split("\n"), 1

    def _inline(self, one: DraftParagraph, *, begins: bool = True) -> str:
        inline = one.structure.inline
        if not inline:
            return next(ways(one.text, (), self.places, begins=begins))
        targets = {stretch.target for stretch in inline}
        names = [name[1:] for target, name in self.places.names.items() if target in targets]
        known = [number for target, number in self.places.numbers.items() if target in targets]
        said = ""
        for said in ways(one.text, inline, self.places, begins=begins):
            again = _drafted("## " * (one.kind == "heading") + said, known, names)
            if again and again[0].text == one.text and _laid(again[0]) == _laid(one):
                break
        return said

    def _definition(self, at: int, anchor: str) -> tuple[list[str], int]:
        """An item without a sign, with the paragraphs that go on with it."""
        said = [self.paragraphs[at]]
        for one in self.paragraphs[at + 1 :]:
            if one.kind != "p" or one.structure != replace(PLAIN, inline=one.structure.inline, depth=1):
                break
            if f"#{at + len(said) + 1}" in self.places.names:
                break
            said.append(one)
        words = "".join(f"<p>{html(one.text, one.structure.inline, self.places)}</p>" for one in said)
        return [f"<dd>{anchor}{words if len(said) > 1 else words[3:-4]}</dd>"], len(said)

    def _special(self, at: int) -> tuple[list[str], int]:
        one = self.paragraphs[at]
        inline = one.structure.inline
        match one.kind:
            case "code" if inline:
                return f"<pre>{html(one.text, inline, self.places, breaks=False)}</pre>".split("\n"), 1
            case "code":
                return _fenced(one.text), 1
            case "table":
                return self._table(one, inline), 1
            case "picture":
                return self._picture(at)
        return [f"<figcaption>{html(one.text, inline, self.places)}</figcaption>"], 1

    def _table(self, one: DraftParagraph, inline: Sequence[Inline]) -> list[str]:
        """Bars where the first line is the heading and all are as long; else HTML, which needs two cells in a line."""
        rows = cells(one.text)
        if one.structure.head == 1 and {len(row) for row in rows} == {len(rows[0])}:
            said = [[self._cell(one, cell) for cell in row] for row in rows]
            said.insert(1, ["---"] * len(rows[0]))
            return [f"| {' | '.join(row)} |" for row in said]
        if max(map(len, rows)) < 2:
            return _fenced(one.text)
        lines = ["<table>"]
        for number, row in enumerate(rows):
            tag = "th" if number < one.structure.head else "td"
            made = [html(cell.of(one.text), _within(inline, cell), self.places) for cell in row]
            lines.append("<tr>" + "".join(f"<{tag}>{words}</{tag}>" for words in made) + "</tr>")
        return [*lines, "</table>"]

    def _cell(self, table: DraftParagraph, cell: Span) -> str:
        structure = Structure(tuple(_within(table.structure.inline, cell)))
        words = self._inline(DraftParagraph(cell.of(table.text), "cell", structure), begins=False)
        return words.replace("|", "&#124;")

    def _picture(self, at: int) -> tuple[list[str], int]:
        """A picture with the caption after it, if that is words only."""
        words = re.sub(r"([\\\[\]`<&*_!~^])", r"\\\1", " ".join(self.paragraphs[at].text.split()))
        shown = self.paragraphs[at].structure
        source = f"{ADDRESS}{shown.picture}" if shown.width else shown.picture
        source = source if _SOURCE.fullmatch(source) else "<>"
        if at + 1 < len(self.paragraphs):
            caption = self.paragraphs[at + 1]
            said, other = self.paragraphs[at].structure, caption.structure
            together = (said.depth, said.quoted, "", False) == (other.depth, other.quoted, other.marker, other.fresh)
            simple = not other.inline and "\n" not in caption.text and f"#{at + 2}" not in self.places.names
            if caption.kind == "caption" and together and simple:
                title = re.sub(r'([\\"&<])', r"\\\1", caption.text)
                return [f'![{words}]({source} "{title}")'], 2
        return [f"![{words}]({source})"], 1


def _within(inline: Sequence[Inline], cell: Span) -> list[Inline]:
    """What of some stretches lies within a cell (all in code points), counted from where it begins."""
    return [
        replace(one, span=Span(max(one.span.start, cell.start), min(one.span.end, cell.end)).shifted(-cell.start))
        for one in inline
        if one.span.start < cell.end and cell.start < one.span.end
    ]


def _laid(paragraph: DraftParagraph) -> set[tuple[Span, str, str]]:
    """What lies over a paragraph, but for which paragraphs it leads to, and which of these are footnotes."""
    return {
        (one.span, "link", "#") if one.target.startswith("#") else (one.span, one.kind, one.target)
        for one in paragraph.structure.inline
    }


def _quoted(paragraph: DraftParagraph) -> int:
    return paragraph.structure.quoted + (paragraph.kind == "quotation")


def _is_definition(paragraph: DraftParagraph) -> bool:
    """Whether it is an item of a list that has no sign, for which there is HTML only."""
    said = paragraph.structure
    return paragraph.kind == "p" and said.depth == 1 and said.fresh and not said.marker


def _shared(before: Sequence[_Open], after: Sequence[_Open]) -> int:
    """How many of what was open still is."""
    return len(list(takewhile(lambda pair: pair[0] is pair[1], zip(before, after, strict=False))))


def _sign(marker: str, before: _Open | None, *, is_new: bool) -> _Open:
    """An item of a list; another list than that of the item before needs another sign, or the two would be one."""
    if number := _NUMBER.fullmatch(marker):
        stop = ")" if before and (")" in before.sign) != is_new else "."
        sign = f"{number[1]}{stop} "
    else:
        sign = "* " if before and ("*" in before.sign) != is_new else "- "
    return _Open(sign, " " * len(sign))


def _footnotes(paragraphs: Sequence[DraftParagraph]) -> dict[str, int]:
    """The number of each footnote by the target that leads to it, if they are in order and at the end."""
    begins = next((at for at, one in enumerate(paragraphs) if one.kind == "footnote"), len(paragraphs))
    found: dict[str, int] = {}
    for at, one in enumerate(paragraphs[begins:], start=begins + 1):
        if one.kind in ("p", "heading", "quotation"):
            return {}
        if one.kind == "footnote" and not one.structure.depth and one.structure.marker:
            found[f"#{at}"] = len(found) + 1
            if one.structure.marker != f"{len(found)}.":
                return {}
    referred = [
        found[stretch.target]
        for one in paragraphs
        for stretch in sorted(one.structure.inline, key=lambda stretch: stretch.span.start)
        if stretch.kind == "reference" and stretch.target in found
    ]
    first = list(dict.fromkeys(referred))
    return found if first == sorted(first) and f"#{begins + 1}" in found else {}


def _fenced(text: str) -> list[str]:
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    return [fence, *text.split("\n"), fence]
