"""Annotations: what readers lay over a passage, what others reply, and where it stands on each revision."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import BindParameter, ColumnElement, ForeignKeyConstraint, Index, and_, bindparam, insert, literal, or_
from sqlalchemy import select as columns
from sqlalchemy.orm import aliased
from sqlmodel import Field, Session, Text, col, select, update

from app.storage.articles import Article, touch, touch_open
from app.storage.database import Id, Table, lock_row, now
from app.storage.passages import standing
from app.storage.people import groups, readers
from app.storage.people.groups import Group, Membership
from app.storage.people.readers import Reader
from app.text.notes import Colour, html_of
from app.text.spans import Span

NOTE_LENGTH = 10_000
"""In code points."""


class OthersHaveReplied(ValueError):
    """A note to which others have replied stays where they can see it."""


class AudienceChanged(Exception):
    """Others may see a thread than when one began to reply. `now` is its visibility."""

    def __init__(self, now: str) -> None:
        super().__init__("others may see the thread now")
        self.now = now


class Annotation(Table, table=True):
    """The one thing that readers store: a target, and perhaps a note. What is deleted stays for an undo.

    A reply is about another annotation, its parent; it has no words of the text and no placement of its own, and
    stands wherever the annotation stands that its thread began with, its root.
    """

    __table_args__ = (
        ForeignKeyConstraint(
            ["article_id", "revision"], ["revision.article_id", "revision.number"], ondelete="CASCADE"
        ),
        Index(None, "article_id", "reader_id"),
        Index(None, "article_id", "root_id"),
        {"sqlite_autoincrement": True},
    )

    id: int = Field(default=None, sa_type=Id, primary_key=True)
    article_id: int = Field(sa_type=Id)
    revision: int
    reader_id: int = Field(sa_type=Id, foreign_key="reader.id", ondelete="CASCADE", index=True)
    exact: str = Field(sa_type=Text)
    prefix: str = ""
    suffix: str = ""
    note: str = Field(default="", sa_type=Text)
    note_html: str = Field(default="", sa_type=Text)
    colour: str = "yellow"
    tags: str = Field(default="", sa_type=Text)
    """As `text.tags` writes them."""
    visibility: str = "everyone"
    """`me`, `everyone`, or `group:` and the group's id."""
    root_id: int | None = Field(default=None, sa_type=Id, foreign_key="annotation.id", index=True)
    parent_id: int | None = Field(default=None, sa_type=Id, foreign_key="annotation.id", index=True)
    created_at: datetime = Field(default_factory=now)
    updated_at: datetime = Field(default_factory=now)
    deleted_at: datetime | None = None
    resolved_at: datetime | None = None
    resolved_by: int | None = Field(default=None, sa_type=Id, foreign_key="reader.id", ondelete="SET NULL", index=True)
    group_id: int | None = Field(
        default=None, sa_type=Id, foreign_key="reading_group.id", ondelete="SET NULL", index=True
    )
    """The group that may see it, where `visibility` names one."""
    hidden_at: datetime | None = None
    """Since when, by the owner's will, nobody but its author sees it."""
    purged_at: datetime | None = None
    """When the words of a deleted annotation went for good; where there are replies, its place stays."""

    @property
    def motivation(self) -> str:
        """Why it was made, as W3C Web Annotation Vocabulary, section 3.3, calls it."""
        if self.parent_id:
            return "replying"
        return "commenting" if self.note else "highlighting"

    @property
    def thread(self) -> int:
        """The id of the annotation that its thread began with: its own, unless it is a reply."""
        return self.root_id or self.id


