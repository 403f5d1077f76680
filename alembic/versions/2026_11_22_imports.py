"""What readers bring in is kept until they publish it, and what an article was made from after that."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_imports"
down_revision = "2026_11_22_revisions"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("article") as batch_op:
        batch_op.add_column(sa.Column("published_on", sa.Date(), nullable=True))
    op.create_table(
        "import",
        sa.Column("id", ID, nullable=False),
        sa.Column("reader_id", ID, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("of", sa.Integer(), nullable=False),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["reader_id"], ["reader.id"], name=op.f("fk_import_reader_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_import_reader_id"), "import", ["reader_id"])
    op.create_table(
        "brought",
        sa.Column("import_id", ID, nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["import.id"], name=op.f("fk_brought_import_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("import_id", "part", name=op.f("pk_brought")),
    )
    op.create_table(
        "origin",
        sa.Column("article_id", ID, nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_origin_article_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_origin")),
    )
    op.create_index(op.f("ix_origin_page"), "origin", ["page"])
    op.create_index(op.f("ix_origin_sha256"), "origin", ["sha256"])


def downgrade() -> None:
    op.drop_table("origin")
    op.drop_table("brought")
    op.drop_table("import")
    with op.batch_alter_table("article") as batch_op:
        batch_op.drop_column("published_on")
