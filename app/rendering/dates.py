"""Days as people write them."""

from datetime import datetime

MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def date(when: datetime) -> str:
    """A day: 3 Nov 2026, in UTC."""
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}"
