"""Pictures are drawn anew: nothing is left of a file but what one sees, and no file takes more than it may."""

import io
import struct
import subprocess
import sys
import time
import zlib
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from app.formats.pictures import HIGHEST, WIDEST, NotAPicture, TooSmall, encode
from app.text.drafts import DraftPicture
from tests.conftest import ROOT
from tests.pictures import drawn

MEGABYTES = 512
RED, BLUE = (255, 0, 0), (0, 0, 255)


def opened(picture: DraftPicture) -> Image.Image:
    found = Image.open(io.BytesIO(picture.content))
    assert (found.format, found.size) == ("WEBP", (picture.width, picture.height))
    return found


def saved(picture: Image.Image, kind: str, **how: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **how)
    return out.getvalue()


def halves(mode: str = "RGB", size: tuple[int, int] = (60, 40)) -> Image.Image:
    """Red on the left, blue on the right."""
    made = Image.new("RGB", size, RED)
    made.paste(BLUE, (size[0] // 2, 0, *size))
    return made.convert(mode)


def is_near(colour: object, wanted: tuple[int, ...]) -> bool:
    assert isinstance(colour, tuple)
    return all(abs(a - b) < 30 for a, b in zip(colour, wanted, strict=False))


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def bomb(width: int, height: int) -> bytes:
    """A PNG that unpacks to so many grey zeros, in next to no bytes."""
    packer = zlib.compressobj(9)
    line = bytes(width + 1)
    rows = b"".join(packer.compress(line) for _ in range(height)) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "AVIF", "BMP"])
def test_a_picture_of_any_usual_kind_is_kept_as_one_kind(kind: str) -> None:
    made = encode(drawn(320, 200, kind))
    assert made.media_type == "image/webp"
    assert is_near(opened(made).getpixel((300, 100)), (0x8C, 0x2F, 0x1B))
    assert is_near(opened(made).getpixel((20, 100)), (0xF0, 0xE0, 0xC0))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_a_picture_of_any_depth_is_read(mode: str) -> None:
    if mode.startswith("I"):
        made = Image.new(mode, (40, 30), 32_896)  # half of what 16 bits say
        assert is_near(opened(encode(saved(made, "PNG"))).convert("RGB").getpixel((9, 9)), (128, 128, 128))
    else:
        assert opened(encode(saved(halves(mode), "PNG"))).size == (60, 40)


def test_what_is_printed_in_four_colours_is_shown_in_three() -> None:
    shown = opened(encode(saved(halves("CMYK"), "JPEG", quality=95)))
    assert is_near(shown.convert("RGB").getpixel((50, 20)), BLUE)


def test_what_can_be_seen_through_stays_so() -> None:
    made = Image.new("RGBA", (40, 30), (255, 0, 0, 0))
    assert opened(encode(saved(made, "PNG"))).convert("RGBA").getpixel((5, 5))[3] == 0  # type: ignore[index]


def test_a_picture_that_was_taken_sideways_stands_upright_and_says_nothing_of_where() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010E] = "A secret place"
    exif.get_ifd(0x8825)[1] = "N"
    source = saved(halves(size=(80, 40)), "JPEG", exif=exif, comment=b"A secret comment")
    assert b"secret" in source
    made = encode(source)
    shown = opened(made)
    assert shown.size == (40, 80)
    assert is_near(shown.getpixel((20, 5)), RED)
    assert is_near(shown.getpixel((20, 75)), BLUE)
    assert (b"secret" in made.content, b"EXIF" in made.content, dict(shown.getexif())) == (False, False, {})


def test_what_a_profile_says_of_colours_is_done_and_left_out() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    made = encode(saved(halves(), "PNG", icc_profile=profile))
    assert b"ICCP" not in made.content
    assert is_near(opened(made).convert("RGB").getpixel((5, 5)), RED)
    assert encode(saved(halves(), "PNG", icc_profile=b"no profile")).width == 60


