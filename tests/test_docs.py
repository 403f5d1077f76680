"""What the documents say is true."""

import re

from fastapi import FastAPI

from app.settings import Settings
from tests.conftest import ROOT
from tests.web.entrance.test_safety import flat


def test_every_route_is_in_the_list_of_routes(app: FastAPI) -> None:
    listed = set(re.findall(r"^\| `(GET|POST) ([^`]+)` \|", (ROOT / "docs/routes.md").read_text(), re.MULTILINE))
    routes = [route for included in app.routes for route in flat(included)]
    assert listed == {(method, route.path) for route in routes for method in route.methods}


def test_every_setting_is_in_the_table_of_settings() -> None:
    listed = set(re.findall(r"^\| `POSTIL_([A-Z_]+)` \|", (ROOT / "README.md").read_text(), re.MULTILINE))
    assert listed == {name.upper() for name in Settings.model_fields}
