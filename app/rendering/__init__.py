"""What a reader sees, before it is HTML."""
