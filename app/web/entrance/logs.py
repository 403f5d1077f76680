"""What the server writes down of requests: never the token of a share, an invitation or a link to an account, which
would open it to who reads the log, and never what was searched for or filtered by, which may be words of a note."""

import copy
import logging
import re
from typing import Any

from uvicorn.config import LOGGING_CONFIG

# However many slashes stand in a mistyped address, and dots between them.
_SLASH = r"(?:(?:/|%2F)\.{0,2}(?=/|%2F))*(?:/|%2F)"

# Of a share, an invitation, a link to an account; also as the page to go back to: /session/name?next=/s/…
_TOKEN = re.compile(
    rf"((?:^|=){_SLASH}(?:s|join|pictures|account{_SLASH}(?:join|reset)){_SLASH})[^/?#&%]+", re.IGNORECASE | re.ASCII
)

_LIKE_ONE = re.compile(r"(?<![\w-])(?=[a-z0-9-]*[A-Z_])[\w-]{20,}", re.ASCII)
"""What looks like a token, wherever it stands: no slug has a capital letter."""


def without_token(path: str) -> str:
    return _LIKE_ONE.sub("…", _TOKEN.sub(r"\1…", path))


class WithoutTokens(logging.Filter):
    """Rewrites the address in uvicorn's access records, whose arguments are client, method, path, version, status."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple) and len(record.args) == 5:
            client, method, path, version, status = record.args
            path, _, query = str(path).partition("?")
            record.args = (client, method, without_token(path) + ("?…" if query else ""), version, status)
        return True


def logging_config() -> dict[str, Any]:
    """uvicorn's own configuration, its access log without tokens, and ours beside it."""
    config: dict[str, Any] = copy.deepcopy(LOGGING_CONFIG)
    config["filters"] = {"without_tokens": {"()": WithoutTokens}}
    config["handlers"]["access"]["filters"] = ["without_tokens"]
    config["loggers"]["postil"] = {"handlers": ["default"], "level": "INFO", "propagate": False}
    return config
