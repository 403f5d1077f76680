"""What one types to search, what of a text is indexed, and how what is found is shown."""
