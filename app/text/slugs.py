"""Slugs: the words of an address, made of a title."""

import re
from collections.abc import Callable

from slugify import slugify

LENGTH = 80
"""Code points of a slug before its number."""

RESERVED = ("new",)
"""Slugs at whose address something else stands."""


def is_slug(words: str) -> bool:
    """Whether something may have this as its address."""
    return bool(re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", words)) and len(words) <= LENGTH


def slug_of(title: str, otherwise: str) -> str:
    """A title in the letters of an address; `otherwise` for one that has none of them."""
    return slugify(title, max_length=LENGTH) or otherwise


def free(wanted: str, is_taken: Callable[[str], bool]) -> str:
    """A slug that is not taken: what is wanted, or with a number from 2.

    It is the first of them where numbers have no gaps, and is found in so many questions as the logarithm of how many
    are taken: a book may have a thousand chapters of one title.
    """

    def taken(number: int) -> bool:
        return is_taken(numbered(number))

    def numbered(number: int) -> str:
        return f"{wanted}-{number}" if number > 1 else wanted

    if wanted not in RESERVED and not taken(1):
        return wanted
    last, step = 1, 1
    while taken(last + step):
        last, step = last + step, step * 2
    first = last + step
    while first - last > 1:
        middle = (last + first) // 2
        last, first = (middle, first) if taken(middle) else (last, middle)
    return numbered(first)
