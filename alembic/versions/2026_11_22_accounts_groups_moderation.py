"""Readers get accounts and groups, shares expire and are counted, and there is a log of who keeps order."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_accounts"
down_revision = "2026_11_22_replies"
branch_labels = None
depends_on = None


ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
GROWN = {"sqlite_autoincrement": True}


def reference(table: str, column: str, to: str, on_delete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=on_delete)


def indexed(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


def upgrade() -> None:
    with op.batch_alter_table("reader", table_kwargs=GROWN) as batch_op:
        batch_op.add_column(sa.Column("name_key", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("password_hash", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("role", sa.String(), nullable=False, server_default="reader"))
        batch_op.add_column(sa.Column("visibility", sa.String(), nullable=False, server_default="everyone"))
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("banned_at", TIME, nullable=True))
        batch_op.add_column(sa.Column("left_at", TIME, nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_reader_name_key"), ["name_key"])
    with op.batch_alter_table("reader", table_kwargs=GROWN) as batch_op:
        for column in ("password_hash", "role", "visibility", "version"):
            batch_op.alter_column(column, server_default=None)
    op.create_table(
        "account_link",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("reader_id", ID, nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("used_at", TIME, nullable=True),
        reference("account_link", "reader_id", "reader", "CASCADE"),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_account_link")),
    )
    indexed("account_link", "reader_id")
    op.create_table(
        "reading_group",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("hides", sa.Boolean(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading_group")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "membership",
        sa.Column("group_id", ID, nullable=False),
        sa.Column("reader_id", ID, nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("joined_at", TIME, nullable=False),
        reference("membership", "group_id", "reading_group", "CASCADE"),
        reference("membership", "reader_id", "reader", "CASCADE"),
        sa.PrimaryKeyConstraint("group_id", "reader_id", name=op.f("pk_membership")),
    )
    indexed("membership", "reader_id")
    op.create_table(
        "invitation",
        sa.Column("id", ID, nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("group_id", ID, nullable=False),
        sa.Column("reader_id", ID, nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("revoked_at", TIME, nullable=True),
        reference("invitation", "group_id", "reading_group", "CASCADE"),
        reference("invitation", "reader_id", "reader", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token", name=op.f("uq_invitation_token")),
        sqlite_autoincrement=True,
    )
    indexed("invitation", "group_id", "reader_id")
    with op.batch_alter_table("article", table_kwargs=GROWN) as batch_op:
        batch_op.add_column(sa.Column("closed_at", TIME, nullable=True))
    with op.batch_alter_table("annotation", table_kwargs=GROWN) as batch_op:
        batch_op.add_column(sa.Column("group_id", ID, nullable=True))
        batch_op.add_column(sa.Column("hidden_at", TIME, nullable=True))
        batch_op.add_column(sa.Column("purged_at", TIME, nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_annotation_group_id"), "reading_group", ["group_id"], ["id"], ondelete="SET NULL"
        )
        batch_op.create_index(batch_op.f("ix_annotation_group_id"), ["group_id"], unique=False)
    with op.batch_alter_table("share", table_kwargs=GROWN) as batch_op:
        batch_op.add_column(sa.Column("expires_at", TIME, nullable=True))
        batch_op.add_column(sa.Column("group_id", ID, nullable=True))
        batch_op.add_column(sa.Column("opened", sa.Integer(), nullable=False, server_default="0"))
        batch_op.create_foreign_key(
            batch_op.f("fk_share_group_id"), "reading_group", ["group_id"], ["id"], ondelete="SET NULL"
        )
        batch_op.create_index(batch_op.f("ix_share_group_id"), ["group_id"], unique=False)
    with op.batch_alter_table("share", table_kwargs=GROWN) as batch_op:
        batch_op.alter_column("opened", server_default=None)
    op.create_table(
        "flag",
        sa.Column("id", ID, nullable=False),
        sa.Column("annotation_id", ID, nullable=False),
        sa.Column("reader_id", ID, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("settled_at", TIME, nullable=True),
        reference("flag", "annotation_id", "annotation", "CASCADE"),
        reference("flag", "reader_id", "reader", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flag")),
        sqlite_autoincrement=True,
    )
    indexed("flag", "annotation_id", "reader_id")
    op.create_table(
        "log",
        sa.Column("id", ID, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("reader_id", ID, nullable=True),
        sa.Column("deed", sa.String(), nullable=False),
        sa.Column("annotation_id", ID, nullable=True),
        sa.Column("article_id", ID, nullable=True),
        sa.Column("subject_id", ID, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        reference("log", "reader_id", "reader", "SET NULL"),
        reference("log", "annotation_id", "annotation", "SET NULL"),
        reference("log", "article_id", "article", "SET NULL"),
        reference("log", "subject_id", "reader", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log")),
        sqlite_autoincrement=True,
    )
    indexed("log", "reader_id", "annotation_id", "article_id", "subject_id")


def downgrade() -> None:
    # What was written for a group, or hidden, would be before everybody's eyes.
    op.execute("UPDATE annotation SET visibility = 'me' WHERE visibility LIKE 'group:%' OR hidden_at IS NOT NULL")
    op.execute("DELETE FROM share WHERE group_id IS NOT NULL OR expires_at IS NOT NULL")
    op.drop_table("log")
    op.drop_table("flag")
    for table, columns in (
        ("share", ("expires_at", "group_id", "opened")),
        ("annotation", ("group_id", "hidden_at", "purged_at")),
    ):
        with op.batch_alter_table(table, table_kwargs=GROWN) as batch_op:
            batch_op.drop_index(batch_op.f(f"ix_{table}_group_id"))
            batch_op.drop_constraint(batch_op.f(f"fk_{table}_group_id"), type_="foreignkey")
            for column in columns:
                batch_op.drop_column(column)
    with op.batch_alter_table("article", table_kwargs=GROWN) as batch_op:
        batch_op.drop_column("closed_at")
    op.drop_table("invitation")
    op.drop_table("membership")
    op.drop_table("reading_group")
    op.drop_table("account_link")
    with op.batch_alter_table("reader", table_kwargs=GROWN) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_reader_name_key"), type_="unique")
        for column in ("name_key", "password_hash", "role", "visibility", "version", "banned_at", "left_at"):
            batch_op.drop_column(column)
