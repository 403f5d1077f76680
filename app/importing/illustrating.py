"""The pictures of what has been read: had from wherever they are, and drawn anew. Runs apart, as reading does."""

import base64
import binascii
import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from urllib.parse import unquote_to_bytes

from app.text.drafts import Draft, DraftParagraph, DraftPicture, Work

AT_MOST = 500
"""Pictures that a work may have; what shows more is left without the rest."""
BYTES = 40_000_000
"""How many they may have together, as they are kept."""
SECONDS = 45
"""Of the processor, that drawing them may take: enough for 100 and more of the largest that cameras make."""
SMALL = 48
"""Pixels on a side: what is smaller and has no words is an ornament."""

_INLINE = re.compile(r"data:image/(?!svg)[\w.+-]+(;[^,;]*)*?(;base64)?,", re.IGNORECASE)


def illustrated(work: Work, fetch: Callable[[str], bytes], tell: Callable[[int, int], None]) -> Work:
    """A work whose drafts bring the pictures that they show; those that nobody has are left out, but for their words.

    `fetch` gives what stands at an address or is called so, or nothing; `tell` is told how many of how many have been
    looked at.
    Raises ValueError where nothing is left of an article.
    """
    names = list(dict.fromkeys(name for draft in work.drafts for name in _names(draft)))
    had: dict[str, tuple[str, DraftPicture]] = {}
    left, until = BYTES, time.process_time() + SECONDS
    for number, name in enumerate(names[:AT_MOST]):
        tell(number, len(names))
        if time.process_time() > until:
            break
        if (picture := _drawn(_content(name, work.pictures, fetch))) and len(picture.content) <= left:
            had[name] = (f"picture-{number + 1}", picture)
            left -= len(picture.content)
    return replace(work, drafts=tuple(_illustrated(draft, had) for draft in work.drafts), pictures={})


def _names(draft: Draft) -> Iterable[str]:
    return (one.structure.picture for one in draft.paragraphs if one.kind == "picture" and one.structure.picture)


def _content(name: str, found: Mapping[str, bytes], fetch: Callable[[str], bytes]) -> bytes:
    if name in found:
        return found[name]
    if inline := _INLINE.match(name):
        try:
            written = unquote_to_bytes(name[inline.end() :])
            return base64.b64decode(written, validate=False) if inline[2] else written
        except binascii.Error:
            return b""
    return b"" if name.lower().startswith("data:") else fetch(name)


def _drawn(content: bytes) -> DraftPicture | None:
    if not content:
        return None
    from app.formats import pictures  # what has no pictures is read without what draws them

    try:
        return pictures.encode(content)
    except pictures.NotAPicture:
        return None


def _illustrated(draft: Draft, had: Mapping[str, tuple[str, DraftPicture]]) -> Draft:
    stays = [not one.says_nothing or _is_seen(had.get(one.structure.picture)) for one in draft.paragraphs]
    kept = [one for one, it_stays in zip(draft.paragraphs, stays, strict=True) if it_stays]
    if not kept:
        raise ValueError("there is no text in it")
    # Where each paragraph stands that was the n-th: one that is left out, where the next stands.
    places, at = [], 1
    for it_stays in stays:
        places.append(min(at, len(kept)))
        at += it_stays
    return replace(
        draft,
        paragraphs=tuple(_placed(one, had, places) for one in kept),
        pictures=dict(had[one.structure.picture] for one in kept if one.structure.picture in had),
    )


def _is_seen(had: tuple[str, DraftPicture] | None) -> bool:
    """Whether a picture without words is there and is more than an ornament."""
    return had is not None and min(had[1].width, had[1].height) >= SMALL


def _placed(
    paragraph: DraftParagraph, had: Mapping[str, tuple[str, DraftPicture]], places: list[int]
) -> DraftParagraph:
    said = paragraph.structure
    if not said:
        return paragraph
    inline = tuple(
        replace(one, target=f"#{places[int(one.target[1:]) - 1]}") if re.fullmatch("#[0-9]+", one.target) else one
        for one in said.inline
    )
    name = had[said.picture][0] if said.picture in had else ""
    return replace(paragraph, structure=replace(said, inline=inline, picture=name))
