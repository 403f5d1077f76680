"""Words are looked for by an index that the database keeps by itself: FTS5 on SQLite, tsvector on PostgreSQL.

What is indexed is folded: SQLite asks the server's own function to do it, PostgreSQL one that is made here. The ids in
the index of passages say where they stand: article, number of the paragraph, piece of it.
"""

import re

from alembic import op

revision = "2026_11_22_search"
down_revision = "2026_11_22_imports"
branch_labels = None
depends_on = None

TABLES = ("search_article", "search_passage", "search_note", "search_reader")

MARKS = (
    "00AD 0300-036F 0483-0487 0591-05BD 05BF 05C1-05C2 05C4-05C5 05C7 0610-061A 061C 0640 064B-065F 0670"
    " 06D6-06DC 06DF-06E4 06E7-06E8 06EA-06ED 1AB0-1AFF 1DC0-1DFF 200C-200F 202A-202E 2060-2069 20D0-20FF"
    " FE00-FE0F FE20-FE2F FEFF"
)
BETWEEN = (
    "0000-002F 003A-0040 005B-0060 007B-00BF 00D7 00F7 02C2-02C5 02D2-02DF 0375 0387 0482 055A-055F 0589-058A"
    " 05BE 05C0 05C3 05C6 05F3-05F4 0600-060F 061B-061F 066A-066D 06D4 06DD-06DE 06E9 0700-070F 0830-083E 085E"
    " 0964-0965 0970 0DF4 0E2F 0E3F 0E4F 0E5A-0E5B 0F01-0F17 0F34 0F36 0F38 0F3A-0F3D 0F85 0FBE-0FDA 104A-104F"
    " 10FB 1360-1368 1400 166D-166E 1680 169B-169C 16EB-16ED 17D4-17DB 1800-180E 1940-1945 1C3B-1C3F 1C7E-1C7F"
    " 2000-200B 2010-2029 202F-205F 206A-206F 20A0-20C0 2100-2129 2190-244A 2500-25FF 27C0-2BFF 2CF9-2CFF"
    " 2E00-2E7F 2FF0-3004 3008-3020 3030 3036-3037 303D-3040 30A0 30FB 3190-319F 31C0-31E3 3200-33FF 4DC0-4DFF"
    " A490-A4CF A60D-A60F A6F2-A6F7 A874-A877 A8CE-A8CF A92E-A92F A9C1-A9CD AA5C-AA5F ABEB FD3E-FD3F FDCF FDFC-"
    " FDFF FE10-FE19 FE30-FE6B FF01-FF0F FF1A-FF20 FF3B-FF40 FF5B-FF65 FFE0-FFFF E0000-E007F"
)
ALONE = (
    "0E01-0E2E 0E30-0E3A 0E40-0E4E 0E81-0EDF 1000-1049 1100-11FF 1780-17D3 2600-27BF 3005-3007 3031-3035"
    " 303B-303C 3041-309F 30A1-30FA 30FC-30FF 3105-312F 31A0-31BF 31F0-31FF 3400-4DBF 4E00-9FFF A960-A97C"
    " AC00-D7FB F900-FAFF 1B000-1B16F 1F000-1FAFF 1FFFE-3FFFF"
)

PIECE, OVERLAP, MOST_PIECES = 4_000, 200, 256
"""A long paragraph is indexed in pieces, since PostgreSQL knows no more than 256 places of one word in a text."""

# ── what is kept, on both; `new` and `old` are the row that has changed

TITLE = "postil_title_words({0}.title, {0}.author)"
NOTE = (
    "postil_note_words({0}.note, {0}.tags, {0}.article_id, {0}.reader_id, {0}.visibility, {0}.group_id,"
    " {0}.hidden_at IS NOT NULL)"
)
NAME = "postil_words({0}.name)"
FIRST_PIECE = "{0}.article_id * 1073741824 + {0}.number * 256"
OF_PARAGRAPH = f"rowid BETWEEN {FIRST_PIECE} AND {FIRST_PIECE} + 255"
OF_ARTICLE = "rowid BETWEEN {0}.id * 1073741824 AND {0}.id * 1073741824 + 1073741823"
PIECES = (
    f"INSERT INTO search_passage (rowid, words) SELECT {FIRST_PIECE} + piece.key, piece.value"
    " FROM {1}, pieces_of({0}.text, {0}.article_id) AS piece"
)
CURRENT = "{0}.revision = (SELECT revision FROM article WHERE id = {0}.article_id)"
ONE = "(SELECT 1) AS one"

