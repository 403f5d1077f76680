"""Markdown: what a reader has written, to be read and kept by other software."""

import re
from collections.abc import Iterable
from itertools import groupby

from app.storage.notes import Written

_SIGNS = re.compile(r"([\\`*_\[\]<>#|~])")


def write(notes: Iterable[Written], base_url: str) -> str:
    """A section for each article, in the order in which they come; of each note the quote, the words, and its facts."""
    sections = ["# My notes"]
    for _, found in groupby(notes, key=lambda one: one.article_id):
        written = list(found)
        first = written[0]
        by = f"{_plain(first.author)} · " if first.author else ""
        sections.append(f"## {_plain(first.title)}\n\n{by}<{base_url}/articles/{first.slug}>")
        sections += [_note(one, base_url) for one in written]
    return "\n\n".join(sections) + "\n"


def _note(one: Written, base_url: str) -> str:
    quote = "\n".join(f"> {_plain(line)}".rstrip() for line in one.exact.splitlines())
    facts = [f"{one.created_at:%Y-%m-%d}", one.colour if one.kind != "reply" else "reply", one.audience]
    facts += ["hidden by the owner"] if one.hidden_at else []
    facts += [f"#{_plain(tag)}" for tag in one.tagged]
    facts += [f"<{base_url}/annotations/{one.id}>"] if one.in_sight else []
    return "\n\n".join(filter(None, [quote, one.note, f"*{' · '.join(facts)}*"]))


def _plain(words: str) -> str:
    """Words on one line that are no Markdown."""
    return _SIGNS.sub(r"\\\1", " ".join(words.split()))
