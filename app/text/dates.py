"""Days, as texts say them of themselves."""

import re
from datetime import date

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = r"(?P<month>(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6})\.?"
_WRITTEN = [
    re.compile(said, re.IGNORECASE | re.ASCII)
    for said in (
        r"(?P<year>[0-9]{4})(?P<sign>[-/.])(?P<month>[0-9]{1,2})(?P=sign)(?P<day>[0-9]{1,2})(?![0-9])",
        r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})(?![0-9])",
        rf"(?:[a-z]{{2,9}}\.?,? +)?(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)? +{_MONTH},? +(?P<year>[0-9]{{4}})(?![0-9])",
        rf"(?:[a-z]{{2,9}}\.?,? +)?{_MONTH} +(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?,? +(?P<year>[0-9]{{4}})(?![0-9])",
    )
]

EARLIEST = 1400
"""The year before which a date is one that some software writes where it knows none."""


def day_in(said: str) -> date | None:
    """The day with which some words begin, whatever time follows; None for all that names no single day.

    Year, month and day in digits (ISO 8601), or English with the month as a word. A year alone is no day, and
    digits of which one cannot tell which are the month are none.
    """
    said = said.strip()[:100]
    for way in _WRITTEN:
        if found := way.match(said):
            month = found["month"].lower()
            try:
                number = int(month) if month.isdigit() else _MONTHS.index(month[:3]) + 1
                day = date(int(found["year"]), number, int(found["day"]))
            except ValueError:
                return None
            return day if day.year >= EARLIEST else None
    return None
