"""Pictures that tests bring in."""

import io

from PIL import Image

from app.text.drafts import Draft, DraftParagraph, DraftPicture
from app.text.structures import Structure


def drawn(width: int = 320, height: int = 200, kind: str = "PNG", colour: str = "#8c2f1b") -> bytes:
    """A picture of one colour, with a lighter half, as a file."""
    made = Image.new("RGB", (width, height), colour)
    made.paste("#f0e0c0", (0, 0, width // 2, height))
    out = io.BytesIO()
    made.save(out, kind)
    return out.getvalue()


def picture(width: int = 320, height: int = 200, colour: str = "#8c2f1b") -> DraftPicture:
    """A picture as we would have encoded it."""
    return DraftPicture(drawn(width, height, "WEBP", colour), "image/webp", width, height)


def pictured(words: str = "A bee on a flower", source: str = "bee.png") -> DraftParagraph:
    return DraftParagraph(words, "picture", Structure(picture=source))


def illustrated(*paragraphs: DraftParagraph, **pictures: DraftPicture) -> Draft:
    """A draft with these pictures, each by its name with `.png` behind it."""
    return Draft("A text", paragraphs, language="en", pictures={f"{name}.png": one for name, one in pictures.items()})