# By name: when, on which table, and what.
TRIGGERS = {
    "search_article_made": (
        "INSERT",
        "article",
        f"INSERT INTO search_article (rowid, words) VALUES (new.id, {TITLE.format('new')});",
    ),
    "search_article_named": (
        "UPDATE OF title, author",
        "article",
        f"UPDATE search_article SET words = {TITLE.format('new')} WHERE rowid = new.id;",
    ),
    "search_article_revised": (
        "UPDATE OF revision",
        "article",
        (
            f"DELETE FROM search_passage WHERE {OF_ARTICLE.format('old')}; {PIECES.format('paragraph', 'paragraph')}"
            " WHERE paragraph.article_id = new.id AND paragraph.revision = new.revision;"
        ),
    ),
    "search_article_gone": (
        "DELETE",
        "article",
        (
            "DELETE FROM search_article WHERE rowid = old.id;"
            f" DELETE FROM search_passage WHERE {OF_ARTICLE.format('old')};"
        ),
    ),
    "search_paragraph_made": (
        "INSERT",
        "paragraph",
        f"{PIECES.format('new', ONE)} WHERE {CURRENT.format('new')};",
    ),
    "search_paragraph_changed": (
        "UPDATE OF article_id, revision, number, text",
        "paragraph",
        (
            f"DELETE FROM search_passage WHERE {OF_PARAGRAPH.format('old')} AND {CURRENT.format('old')};"
            f" {PIECES.format('new', ONE)} WHERE {CURRENT.format('new')};"
        ),
    ),
    "search_paragraph_gone": (
        "DELETE",
        "paragraph",
        f"DELETE FROM search_passage WHERE {OF_PARAGRAPH.format('old')} AND {CURRENT.format('old')};",
    ),
    "search_annotation_made": (
        "INSERT",
        "annotation",
        f"INSERT INTO search_note (rowid, words) SELECT new.id, {NOTE.format('new')} WHERE new.deleted_at IS NULL;",
    ),
    "search_annotation_changed": (
        "UPDATE OF note, tags, article_id, reader_id, visibility, group_id, hidden_at, deleted_at",
        "annotation",
        (
            "DELETE FROM search_note WHERE rowid = old.id;"
            f" INSERT INTO search_note (rowid, words) SELECT new.id, {NOTE.format('new')} WHERE new.deleted_at IS NULL;"
        ),
    ),
    "search_annotation_gone": ("DELETE", "annotation", "DELETE FROM search_note WHERE rowid = old.id;"),
    "search_reader_made": (
        "INSERT",
        "reader",
        f"INSERT INTO search_reader (rowid, words) VALUES (new.id, {NAME.format('new')});",
    ),
    "search_reader_named": (
        "UPDATE OF name",
        "reader",
        f"UPDATE search_reader SET words = {NAME.format('new')} WHERE rowid = new.id;",
    ),
    "search_reader_gone": ("DELETE", "reader", "DELETE FROM search_reader WHERE rowid = old.id;"),
}

