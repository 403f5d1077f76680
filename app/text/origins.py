"""Where texts come from: which two addresses are of the same page."""

import re
from urllib.parse import urlsplit

_TRACKING = re.compile(r"(utm_\w+|fbclid|gclid|igshid|mc_[ce]id)(=|$)", re.IGNORECASE)
_PORTS = {"http": 80, "https": 443}


def same_page(address: str) -> str:
    """What all addresses of one page have in common, only to be compared; empty for what is no address of a page.

    The scheme, `www.`, the usual port, a slash at the end, the fragment and what only counts visitors do not matter.
    """
    try:
        parts = urlsplit(address.strip())
        port = parts.port
    except ValueError:
        return ""
    host = (parts.hostname or "").removesuffix(".")
    if parts.scheme not in _PORTS or not host:
        return ""
    kept = "&".join(one for one in parts.query.split("&") if one and not _TRACKING.match(one))
    at = "" if port in (None, *_PORTS.values()) else f":{port}"
    return f"{host.removeprefix('www.')}{at}{parts.path.rstrip('/')}{'?' if kept else ''}{kept}"[:2000]
