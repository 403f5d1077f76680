"""Pictures are kept, and which articles show them."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_pictures"
down_revision = "2026_11_22_structure"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "picture",
        sa.Column("id", ID, nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_picture")),
        sa.UniqueConstraint("sha256", name=op.f("uq_picture_sha256")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "illustration",
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("article_id", ID, nullable=False),
        sa.Column("picture_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_illustration_article_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["picture_id"], ["picture.id"], name=op.f("fk_illustration_picture_id")),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_illustration")),
        sa.UniqueConstraint("article_id", "picture_id", name=op.f("uq_illustration_article_id_picture_id")),
    )
    op.create_index(op.f("ix_illustration_picture_id"), "illustration", ["picture_id"])


def downgrade() -> None:
    op.drop_table("illustration")
    op.drop_table("picture")
