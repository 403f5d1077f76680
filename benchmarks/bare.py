"""What Postil is measured against: the same look-ups and inserts, written as FastAPI's and SQLModel's manuals do.

`uvicorn benchmarks.bare:app` serves the library BARE_DATABASE, and as every page the file BARE_PAGE.
"""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

from fastapi import Cookie, Depends, FastAPI, Form, HTTPException, Response
from sqlalchemy import event
from sqlmodel import Session, col, create_engine, or_, select
from starlette.middleware.gzip import GZipMiddleware

from app.storage.annotations import Annotation, Placement
from app.storage.articles import Article, Paragraph
from app.storage.people.readers import Reader, ReaderSession

PAGE = Path(os.environ["BARE_PAGE"]).read_bytes()
engine = create_engine(f"sqlite:///{os.environ['BARE_DATABASE']}")

app = FastAPI()
app.add_middleware(GZipMiddleware, compresslevel=6)


@event.listens_for(engine, "connect")
def set_up(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def open_session() -> Iterator[Session]:
    with Session(engine) as session:
        yield session


Database = Annotated[Session, Depends(open_session)]
Token = Annotated[str, Cookie(alias="postil_session")]


def look_up(session: Session, token: str, slug: str) -> tuple[Reader, Article]:
    token_hash = hashlib.sha256(token.encode()).hexdigest()
    reader = session.exec(select(Reader).join(ReaderSession).where(ReaderSession.token_hash == token_hash)).first()
    article = session.exec(select(Article).where(Article.slug == slug)).first()
    if not reader or not article:
        raise HTTPException(404)
    return reader, article


def look_up_all(session: Session, token: str, slug: str) -> None:
    """What the reading page is made of: who reads, the article, its paragraphs, and the notes that the reader sees."""
    reader, article = look_up(session, token, slug)
    paragraphs = session.exec(
        select(Paragraph)
        .where(Paragraph.article_id == article.id, Paragraph.revision == article.revision)
        .order_by(col(Paragraph.number))
    ).all()
    notes = session.exec(
        select(Annotation, Placement, Reader)
        .join(Placement, col(Placement.annotation_id) == Annotation.id)
        .join(Reader, col(Reader.id) == Annotation.reader_id)
        .where(
            Placement.article_id == article.id,
            Placement.revision == article.revision,
            col(Annotation.deleted_at).is_(None),
            or_(Annotation.visibility == "everyone", Annotation.reader_id == reader.id),
        )
        .order_by(col(Placement.start), col(Annotation.id))
    ).all()
    if not paragraphs or not notes:
        raise HTTPException(404)


@app.get("/articles/{slug}")
def page(slug: str, session: Database, postil_session: Token) -> Response:
    look_up_all(session, postil_session, slug)
    return Response(PAGE, media_type="text/html")


@app.get("/articles/{slug}/nothing")
def nothing(slug: str, session: Database, postil_session: Token) -> Response:
    """The page's look-ups, and not a byte of it."""
    look_up_all(session, postil_session, slug)
    return Response(status_code=204)


@app.get("/articles/{slug}/two")
def two(slug: str, session: Database, postil_session: Token) -> Response:
    """Only who reads, and the article: what even a 304 must know."""
    look_up(session, postil_session, slug)
    return Response(status_code=204)


@app.post("/articles/{slug}/annotations")
def save(
    slug: str,
    session: Database,
    postil_session: Token,
    start: Annotated[int, Form()],
    end: Annotated[int, Form()],
    exact: Annotated[str, Form()],
    note: Annotated[str, Form()],
    colour: Annotated[str, Form()],
    visibility: Annotated[str, Form()],
) -> Response:
    reader, article = look_up(session, postil_session, slug)
    annotation = Annotation(
        article_id=article.id,
        revision=article.revision,
        reader_id=reader.id,
        exact=exact,
        prefix="what stands before the passage, ",
        suffix=", and what stands after it, here",
        note=note,
        note_html=f"<p>{note}</p>\n",
        colour=colour,
        visibility=visibility,
    )
    session.add(annotation)
    session.flush()
    session.add(
        Placement(
            annotation_id=annotation.id,
            revision=article.revision,
            article_id=article.id,
            start=start,
            end=end,
            stood=article.revision,
        )
    )
    article.version += 1
    session.add(article)
    session.commit()
    return Response(status_code=204)


@app.post("/articles/{id}/annotations/known")
def save_known(
    id: int,
    session: Database,
    reader: Annotated[int, Form()],
    start: Annotated[int, Form()],
    end: Annotated[int, Form()],
    exact: Annotated[str, Form()],
    note: Annotated[str, Form()],
    colour: Annotated[str, Form()],
    visibility: Annotated[str, Form()],
) -> Response:
    """The inserts alone, for a caller who knows the ids and is believed."""
    annotation = Annotation(
        article_id=id,
        revision=1,
        reader_id=reader,
        exact=exact,
        note=note,
        note_html=f"<p>{note}</p>\n",
        colour=colour,
        visibility=visibility,
    )
    session.add(annotation)
    session.flush()
    session.add(Placement(annotation_id=annotation.id, revision=1, article_id=id, start=start, end=end, stood=1))
    article = session.get_one(Article, id)
    article.version += 1
    session.add(article)
    session.commit()
    return Response(status_code=204)