class Placement(Table, table=True):
    """Where an annotation stands on one revision (code points of its text), and how surely.

    Its status is `ok`, `changed` (against the words that were quoted), `moved` or `orphan`: its words are gone from
    this revision. Where those stood is kept: the places of an orphan are of the text of a former revision.
    """

    __table_args__ = (
        ForeignKeyConstraint(
            ["article_id", "revision"], ["revision.article_id", "revision.number"], ondelete="CASCADE"
        ),
        Index(None, "article_id", "revision", "start"),
    )

    annotation_id: int = Field(sa_type=Id, primary_key=True, foreign_key="annotation.id", ondelete="CASCADE")
    revision: int = Field(primary_key=True)
    article_id: int = Field(sa_type=Id)
    start: int
    end: int
    stood: int
    """The revision of whose text `start` and `end` are places: this one, or the one on which an orphan last stood."""
    status: str = "ok"


_ROOT = aliased(Annotation)
_GONE = aliased(Article)

# With a deleted article all is gone that is about it, for everybody.
IN_THE_LIBRARY = ~(
    columns(literal(1))
    .where(col(_GONE.id) == col(Annotation.article_id), col(_GONE.deleted_at).is_not(None))
    .correlate_except(_GONE)
    .exists()
)

READER: BindParameter[int] = bindparam("reader")


def _allowed(annotation: type[Annotation]) -> ColumnElement[bool]:
    """That a reader (bound as `reader`) may see an annotation, whatever it hangs on."""
    written = aliased(Annotation)
    has_written = columns(literal(1)).where(
        col(written.article_id) == col(annotation.article_id),
        col(written.reader_id) == READER,
        col(written.group_id) == col(annotation.group_id),
        col(written.deleted_at).is_(None),
        col(written.note_html) != "",
    )
    asking = aliased(Membership)
    by_an_owner = columns(literal(1)).where(
        col(asking.group_id) == col(annotation.group_id),
        col(asking.reader_id) == col(annotation.reader_id),
        col(asking.role) == "owner",
    )
    in_its_group = (
        columns(literal(1))
        .where(
            col(Membership.group_id) == col(annotation.group_id),
            col(Membership.reader_id) == READER,
            col(Group.id) == col(annotation.group_id),
            or_(
                col(Group.hides).is_(False),
                col(Membership.role) == "owner",
                by_an_owner.correlate_except(asking).exists(),
                has_written.correlate_except(written).exists(),
            ),
        )
        .correlate_except(Membership, Group)
    )
    shown_to_others = and_(
        col(annotation.hidden_at).is_(None),
        or_(col(annotation.visibility) == "everyone", in_its_group.exists()),
    )
    return or_(col(annotation.reader_id) == READER, shown_to_others)


# The one clause that says which annotations a reader may see. Who has made no mark yet is no reader: they bind NULL.
# A reply is seen where the annotation is that its thread began with, be that one deleted or not.
MAY_SEE = and_(
    IN_THE_LIBRARY,
    _allowed(Annotation),
    or_(
        col(Annotation.root_id).is_(None),
        columns(literal(1)).where(col(_ROOT.id) == col(Annotation.root_id), _allowed(_ROOT)).exists(),
    ),
)
SEEN = and_(col(Annotation.deleted_at).is_(None), MAY_SEE)

WROTE = col(Annotation.reader_id) == READER

# One's own: it stays that whatever has become of its thread, its group or itself, so this asks nothing more. Only for
# what shows a reader their own words, and takes those of nobody else along.
MINE = and_(WROTE, IN_THE_LIBRARY)


def by_id(session: Session, reader: Reader | None, id: int) -> Annotation | None:
    """The annotation, if this reader may see it."""
    seen = select(Annotation).where(Annotation.id == id, SEEN)
    return session.exec(seen, params={"reader": reader and reader.id}).first()


def own(session: Session, reader: Reader, id: int) -> Annotation | None:
    """The annotation, deleted or not, if this reader made it: what may be changed is one's own."""
    return session.exec(select(Annotation).where(Annotation.id == id, MINE), params={"reader": reader.id}).first()


