"""When a page says that it was published."""

import json
from datetime import date

import pytest

from app.formats import html

DAY = date(1926, 11, 22)


def published(head: str, body: str = "") -> date | None:
    return html.read(f"<html><head>{head}</head><body>{body}<p>Bees hum.</p></body></html>".encode()).published_on


def linked(said: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(said)}</script>'


@pytest.mark.parametrize(
    "head",
    [
        '<meta property="article:published_time" content="1926-11-22T07:00:00Z">',
        '<meta name="date" content="1926-11-22">',
        '<meta name="DC.date.issued" content="1926-11-22">',
        '<meta name="citation_publication_date" content="1926/11/22">',
        '<meta itemprop="datePublished" content="22 Nov 1926">',
        linked({"@type": "Article", "datePublished": "1926-11-22T07:00:00Z"}),
        linked([{"@type": "Person"}, {"@type": "BlogPosting", "datePublished": "1926-11-22"}]),
        linked({"@graph": [{"@type": "WebSite"}, {"@type": "Article", "datePublished": "1926-11-22"}]}),
    ],
)
def test_its_head_says_it(head: str) -> None:
    assert published(head) == DAY


@pytest.mark.parametrize(
    "body",
    [
        '<p><time datetime="1926-11-22" itemprop="datePublished">long ago</time></p>',
        '<p><time class="entry-date published" datetime="1926-11-22T07:00">long ago</time></p>',
        '<p><time pubdate datetime="1926-11-22">long ago</time></p>',
        "<main><header><h1>Bees</h1><time>22 November 1926</time></header><p>They hum.</p></main>",
    ],
)
def test_a_time_at_its_beginning_says_it(body: str) -> None:
    assert published("", body) == DAY


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("", '<p>It was founded in <time datetime="1926-11-22">1926</time>.</p>'),
        ("", '<header>Today is <time datetime="1926-11-22">Monday</time></header><main><p>They hum.</p></main>'),
        ("", '<header>Today is <time datetime="1926-11-22">Monday</time></header>'),
        ('<meta property="article:modified_time" content="1926-11-22">', ""),
        (linked({"dateModified": "1926-11-22"}), ""),
        (linked({"datePublished": {"year": 1926}}), ""),
        ('<script type="application/ld+json">' + "[" * 100_000 + "</script>", ""),
        ('<script type="application/ld+json">{"datePublished": ' + "1" * 10_000 + "}</script>", ""),
        ('<meta name="date" content="soon">', ""),
    ],
)
def test_nothing_else_does(head: str, body: str) -> None:
    assert published(head, body) is None


def test_what_says_it_best_goes_before_the_rest() -> None:
    day = '<meta property="article:published_time" content="{}">'
    other = '<meta name="date" content="1930-01-01">' + linked({"datePublished": "1931-01-01"})
    assert published(other + day.format("1926-11-22")) == DAY
    assert published(other + day.format("soon")) == date(1930, 1, 1)
