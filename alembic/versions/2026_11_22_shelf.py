"""Articles say whether they are in a collection; the index of when they were deleted holds the deleted ones alone."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_shelf"
down_revision = "2026_11_22_search"
branch_labels = None
depends_on = None

DELETED = sa.text("deleted_at IS NOT NULL")


def upgrade() -> None:
    # In place, for to make the table anew would lose its triggers.
    op.add_column("article", sa.Column("gathered", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE article SET gathered = EXISTS (SELECT 1 FROM part WHERE part.article_id = article.id)")
    op.drop_index(op.f("ix_article_deleted_at"), "article")
    op.create_index(
        op.f("ix_article_deleted_at"), "article", ["deleted_at"], sqlite_where=DELETED, postgresql_where=DELETED
    )


def downgrade() -> None:
    op.drop_column("article", "gathered")
    op.drop_index(op.f("ix_article_deleted_at"), "article")
    op.create_index(op.f("ix_article_deleted_at"), "article", ["deleted_at"])
