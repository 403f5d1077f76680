"""Doors for data: one file a format; what they give are drafts."""
