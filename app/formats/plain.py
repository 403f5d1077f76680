"""Plain text, as people paste and keep it."""

from app.text.drafts import Draft, paragraph

TITLE_LENGTH = 300


def read(source: str, title: str = "", language: str = "") -> Draft:
    """Read plain text, one paragraph a line; blank lines separate and count for nothing.

    Without a title, the first line of at most 120 characters that is not the only one becomes it.
    Raises ValueError if there is not a word in it.
    """
    title = heading.text[:TITLE_LENGTH] if (heading := paragraph(" ".join(title.split()))) else ""
    paragraphs = [found for line in source.splitlines() if (found := paragraph(line))]
    if not title and len(paragraphs) > 1 and len(paragraphs[0].text) <= 120:
        title = paragraphs.pop(0).text
    if not paragraphs:
        raise ValueError("there is no text in it")
    return Draft(title=title or paragraphs[0].text[:120], paragraphs=tuple(paragraphs), language=language)
