"""What an account may be called, and when two names are the same."""

import re
import unicodedata

_UNSEEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp", "Zs"}
_BLANK = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters and symbols that look like a space."""

_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def tidy(name: str) -> str:
    """A name on one line, with one space between its words."""
    return " ".join(name.split())


def key(name: str) -> str:
    """What two names have in common that are told apart by case, width, spaces or what nobody sees."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    seen = "".join(letter for letter in folded if letter.isspace() or not _is_unseen(letter))
    return " ".join(seen.split())


def fault_of(name: str) -> str:
    """Why an account cannot be called so, or nothing."""
    if _TURNING.search(name) or any(unicodedata.category(letter) in ("Cc", "Cs") for letter in tidy(name)):
        return "There is a character in this name that is no letter and no sign."
    return "" if key(name) else "A name needs something that one can see."


def _is_unseen(letter: str) -> bool:
    return unicodedata.category(letter) in _UNSEEN or letter in _BLANK
