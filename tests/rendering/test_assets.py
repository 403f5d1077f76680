"""Style, script and icon, as a browser gets them."""

import gzip
import re

from app.rendering.assets import asset_path, assets, for_browsers
from app.settings import shipped


def test_an_asset_is_named_for_what_is_in_it() -> None:
    names = {kind: asset.name for kind, asset in assets().items()}
    assert re.fullmatch(r"postil-[0-9a-f]{12}\.css", names["css"])
    assert re.fullmatch(r"postil-[0-9a-f]{12}\.js", names["js"])
    assert re.fullmatch(r"icon-[0-9a-f]{12}\.svg", names["svg"])
    assert asset_path("css") == f"/static/{names['css']}"


def test_an_asset_reads_the_same_compressed() -> None:
    assert all(gzip.decompress(asset.compressed) == asset.body for asset in assets().values())


def test_every_style_and_script_is_in_the_one_file_but_for_what_it_says_to_us() -> None:
    for kind, comment in (("css", rb"/\*"), ("js", rb"(?m)^ *(//|/\*\*)")):
        parts = sorted((shipped("static") / kind).glob(f"*.{kind}"))
        assert parts
        for part in parts:
            kept = for_browsers(part, kind)
            assert kept in assets()[kind].body
            assert not re.search(comment, kept)
            code = [line for line in part.read_bytes().splitlines() if not re.match(rb" *(//|/?\*)|.*\*/|$", line)]
            assert [line for line in code if line.strip() not in kept.splitlines()] == []


def test_our_style_and_script_are_small() -> None:
    for kind in ("css", "js"):
        parts = sorted((shipped("static") / kind).glob(f"*.{kind}"))
        ours = gzip.compress(b"\n".join(for_browsers(part, kind) for part in parts))
        assert len(ours) <= 12 * 1024


def test_style_names_no_other_host_and_loads_nothing() -> None:
    assert not re.search(rb"@import|url\(|https?://", assets()["css"].body)
