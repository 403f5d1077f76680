"""Sites to fetch pages from."""

from collections.abc import Callable, Iterator

import pytest

from tests.fetching.sites import PRIVATE, Answer, Site, page, sending


@pytest.fixture
def served() -> Iterator[Callable[..., Site]]:
    """Opens sites that answer as one says."""
    sites: list[Site] = []

    def serve(answer: Answer, **how: object) -> Site:
        sites.append(Site(answer, **how))  # type: ignore[arg-type]
        return sites[-1]

    yield serve
    for site in sites:
        site.close()


@pytest.fixture
def trap() -> Iterator[Site]:
    """A server on what must never be spoken to, at a port that is allowed."""
    site = Site(sending(page(b"secret")), host=PRIVATE)
    yield site
    site.close()
