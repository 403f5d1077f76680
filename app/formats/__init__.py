"""Doors for data: one file a format; what they read are drafts, what they write is taken along."""