def test_of_what_moves_the_first_frame_is_kept() -> None:
    frames = [Image.new("RGB", (40, 30), colour) for colour in (RED, BLUE, RED)]
    for kind in ("GIF", "WEBP", "PNG"):
        made = encode(saved(frames[0], kind, save_all=True, append_images=frames[1:]))
        assert getattr(opened(made), "n_frames", 1) == 1
        assert is_near(opened(made).convert("RGB").getpixel((5, 5)), RED)


def test_a_large_picture_is_made_smaller_and_keeps_its_shape() -> None:
    assert opened(encode(drawn(4000, 3000, "JPEG"))).size == (WIDEST, 1200)
    assert opened(encode(drawn(1000, 9600, "PNG"))).size == (500, HIGHEST)
    assert opened(encode(drawn(1600, 900, "PNG"))).size == (1600, 900)


def test_the_same_picture_gives_the_same_bytes() -> None:
    assert encode(drawn()).content == encode(drawn()).content


@pytest.mark.parametrize("size", [(1, 1), (2, 600), (600, 7), (5000, 9)])
def test_what_is_not_there_to_be_seen_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(TooSmall):
        encode(drawn(*size))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"words",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        drawn()[:200],
        b"GIF89a",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 100 100\nshowpage",
        b"\x00\x00\x01\x00\x01\x00\x10\x10",
        b"II*\0" + bytes(200),
    ],
    ids="nothing words svg cut head postscript icon tiff".split(),
)
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(NotAPicture):
        encode(content)


@pytest.mark.parametrize("side", [7_200, 20_000])
def test_a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked(side: int) -> None:
    source = bomb(side, side)
    assert len(source) < 1_000_000
    begun = time.monotonic()
    with pytest.raises(NotAPicture, match="pixels"):
        encode(source)
    assert time.monotonic() - begun < 1


LIMITED = """
import resource, sys
from pathlib import Path
import time
from app.formats.pictures import NotAPicture, encode
def peak():
    said = Path("/proc/self/status").read_text()
    return int(said.split("VmHWM:")[1].split()[0])
resource.setrlimit(resource.RLIMIT_AS, (MOST << 20, MOST << 20))
begun = time.monotonic()
try:
    made = encode(Path(sys.argv[1]).read_bytes())
    said = f"{made.width} {made.height}"
except NotAPicture as error:
    said = str(error)
print(said, "|", round(time.monotonic() - begun, 1), peak() >> 10)
"""


def limited(source: bytes, folder: Path) -> tuple[str, float, int]:
    """What comes of a picture in a process that may have 512 MB: what is said, seconds, megabytes."""
    path = folder / "picture"
    path.write_bytes(source)
    script = LIMITED.replace("MOST", str(MEGABYTES))
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    said, figures = done.stdout.split(" | ")
    seconds, megabytes = figures.split()
    return said, float(seconds), int(megabytes)


def many_frames() -> bytes:
    frames = [Image.new("P", (300, 300), number % 7) for number in range(3_000)]
    return saved(frames[0], "GIF", save_all=True, append_images=frames[1:], optimize=False)


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        (lambda: bomb(20_000, 20_000), "a picture may have 50,000,000 pixels; this has more"),
        (lambda: bomb(7_000, 7_000), "1600 1600"),
        (many_frames, "300 300"),
        (lambda: saved(halves("RGBA", (7_000, 7_000)), "PNG"), "1600 1600"),
        (lambda: saved(halves("RGB", (8_000, 6_000)), "JPEG"), "1600 1200"),
        (lambda: saved(halves("RGB", (4_500, 4_500)), "WEBP"), "1600 1600"),
    ],
    ids="bomb most frames transparent photograph webp".split(),
)
def test_no_picture_takes_more_than_512_megabytes(source, wanted: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    said, seconds, megabytes = limited(source(), tmp_path)
    print(said, seconds, megabytes)
    assert said == wanted
    assert seconds < 15
    assert megabytes < MEGABYTES


def test_a_picture_that_memory_is_too_short_for_is_refused_and_nothing_falls_over(tmp_path: Path) -> None:
    progressive = saved(halves("RGB", (7_000, 7_000)), "JPEG", progressive=True, subsampling=0)
    said, *_ = limited(progressive, tmp_path)
    assert said in ("1600 1600", "it takes more memory than there is", "it is no picture that can be read")
