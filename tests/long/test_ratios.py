"""The bars that `make bench` prints hold."""

import pytest

from benchmarks.measure import Times
from benchmarks.ratios import BARS, Bar, measured, report
from tests.long.crowds import SHORT

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def times() -> Times:
    times = measured(rounds=15, requests=15) if SHORT else measured()
    report(times, print)
    return times


@pytest.mark.parametrize("bar", [bar for bar in BARS if bar.at_most], ids=lambda bar: f"{bar.act} : {bar.reference}")
def test_a_request_costs_no_more_than_its_bar(times: Times, bar: Bar) -> None:
    assert bar.at_most
    assert times.ratio(bar.act, bar.reference) <= bar.at_most
