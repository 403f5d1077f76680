"""What the person who runs the server decides: POSTIL_* variables, or a file `.env`."""

from functools import cached_property
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
DATABASES = ("sqlite", "postgresql", "postgresql+psycopg")


def shipped(folder: str) -> Path:
    """A folder that comes with the software: beside `app/` in a checkout, inside it in a wheel."""
    inside = Path(__file__).parent / folder
    return inside if inside.is_dir() else inside.parent.parent / folder


class Settings(BaseSettings):
    """Every setting has a default that is right for one person on one machine."""

    model_config = SettingsConfigDict(env_prefix="POSTIL_", env_file=".env", extra="ignore", hide_input_in_errors=True)

    data_dir: Path = Path("data")
    """Where everything is kept that must not be lost."""
    database_url: str = ""
    """SQLAlchemy's form; without one a SQLite file in the data folder."""
    base_url: str = "http://127.0.0.1:8000"
    """What absolute links begin with. Its host, and `hosts`, are the only ones answered."""
    hosts: Annotated[tuple[str, ...], NoDecode] = ()
    """Further names that the server answers to, separated by commas."""

    access: Literal["open", "read", "closed"] = "open"
    """Who may do what without an account: read and annotate as a guest, read, or open shares alone."""
    sign_up: Literal["anyone", "invited", ""] = ""
    """Who may make an account; without a word `invited` where access is closed, else `anyone`."""
    guests_publish: bool = False
    """Whether guests may import, revise and delete articles, where access is open."""
    rate_limits: bool = True
    """Whether there is a limit to how often one may write, sign in and share."""
    proxies: Annotated[tuple[str, ...], NoDecode] = ()
    """Addresses and networks of proxies that are believed when they say who is asking, separated by commas."""
    password_memory: Annotated[int, Field(ge=1, le=4096)] = 64
    """MiB that it takes to try one password."""

    purge_days: Annotated[int, Field(ge=1, le=36_500)] = 30
    """After how many days what was deleted goes for good."""

    fetching: bool = True
    """Whether Postil may open connections to the outside, to fetch pages by their address."""
    fetch_megabytes: Annotated[int, Field(ge=1, le=1000)] = 20
    """How large a page may be, packed and unpacked (10^6 bytes)."""
    fetch_seconds: Annotated[float, Field(gt=0, le=600)] = 30
    """How long fetching a page may take in all; a third of it, how long its server may be silent."""
    fetch_robots: bool = False
    """Whether a page is left alone that its site's robots.txt keeps from programs."""

    import_megabytes: Annotated[int, Field(ge=1, le=200)] = 30
    """How large a file may be that is brought in (10^6 bytes)."""
    import_seconds: Annotated[float, Field(ge=1, le=3600)] = 120
    """How long reading it may take."""

    @field_validator("proxies", "hosts", mode="before")
    @classmethod
    def _separated(cls, value: object) -> object:
        return tuple(host.strip() for host in value.split(",") if host.strip()) if isinstance(value, str) else value

    @field_validator("proxies")
    @classmethod
    def _networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for network in value:
            try:
                ip_network(network)
            except ValueError as error:
                raise ValueError(
                    f"{network} is no address such as 10.0.0.2, and no network such as 10.0.0.0/8"
                ) from error
        return value

    @field_validator("database_url")
    @classmethod
    def _supported(cls, value: str) -> str:
        try:
            known = not value or make_url(value).drivername in DATABASES
        except (ArgumentError, ValueError):
            known = False
        if not known:
            raise ValueError("must look like sqlite:///path or postgresql+psycopg://user:password@host/database")
        return value

    @field_validator("base_url")
    @classmethod
    def _absolute(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise ValueError("must look like https://postil.example.org")
        if parts.path.strip("/"):
            raise ValueError("must have no path: Postil wants a host of its own")
        return value.rstrip("/")

    @cached_property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.data_dir / 'postil.db'}"

    @cached_property
    def secure(self) -> bool:
        """Whether readers come by https, so that cookies must never travel without."""
        return self.base_url.startswith("https:")

    @cached_property
    def anyone_signs_up(self) -> bool:
        """Whether one may make an account without having been invited."""
        return (self.sign_up or ("invited" if self.access == "closed" else "anyone")) == "anyone"

    @cached_property
    def allowed_hosts(self) -> tuple[str, ...]:
        """The names in `Host` that are answered; all loopback names where the base URL is one."""
        host = urlsplit(self.base_url).hostname or ""
        name = f"[{host}]" if ":" in host else host
        return (*(LOOPBACK if name in LOOPBACK else (name,)), *self.hosts)
