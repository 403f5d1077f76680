"""What a site keeps from programs by its robots.txt: RFC 9309."""

import re
from urllib.parse import quote

_LINE = re.compile(r"\s*(user-agent|allow|disallow)\s*:\s*([^#]*)", re.IGNORECASE)
_ESCAPED = re.compile(r"%([0-9a-fA-F]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


def permits(robots: str, agent: str, target: str) -> bool:
    """Whether a robots.txt lets the program that calls itself `agent` ask for `target`, a path with its query.

    The groups that name it count, those for `*` where none does; the longest rule that matches wins, and `Allow`
    of two as long. In a rule `*` is any stretch, and `$` at its end the end. RFC 9309, sections 2.2.1 to 2.2.3.
    """
    if target == "/robots.txt":
        return True
    plain, verdict = _plain(target), (-1, True)
    for allows, pattern in _rules(robots, agent.casefold()):
        length = len(pattern)
        if (length, allows) > verdict and _matches(pattern, plain):
            verdict = (length, allows)
    return verdict[1]


def _rules(robots: str, agent: str) -> list[tuple[bool, str]]:
    """The rules that hold for an agent, in order: (whether it allows, pattern)."""
    found: dict[str, list[tuple[bool, str]]] = {}
    concerned: set[str] = set()
    naming = False
    for line in robots.removeprefix("\ufeff").splitlines():
        if not (said := _LINE.match(line)):
            continue
        field, value = said[1].lower(), said[2].strip()
        if field == "user-agent":
            # Lines that follow each other name the readers of one group.
            concerned = concerned if naming else set()
            naming = True
            if (name := value.casefold()) in (agent, "*"):
                concerned.add(name)
                found.setdefault(name, [])
            continue
        naming = False
        if value:
            for name in concerned:
                found[name].append((field == "allow", _plain(value)))
    return found.get(agent, found.get("*", []))


def _matches(pattern: str, target: str) -> bool:
    """Whether a rule matches, in time linear in both: a hostile pattern must not cost more than its length."""
    ends = pattern.endswith("$")
    first, *rest = pattern.removesuffix("$").split("*")
    if not target.startswith(first):
        return False
    if not rest:
        return not ends or target == first
    at = len(first)
    for part in rest[:-1]:
        if (found := target.find(part, at)) < 0:
            return False
        at = found + len(part)
    return target.endswith(rest[-1], at) if ends else target.find(rest[-1], at) >= 0


def _plain(path: str) -> str:
    """A path as it is compared: beyond ASCII escaped, and nothing escaped that need not be."""
    escaped = quote(path, safe="%/:?#[]@!$&'()*+,;=")

    def undone(escape: re.Match[str]) -> str:
        character = chr(int(escape[1], 16))
        return character if character in _UNRESERVED else escape[0].upper()

    return _ESCAPED.sub(undone, escaped)
