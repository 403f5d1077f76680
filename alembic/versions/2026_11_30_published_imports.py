"""What has been brought in and published leads on to what it has become, for as long as its form may be sent again."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_30_published_imports"
down_revision = "2026_11_22_forgotten_words"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("import", sa.Column("leads_to", sa.Text(), nullable=True))


def downgrade() -> None:
    op.execute("DELETE FROM import WHERE state = 'published'")
    op.drop_column("import", "leads_to")
