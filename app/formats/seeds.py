"""Seeds: the articles that Postil ships with, a plain text with a TOML file of the same name beside it."""

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from app.formats import plain
from app.text.drafts import SampleNote, Seed


def read(folder: Path) -> Iterator[Seed]:
    """Read every seed of a folder, in the order of their names. The name of the file is the article's slug."""
    for path in sorted(folder.glob("*.toml")):
        said = tomllib.loads(path.read_text("utf-8"))
        draft = plain.read(path.with_suffix(".txt").read_text("utf-8"), said["title"], said["language"])
        notes = tuple(SampleNote(**note) for note in said.get("notes", ()))
        yield Seed(replace(draft, slug=path.stem, source=said["source"]), said.get("reader", ""), notes)
