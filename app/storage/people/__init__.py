"""Who reads and writes, what they may do, and what becomes of it when they go."""