def lock(session: Session, annotation: Annotation) -> None:
    """Have what a gate has found be as it is now, and stay so until this is committed.

    Raises sqlalchemy.exc.NoResultFound where it has gone for good meanwhile.
    """
    # `key_share`, for else a revision that carries it would wait for this, and this for the revision's article.
    lock_row(session, annotation, key_share=True)


def place_of(session: Session, annotation: Annotation, article: Article) -> Span | None:
    """Where it stands on the article's current revision, a reply with its thread; None if the words are gone."""
    placement = session.get(Placement, (annotation.thread, article.revision))
    return Span(placement.start, placement.end) if placement and placement.status != "orphan" else None


def annotate(
    session: Session,
    article: Article,
    reader: Reader,
    passage: Span,
    *,
    exact: Collection[str] = (),
    revision: int | None = None,
    note: str = "",
    colour: Colour = "yellow",
    tags: str = "",
    visibility: str = "everyone",
) -> Annotation:
    """Lay a highlight over a passage (code points), with a note beside it if there is one.

    `revision` is the one whose text the passage is of, if not the article's current one: it is carried there. `exact`
    is what the reader saw, `tags` as `text.tags` writes them. Raises what `passages.standing`, `articles.touch_open`
    and `groups.written_for` do.
    """
    revision = revision or article.revision
    group_id = groups.written_for(session, reader.id, visibility)
    stands = standing(session, article, passage, revision, exact)
    if (
        touch_open(session, article.id, visibility != "me") != article.revision
    ):  # it has just been revised, and cannot be any more
        session.refresh(article)
        stands = standing(session, article, passage, revision, exact)
    passage, said = stands
    annotation = Annotation(
        article_id=article.id,
        revision=article.revision,
        reader_id=reader.id,
        exact=said.exact,
        prefix=said.prefix,
        suffix=said.suffix,
        note=note,
        note_html=html_of(note),
        colour=colour,
        tags=tags,
        visibility=visibility,
        group_id=group_id,
    )
    session.add(annotation)
    session.flush()
    session.connection().execute(
        insert(Placement),
        {
            "annotation_id": annotation.id,
            "revision": article.revision,
            "article_id": article.id,
            "start": passage.start,
            "end": passage.end,
            "status": "ok",
            "stood": article.revision,
        },
    )
    if visibility == "me":
        readers.stale(session, [reader.id])
    return annotation


def reply(session: Session, parent: Annotation, reader: Reader, note: str, audience: str = "") -> Annotation:
    """Answer an annotation, or a reply to one. Who may see the annotation that the thread began with sees it all.

    `audience` is the visibility that the reader saw. Raises AudienceChanged where it is another by now,
    sqlalchemy.exc.NoResultFound where its author has just now taken it out of the reader's sight, and what
    `articles.touch_open` does.
    """
    # As it is now, and until this is committed: else a reply could come into a thread that is being hidden.
    now_visible = select(Annotation).where(Annotation.id == parent.thread, _allowed(Annotation))
    now_visible = now_visible.with_for_update(key_share=True)
    root = session.exec(now_visible, params={"reader": reader.id}, execution_options={"populate_existing": True}).one()
    if audience and audience != root.visibility:
        raise AudienceChanged(root.visibility)
    made = Annotation(
        article_id=parent.article_id,
        revision=parent.revision,
        reader_id=reader.id,
        exact="",
        note=note,
        note_html=html_of(note),
        colour=root.colour,
        visibility=root.visibility,
        group_id=root.group_id,
        root_id=root.id,
        parent_id=parent.id,
    )
    session.add(made)
    session.flush()
    touch_open(session, parent.article_id, root.visibility != "me")
    if root.visibility == "me":
        readers.stale(session, [reader.id])
    return made


