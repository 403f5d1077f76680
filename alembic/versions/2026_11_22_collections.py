"""Articles may be gathered in collections."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_collections"
down_revision = "2026_11_22_pictures"
branch_labels = None
depends_on = None


ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "collection",
        sa.Column("id", ID, nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("reader_id", ID, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["reader_id"], ["reader.id"], name=op.f("fk_collection_reader_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collection")),
        sa.UniqueConstraint("slug", name=op.f("uq_collection_slug")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_collection_reader_id"), "collection", ["reader_id"])
    op.create_table(
        "part",
        sa.Column("collection_id", ID, nullable=False),
        sa.Column("article_id", ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["collection_id"], ["collection.id"], name=op.f("fk_part_collection_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_part_article_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("collection_id", "article_id", name=op.f("pk_part")),
    )
    op.create_index(op.f("ix_part_article_id"), "part", ["article_id"])
    op.create_index(op.f("ix_part_collection_id_position"), "part", ["collection_id", "position"])


def downgrade() -> None:
    op.drop_table("part")
    op.drop_table("collection")
