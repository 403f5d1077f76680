"""Templates: everything escaped, nothing undefined, nothing inline."""

import re
from pathlib import Path

import jinja2
import pytest

from app.rendering.templates import counted, environment, rendered, thousands
from app.settings import shipped

TEMPLATES = sorted(shipped("templates").rglob("*.html"))
names = pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(shipped("templates"))))

INLINE = re.compile(
    r"<style|\sstyle\s*=|\son\w+\s*=|hx-on|hx-vals=.?js:|javascript:|<script(?![^>]*\ssrc=)", re.IGNORECASE
)


@names
def test_a_template_has_no_style_and_no_script_in_it(path: Path) -> None:
    assert not INLINE.search(path.read_text("utf-8"))


@names
def test_a_template_says_first_what_it_needs(path: Path) -> None:
    assert path.read_text("utf-8").startswith("{# needs: ")


@names
def test_a_template_trusts_no_html_but_that_of_a_note(path: Path) -> None:
    assert set(re.findall(r"\{\{[^}]*\bsafe\b[^}]*\}\}", path.read_text("utf-8"))) <= {
        "{{ note.html|safe }}",
        "{{ turn.html|safe }}",
        "{{ html|safe }}",
        "{{ one.note_html|safe }}",
        "{{ annotation.note_html|safe }}",
    }
    assert "autoescape" not in path.read_text("utf-8")


def test_words_are_escaped_wherever_they_stand() -> None:
    made = environment().from_string('<a title="{{ words }}">{{ words }}</a>')
    escaped = "&lt;b onclick=&#34;a&#34;&gt;&amp;&#39;"
    assert made.render(words='<b onclick="a">&\'') == f'<a title="{escaped}">{escaped}</a>'


def test_a_template_without_what_it_needs_is_an_error() -> None:
    with pytest.raises(jinja2.UndefinedError):
        rendered("articles/index.html")


def test_numbers_are_written_as_people_write_them() -> None:
    assert [thousands(1), thousands(12345)] == ["1", "12,345"]
    assert [counted(0, "note"), counted(1, "note"), counted(2, "note")] == ["0 notes", "1 note", "2 notes"]
    assert counted(1200, "child", "children") == "1,200 children"