def reword(
    session: Session,
    annotation: Annotation,
    *,
    note: str | None = None,
    colour: Colour | None = None,
    tags: str | None = None,
    visibility: str | None = None,
) -> Annotation:
    """Change what an annotation says, its colour, its tags, and who may see it; None leaves one of them as it is.

    A thread goes along with its note; who has left a group changes no words there any more. Raises OthersHaveReplied
    where their replies would go out of their sight, or come before other eyes than they were written for; and what
    `groups.written_for` does.
    """
    was = annotation.visibility
    said_anew = note is not None and note != annotation.note
    if note is not None:
        annotation.note = note
        annotation.note_html = html_of(note)
    annotation.colour = colour or annotation.colour
    annotation.tags = annotation.tags if tags is None else tags
    if visibility and visibility != annotation.visibility and not annotation.root_id:
        _show_to(session, annotation, visibility)
    if said_anew:
        groups.written_for(session, annotation.reader_id, annotation.visibility)
    annotation.updated_at = now()
    session.add(annotation)
    session.flush()
    _touch(session, annotation, was)
    return annotation


def _touch(session: Session, annotation: Annotation, was: str = "") -> None:
    """Say that pages have changed to those who can see it: of what is its author's alone no other page may tell.

    `was` is who could see it before.
    """
    if annotation.visibility == "me" and was in ("", "me"):
        readers.stale(session, [annotation.reader_id])
    else:
        touch(session, annotation.article_id)


def _show_to(session: Session, annotation: Annotation, visibility: str) -> None:
    group_id = groups.written_for(session, annotation.reader_id, visibility)
    # Deleted or not: a deleted reply may be restored.
    others = select(Annotation.reader_id).where(
        Annotation.root_id == annotation.id, Annotation.reader_id != annotation.reader_id
    )
    if repliers := set(session.exec(others)):
        if visibility == "me":
            raise OthersHaveReplied(
                "Others have replied to this note, so it cannot become yours alone. You may delete it."
            )
        if annotation.visibility != "everyone":
            raise OthersHaveReplied("Others have replied to this note for its group alone, so it stays there.")
        if group_id and repliers - groups.members(session, group_id):
            raise OthersHaveReplied("Somebody who is not in that group has replied to this note.")
    annotation.visibility = visibility
    annotation.group_id = group_id
    thread = update(Annotation).where(col(Annotation.root_id) == annotation.id)
    session.exec(thread.values(visibility=visibility, group_id=group_id))


def erase(session: Session, annotation: Annotation) -> None:
    """Take an annotation off the page; `restore` brings it back. Replies to it stay, and keep its place."""
    if annotation.deleted_at is None:
        annotation.deleted_at = now()
        session.add(annotation)
        session.flush()  # the annotation before its article, as every write locks them
        _touch(session, annotation)


def restore(session: Session, annotation: Annotation) -> None:
    """Bring back what was deleted. Raises what `groups.written_for` does, for who has left its group meanwhile."""
    if annotation.deleted_at is not None:
        groups.written_for(session, annotation.reader_id, annotation.visibility)
        annotation.deleted_at = None
        session.add(annotation)
        session.flush()
        _touch(session, annotation)


def resolve(session: Session, annotation: Annotation, reader: Reader) -> None:
    """Say that what the thread of an annotation is about has been settled."""
    _settle(session, annotation, reader)


def reopen(session: Session, annotation: Annotation) -> None:
    _settle(session, annotation, None)


def _settle(session: Session, annotation: Annotation, reader: Reader | None) -> None:
    root = session.get_one(Annotation, annotation.thread)
    root.resolved_at = now() if reader else None
    root.resolved_by = reader.id if reader else None
    session.add(root)
    session.flush()
    _touch(session, root)


def touch_articles_of(session: Session, reader: Reader) -> None:
    """Say that every page that names this reader has changed: their name has."""
    theirs = select(Annotation.article_id).where(
        or_(col(Annotation.reader_id) == reader.id, col(Annotation.resolved_by) == reader.id)
    )
    session.exec(update(Article).where(col(Article.id).in_(theirs)).values(version=col(Article.version) + 1))
