"""The shelf: articles as the library and a collection list them, with how far the reader has come in each."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from app.storage.collections import Other
from app.storage.library import Listed, Reached
from app.storage.margins import Tally

LANGUAGES = dict(
    word.split(":")
    for word in (
        "ar:Arabic be:Belarusian bg:Bulgarian bn:Bengali ca:Catalan cs:Czech cy:Welsh da:Danish de:German el:Greek "
        "en:English eo:Esperanto es:Spanish et:Estonian eu:Basque fa:Persian fi:Finnish fr:French ga:Irish he:Hebrew "
        "hi:Hindi hr:Croatian hu:Hungarian hy:Armenian id:Indonesian is:Icelandic it:Italian ja:Japanese ka:Georgian "
        "ko:Korean la:Latin lt:Lithuanian lv:Latvian nl:Dutch no:Norwegian pl:Polish pt:Portuguese ro:Romanian "
        "ru:Russian sk:Slovak sl:Slovenian sq:Albanian sr:Serbian sv:Swedish sw:Swahili ta:Tamil th:Thai tr:Turkish "
        "uk:Ukrainian ur:Urdu vi:Vietnamese zh:Chinese"
    ).split()
)


class Row(NamedTuple):
    """An article on the shelf. `resume` is where they are who have begun it, of `length` (code points of its text)."""

    article: Listed
    tally: Tally
    language: str
    """Its name, where the library has several and it is not that of our pages."""
    collections: Sequence[Other]
    state: str
    """`unread`, `reading` or `finished`."""
    resume: int
    length: int
    percent: int
    left: int
    """How many minutes there are left to read."""


def rows(
    listed: Sequence[Listed],
    tallies: Mapping[int, Tally],
    reached: Mapping[int, Reached],
    gathered: Mapping[int, Sequence[Other]],
    several_languages: bool,
) -> list[Row]:
    return [
        _row(
            one,
            tallies.get(one.id, Tally()),
            reached.get(one.id, Reached(0, 0)),
            gathered.get(one.id, ()),
            several_languages,
        )
        for one in listed
    ]


def _row(article: Listed, tally: Tally, at: Reached, gathered: Sequence[Other], several_languages: bool) -> Row:
    state = "finished" if article.finished_at else "reading" if article.read_at else "unread"
    done = at.start / at.length if at.length else 0.0
    return Row(
        article=article,
        tally=tally,
        language=language(article.language) if several_languages and not _is_english(article.language) else "",
        collections=gathered,
        state=state,
        resume=at.start,
        length=at.length,
        percent=round(100 * done),
        left=max(1, round(article.minutes * (1 - done))),
    )


def _is_english(tag: str) -> bool:
    return tag.partition("-")[0].lower() == "en"


def language(tag: str) -> str:
    """What a language is called in English; its tag, where we have no word for it."""
    return LANGUAGES.get(tag.partition("-")[0].lower(), tag)
