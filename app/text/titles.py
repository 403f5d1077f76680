"""Titles, and where they stand in the order of the alphabet."""

import re
import unicodedata

KEY_LENGTH = 100


def key(title: str) -> str:
    """What a title is put in order by: without case, accents and what stands before its first word, numbers by size."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", title).casefold())
    plain = "".join(letter for letter in folded if not unicodedata.combining(letter))
    words = " ".join(re.sub(r"^[\W_]+", "", plain).split())
    return re.sub(r"[0-9]{1,8}", lambda found: found[0].zfill(8), words)[:KEY_LENGTH]
