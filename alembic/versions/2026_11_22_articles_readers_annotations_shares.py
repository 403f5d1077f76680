"""Articles with their revisions, readers with their sessions, annotations with their placements, shares."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22"
down_revision = None
branch_labels = None
depends_on = None


ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "article",
        sa.Column("id", ID, nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article")),
        sa.UniqueConstraint("slug", name=op.f("uq_article_slug")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "reader",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reader")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "reader_session",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("reader_id", ID, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["reader_id"], ["reader.id"], name=op.f("fk_reader_session_reader_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_reader_session")),
    )
    with op.batch_alter_table("reader_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reader_session_reader_id"), ["reader_id"], unique=False)

    op.create_table(
        "revision",
        sa.Column("article_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("segmenter", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_revision_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", "number", name=op.f("pk_revision")),
    )
    op.create_table(
        "annotation",
        sa.Column("id", ID, nullable=False),
        sa.Column("article_id", ID, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("reader_id", ID, nullable=False),
        sa.Column("exact", sa.Text(), nullable=False),
        sa.Column("prefix", sa.String(), nullable=False),
        sa.Column("suffix", sa.String(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("note_html", sa.Text(), nullable=False),
        sa.Column("colour", sa.String(), nullable=False),
        sa.Column("visibility", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id", "revision"],
            ["revision.article_id", "revision.number"],
            name=op.f("fk_annotation_article_id_revision"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["reader_id"], ["reader.id"], name=op.f("fk_annotation_reader_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_annotation")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("annotation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_annotation_article_id_reader_id"), ["article_id", "reader_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_annotation_reader_id"), ["reader_id"], unique=False)

    op.create_table(
        "paragraph",
        sa.Column("article_id", ID, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sentences", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id", "revision"],
            ["revision.article_id", "revision.number"],
            name=op.f("fk_paragraph_article_id_revision"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("article_id", "revision", "number", name=op.f("pk_paragraph")),
        sa.UniqueConstraint("article_id", "revision", "start", name=op.f("uq_paragraph_article_id_revision_start")),
    )
    op.create_table(
        "placement",
        sa.Column("annotation_id", ID, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("article_id", ID, nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["annotation_id"], ["annotation.id"], name=op.f("fk_placement_annotation_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["article_id", "revision"],
            ["revision.article_id", "revision.number"],
            name=op.f("fk_placement_article_id_revision"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("annotation_id", "revision", name=op.f("pk_placement")),
    )
    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_placement_article_id_revision_start"), ["article_id", "revision", "start"], unique=False
        )

    op.create_table(
        "share",
        sa.Column("id", ID, nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("article_id", ID, nullable=False),
        sa.Column("reader_id", ID, nullable=False),
        sa.Column("annotation_id", ID, nullable=True),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("exact", sa.Text(), nullable=False),
        sa.Column("prefix", sa.String(), nullable=False),
        sa.Column("suffix", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["annotation_id"], ["annotation.id"], name=op.f("fk_share_annotation_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_share_article_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["reader_id"], ["reader.id"], name=op.f("fk_share_reader_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share")),
        sa.UniqueConstraint("token", name=op.f("uq_share_token")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("share", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_share_annotation_id"), ["annotation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_share_article_id"), ["article_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_share_reader_id"), ["reader_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("share", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_share_reader_id"))
        batch_op.drop_index(batch_op.f("ix_share_article_id"))
        batch_op.drop_index(batch_op.f("ix_share_annotation_id"))

    op.drop_table("share")
    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_placement_article_id_revision_start"))

    op.drop_table("placement")
    op.drop_table("paragraph")
    with op.batch_alter_table("annotation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_annotation_reader_id"))
        batch_op.drop_index(batch_op.f("ix_annotation_article_id_reader_id"))

    op.drop_table("annotation")
    op.drop_table("revision")
    with op.batch_alter_table("reader_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reader_session_reader_id"))

    op.drop_table("reader_session")
    op.drop_table("reader")
    op.drop_table("article")
