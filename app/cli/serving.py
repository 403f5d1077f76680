"""`postil serve`."""

import os
from collections.abc import Sequence
from typing import Annotated, Any

import typer
import uvicorn
from sqlalchemy.engine import make_url

from app.cli.library import Refused, load_seeds, ready
from app.settings import LOOPBACK, Settings
from app.storage import accounts
from app.storage.keeping import purging
from app.storage.people import account_links
from app.web.entrance.logs import logging_config

WHO_MAY = {
    "open": "anyone who can open it reads and annotates",
    "read": "anyone who can open it reads, and who has an account annotates",
    "closed": "who has an account reads and annotates",
}


def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8000,
    workers: Annotated[int, typer.Option(min=1, help="How many processes answer.")] = 1,
    open_to_network: Annotated[
        bool, typer.Option("--open-to-network", help="Let everyone who can reach this machine read and annotate.")
    ] = False,
) -> None:
    """Bring the schema up to date, load the seed article into an empty library, and serve."""
    loopback = host in (*LOOPBACK, "::1")
    if not loopback and not open_to_network and Settings().access == "open":
        raise Refused(
            f"On {host} everyone who can reach this machine could read and annotate without an account. "
            "Say --open-to-network if that is what you want, or set POSTIL_ACCESS to read or closed."
        )
    if loopback:
        # Links must lead back here; the processes that serve read it from the environment.
        os.environ.setdefault("POSTIL_BASE_URL", f"http://{f'[{host}]' if ':' in host else host}:{port}")
    settings = Settings()
    if not loopback and not settings.model_fields_set & {"base_url", "hosts"}:
        raise Refused(
            "Set POSTIL_BASE_URL to the address that readers will type, such as http://192.0.2.7:8000; "
            "no other host is answered."
        )
    database = ready(settings)
    with database.transaction(alone=True) as session:
        load_seeds(session)
        # A new one at each start, and none as soon as there is an owner: who reads an old log owns nothing.
        link = "" if accounts.has_owner(session) else account_links.make(session, "owner")
    purging.purge(database, settings.purge_days)
    database.close()
    shown = make_url(settings.database).render_as_string(hide_password=True)
    typer.echo(f"Postil serves {settings.base_url} from {shown}; {WHO_MAY[settings.access]}.")
    if link:
        typer.echo(f"Nobody owns this library yet. Make the owner's account: {settings.base_url}/account/join/{link}")
    uvicorn.run(
        "app.main:create_app",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        log_config=logging_config(),
        server_header=False,
        **believing(settings.proxies),
        timeout_graceful_shutdown=10,
    )


def believing(proxies: Sequence[str]) -> dict[str, Any]:
    """How uvicorn is told whom to believe about who is asking, and whether they came by https: by itself it believes
    whoever is on this machine.
    """
    return {"proxy_headers": bool(proxies), "forwarded_allow_ips": list(proxies)}
