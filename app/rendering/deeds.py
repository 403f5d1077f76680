"""What has been done to keep order, in words."""

DEEDS = {
    "hid": "hid a note by",
    "showed": "showed again a note by",
    "left": "left as it is a flagged note by",
    "attached": "attached to other words a note by",
    "closed": "closed the notes",
    "opened": "opened the notes",
    "deleted": "deleted",
    "restored": "brought back",
    "appointed": "appointed",
    "reset": "made a password link for",
    "banned": "banned",
    "withdrew": "withdrew a link of",
    "unbanned": "lifted the ban on",
}


def in_words(deed: str) -> str:
    """What somebody has done, ready for whom or what it was done to."""
    return DEEDS.get(deed, deed)
