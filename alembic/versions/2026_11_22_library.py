"""Articles may be deleted and stand in order; how far a reader has come in them is kept."""

import sqlalchemy as sa
from alembic import op

from app.text import titles

revision = "2026_11_22_library"
down_revision = "2026_11_22_collections"
branch_labels = None
depends_on = None


ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
IN_ORDER = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

INDEXES = (
    ["deleted_at"],
    ["title_key", "id"],
    ["words", "id"],
    ["language", "id"],
    ["language", "title_key", "id"],
    ["language", "words", "id"],
)


def upgrade() -> None:
    with op.batch_alter_table("article", table_kwargs={"sqlite_autoincrement": True}) as batch_op:
        batch_op.add_column(sa.Column("title_key", IN_ORDER, nullable=False, server_default=""))
        batch_op.add_column(sa.Column("deleted_at", TIME, nullable=True))
    article = sa.table("article", sa.column("id"), sa.column("title"), sa.column("title_key"))
    connection = op.get_bind()
    for id, title in connection.execute(sa.select(article.c.id, article.c.title)).all():
        connection.execute(article.update().where(article.c.id == id).values(title_key=titles.key(title)))
    with op.batch_alter_table("article", table_kwargs={"sqlite_autoincrement": True}) as batch_op:
        batch_op.alter_column("title_key", server_default=None)
        for columns in INDEXES:
            batch_op.create_index(batch_op.f(f"ix_article_{'_'.join(columns)}"), columns)
    op.create_table(
        "reading",
        sa.Column("reader_id", ID, nullable=False),
        sa.Column("article_id", ID, nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("read_at", TIME, nullable=True),
        sa.Column("finished_at", TIME, nullable=True),
        sa.Column("archived_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["reader_id"], ["reader.id"], name=op.f("fk_reading_reader_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_reading_article_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("reader_id", "article_id", name=op.f("pk_reading")),
    )
    op.create_index(op.f("ix_reading_article_id"), "reading", ["article_id"])
    op.create_index(op.f("ix_reading_reader_id_read_at_article_id"), "reading", ["reader_id", "read_at", "article_id"])
    op.create_index(op.f("ix_reading_reader_id_archived_at"), "reading", ["reader_id", "archived_at"])


def downgrade() -> None:
    op.drop_table("reading")
    # What was deleted and not yet purged stands there again.
    with op.batch_alter_table("article", table_kwargs={"sqlite_autoincrement": True}) as batch_op:
        for columns in INDEXES:
            batch_op.drop_index(batch_op.f(f"ix_article_{'_'.join(columns)}"))
        batch_op.drop_column("deleted_at")
        batch_op.drop_column("title_key")
