"""Carrying spans over a revision costs what its bars allow, however odd the texts are."""

import pytest

from benchmarks.revisions import ratios

pytestmark = pytest.mark.long


def test_no_revision_costs_more_than_its_bar() -> None:
    measured = list(ratios())
    for ratio in measured:
        print(f"{ratio.times:7.2f} (at most {ratio.at_most:g}): {ratio.name}")
    assert [ratio for ratio in measured if ratio.times > ratio.at_most] == []
