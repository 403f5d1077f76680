"""What one may be called, and when two names are the same."""

import re
import unicodedata

NOBODY = "A former reader"
"""What they are called who have left: nobody else is."""

_UNSEEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp", "Zs"}
_IGNORABLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""What Unicode has software show nothing for (Default_Ignorable_Code_Point), and the blank pattern of Braille."""

_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def tidy(name: str) -> str:
    """A name on one line, with one space between its words."""
    return " ".join(name.split())


def key(name: str) -> str:
    """What two names have in common that are told apart by case, width, spaces or what nobody sees."""
    # Before letters are put together, for what is ignored may stand between them.
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", _seen(name)).casefold())
    return " ".join(_seen(folded).split())


def fault_of(name: str) -> str:
    """Why nobody can be called so, or nothing."""
    if _TURNING.search(name) or any(unicodedata.category(letter) in ("Cc", "Cs") for letter in tidy(name)):
        return "There is a character in this name that is no letter and no sign."
    if key(name) == key(NOBODY):
        return "Who has left is called so: choose another name."
    return "" if key(name) else "A name needs something that one can see."


def _seen(name: str) -> str:
    """A name without what nobody sees but the spaces in it."""
    kept = _IGNORABLE.sub("", name)
    return "".join(letter for letter in kept if letter.isspace() or unicodedata.category(letter) not in _UNSEEN)
