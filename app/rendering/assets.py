"""Style and script: each joined at start into one file, named by what is in it, so that browsers may keep it."""

import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app.settings import shipped

MEDIA_TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}

_COMMENTS = {
    "css": re.compile(rb" */\*.*?\*/\n?", re.DOTALL),
    "js": re.compile(rb"^ *(?://.*|/\*\*.*\*/)\n", re.MULTILINE),
}
"""What style and script say to us alone: in script only where a line says nothing else."""

_INDENTED = re.compile(rb"^\s+", re.MULTILINE)
"""How far lines are indented, and empty ones: no string of ours goes over the end of a line."""


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it goes over the wire, plain and compressed."""

    name: str
    media_type: str
    body: bytes
    compressed: bytes


def _asset(stem: str, kind: str, parts: list[Path]) -> Asset:
    body = b"\n".join(for_browsers(part, kind) for part in parts)
    name = f"{stem}-{hashlib.sha256(body).hexdigest()[:12]}.{kind}"
    return Asset(name, MEDIA_TYPES[kind], body, gzip.compress(body, 9, mtime=0))


def for_browsers(part: Path, kind: str) -> bytes:
    """A file of ours as it goes over the wire."""
    written = part.read_bytes()
    return _INDENTED.sub(b"", _COMMENTS[kind].sub(b"", written)) if kind in _COMMENTS else written


@cache
def assets() -> dict[str, Asset]:
    """Style, script and icon by their kind: the files of a folder in the order of their names, htmx before ours.

    `pages` is the style of every page but the reading page, which comes without it; `structure` that of articles with
    lists, tables and the like; `pages-js` the script of the few
    that need more than the others.

    Raises FileNotFoundError where htmx has not been installed.
    """
    static = shipped("static")
    scripts = [static / "vendor" / "htmx.min.js", *sorted((static / "js").glob("*.js"))]
    return {
        "css": _asset("postil", "css", sorted((static / "css").glob("*.css"))),
        "pages": _asset("pages", "css", sorted((static / "css" / "pages").glob("*.css"))),
        "structure": _asset("structure", "css", sorted((static / "css" / "structure").glob("*.css"))),
        "js": _asset("postil", "js", scripts),
        "pages-js": _asset("pages", "js", sorted((static / "js" / "pages").glob("*.js"))),
        "svg": _asset("icon", "svg", [static / "icon.svg"]),
    }


def asset_path(kind: str) -> str:
    return f"/static/{assets()[kind].name}"


@cache
def build() -> str:
    """What the pages of this very software look like, in a word: it changes when a template or an asset does."""
    digest = hashlib.sha256()
    for path in sorted(shipped("templates").rglob("*.html")):
        digest.update(path.read_bytes())
    for asset in assets().values():
        digest.update(asset.name.encode())
    return digest.hexdigest()[:12]
