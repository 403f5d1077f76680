"""Keeping order: what readers have flagged, and what the owner has done about it."""

from datetime import datetime

from sqlmodel import Field, Text

from app.storage.database import Id, Table, now


class Flag(Table, table=True):
    """That a reader finds an annotation out of order, and why."""

    __table_args__ = {"sqlite_autoincrement": True}

    id: int = Field(default=None, sa_type=Id, primary_key=True)
    annotation_id: int = Field(sa_type=Id, foreign_key="annotation.id", ondelete="CASCADE", index=True)
    reader_id: int | None = Field(default=None, sa_type=Id, foreign_key="reader.id", ondelete="SET NULL", index=True)
    reason: str = Field(default="", sa_type=Text)
    created_at: datetime = Field(default_factory=now)
    settled_at: datetime | None = None


class LogEntry(Table, table=True):
    """That somebody (`reader_id`) has done something to an annotation, a reader or an article."""

    __tablename__ = "log"
    __table_args__ = {"sqlite_autoincrement": True}

    id: int = Field(default=None, sa_type=Id, primary_key=True)
    at: datetime = Field(default_factory=now)
    reader_id: int | None = Field(default=None, sa_type=Id, foreign_key="reader.id", ondelete="SET NULL", index=True)
    deed: str
    annotation_id: int | None = Field(
        default=None, sa_type=Id, foreign_key="annotation.id", ondelete="SET NULL", index=True
    )
    article_id: int | None = Field(default=None, sa_type=Id, foreign_key="article.id", ondelete="SET NULL", index=True)
    subject_id: int | None = Field(default=None, sa_type=Id, foreign_key="reader.id", ondelete="SET NULL", index=True)
    reason: str = Field(default="", sa_type=Text)
