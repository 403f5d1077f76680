"""HTML: pages that are brought in. What they say is kept and what it is among, nothing of how they look or act."""

import re
from collections.abc import Iterator
from urllib.parse import unquote, urljoin

from lxml import etree

from app.formats import encodings
from app.formats.page_dates import published_on
from app.formats.page_pictures import BLOCKS, base_of, source_of, stands_apart
from app.formats.plain import TITLE_LENGTH
from app.text import languages
from app.text.drafting import Drafting
from app.text.drafts import Draft, paragraph

LENGTH = 20_000_000
"""In bytes."""

FILLED = 20_000
"""How many cells of a page may be empty because others reach over them."""

_INLINE = {
    kind: frozenset(tags.split())
    for kind, tags in {
        "emphasis": "em i cite dfn var",
        "strong": "strong b dt",
        "code": "code kbd samp tt",
        "subscript": "sub",
        "superscript": "sup",
        "deleted": "s strike del",
    }.items()
}
_KINDS = {tag: kind for kind, tags in _INLINE.items() for tag in tags}
_NAMED = frozenset("caption figcaption h1 h2 h3 h4 h5 h6".split())
_CODE = frozenset("pre listing plaintext xmp".split())
_LEFT_OUT = frozenset(
    "annotation annotation-xml applet audio base button canvas datalist dialog frame frameset head iframe input"
    " link map meta meter nav noembed noframes noscript object option param progress rp script select style svg"
    " template textarea title video".split()
)
_PLACED = ("table", "h1", "h2", "h3", "h4", "pre", "blockquote", "figure", "article")
"""A table with one of these in it does not hold data: it places what is in it."""


_UNSEEN = re.compile(r"(display\s*:\s*none|visibility\s*:\s*(hidden|collapse))", re.IGNORECASE)
_UNSEEN_CLASSES = frozenset("mw-editsection mw-jump-link noprint screen-reader-text sr-only visually-hidden".split())
_TRACKING = re.compile(r"(?<=[?&])(?:utm_\w+|fbclid|gclid|igshid|mc_[ce]id)=[^&#]*&?", re.IGNORECASE)
_CHARSET = re.compile(
    rb"""<(?:meta[^>]{0,200}?charset|\?xml[^>]{0,50}?encoding)\s*=\s*["']?\s*([\w-]{2,40})""", re.IGNORECASE
)


def read(source: bytes, title: str = "", language: str = "", charset: str = "", address: str = "") -> Draft:
    """Read a page: its `main` or only `article` if there is one, else all of it.

    `charset` and `address` are those with which it came. Without a title, a heading at its beginning gives it, else
    what it says of itself. Raises ValueError if there is not a word in it, or if it is larger or nested more deeply
    than can be read.
    """
    if len(source) > LENGTH:
        raise ValueError(f"a page may have {LENGTH:,} bytes; this has {len(source):,}")
    page = parsed(decoded(source, charset))
    body = _body(page)
    facts = _facts(page, body)
    drafting = Drafting()
    Reading(drafting, address or facts["address"], base_of(page, address or facts["address"])).read(body)
    given = paragraph(" ".join(title.split()))
    heading = drafting.take_heading() if not given else ""
    paragraphs = drafting.paragraphs()
    if all(one.says_nothing for one in paragraphs):
        raise ValueError("there is no text in it")
    spoken = language or facts["language"]
    return Draft(
        title=(given.text if given else heading or facts["title"] or " ".join(paragraphs[0].text.split())[:120])[
            :TITLE_LENGTH
        ],
        paragraphs=paragraphs,
        author=facts["author"][:TITLE_LENGTH],
        source=facts["address"],
        published_on=published_on(page, body),
        language=languages.tag(spoken),
    )


def read_into(drafting: Drafting, source: str) -> None:
    """Write a piece of a page down among other things. Raises ValueError if it is nested too deeply."""
    if source.strip():
        Reading(drafting, "", "").read(parsed(f"<div>{source}</div>"))


def decoded(source: bytes, charset: str = "") -> str:
    """The text of a page: by its byte order mark, else by the charset that came with it, else by what it says."""
    said = _CHARSET.search(source[:4096])
    name = charset or (said[1].decode("ascii", "replace") if said else "")
    # One that could be read as ASCII so far is not in UTF-16, whatever it says.
    return encodings.decoded(source, "" if name.lower().startswith("utf-16") else name)


