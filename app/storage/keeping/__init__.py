"""A library kept: copied, brought back, looked over, and rid of what was deleted."""
