"""Doors for who reads and writes: accounts, groups, and keeping order among them."""
