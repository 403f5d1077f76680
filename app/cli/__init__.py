"""The second door to the same house: `postil …`."""

import sys

import typer
from alembic.util import CommandError
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from app.cli import articles, groups, keeping, readers, revisions, serving, shares
from app.cli.library import Refused, load_seeds

__all__ = ["load_seeds", "main"]

app = typer.Typer(help="Postil: an annotated reader, the note beside the words.", no_args_is_help=True)
app.command()(serving.serve)
app.command(name="import")(articles.publish)
app.command()(revisions.revise)
app.command()(keeping.backup)
app.command()(keeping.restore)
app.command()(keeping.check)
app.add_typer(readers.app, name="reader")
app.add_typer(groups.app, name="group")
app.add_typer(shares.app, name="share")


def main() -> None:
    """Run a command. What fails is said in one line, with a status that is not zero."""
    try:
        app()
    except Refused as error:
        sys.exit(f"postil: {error}")
    except ValidationError as error:
        faults = "; ".join(
            f"POSTIL_{str(fault['loc'][0]).upper()}: {fault['msg'].removeprefix('Value error, ')}"
            for fault in error.errors()
        )
        sys.exit(f"postil: a setting is wrong: {faults}")
    except CommandError as error:
        sys.exit(f"postil: the database was made by another version of Postil: {error}")
    except SQLAlchemyError as error:
        sys.exit(f"postil: the database could not be used: {str(error).splitlines()[0]}")
    except OSError as error:
        sys.exit(f"postil: {error.strerror or error}: {error.filename or ''}".rstrip(": "))
