"""Pictures: one copy of each in the library, and which articles show it."""

import hashlib
import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from sqlalchemy import LargeBinary, UniqueConstraint, bindparam, column, table
from sqlalchemy import select as columns
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, Session, col, delete

from app.storage.database import Id, Table
from app.text import structures
from app.text.drafts import Draft, DraftParagraph, DraftPicture

ADDRESS = "/pictures/"
"""What the address of a picture begins with; its token follows."""

_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")


class Picture(Table, table=True):
    """A picture as we have encoded it. It goes with the last article that shows it."""

    __table_args__ = (UniqueConstraint("sha256"), {"sqlite_autoincrement": True})

    id: int = Field(default=None, sa_type=Id, primary_key=True)
    sha256: str
    """Of its bytes, in hexadecimal digits."""
    media_type: str
    width: int
    height: int
    content: bytes = Field(sa_type=LargeBinary)


class Illustration(Table, table=True):
    """That an article shows a picture, in one of its revisions at least, and by which token it is asked for."""

    __table_args__ = (UniqueConstraint("article_id", "picture_id"),)

    token: str = Field(primary_key=True)
    article_id: int = Field(sa_type=Id, foreign_key="article.id", ondelete="CASCADE")
    picture_id: int = Field(sa_type=Id, foreign_key="picture.id", index=True)


_UNSHOWN = ~columns(col(Illustration.token)).where(col(Illustration.picture_id) == col(Picture.id)).exists()
"""Of a picture: that no article shows it."""


class Shown(NamedTuple):
    """A picture as it is sent."""

    sha256: str
    media_type: str
    content: bytes


class _Place(NamedTuple):
    token: str
    width: int
    height: int


# By name: articles know of their pictures, so that these cannot know of articles.
_ARTICLE = table("article", *map(column, ("id", "slug", "deleted_at")))
_PARAGRAPH = table("paragraph", *map(column, ("article_id", "revision", "number", "kind", "structure")))

_BY_TOKEN = (
    columns(col(Picture.sha256), col(Picture.media_type), col(Picture.content))
    .join(Illustration, col(Illustration.picture_id) == col(Picture.id))
    .join(_ARTICLE, _ARTICLE.c.id == col(Illustration.article_id))
    .where(col(Illustration.token) == bindparam("token"), _ARTICLE.c.deleted_at.is_(None))
)
_PLACES = columns(col(Illustration.token), col(Picture.width), col(Picture.height)).join(
    Picture, col(Illustration.picture_id) == col(Picture.id)
)


def by_token(session: Session, token: str) -> Shown | None:
    """The picture that an article shows by this token, unless it has been deleted."""
    found = session.connection().execute(_BY_TOKEN, {"token": token}).first()
    return Shown(*found) if found else None


def kept(session: Session, article_id: int, draft: Draft) -> Draft:
    """Keep the pictures of a draft for an article; gives the draft in whose paragraphs their tokens stand.

    A paragraph names a picture of `draft.pictures`, or one that the article has already, by token or address. One that
    names neither keeps its words alone.
    """
    names = {one.structure.picture for one in draft.paragraphs if one.kind == "picture"} - {""}
    if not any(one.structure.picture for one in draft.paragraphs):
        return draft
    places = _known(session, article_id, names)
    for name in names:
        if picture := draft.pictures.get(name):
            places[name] = _keep(session, article_id, picture)
    return replace(draft, paragraphs=tuple(_placed(one, places) for one in draft.paragraphs))


def missing(session: Session, article_id: int, draft: Draft) -> list[str]:
    """What a draft calls the pictures that it does not bring and the article does not have: their words alone stay."""
    names = dict.fromkeys(one.structure.picture for one in draft.paragraphs if one.kind == "picture")
    known = _known(session, article_id, set(names))
    return [name for name in names if name and name not in draft.pictures and name not in known]


def compared(session: Session, article_id: int, draft: Draft) -> Draft:
    """The same draft to be compared with what an article says; keeps nothing.

    A picture that the article does not show yet goes by the name that the draft has for it.
    """
    names = {one.structure.picture for one in draft.paragraphs if one.kind == "picture"} - {""}
    if not any(one.structure.picture for one in draft.paragraphs):
        return draft
    places = _known(session, article_id, names)
    brought = {name: picture for name in names if (picture := draft.pictures.get(name))}
    shown = _shown_by_hash(session, article_id) if brought else {}
    for name, picture in brought.items():
        digest = hashlib.sha256(picture.content).hexdigest()
        places[name] = shown.get(digest, _Place(name, picture.width, picture.height))
    return replace(draft, paragraphs=tuple(_placed(one, places) for one in draft.paragraphs))


