"""The ground floor: pure functions on a text and spans of it. No I/O, no clock, no random."""