def parsed(text: str) -> etree._Element:
    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, no_network=True, remove_comments=True, remove_pis=True, recover=True
    )
    try:
        page = etree.fromstring(text.replace("\0", "").encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        page = None
    faults = {fault.type_name for fault in parser.error_log}
    if "ERR_NO_MEMORY" in faults:
        raise MemoryError
    if "ERR_RESOURCE_LIMIT" in faults:
        raise ValueError("it is nested more than 2,000 deep")
    if page is None:
        raise ValueError("there is no text in it")
    return page


def _facts(page: etree._Element, body: etree._Element) -> dict[str, str]:
    """What a page says of itself."""
    said: dict[str, str] = {}
    for meta in page.iter("meta"):
        name = (meta.get("property") or meta.get("name") or "").lower()
        said.setdefault(name, meta.get("content") or "")
    canonical = next((one.get("href") or "" for one in page.iter("link") if one.get("rel") == "canonical"), "")
    headings = [_text(one) for one in body.iter("h1")]
    titles = [_text(one) for one in page.iterfind("head/title")]
    address = next((one for one in (canonical, said.get("og:url", "")) if re.match(r"https?://\S+$", one)), "")[:2000]
    author = said.get("author") or said.get("article:author") or ""
    found = {
        "title": next(filter(str.strip, [*headings[:1], said.get("og:title", ""), *titles[:1]]), ""),
        "author": "" if "://" in author else author,
        "language": page.get("lang") or page.get("{http://www.w3.org/XML/1998/namespace}lang") or "",
        "address": address,
    }
    plain = {name: paragraph(" ".join(words.split())) for name, words in found.items()}
    return {name: one.text if one else "" for name, one in plain.items()}


def _body(page: etree._Element) -> etree._Element:
    for wanted in ("main", "article"):
        found = list(page.iter(wanted))
        if len(found) == 1 and _text(found[0]).strip():
            return found[0]
    return page


def _text(element: etree._Element) -> str:
    return "".join(map(str, element.itertext()))


def _is_unseen(element: etree._Element) -> bool:
    said = element.attrib
    return (
        "hidden" in said
        or said.get("aria-hidden") == "true"
        or bool(_UNSEEN.search(said.get("style", "")))
        or not _UNSEEN_CLASSES.isdisjoint(said.get("class", "").split())
    )


def _number(said: str | None, otherwise: int) -> int:
    return int(said) if said and re.fullmatch(r"\s*-?[0-9]{1,6}\s*", said) else otherwise


class Reading:
    """Walks through a page from front to back, and writes down what it says."""

    def __init__(self, drafting: Drafting, address: str, base: str) -> None:
        self.drafting = drafting
        self.address = address
        self.base = base
        """What addresses of pictures are relative to."""
        self.code = 0
        self.tables: list[bool] = []
        """Of each table that is open, whether it holds data; the others only place what is in them."""
        self.cells = 0
        """How many cells the line has that is open."""
        self.below: dict[int, int] = {}
        """By column, into how many more lines a cell reaches down."""
        self.across = 0
        """Into how many more columns the open cell reaches."""
        self.filled = 0
        self.within: list[tuple[str, int]] = []
        """Kinds (and levels) of blocks that are open whatever else begins in them: headings and captions."""

    def read(self, top: etree._Element) -> None:
        around: list[tuple[etree._Element, Iterator[etree._Element]]] = []
        element: etree._Element | None = top
        while element is not None or around:
            if element is not None:
                if isinstance(element.tag, str) and self.begins(element):
                    self.drafting.words(element.text or "")
                    around.append((element, iter(element)))
                elif element is not top:
                    self.drafting.words(element.tail or "")
            elif around:
                ended, _ = around.pop()
                self.ends(ended)
                if ended is not top:
                    self.drafting.words(ended.tail or "")
            element = next(around[-1][1], None) if around else None

    @property
    def in_data(self) -> bool:
        return bool(self.tables) and self.tables[-1]

    def begins(self, element: etree._Element) -> bool:
        """What begins with an element; gives whether to go on within it."""
        tag, drafting = str(element.tag).lower(), self.drafting
        if tag in _LEFT_OUT or _is_unseen(element) or _is_anchor(element) or (tag == "caption" and self.in_data):
            return False
        if tag in BLOCKS or tag in _CODE:
            self.block(tag, element)
        drafting.name(self.place_of(element))
        if tag in _KINDS and not (self.code and tag == "code"):
            drafting.begin(_KINDS[tag])
        match tag:
            case "br":
                drafting.line_break()
            case "img":
                self._picture(element)
            case "a":
                drafting.begin(*self.link_of(element))
            case "q":
                drafting.words("“")
            case "rt":
                drafting.words("(")
        return True

    def ends(self, element: etree._Element) -> None:
        tag, drafting = str(element.tag).lower(), self.drafting
        if tag in _KINDS and not (self.code and tag == "code"):
            drafting.end(_KINDS[tag])
        match tag:
            case "a":
                drafting.end(self.link_of(element)[0])
            case "q":
                drafting.words("”")
            case "rt":
                drafting.words(")")
            case "table" if not self.code:
                self.tables.pop()
                drafting.end_block()
            case _ if self.in_data:
                self._ends_in_table(tag)
            case _ if tag in _CODE:
                self.code -= 1
                drafting.end_block()
            case _ if self.code:
                drafting.words("\n" if tag in BLOCKS else "")
            case "dd" if _is_in(element, "dd"):
                drafting.end_block()
            case "ul" | "ol" | "menu" | "dir" | "dd":
                drafting.end_list()
            case "blockquote":
                drafting.end_quotation()
            case _ if tag in BLOCKS:
                if self.within and tag in _NAMED:
                    self.within.pop()
                self.apart()

    def apart(self) -> None:
        """What comes next stands apart from what came before."""
        if self.within:
            self.drafting.begin_block(*self.within[-1])
        else:
            self.drafting.end_block()

    def _names(self, kind: str, level: int = 0) -> None:
        self.within.append((kind, level))
        self.apart()

    def block(self, tag: str, element: etree._Element) -> None:
        drafting = self.drafting
        if self.in_data:
            self._within_table(tag, element)
            return
        if self.code:
            self.code += tag in _CODE
            return
        match tag:
            case "ul" | "menu" | "dir":
                drafting.begin_list()
            case "ol":
                drafting.begin_list(_number(element.get("start"), 1))
            case "li":
                drafting.begin_item(_number(element.get("value"), 0) if element.get("value") else None)
            case "dd":
                if not _is_in(element, "dd"):  # the parser does not always see where one ends
                    drafting.begin_list()
                drafting.begin_item(marker="")
            case "table":
                self._table(element)
            case "figcaption" | "caption":
                self._names("caption")
            case "blockquote":
                drafting.begin_quotation()
            case _ if tag in _CODE:
                drafting.begin_block("code")
                self.code += 1
            case _ if tag in _NAMED:
                self._names("heading", int(tag[1]))
            case _:
                self.apart()

    # ── tables

    def _table(self, table: etree._Element) -> None:
        places = table.get("role") in ("presentation", "none") or any(True for _ in table.iterdescendants(*_PLACED))
        is_data = not places and any(sum(cell.tag in ("td", "th") for cell in row) > 1 for row in table.iter("tr"))
        self.drafting.end_block()
        self.tables.append(is_data)
        if not is_data:
            return
        for caption in table.iter("caption"):
            self.drafting.begin_block("caption")
            self.drafting.words(_text(caption))
        self.drafting.begin_block("table")
        self.below = {}

    def _within_table(self, tag: str, element: etree._Element) -> None:
        match tag:
            case "tr":
                cells = [one.tag for one in element if one.tag in ("td", "th")]
                parent = element.getparent()
                self.drafting.begin_line(
                    (parent is not None and parent.tag == "thead") or (bool(cells) and set(cells) == {"th"})
                )
                self.cells = 0
            case "td" | "th":
                self._fill()
                self._next_cell()
                self.across = max(0, min(_number(element.get("colspan"), 1), FILLED - self.filled) - 1)
                self.filled += self.across
                down = _number(element.get("rowspan"), 1)
                for column in range(self.cells - 1, self.cells + self.across if down > 1 else 0):
                    self.below[column] = down - 1
            case _:
                self.drafting.words(" ")

    def _ends_in_table(self, tag: str) -> None:
        match tag:
            case "tr":
                self._fill()
            case "td" | "th":
                for _ in range(self.across):
                    self._next_cell()
                self.across = 0
            case _:
                self.drafting.words(" " if tag in BLOCKS else "")

    def _fill(self) -> None:
        """Leave empty what cells of lines above reach into."""
        while self.below.get(self.cells) and self.filled < FILLED:
            self.below[self.cells] -= 1
            self.filled += 1
            self._next_cell()

    def _next_cell(self) -> None:
        if self.cells:
            self.drafting.next_cell()
        else:
            self.drafting.words(" ")
        self.cells += 1

    # ── links and pictures

    def place_of(self, element: etree._Element) -> str:
        """By what name links lead to an element, or ""."""
        return element.get("id") or (element.get("name") or "" if element.tag == "a" else "")

    def link_of(self, element: etree._Element) -> tuple[str, str]:
        """What kind of stretch a link is, and where it leads."""
        return "link", self.address_of(element.get("href") or "")

    def source_of(self, picture: etree._Element) -> str:
        """What a picture is called by who can find it, or ""."""
        source = source_of(picture)
        try:
            return urljoin(self.base, source) if source and not source.startswith("data:") else source
        except ValueError:
            return ""

    def address_of(self, said: str) -> str:
        said = re.sub(r"[\t\n\r]", "", said).strip()
        page, _, fragment = said.partition("#")
        if fragment and page in ("", self.address):
            return f"#{unquote(fragment)}"
        try:
            said = urljoin(self.address, said)
        except ValueError:
            return ""
        return _TRACKING.sub("", said).rstrip("?&")

    def _picture(self, picture: etree._Element) -> None:
        if _number(picture.get("width"), 9) < 3 or _number(picture.get("height"), 9) < 3:
            return
        if picture.get("role") in ("presentation", "none"):
            return
        words = " ".join((picture.get("alt") or "").split())
        if self.in_data or self.code or self.within or not stands_apart(picture):
            self.drafting.words(words)
            return
        source = self.source_of(picture)
        if source or words:
            self.drafting.picture(words, source)


def _is_in(element: etree._Element, tag: str) -> bool:
    parent = element.getparent()
    return parent is not None and parent.tag == tag


def _is_anchor(element: etree._Element) -> bool:
    """Whether it is only a sign by which to link to a heading."""
    if element.tag != "a" or not (element.get("href") or "").startswith("#") or len(element):
        return False
    return (element.text or "").strip() in ("¶", "#", "§", "🔗")
