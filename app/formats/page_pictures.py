"""The pictures of a page: what each is fetched from, and whether it stands apart from the words."""

import re
from itertools import islice
from urllib.parse import urljoin

from lxml import etree

BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dir div dl dt fieldset figcaption figure footer"
    " form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu ol p section summary table tbody td tfoot th"
    " thead tr ul".split()
)
"""Elements that begin on a line of their own."""

_WIDE = 1280
"""How many pixels of width are enough of a picture of which there are several."""
_SIZE = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,4})?)([wx])")
_STANDS_IN = re.compile(r"data:image/svg|data:image/gif.{0,400}$|about:|javascript:|#", re.IGNORECASE)

_AROUND = ("a", "picture", "span", "source")
"""What may stand around a picture alone."""


def base_of(page: etree._Element, address: str) -> str:
    """To what the addresses of its pictures are relative, of a page that came from an address."""
    said = next((one.get("href") or "" for one in page.iter("base")), "")
    try:
        return urljoin(address, said.strip())
    except ValueError:
        return address


def source_of(picture: etree._Element) -> str:
    """What a picture is fetched from: never what only waits for a script; large enough for fine screens."""
    around = picture.getparent()
    others = around.iterchildren("source") if around is not None and around.tag == "picture" else ()
    for one in (picture, *others):
        for name in ("data-srcset", "srcset"):
            if found := _chosen(one.get(name) or ""):
                return found
        for name in ("data-src", "data-original", "data-lazy-src", "src"):
            if (found := (one.get(name) or "").strip()) and not _STANDS_IN.match(found):
                return re.sub(r"[\t\n\r]", "", found)
    return ""


def _chosen(srcset: str) -> str:
    """Of several sizes, the smallest that is wide enough, else the widest. HTML, section 4.8.4.2.1."""
    sizes: list[tuple[float, str]] = []
    parts = iter(srcset[:20_000].split())
    for part in parts:
        said = "" if part.endswith(",") else next(parts, "").rstrip(",")
        if found := _SIZE.fullmatch(said or "1x"):
            sizes.append((float(found[1]) * (1 if found[2] == "w" else _WIDE / 2), part.strip(",")))
    enough = [one for one in sizes if one[0] >= _WIDE]
    return min(enough)[1] if enough else max(sizes, default=(0, ""))[1]


def stands_apart(picture: etree._Element) -> bool:
    """Whether no words stand on the same lines as a picture."""
    outermost = picture
    around = picture.getparent()
    while around is not None and around.tag in _AROUND and _is_bare(around):
        outermost, around = around, around.getparent()
    if around is None or str(around.tag) not in BLOCKS:
        return False
    before, after = outermost.getprevious(), outermost.getnext()
    words = (around.text if before is None else before.tail, outermost.tail)
    return not any((one or "").strip() for one in words) and _is_apart(before) and _is_apart(after)


def _is_apart(element: etree._Element | None) -> bool:
    """Whether what stands beside a picture is not on its line, or is a picture itself."""
    while element is not None and element.tag in _AROUND and len(element) and _is_bare(element):
        element = element[-1]
    return element is None or element.tag in BLOCKS or element.tag in ("br", "img", "source", "noscript", "script")


def _is_bare(element: etree._Element) -> bool:
    """Whether an element has next to nothing in it but a picture."""
    parts = list(islice(element, 6))
    return len(parts) < 6 and not any((one or "").strip() for one in (element.text, *(part.tail for part in parts)))
