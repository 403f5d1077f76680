"""Days that texts say of themselves: what names one day is found, and nothing is guessed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.text.dates import day_in


@pytest.mark.parametrize(
    "said",
    [
        "1926-11-22",
        " 1926-11-22T23:59:59-08:00 ",
        "1926-11-22 07:00",
        "1926/11/22",
        "1926.11.22",
        "19261122",
        "19261122T070000Z",
        "22 November 1926",
        "22nd Nov. 1926",
        "Mon, 22 Nov 1926 07:00:00 GMT",
        "November 22, 1926",
        "Monday, November 22nd, 1926",
    ],
)
def test_a_day_is_found_however_it_is_written(said: str) -> None:
    assert day_in(said) == date(1926, 11, 22)


@pytest.mark.parametrize(
    "odd",
    [
        "",
        "1926",
        "1926-11",
        "November 1926",
        "22/11/1926",
        "1926-13-01",
        "1926-02-30",
        "0101-01-01T00:00:00+00:00",
        "0000-00-00",
        "9" * 100_000,
        "1926-11-222",
        "١٩٢٦-١١-٢٢",
        "yesterday",
        "{{ page.date }}",
        "22 Nov 19261",
    ],
)
def test_what_names_no_day_is_none(odd: str) -> None:
    assert day_in(odd) is None


@given(st.dates(min_value=date(1400, 1, 1)))
def test_every_day_is_found_as_iso_writes_it(day: date) -> None:
    assert day_in(day.isoformat()) == day_in(f"{day:%Y%m%d}") == day


@given(st.text())
def test_nothing_that_is_said_is_an_error(said: str) -> None:
    day_in(said)
