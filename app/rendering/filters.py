"""Filters: which of all that they may see beside an article a reader wants to see."""

from collections.abc import Container, Iterable, Sequence
from datetime import date
from typing import Annotated, Literal, NamedTuple
from urllib.parse import parse_qsl, urlencode

from pydantic import BaseModel, BeforeValidator, Field, ValidationError

from app.storage.margins import Seen
from app.text.notes import Colour
from app.text.tags import TAG_LENGTH, tags_of

Nothing = BeforeValidator(lambda said: None if said == "" else said)
"""A field of a form that was left as it was."""


class Filter(BaseModel):
    """What may be chosen, by the name of the form's field. Of a field that is None, all is shown."""

    by: Annotated[Annotated[int, Field(ge=1, lt=2**63)] | None, Nothing] = None
    colour: Annotated[Colour | None, Nothing] = None
    tag: Annotated[Annotated[str, Field(max_length=TAG_LENGTH)] | None, Nothing] = None
    state: Annotated[Literal["open", "resolved"] | None, Nothing] = None
    replies: Annotated[Literal["yes"] | None, Nothing] = None
    since: Annotated[date | None, Nothing] = None
    popular: Annotated[Literal["yes"] | None, Nothing] = None
    """Hides nothing: it points out the sentences that several readers have marked."""

    @property
    def narrows(self) -> bool:
        return any(value is not None for name, value in self._fields() if name != "popular")

    @property
    def written(self) -> str:
        """As an address and a cookie say it."""
        return urlencode([(name, str(value)) for name, value in self._fields() if value is not None])

    def _fields(self) -> Iterable[tuple[str, object]]:
        return ((name, getattr(self, name)) for name in Filter.model_fields)

    def keeps(self, seen: Seen, replied: Container[int]) -> bool:
        """Whether an annotation is shown; `replied` holds the ids of those to which there are replies.

        Of a deleted one nothing can be told but that there are replies to it.
        """
        if seen.deleted_at and self.model_copy(update={"replies": None}).narrows:
            return False
        return (
            (self.by is None or seen.reader_id == self.by)
            and (self.colour is None or seen.colour == self.colour)
            and (self.tag is None or self.tag.casefold() in map(str.casefold, tags_of(seen.tags)))
            and (self.state is None or (seen.resolved_at is not None) == (self.state == "resolved"))
            and (self.replies is None or seen.id in replied)
            and (self.since is None or seen.created_at.date() >= self.since)
        )

    def described(self, choices: "Choices") -> str:
        """The filter in words: green, by Anna, open."""
        said = [
            self.colour or "",
            f"by {dict(choices.readers).get(self.by, 'somebody')}" if self.by else "",
            f"tagged “{self.tag}”" if self.tag else "",
            self.state or "",
            "with replies" if self.replies else "",
            f"since {self.since.isoformat()}" if self.since else "",
        ]
        return ", ".join(filter(None, said))


class Choices(NamedTuple):
    """What there is to choose from beside an article: its readers (ids and names), and their tags."""

    readers: list[tuple[int, str]]
    tags: list[str]


def choices(seen: Sequence[Seen]) -> Choices:
    readers = {one.reader_id: one.reader for one in seen if not one.deleted_at}
    tags = {tag.casefold(): tag for one in seen for tag in tags_of(one.tags)}
    return Choices(
        sorted(readers.items(), key=lambda one: (one[1].casefold(), one[0])), sorted(tags.values(), key=str.casefold)
    )


def read(written: str) -> Filter:
    """The filter that a cookie keeps; one that hides nothing where it keeps none that there is."""
    try:
        return Filter.model_validate(dict(parse_qsl(written)))
    except ValidationError:
        return Filter()
