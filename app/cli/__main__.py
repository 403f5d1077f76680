"""`python -m app.cli` is `postil`."""

from app.cli import main

main()
