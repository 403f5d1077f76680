"""`python -m benchmarks` prints every ratio, its bar, and the CPU a request behind it."""

import argparse

from benchmarks.ratios import measured, report

parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
parser.add_argument("--rounds", type=int, default=9)
parser.add_argument("--requests", type=int, default=60, help="a round, of each kind")
chosen = parser.parse_args()
report(measured(chosen.rounds, chosen.requests), print)
