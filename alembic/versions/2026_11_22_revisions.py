"""A revision keeps what is said of its text, who made it and what it restores; an orphan, where it last stood."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_revisions"
down_revision = "2026_11_22_library"
branch_labels = None
depends_on = None


ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

SAID = ("title", "author", "source", "language", "words")


def upgrade() -> None:
    with op.batch_alter_table("revision") as batch_op:
        batch_op.add_column(sa.Column("title", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("author", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("source", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("language", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("words", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("reader_id", ID, nullable=True))
        batch_op.add_column(sa.Column("restores", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("before", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_revision_reader_id"), "reader", ["reader_id"], ["id"], ondelete="SET NULL"
        )
        batch_op.create_index(batch_op.f("ix_revision_reader_id"), ["reader_id"], unique=False)
    article = sa.table("article", sa.column("id"), *map(sa.column, SAID))
    kept = sa.table("revision", sa.column("article_id"), *map(sa.column, SAID))
    said = {
        name: sa.select(article.c[name]).where(article.c.id == kept.c.article_id).scalar_subquery() for name in SAID
    }
    op.execute(kept.update().values(said))
    with op.batch_alter_table("revision") as batch_op:
        for name in SAID:
            batch_op.alter_column(name, server_default=None)
    with op.batch_alter_table("placement") as batch_op:
        batch_op.add_column(sa.Column("stood", sa.Integer(), nullable=False, server_default="1"))
    op.execute("UPDATE placement SET stood = revision")
    with op.batch_alter_table("placement") as batch_op:
        batch_op.alter_column("stood", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("placement") as batch_op:
        batch_op.drop_column("stood")
    with op.batch_alter_table("revision") as batch_op:
        batch_op.drop_index(batch_op.f("ix_revision_reader_id"))
        batch_op.drop_constraint(batch_op.f("fk_revision_reader_id"), type_="foreignkey")
        for name in ("before", "restores", "reader_id", *reversed(SAID)):
            batch_op.drop_column(name)
