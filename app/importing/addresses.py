"""Pages as sources, and which two addresses are of the same page."""

from app.fetching import Fetched
from app.importing.reading import Source


def is_address(source: str) -> bool:
    """Whether what somebody names as a source is the address of a page."""
    return source.strip().lower().startswith(("http://", "https://"))


def fetched(page: Fetched) -> Source:
    """A page that has been fetched, as a source."""
    media_type = f"{page.media_type}; charset={page.charset}" if page.charset else page.media_type
    return Source(page.body, media_type=media_type, address=page.address)
