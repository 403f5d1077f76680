"""What the person who runs the server decides."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from app.settings import Settings, shipped


def settings(**said: object) -> Settings:
    return Settings(_env_file=None, **said)  # type: ignore[arg-type]


def test_every_default_is_right_for_one_person_on_one_machine() -> None:
    default = settings()
    assert default.database == "sqlite:///data/postil.db"
    assert default.base_url == "http://127.0.0.1:8000"
    assert default.allowed_hosts == ("127.0.0.1", "localhost", "[::1]")
    assert not default.secure


def test_settings_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTIL_DATA_DIR", "/srv/postil")
    monkeypatch.setenv("POSTIL_BASE_URL", "https://Postil.example/")
    monkeypatch.setenv("POSTIL_HOSTS", "a.example, b.example,")
    read = settings()
    assert read.data_dir == Path("/srv/postil")
    assert read.database == "sqlite:////srv/postil/postil.db"
    assert read.base_url == "https://Postil.example"
    assert read.allowed_hosts == ("postil.example", "a.example", "b.example")
    assert read.secure


def test_who_may_make_an_account_hangs_on_what_may_be_done_without_one() -> None:
    said = [(access, settings(access=access).anyone_signs_up) for access in ("open", "read", "closed")]
    assert said == [("open", True), ("read", True), ("closed", False)]
    assert settings(access="closed", sign_up="anyone").anyone_signs_up
    assert not settings(sign_up="invited").anyone_signs_up


def test_what_is_switched_is_said_in_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTIL_RATE_LIMITS", "off")
    monkeypatch.setenv("POSTIL_GUESTS_PUBLISH", "on")
    monkeypatch.setenv("POSTIL_PROXIES", "10.0.0.2, fd00::/8")
    read = settings()
    assert (read.rate_limits, read.guests_publish, read.proxies) == (False, True, ("10.0.0.2", "fd00::/8"))


@pytest.mark.parametrize(
    "wrong", [{"proxies": "*"}, {"proxies": "proxy.example"}, {"access": "shut"}, {"sign_up": "me"}]
)
def test_nobody_is_let_in_by_a_slip(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        settings(**wrong)


def test_an_address_in_brackets_is_a_host() -> None:
    assert settings(base_url="http://[fd00::1]:8000").allowed_hosts == ("[fd00::1]",)


@pytest.mark.parametrize(
    "wrong",
    ["postil.example", "ftp://postil.example", "https://", "https://a.example/b", "https://a.example?b", "http://["],
)
def test_a_base_url_is_an_address_and_nothing_more(wrong: str) -> None:
    with pytest.raises(ValidationError):
        settings(base_url=wrong)


@pytest.mark.parametrize("right", ["", "sqlite:///a.db", "postgresql://a/b", "postgresql+psycopg://a:b@/c?host=/d"])
def test_a_database_is_sqlite_or_postgresql(right: str) -> None:
    assert settings(database_url=right).database_url == right


@pytest.mark.parametrize(
    "wrong",
    ["nonsense", "mysql://a:secret@b/c", "postgresql+psycopg2://a:secret@b/c", "postgresql://a:secret@b:port/c"],
)
def test_any_other_database_is_refused_without_showing_its_password(wrong: str) -> None:
    with pytest.raises(ValidationError) as refused:
        settings(database_url=wrong)
    assert "must look like" in str(refused.value)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("folder", ["templates", "static", "alembic", "seeds"])
def test_what_comes_with_the_software_is_there(folder: str) -> None:
    assert shipped(folder).is_dir()
