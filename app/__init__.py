"""Postil: an annotated reader, the note beside the words."""
