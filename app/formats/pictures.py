"""Pictures: whatever is brought in is drawn anew by us, so that nothing is left of a file but what one sees."""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image, ImageCms, ImageOps

from app.text.drafts import DraftPicture

LENGTH = 20_000_000
"""In bytes, as it comes."""

PIXELS = 50_000_000
"""That a picture may have before it is made smaller: to unpack that many takes 200 MB, or twice that."""

WIDEST, HIGHEST = 1600, 4800
"""In pixels, as it is kept: about twice the measure, for fine screens; what is high is mostly a long drawing."""

SMALLEST = 8
"""What has fewer pixels on a side is a rule, a gap, or there to count readers."""

MEDIA_TYPE = "image/webp"

_FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "AVIF", "BMP")
_DRAWN = ("PNG", "GIF", "BMP")
"""Formats of drawings, which are kept exactly if that is no more than so many bytes."""
_EXACTLY = 400_000


_ORIENTATION = 0x0112
"""The tag of Exif that says how the camera was held; from 5 on, sideways."""


class NotAPicture(ValueError):
    """Why a file is not kept as a picture, in a clause: the words that describe it stand alone then."""


class TooSmall(NotAPicture):
    """It is not there to be seen."""


def encode(content: bytes) -> DraftPicture:
    """Draw a picture anew: as WebP, upright, in the colours of screens, its first frame, no larger than is of use.

    What a file says besides (where it was taken, by whom, with what) is left out. The time and the memory are those of
    `PIXELS`; run it where both are limited. Raises NotAPicture, for SVG too: that is a program rather than a picture.
    """
    if len(content) > LENGTH:
        raise NotAPicture(f"a picture may have {LENGTH:,} bytes; this has {len(content):,}")
    with _faults_told(), Image.open(io.BytesIO(content), formats=_FORMATS) as found:
        if min(found.size) < SMALLEST:
            raise TooSmall("it is not there to be seen")
        if found.width * found.height > PIXELS:
            raise Image.DecompressionBombError
        drawn = _upright(_scaled(found))
        if min(drawn.size) < SMALLEST:
            raise TooSmall("it is not there to be seen")
        return DraftPicture(_written(drawn, found.format in _DRAWN), MEDIA_TYPE, *drawn.size)


@contextmanager
def _faults_told() -> Iterator[None]:
    """Whatever goes wrong in a picture is said as one thing; that there is no memory for it, too."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except NotAPicture:
        raise
    except Image.DecompressionBombError as error:
        raise NotAPicture(f"a picture may have {PIXELS:,} pixels; this has more") from error
    except MemoryError as error:
        raise NotAPicture("it takes more memory than there is") from error
    except Exception as error:  # decoders raise what they please
        raise NotAPicture("it is no picture that can be read") from error


def _scaled(found: Image.Image) -> Image.Image:
    """The first frame, as large as it is of use, before anything else is done that takes its size once more."""
    turned = found.getexif().get(_ORIENTATION, 1) > 4
    most = (HIGHEST, WIDEST) if turned else (WIDEST, HIGHEST)
    shrunk = min(1.0, most[0] / found.width, most[1] / found.height)
    size = (max(1, round(found.width * shrunk)), max(1, round(found.height * shrunk)))
    found.draft("RGB", size)  # JPEG alone: unpacks a half, a quarter of it
    found.load()
    drawn: Image.Image = found
    if drawn.mode.startswith(("I", "F")):  # 16 bits a pixel, as scanners write it
        drawn = drawn.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    elif drawn.mode not in ("L", "LA", "RGB", "RGBA", "CMYK"):
        drawn = drawn.convert("RGBA" if drawn.has_transparency_data else "RGB")
    return drawn.resize(size, Image.Resampling.LANCZOS, reducing_gap=2) if shrunk < 1 else drawn


def _upright(drawn: Image.Image) -> Image.Image:
    has_alpha = drawn.has_transparency_data
    ImageOps.exif_transpose(drawn, in_place=True)
    if profile := drawn.info.get("icc_profile"):
        drawn = _for_screens(drawn, profile)
    return drawn.convert("RGBA" if has_alpha else "RGB")


def _for_screens(drawn: Image.Image, profile: bytes) -> Image.Image:
    """The same colours without the profile that they were written by, as far as that can be read."""
    if drawn.mode not in ("RGB", "CMYK"):
        return drawn
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        made = ImageCms.profileToProfile(drawn, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        return drawn
    return made or drawn


def _written(drawn: Image.Image, exactly: bool) -> bytes:
    """As WebP: a drawing exactly, if it is not much then; all else as photographs are."""
    drawn.info.clear()  # whatever a file says stands there, for who writes it down again
    out = io.BytesIO()
    if exactly:
        drawn.save(out, "WEBP", lossless=True, quality=20, method=1, exact=False)
    if not exactly or out.tell() > _EXACTLY:
        out = io.BytesIO()
        drawn.save(out, "WEBP", quality=82, method=3)
    return out.getvalue()
