"""Where one may be sent on to: pages of ours alone."""

import re
from typing import Annotated

from pydantic import AfterValidator


def local(path: str) -> str:
    """The path of a page of ours, or the library's: never the start of another host's address."""
    return path if _LOCAL.fullmatch(path) else "/"


_LOCAL = re.compile(r"/(?![/\\])[!-\[\]-~]{0,500}")
Local = Annotated[str, AfterValidator(local)]
