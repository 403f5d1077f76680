"""Tags: words by which readers find their notes again, written with commas between."""

import re

TAG_LENGTH = 60
MOST_TAGS = 20

_BETWEEN = re.compile(r"[,，、;\n]")


def tags_of(written: str) -> list[str]:
    """The tags that stand in a line, in order, each once: case does not tell two apart, nor does a `#` before it."""
    found: dict[str, str] = {}
    for part in _BETWEEN.split(written):
        if tag := " ".join(part.split()).lstrip("#").strip():
            found.setdefault(tag.casefold(), tag)
    return list(found.values())


def tags_in_line(written: str) -> str:
    """The same as they are kept, in one line. Raises ValueError where there are too many, or one is too long."""
    tags = tags_of(written)
    if len(tags) > MOST_TAGS:
        raise ValueError(f"at most {MOST_TAGS} tags fit; these are {len(tags)}")
    if (longest := max(map(len, tags), default=0)) > TAG_LENGTH:
        raise ValueError(f"a tag may have {TAG_LENGTH} characters; one has {longest}")
    return ", ".join(tags)
