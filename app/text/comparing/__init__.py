"""Two texts compared, and what stood in one carried to the other."""