# What is in the library already.
FILL = (
    f"INSERT INTO search_article (rowid, words) SELECT id, {TITLE.format('article')} FROM article",
    PIECES.format("paragraph", "article, paragraph")
    + " WHERE paragraph.article_id = article.id AND paragraph.revision = article.revision",
    (
        f"INSERT INTO search_note (rowid, words) SELECT id, {NOTE.format('annotation')} FROM annotation"
        " WHERE deleted_at IS NULL"
    ),
    f"INSERT INTO search_reader (rowid, words) SELECT id, {NAME.format('reader')} FROM reader",
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in TABLES:
            run(f"CREATE VIRTUAL TABLE {table} USING fts5(words, tokenize=\"ascii tokenchars '_'\", prefix='2 3')")
        for name, (when, table, does) in TRIGGERS.items():
            run(f"CREATE TRIGGER {name} AFTER {when} ON {table} BEGIN {does} END")
    else:
        for body in functions():
            run(f"CREATE FUNCTION {body}")
        for table in TABLES:
            terms = "terms tsvector GENERATED ALWAYS AS (postil_terms(words)) STORED NOT NULL"
            run(f"CREATE TABLE {table} (rowid bigint PRIMARY KEY, words text NOT NULL, {terms})")
            run(f"CREATE INDEX ix_{table}_terms ON {table} USING gin (terms)")
        for name, (when, table, does) in TRIGGERS.items():
            run(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {does} RETURN NULL; END $$")
            run(f"CREATE TRIGGER {name} AFTER {when} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")
    for statement in FILL:
        run(statement)


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name, (_, table, _) in TRIGGERS.items():
        run(f"DROP TRIGGER {name}" if sqlite else f"DROP TRIGGER {name} ON {table}")
        if not sqlite:
            run(f"DROP FUNCTION {name}()")
    for table in TABLES:
        run(f"DROP TABLE {table}")
    for body in () if sqlite else reversed(functions()):
        run(f"DROP FUNCTION {body.split('(')[0]}")


def run(statement: str) -> None:
    """Past SQLAlchemy, which would take what stands after a colon for a parameter."""
    connection = op.get_bind()
    pieces = (
        "json_each(postil_passage_words({}))" if connection.dialect.name == "sqlite" else "postil_passage_words({})"
    )
    connection.exec_driver_sql(re.sub(r"pieces_of\((.*?)\)", lambda found: pieces.format(found[1]), statement))


# ── PostgreSQL: the same rules as `app/text/searching/folding.py` and `indexed.py`


def functions() -> tuple[str, ...]:
    known = "SELECT collname FROM pg_collation WHERE collname IN ('pg_c_utf8', 'und-x-icu')"
    found = set(op.get_bind().exec_driver_sql(known).scalars())
    # A database of the locale C knows no small letters but English ones.
    collation = next((name for name in ("pg_c_utf8", "und-x-icu") if name in found), "default")
    pure = "LANGUAGE sql IMMUTABLE PARALLEL SAFE"
    return (
        f"""postil_words(said text) RETURNS text {pure} STRICT AS $$
        SELECT btrim(regexp_replace(regexp_replace(
            CASE WHEN octet_length(said) = length(said) THEN lower(said)
            ELSE regexp_replace(normalize(
                replace(replace(replace(replace(translate(
                    lower(regexp_replace(normalize(said, NFKD), '{any_of(MARKS)}', '', 'g') COLLATE "{collation}"),
                    'øđðłħŧıς', 'oddlhtiσ'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'), NFC),
                '{any_of(ALONE)}', ' \\& ', 'g')
            END, '{any_of(BETWEEN)}+', ' ', 'g'), '([^ ]{{60}})[^ ]+', '\\1', 'g'), ' ') $$""",
        f"""postil_terms(words text) RETURNS tsvector {pure} STRICT AS $$
        SELECT coalesce(string_agg(word || ':' || place, ' '), '')::tsvector
        FROM unnest(string_to_array(words, ' ')) WITH ORDINALITY AS one (word, place) $$""",
        f"""postil_title_words(title text, author text) RETURNS text {pure} STRICT AS $$
        SELECT concat_ws(' ', nullif(postil_words(left(title, 16000)), ''), '_by',
            nullif(postil_words(left(author, 16000)), '')) $$""",
        f"""postil_passage_words(said text, article_id bigint)
        RETURNS TABLE (key bigint, value text) {pure} STRICT AS $$
        SELECT piece, concat_ws(' ', nullif(postil_words(substr(said, piece * {PIECE} + 1, {PIECE + OVERLAP})), ''),
            '_a' || article_id)
        FROM generate_series(0,
            least(greatest(length(said) - {OVERLAP} - 1, 0) / {PIECE}, {MOST_PIECES - 1})) AS piece $$""",
        f"""postil_note_words(
            note text, tags text, article_id bigint, reader_id bigint, visibility text, group_id bigint, hidden boolean
        ) RETURNS text {pure} AS $$
        SELECT concat_ws(' ', nullif(postil_words(left(note, 16000)), ''), '_',
            nullif(postil_words(left(tags, 16000)), ''),
            (SELECT string_agg('_t' || left(replace(postil_words(tag), ' ', '_'), 60), ' ' ORDER BY place)
             FROM regexp_split_to_table(left(tags, 16000), '[,，、;\\n]') WITH ORDINALITY AS one (tag, place)
             WHERE postil_words(tag) <> ''),
            CASE WHEN note <> '' THEN '_n' END, '_a' || article_id, '_r' || reader_id,
            CASE WHEN NOT hidden AND visibility = 'everyone' THEN '_e' END,
            CASE WHEN NOT hidden THEN '_g' || group_id END) $$""",
    )


def any_of(ranges: str) -> str:
    """A class of a regular expression. A text of PostgreSQL's has no NUL."""
    ends = (one.partition("-") for one in ranges.replace("0000-", "0001-").split())
    return "[" + "".join(f"\\U{first:>08}" + (f"-\\U{last:>08}" if last else "") for first, _, last in ends) + "]"
