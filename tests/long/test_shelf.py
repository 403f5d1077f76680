"""The library page costs no more with very many articles than with ten."""

import pytest

from benchmarks import shelf
from benchmarks.measure import Times
from tests.long.crowds import SHORT

pytestmark = pytest.mark.long

MANY = 5_000 if SHORT else shelf.MANY


@pytest.fixture(scope="module")
def times() -> Times:
    times = shelf.measured(MANY, rounds=7, requests=10) if SHORT else shelf.measured()
    shelf.report(times, MANY, print)
    return times


@pytest.mark.parametrize("query", shelf.QUERIES)
def test_the_page_costs_no_more_than_its_bar(times: Times, query: str) -> None:
    assert times.ratio(f"many {query}", f"few {query}") <= shelf.AT_MOST
