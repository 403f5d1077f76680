"""A paragraph keeps what lies over its words and around it: links, emphasis, lists, tables."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_structure"
down_revision = "2026_11_22_accounts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("paragraph") as batch_op:
        batch_op.add_column(sa.Column("structure", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("paragraph") as batch_op:
        batch_op.alter_column("structure", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("paragraph") as batch_op:
        batch_op.drop_column("structure")
