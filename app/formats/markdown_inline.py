"""The words of a paragraph as Markdown, and what lies over them: whatever else would be read as mark-up is escaped."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import pairwise

from app.text.structures import KINDS, Inline

_TAGS = {
    "emphasis": "em",
    "strong": "strong",
    "deleted": "del",
    "code": "code",
    "subscript": "sub",
    "superscript": "sup",
}
_SIGNS = {"emphasis": "*", "strong": "**", "deleted": "~~"}

# What would be read as something else than it is, wherever it stands.
_SIGN = re.compile(
    r"""[\\`] | \*(?!(?<=[ ]\*)[ ])
    | _(?:(?<![^\W_]_)|(?![^\W_]))      # within a word it is only itself
    | ~(?=~) | (?<=~)~
    | <(?=[A-Za-z/!?])
    | &(?=\#?\w+;)
    | \[(?=\^) | \](?=[(\[:]) | !(?=\[) | \^(?=\[)
    """,
    re.VERBOSE,
)
_EVERY_SIGN = re.compile(r"[!-/:-@\[-`{}~]")
# What would be read so at the beginning of a line; of a number its stop.
_BEGINS = re.compile(r"#(?=#{0,5}(?:\s|$))|[>=:|~\[]|[-+](?=\s|$)|-(?=[-:|])|[0-9]{1,9}[.)](?=\s|$)")
_SPACES = re.compile(r"(?<=[ \t\n])[ \t]+|\t+|\A\s+|\s+\Z")
_SOUND = re.compile(r"[!#-'+-;=?@A-Za-z0-9_~]+")
"""A target that stands between brackets as it is."""


@dataclass(frozen=True, slots=True)
class Places:
    """To what links and references within the article lead, by their target."""

    names: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    """Of footnotes."""


def ways(text: str, over: Sequence[Inline], places: Places, *, begins: bool = True) -> Iterator[str]:
    """A paragraph as Markdown, the way that reads best first; the last says nothing but the words.

    Which of them is read again as it was is for the caller to try: the rules of when a star begins emphasis fill pages.
    `begins` says that a line of the source begins with the words.
    """
    over = sorted((one for one in over if one.span), key=lambda one: (one.span.start, -one.span.end))
    if over:
        for easily in (KINDS, {"link", "reference", "code"}, {"reference"}):
            yield _laid(text, over, places, easily, _letters(text, _SIGN, begins=begins))
    else:
        yield "".join(_letters(text, _SIGN, begins=begins))
    yield "".join(_letters(text, _EVERY_SIGN, begins=begins))


def html(text: str, over: Sequence[Inline], places: Places, *, breaks: bool = True) -> str:
    """A paragraph as HTML: on one line, or with the line ends of its words."""
    over = sorted((one for one in over if one.span), key=lambda one: (one.span.start, -one.span.end))
    letters = ["<br>" if breaks and letter == "\n" else escape(letter, quote=False) for letter in text]
    return _laid(text, over, places, (), letters)


def _letters(text: str, sign: re.Pattern[str], *, begins: bool) -> list[str]:
    """What is written for each letter."""
    letters = list(text)
    for found in sign.finditer(text):
        letters[found.start()] = f"\\{found[0]}"
    for found in _SPACES.finditer(text):
        for at in range(found.start(), found.end()):
            letters[at] = f"&#{ord(text[at])};"
    start = 0
    for line in text.split("\n"):
        if (begins or start) and (sign_first := _BEGINS.match(line)):
            at = start + sign_first.end() - 1
            letters[at] = f"\\{text[at]}"
        start += len(line) + 1
        if start <= len(text):
            letters[start - 1] = "\\\n"
    return letters


def _laid(text: str, over: Sequence[Inline], places: Places, easily: Collection[str], letters: list[str]) -> str:
    """Letters with what lies over them: in signs where it is of a kind that may be, else in tags."""
    opens: dict[int, list[str]] = {}
    closes: dict[int, list[str]] = {}
    starred: set[int] = set()
    ends = sorted(end for one in over for end in (one.span.start, one.span.end))
    for one in over:
        start, end, words = one.span.start, one.span.end, one.span.of(text)
        alone = bisect_left(ends, end) == bisect_right(ends, start)
        number = places.numbers.get(one.target, 0)
        if one.kind in easily and alone and (said := _whole(one.kind, words, number)):
            letters[start:end] = [said, *[""] * (len(one.span) - 1)]
            sides = ("", "")
        else:
            sides = _sides(one, places.names.get(one.target, one.target), text, easily, starred)
        if sides[0] == "[":
            letters[start:end] = [f"\\{sign}" if sign in ("[", "]") else sign for sign in letters[start:end]]
        if (sides[0] or letters[start])[0] == "[":
            for at, signs in ((start - 1, "!^]"), (end, "([:")):
                if 0 <= at < len(text) and letters[at] == text[at] and text[at] in signs:
                    letters[at] = f"\\{text[at]}"
        opens.setdefault(start, []).append(sides[0])
        closes.setdefault(end, []).insert(0, sides[1])
    made = []
    for start, end in pairwise(sorted({0, len(text), *opens, *closes})):
        made += [*opens.get(start, []), *letters[start:end], *closes.get(end, [])]
    return "".join(made)


def _whole(kind: str, words: str, number: int) -> str:
    """A stretch with nothing else in it, if there is a sign for it and its words together."""
    if kind == "reference" and number and words == f"[{number}]":
        return f"[^{number}]"
    if kind == "code" and not re.search(r"[`\n\t]|  |\A\s|\s\Z", words):
        return f"`{words}`"
    return ""


def _sides(one: Inline, target: str, text: str, easily: Collection[str], starred: set[int]) -> tuple[str, str]:
    """What stands before and after a stretch; `starred` are the places where stars stand already."""
    if target or one.kind in ("link", "reference"):
        if "link" in easily and _SOUND.fullmatch(target):
            return "[", f"]({target})"
        return f'<a href="{escape(target).replace("|", "&#124;")}">', "</a>"
    start, end = one.span.start, one.span.end
    mark = _SIGNS.get(one.kind, "") if one.kind in easily else ""
    if mark and _is_flanked(text, start, end):
        if not {start, end} & starred:
            starred |= {start, end}
            return mark, mark
        if one.kind == "emphasis" and not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum()):
            return "_", "_"
    return f"<{_TAGS[one.kind]}>", f"</{_TAGS[one.kind]}>"


def _is_flanked(text: str, start: int, end: int) -> bool:
    """Whether a sign before and after a stretch would be read as its beginning and its end."""
    for inner, outer in ((text[start], text[start - 1 : start]), (text[end - 1], text[end : end + 1])):
        if inner.isspace() or (not inner.isalnum() and outer.isalnum()):
            return False
    return True
