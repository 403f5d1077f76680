"""What is kept: a table and everything asked of it in one file."""
