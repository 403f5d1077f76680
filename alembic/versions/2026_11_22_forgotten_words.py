"""What goes for good goes out of the index of words at once: SQLite would keep it there until it tidies up."""

from alembic import op
from sqlalchemy import text

revision = "2026_11_22_forgotten_words"
down_revision = "2026_11_22_shelf"
branch_labels = None
depends_on = None

TABLES = ("search_article", "search_passage", "search_note", "search_reader")


def upgrade() -> None:
    _keep_deleted_words(False)


def downgrade() -> None:
    _keep_deleted_words(True)


def _keep_deleted_words(kept: bool) -> None:
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    version = connection.execute(text("SELECT sqlite_version()")).scalar_one()
    if tuple(map(int, version.split("."))) < (3, 42, 0):  # older ones do not know how
        return
    for table in TABLES:
        # https://sqlite.org/fts5.html, section 6.11
        connection.execute(
            text(f"INSERT INTO {table} ({table}, rank) VALUES ('secure-delete', :on)"),
            {"on": 0 if kept else 1},
        )
        connection.execute(text(f"INSERT INTO {table} ({table}) VALUES ('optimize')"))
