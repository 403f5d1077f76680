"""Words as forms bring them, and what is wrong with some."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def plain(words: str) -> str:
    """Words as they are kept: line ends as one character. Raises ValueError for what no text holds."""
    if _CONTROL.search(words):
        raise ValueError("there is a character in it that is no text")
    return words.replace("\r\n", "\n").replace("\r", "\n").strip()


def unix(words: str) -> str:
    """Words with the line ends of a text: a browser sends those of a form as two characters."""
    return words.replace("\r\n", "\n")


def on_one_line(words: str) -> str:
    return " ".join(words.split())


Words = Annotated[str, AfterValidator(plain)]
Line = Annotated[Words, AfterValidator(on_one_line)]
Exact = Annotated[str, AfterValidator(unix)]
Offset = Annotated[int, Field(ge=0, lt=10**9)]
"""A place in a text, in code points."""
