"""Audiences: who may see a note, as its form offers it."""

from collections.abc import Iterable
from typing import NamedTuple

from app.storage.people.groups import Belonging


class Audience(NamedTuple):
    """A choice of who may see a note: what the form says, what it is called, whether it is chosen."""

    value: str
    name: str
    chosen: bool


def called(groups: Iterable[Belonging], visibility: str) -> str:
    """Who may see what has this visibility, in words that end a sentence."""
    if visibility in ("everyone", "me"):
        return "everyone" if visibility == "everyone" else "you alone"
    return next((group.name for group in groups if visibility == f"group:{group.id}"), "its group")


def audiences(groups: Iterable[Belonging], chosen: str, of_a_note: bool = False) -> list[Audience]:
    """What a reader in these groups may choose from.

    What they chose last and cannot choose any more is not widened: then it is for them alone. `of_a_note` that stands
    already, it stays a choice.
    """
    offered = {
        "everyone": "Everyone",
        **{f"group:{group.id}": group.name for group in groups},
        "me": "Only me",
    }
    if chosen not in offered:
        offered |= {chosen: "A group you have left"} if of_a_note else {}
        chosen = chosen if of_a_note else "me"
    return [Audience(value, name, value == chosen) for value, name in offered.items()]