def _shown_by_hash(session: Session, article_id: int) -> dict[str, _Place]:
    """The pictures that an article shows in one of its revisions, by what their bytes hash to."""
    rows = session.connection().execute(
        _PLACES.add_columns(col(Picture.sha256)).where(col(Illustration.article_id) == article_id)
    )
    return {row.sha256: _Place(row.token, row.width, row.height) for row in rows}


def _placed(paragraph: DraftParagraph, places: Mapping[str, _Place]) -> DraftParagraph:
    if not paragraph.structure.picture:
        return paragraph
    place = places.get(paragraph.structure.picture) if paragraph.kind == "picture" else None
    token, width, height = place or _Place("", 0, 0)
    return replace(paragraph, structure=replace(paragraph.structure, picture=token, width=width, height=height))


def _known(session: Session, article_id: int, names: set[str]) -> dict[str, _Place]:
    """Of names, those that are tokens or addresses of pictures that the article shows."""
    tokens = {name: name.removeprefix(ADDRESS) for name in names}
    wanted = {token for token in tokens.values() if _TOKEN.fullmatch(token)}
    if not wanted:
        return {}
    rows = session.connection().execute(
        _PLACES.where(col(Illustration.article_id) == article_id, col(Illustration.token).in_(wanted))
    )
    found = {row.token: _Place(*row) for row in rows}
    return {name: found[token] for name, token in tokens.items() if token in found}


def _keep(session: Session, article_id: int, picture: DraftPicture) -> _Place:
    id = _id_of(session, picture)
    shows = (col(Illustration.article_id) == article_id, col(Illustration.picture_id) == id)
    found = session.connection().execute(_PLACES.where(*shows)).first()
    if found:
        return _Place(*found)
    token = secrets.token_urlsafe(16)
    session.add(Illustration(token=token, article_id=article_id, picture_id=id))
    session.flush()
    return _Place(token, picture.width, picture.height)


def _id_of(session: Session, picture: DraftPicture) -> int:
    """The id of the one copy, which is made if there is none; nobody lets it go before this transaction is over."""
    digest = hashlib.sha256(picture.content).hexdigest()
    same = columns(col(Picture.id)).where(col(Picture.sha256) == digest).with_for_update(read=True, key_share=True)
    while True:
        if id := session.connection().execute(same).scalar():
            return int(id)
        made = Picture(
            sha256=digest,
            media_type=picture.media_type,
            width=picture.width,
            height=picture.height,
            content=picture.content,
        )
        try:
            with session.begin_nested():
                session.add(made)
        except IntegrityError:  # another has kept the same meanwhile
            continue
        return made.id


def let_go(session: Session) -> None:
    """Take out the pictures that no article shows any more."""
    session.exec(delete(Picture).where(_UNSHOWN))


def check(session: Session) -> Iterator[str]:
    """What is wrong with the pictures, a sentence for each fault: other bytes, none where one is shown, leftovers."""
    for id, sha256 in session.connection().execute(columns(col(Picture.id), col(Picture.sha256))).all():
        content = session.connection().execute(columns(col(Picture.content)).where(col(Picture.id) == id)).scalar()
        if hashlib.sha256(content or b"").hexdigest() != sha256:
            yield f"Picture {id} has other bytes than it was kept with."
    shows = columns(col(Illustration.token), col(Illustration.article_id), col(Illustration.picture_id))
    left = {token: (article, picture) for token, article, picture in session.connection().execute(shows)}
    known = {token: article for token, (article, _) in left.items()}
    used: set[str] = set()
    for article, slug, revision, number, token in _shown_in_text(session):
        used.add(token)
        if known.get(token) != article:
            yield f"The picture of paragraph {number} of revision {revision} of {slug} is not there."
    for token in left.keys() - used:
        article, picture = left[token]
        yield f"Article {article} has picture {picture}, which stands in none of its revisions."
    for id in session.connection().execute(columns(col(Picture.id)).where(_UNSHOWN)).scalars():
        yield f"Picture {id} is shown by no article."


def _shown_in_text(session: Session) -> Iterator[tuple[int, str, int, int, str]]:
    """Article, its slug, revision and number of each paragraph that shows a picture, and the token by which it does."""
    of, article = _PARAGRAPH.c, _ARTICLE.c
    rows = session.connection().execute(
        columns(of.article_id, article.slug, of.revision, of.number, of.structure)
        .join(_ARTICLE, of.article_id == article.id)
        .where(of.kind == "picture")
        .order_by(of.article_id, of.revision, of.number)
    )
    for article_id, slug, revision, number, written in rows:
        said = structures.read(written)
        if said and said.picture:
            yield article_id, slug, revision, number, said.picture
