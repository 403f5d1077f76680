"""What a reader has written, as files: Markdown, Readwise's CSV and our own JSON."""

import csv
import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from app.formats import markdown, notebook, readwise
from app.storage.notes import Written
from tests.conftest import ROOT

WHEN = datetime(2026, 11, 3, 9, 5, 7, tzinfo=UTC)
BASE = "https://postil.example"


def written(**said: Any) -> Written:
    whole: dict[str, Any] = {
        "id": 7,
        "article_id": 1,
        "slug": "bees",
        "title": "Of *Bees*",
        "author": "Huber",
        "source": "",
        "language": "en",
        "in_sight": True,
        "parent_id": None,
        "exact": "One.\n\n# Two.",
        "prefix": "a",
        "suffix": "b",
        "start": 3,
        "end": 14,
        "note": 'Is it *so*?\n\nYes, "so".',
        "note_html": "",
        "colour": "blue",
        "tags": "hive, Wax",
        "visibility": "everyone",
        "group": None,
        "created_at": WHEN,
        "updated_at": WHEN,
        "resolved_at": None,
        "hidden_at": None,
        "deleted_at": None,
    } | said
    return Written(**whole)


def rows(*notes: Written) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(readwise.write(notes, BASE), newline="")))


def test_markdown_has_a_section_for_each_article_with_quote_words_and_facts() -> None:
    made = markdown.write([written(), written(id=8, exact="", note="Alone", in_sight=False)], BASE)
    assert made == (
        "# My notes\n\n## Of \\*Bees\\*\n\nHuber · <https://postil.example/articles/bees>\n\n"
        "> One.\n>\n> \\# Two.\n\n"
        'Is it *so*?\n\nYes, "so".\n\n'
        "*2026-11-03 · blue · for everyone · #hive · #Wax · <https://postil.example/annotations/7>*\n\n"
        "Alone\n\n*2026-11-03 · blue · for everyone · #hive · #Wax*\n"
    )


def test_markdown_begins_each_article_once() -> None:
    made = markdown.write([written(), written(id=8), written(id=9, article_id=2, title="Ants")], BASE)
    assert made.count("## ") == 2


def test_readwise_gets_its_columns() -> None:
    assert readwise.write([], BASE) == "Highlight,Title,Author,URL,Note,Location,Date\r\n"
    (row,) = rows(written())
    assert row == {
        "Highlight": "One.\n\n# Two.",
        "Title": "Of *Bees*",
        "Author": "Huber",
        "URL": "https://postil.example/articles/bees",
        "Note": '.hive .Wax Is it *so*?\n\nYes, "so".',
        "Location": "3",
        "Date": "2026-11-03 09:05:07+00:00",
    }


def test_readwise_gets_the_address_that_an_article_came_from() -> None:
    assert rows(written(source="https://bees.example/1"))[0]["URL"] == "https://bees.example/1"
    assert rows(written(source="Northwind Press"))[0]["URL"] == "https://postil.example/articles/bees"


def test_words_without_a_passage_are_a_highlight_themselves() -> None:
    (row,) = rows(written(exact="", start=None, note="Alone"))
    assert (row["Highlight"], row["Note"], row["Location"]) == ("Alone", ".hive .Wax", "")


@pytest.mark.parametrize("words", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_spreadsheet_works_nothing_out(words: str) -> None:
    (row,) = rows(written(exact=words, note=words, title=words, author=words, tags=""))
    for name in ("Highlight", "Note", "Title", "Author"):
        assert row[name] == f"'{words}"


def test_our_own_json_says_all_that_is_known() -> None:
    said = json.loads(notebook.write([written(hidden_at=WHEN)], BASE))
    assert (said["format"], said["version"]) == ("postil-notes", 1)
    (one,) = said["notes"]
    assert one["quote"] == {"exact": "One.\n\n# Two.", "prefix": "a", "suffix": "b"}
    assert one["position"] == {"start": 3, "end": 14}
    assert one["article"]["url"] == "https://postil.example/articles/bees"
    assert (one["kind"], one["tags"], one["visibility"]) == ("note", ["hive", "Wax"], "everyone")
    assert (one["hidden_at"], one["deleted_at"]) == ("2026-11-03T09:05:07Z", None)


def test_our_own_json_says_nothing_of_a_thread_out_of_sight() -> None:
    one = notebook.note(written(in_sight=False, parent_id=5, exact="", start=None, visibility="group:3"), BASE)
    assert (one["url"], one["in_reply_to"], one["position"]) == (None, None, None)
    assert (one["kind"], one["visibility"], one["group"]) == ("reply", "group", None)


def test_every_field_of_our_own_json_is_described() -> None:
    described = (ROOT / "docs/exports.md").read_text()
    assert all(f"`{name}`" in described for name in notebook.note(written(), BASE))
