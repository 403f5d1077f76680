"""Matching: rows of the index that have the words looked for. It knows which dialect the database speaks.

Each table of the index has the folded words of a row, and keys (`app/text/searching/indexed.py`); its rowid says of
which row.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import CompoundSelect, Connection, Select, String, bindparam, column, literal_column, table
from sqlalchemy import select as columns
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement, TableClause
from sqlalchemy.types import NullType

from app.text.searching.queries import Words


def _index(of: str) -> TableClause:
    return table(f"search_{of}", column("rowid"), column("words", String), column("terms"))


TITLES, PASSAGES, NOTES, NAMES = map(_index, ("article", "passage", "note", "reader"))


class _Matches(FunctionElement[Any]):
    """That a row of the index has what an expression asks for."""

    type = NullType()  # else SQLite would be asked whether it is 1
    inherit_cache = True


@compiles(_Matches, "sqlite")
def _by_fts5(element: Any, compiler: Any, **how: Any) -> str:
    terms, asked = element.clauses
    return f"{terms.table.name} MATCH {compiler.process(asked, **how)}"


@compiles(_Matches, "postgresql")
def _by_tsquery(element: Any, compiler: Any, **how: Any) -> str:
    terms, asked = element.clauses
    return f"{compiler.process(terms, **how)} @@ CAST({compiler.process(asked, **how)} AS tsquery)"


class IsAmong(FunctionElement[Any]):
    """That an id is one of a list, which is written as JSON."""

    type = NullType()
    inherit_cache = True


@compiles(IsAmong, "sqlite")
def _in_json(element: Any, compiler: Any, **how: Any) -> str:
    id, these = (compiler.process(clause, **how) for clause in element.clauses)
    return f"{id} IN (SELECT value FROM json_each({these}))"  # noqa: S608


@compiles(IsAmong, "postgresql")
def _in_array(element: Any, compiler: Any, **how: Any) -> str:
    id, these = (compiler.process(clause, **how) for clause in element.clauses)
    return f"{id} = ANY (ARRAY(SELECT CAST(json_array_elements_text(CAST({these} AS json)) AS bigint)))"


def expression(sqlite: bool, all_of: Iterable[Sequence[Words]], none_of: Iterable[Words] = ()) -> str:
    """What to ask the index: of each of `all_of` one at least, and none of the others. Words are folded, or keys."""
    said, both, either = (_in_fts5, " AND ", " OR ") if sqlite else (_in_tsquery, " & ", " | ")
    wanted = both.join("(" + either.join(map(said, one)) + ")" for one in all_of)
    without = " NOT " if sqlite else " & !"
    return f"({wanted})" + "".join(f"{without}{said(words)}" for words in none_of)


def _in_fts5(words: Words) -> str:
    return f'"{" ".join(words.words)}"' + ("*" if words.begins else "")


def _in_tsquery(words: Words) -> str:
    phrase = " <-> ".join(f"'{word}'" for word in words.words)
    return f"({phrase}{':*' if words.begins else ''})"


def asked(index: TableClause) -> str:
    """By what name a statement is told the expression for an index."""
    return f"asked_{index.name}"


def newest(index: TableClause, most: int) -> Select[Any]:
    """The newest rows of an index, with their words, that have what is `asked` of it."""
    matches = _Matches(index.c.terms, bindparam(asked(index), type_=String))
    return at_most(columns(index.c.rowid, index.c.words).where(matches).order_by(index.c.rowid.desc()), most)


def at_most(statement: Select[Any], most: int) -> Select[Any]:
    """No more rows than that, written out: SQLite plans a statement anew each time that its limit is a parameter."""
    return statement.limit(literal_column(str(most))).offset(literal_column("0"))


class Statement:
    """A statement that is written once for each dialect: to write it anew takes longer than to look a word up."""

    def __init__(self, statement: Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]) -> None:
        self._statement = statement
        self._written: dict[str, tuple[str, dict[str, Any], Sequence[str] | None]] = {}

    def rows(self, connection: Connection, what: dict[str, Any]) -> Sequence[Any]:
        name = connection.dialect.name
        if name not in self._written:
            compiled = self._statement.compile(dialect=connection.dialect)
            self._written[name] = str(compiled), dict(compiled.params), getattr(compiled, "positiontup", None)
        said, values, order = self._written[name]
        values = values | {name: value for name, value in what.items() if name in values}
        parameters: Any = tuple(map(values.__getitem__, order)) if order else values
        return connection.exec_driver_sql(said, parameters).all()
