"""Doors for people and programs: no SQL, no offset arithmetic, no HTML."""
