"""When a page says that it was published."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from lxml import etree

from app.text.dates import day_in

_NAMES = (
    "article:published_time",
    "og:published_time",
    "og:article:published_time",
    "datepublished",
    "citation_publication_date",
    "citation_date",
    "dcterms.issued",
    "dc.date.issued",
    "dcterms.created",
    "dcterms.date",
    "dc.date",
    "parsely-pub-date",
    "pubdate",
    "publish-date",
    "date",
)
"""What a `meta` may be called that says it; what comes first says it best."""
_CLASSES = frozenset("dt-published published entry-date".split())
_LINKED_DATA = 1_000_000
"""How long data in JSON-LD may be that is looked through, in code points."""
_DEEP = 5


def published_on(page: etree._Element, body: etree._Element) -> date | None:
    """The day on which a page was published: as its head says it, as JSON-LD does, or a `time` at its beginning."""
    return next(filter(None, map(day_in, _said(page, body))), None)


def _said(page: etree._Element, body: etree._Element) -> Iterator[str]:
    metas: dict[str, str] = {}
    for meta in page.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        metas.setdefault(name.lower(), meta.get("content") or "")
    for name in _NAMES:
        yield metas.get(name, "")
    for script in page.iter("script"):
        if (script.get("type") or "").strip().lower() == "application/ld+json":
            yield from _in_linked_data(script.text or "")
    times = list(body.iter("time"))
    for one in times:
        if one.get("itemprop") == "datePublished" or "pubdate" in one.attrib or _is_published(one):
            yield _time(one)
    for one in times if body.tag in ("main", "article") else ():  # the head of a whole site has today's
        if any(above.tag == "header" for above in one.iterancestors()):
            yield _time(one)


def _is_published(time: etree._Element) -> bool:
    return not _CLASSES.isdisjoint((time.get("class") or "").split())


def _time(time: etree._Element) -> str:
    return time.get("datetime") or "".join(map(str, time.itertext()))


def _in_linked_data(written: str) -> Iterator[str]:
    try:
        said = json.loads(written) if len(written) <= _LINKED_DATA else None
    except (ValueError, RecursionError):
        return
    yield from _published(said, _DEEP)


def _published(said: Any, deep: int) -> Iterator[str]:
    if isinstance(said, list) and deep:
        for one in said:
            yield from _published(one, deep - 1)
    elif isinstance(said, dict) and deep:
        if isinstance(day := said.get("datePublished"), str):
            yield day
        for name in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _published(said.get(name), deep - 1)
