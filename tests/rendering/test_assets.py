"""Style, script and icon, as a browser gets them."""

import gzip
import re

from app.rendering.assets import asset_path, assets
from app.settings import shipped


def test_an_asset_is_named_for_what_is_in_it() -> None:
    names = {kind: asset.name for kind, asset in assets().items()}
    assert re.fullmatch(r"postil-[0-9a-f]{12}\.css", names["css"])
    assert re.fullmatch(r"postil-[0-9a-f]{12}\.js", names["js"])
    assert re.fullmatch(r"icon-[0-9a-f]{12}\.svg", names["svg"])
    assert asset_path("css") == f"/static/{names['css']}"


def test_an_asset_reads_the_same_compressed() -> None:
    assert all(gzip.decompress(asset.compressed) == asset.body for asset in assets().values())


def test_every_style_and_script_is_in_the_one_file() -> None:
    for kind in ("css", "js"):
        parts = sorted((shipped("static") / kind).glob(f"*.{kind}"))
        assert parts
        assert all(part.read_bytes() in assets()[kind].body for part in parts)


def test_style_names_no_other_host_and_loads_nothing() -> None:
    assert not re.search(rb"@import|url\(|https?://", assets()["css"].body)
