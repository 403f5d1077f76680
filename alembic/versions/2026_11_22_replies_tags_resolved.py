"""Annotations get replies, tags, and may be resolved."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_replies"
down_revision = "2026_11_22"
branch_labels = None
depends_on = None


ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("annotation", table_kwargs={"sqlite_autoincrement": True}) as batch_op:
        batch_op.add_column(sa.Column("tags", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("root_id", ID, nullable=True))
        batch_op.add_column(sa.Column("parent_id", ID, nullable=True))
        batch_op.add_column(sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("resolved_by", ID, nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_annotation_root_id"), "annotation", ["root_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_annotation_parent_id"), "annotation", ["parent_id"], ["id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_annotation_resolved_by"), "reader", ["resolved_by"], ["id"], ondelete="SET NULL"
        )
        batch_op.create_index(batch_op.f("ix_annotation_article_id_root_id"), ["article_id", "root_id"], unique=False)
        for column in ("root_id", "parent_id", "resolved_by"):
            batch_op.create_index(batch_op.f(f"ix_annotation_{column}"), [column], unique=False)
    with op.batch_alter_table("annotation", table_kwargs={"sqlite_autoincrement": True}) as batch_op:
        batch_op.alter_column("tags", server_default=None)


def downgrade() -> None:
    # What is a reply would stand as a note without a place.
    op.execute("DELETE FROM annotation WHERE root_id IS NOT NULL")
    with op.batch_alter_table("annotation", table_kwargs={"sqlite_autoincrement": True}) as batch_op:
        for column in ("root_id", "parent_id", "resolved_by"):
            batch_op.drop_index(batch_op.f(f"ix_annotation_{column}"))
            batch_op.drop_constraint(batch_op.f(f"fk_annotation_{column}"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_annotation_article_id_root_id"))
        for column in ("tags", "root_id", "parent_id", "resolved_at", "resolved_by"):
            batch_op.drop_column(column)
