"""The reading page: the text and nothing but the text, every highlight on exactly its characters."""

import random
from collections import defaultdict
from dataclasses import dataclass
from uuid import uuid4

import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from app.storage import articles, passages
from app.storage.annotations import annotate
from app.storage.articles import Block, paragraphs_of
from app.storage.database import Database
from app.storage.passages import NotAPassage
from app.storage.people import readers
from app.text.drafts import Draft, DraftParagraph, paragraph
from app.text.spans import Span
from tests.conftest import ARTICLE, SLUG
from tests.html import Element, parse
from tests.library import mark, publish, statements, welcome
from tests.web.conftest import browser, saved, seen

# ── what holds for every reading page


def blocks_of(page: Element) -> list[Element]:
    """The block of each paragraph: `.paragraph > [data-start]`."""
    rows = page.all(cls="paragraph")
    return [child for row in rows for child in row.children if isinstance(child, Element) and "data-start" in child]


def covered(page: Element) -> dict[int, set[int]]:
    """Which code points of the text each annotation lies over, by its id. Marks never nest."""
    found: defaultdict[int, set[int]] = defaultdict(set)

    def walk(element: Element, at: int, ids: list[int]) -> int:
        for child in element.children:
            if isinstance(child, str):
                for id in ids:
                    found[id].update(range(at, at + len(child)))
                at += len(child)
            elif child.tag == "mark":
                assert not ids, "a mark in a mark"
                assert child.text, "a mark over nothing"
                at = walk(child, at, [int(id) for id in child["data-annotations"].split()])
            else:
                at = walk(child, at, ids)
        return at

    for block in blocks_of(page):
        walk(block, int(block["data-start"]), [])
    return dict(found)


def check(page: Element, blocks: list[Block], annotations: dict[int, Span]) -> None:
    """The laws of the reading page, for what is stored and for what this reader may see of it."""
    ids = page.ids()
    assert max(ids.values()) == 1

    assert [(int(one["data-start"]), one.text) for one in blocks_of(page)] == [(one.start, one.text) for one in blocks]
    assert [row.id for row in page.all(cls="paragraph")] == [f"p{block.start}" for block in blocks]

    letters = {at for block in blocks for at in range(block.start, block.end)}
    assert covered(page) == {id: set(range(span.start, span.end)) & letters for id, span in annotations.items()}

    notes = page.all("div", cls="note")
    assert sorted(note.id for note in notes) == sorted(f"a{id}" for id in annotations)
    for note in notes:
        span = annotations[int(note.id[1:])]
        (row,) = (above for above in note.above() if "paragraph" in above.classes)
        (block,) = (block for block in blocks if f"p{block.start}" == row.id)
        assert block.start <= span.start < block.end
        assert note["role"] == "comment"
    for one in page.all("mark"):
        assert one["aria-details"] == f"a{one['data-annotations'].split()[0]}"
        assert one["aria-details"] in ids

    shown = [(one.id, one.text) for one in page.all("span", cls="sentence")]
    kept = [(f"s{s.start}", s.shifted(-block.start).of(block.text)) for block in blocks for s in block.sentence_spans]
    assert shown == kept

    assert {link["href"] for link in page.all("a") if link["href"].startswith("#")} <= {f"#{id}" for id in ids}


# ── any article, with any highlights on it

ODD = (
    "😀 👩‍👩‍👧 🇺🇦 é e\u0301 o\u0308\u0323 a\u20dd שָׁלוֹם مرحبا \u202eabc\u202c \u200b \ufeff 𝔘 \t \n \u2028 \x85"
    " < > & \" ' ` \\ &amp; &#60; &lt <b> </p> <!-- ]]> <script> {{x}} {%"
).split(" ")
texts = st.lists(
    st.sampled_from(ODD) | st.sampled_from([" ", "A word. ", "Why? ", "Dr. Who. "]) | st.text(max_size=4),
    min_size=1,
    max_size=12,
).map("".join)
kinds = st.sampled_from(["p", "p", "heading", "quotation", "code", "unheard of"])
paragraphs = st.builds(paragraph, texts, kinds)


@dataclass
class Highlight:
    """One to be laid: by which reader, and where, as fractions of the text."""

    reader: int
    ends: tuple[float, float]
    private: bool
    note: str


fractions = st.floats(0, 1, exclude_max=True)
highlights = st.builds(
    Highlight, st.integers(0, 2), st.tuples(fractions, fractions), st.booleans(), st.sampled_from(["", "*a*", "<b>"])
)


def lay(
    database: Database, drafted: Draft, wanted: list[Highlight]
) -> tuple[str, list[str], dict[int, tuple[int, Span]]]:
    """Publish a draft and lay highlights over it; gives its slug, the tokens of three readers, and the private ones.

    A highlight maps to the number of the reader who alone may see it, or -1, and to its span.
    """
    with database.transaction() as session:
        article = articles.publish(session, drafted)
        known = [readers.welcome(session, f"Reader <{number}>") for number in range(3)]
        laid: dict[int, tuple[int, Span]] = {}
        for one in wanted:
            start, end = sorted(int(fraction * len(drafted.text)) for fraction in one.ends)
            try:
                made = annotate(
                    session,
                    article,
                    known[one.reader][0],
                    passages.passage(start, end + 1),
                    note=one.note,
                    visibility="me" if one.private else "everyone",
                )
            except NotAPassage:
                continue
            laid[made.id] = (one.reader if one.private else -1, Span(start, end + 1))
        return article.slug, [token for _, token in known], laid


def blocks(database: Database, slug: str) -> list[Block]:
    with database.transaction() as session:
        article = articles.by_slug(session, slug)
        assert article
        return paragraphs_of(session, article)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(paragraphs, min_size=1, max_size=4), st.lists(highlights, max_size=12), st.integers(-1, 2))
def test_the_page_is_the_text_with_every_highlight_on_its_characters(
    client: TestClient, database: Database, found: list[DraftParagraph | None], wanted: list[Highlight], who: int
) -> None:
    drafted = Draft(uuid4().hex, tuple(one for one in found if one) or (DraftParagraph("😀"),), language="en")
    slug, tokens, laid = lay(database, drafted, wanted)
    page = seen(browser(client, tokens[who] if who >= 0 else ""), f"/articles/{slug}")
    check(page, blocks(database, slug), {id: span for id, (only, span) in laid.items() if only in (-1, who)})


@pytest.mark.parametrize("count", [0, 1, 292])
def test_the_seed_article_is_whole_under_many_highlights(client: TestClient, database: Database, count: int) -> None:
    chance = random.Random(count)
    with database.transaction() as session:
        article = articles.by_slug(session, SLUG)
        assert article
        kept = paragraphs_of(session, article)
        known = [readers.welcome(session)[0] for _ in range(5)]
        spans: dict[int, Span] = {}
        while len(spans) < count:
            begin, end = sorted(chance.choices(kept[: chance.randint(1, 33)], k=2), key=lambda block: block.start)
            start = chance.randint(begin.start, begin.end - 1)
            stop = chance.randint(max(start, end.start) + 1, end.end)
            span = Span(start, min(stop, start + chance.choice([5, 50, 500, 5_000])))
            try:
                spans[annotate(session, article, chance.choice(known), span, note=chance.choice(["", "a"])).id] = span
            except NotAPassage:
                continue
    page = seen(client, ARTICLE)
    sample = {int(note.id[1:]): Span(*map(int, note["data-span"].split("-"))) for note in page.all(cls="note")}
    assert len(sample) == 8 + count
    assert sample.items() >= spans.items()
    check(page, kept, sample)


def test_the_seed_article_is_marked_sentence_by_sentence(client: TestClient) -> None:
    page = seen(client, ARTICLE)
    assert len(page.all(cls="paragraph")) == 33
    assert len(page.all("span", cls="sentence")) == 57
    assert len(page.all("div", cls="note")) == 8
    assert page.one("h1").text == "What an American election means for Ukraine"
    assert "does not cover it" in page.one(cls="source").text


def test_who_wrote_it_stands_below_its_title(client: TestClient, database: Database) -> None:
    with database.transaction() as session:
        draft = Draft("Bees", (DraftParagraph("They fly."),), language="en", author="Ann <Quill>", source="A meadow")
        slug = articles.publish(session, draft).slug
    page = seen(client, f"/articles/{slug}")
    assert [one.text for one in page.all(cls="source")] == ["Ann <Quill>", "A meadow"]


def test_an_address_that_it_is_from_is_a_link(client: TestClient, database: Database) -> None:
    for source, leads in (
        ("https://example.org/bees?a=1&b", True),
        ("javascript:alert(1)", False),
        ("See http://a.b", False),
    ):
        with database.transaction() as session:
            draft = Draft("Bees", (DraftParagraph("They fly."),), language="en", source=source)
            slug = articles.publish(session, draft).slug
        line = seen(client, f"/articles/{slug}").one(cls="source")
        assert line.text.strip() == source
        assert [link["href"] for link in line.all("a")] == ([source] if leads else [])


def test_a_paragraph_is_the_kind_of_block_that_it_was(client: TestClient, database: Database) -> None:
    kinds = [("p", "p"), ("heading", "h2"), ("quotation", "blockquote"), ("code", "pre"), ("<script>", "p")]
    slug = publish(database, *(DraftParagraph(f"A {kind}.", kind) for kind, _ in kinds))
    assert [block.tag for block in blocks_of(seen(client, f"/articles/{slug}"))] == [tag for _, tag in kinds]


def test_names_and_titles_are_only_words(client: TestClient, database: Database) -> None:
    hostile = '"><script>alert(1)</script>{{7*7}}'
    slug = publish(database, "One two.", title=hostile, language='en" onload="x')
    _, token = welcome(database, hostile)
    mark(database, slug, 0, 3, token, note=hostile)
    for who in (client, browser(client, token)):
        for path in (f"/articles/{slug}", "/", f"/articles/{slug}/annotations/new?paragraph=1", "/session/name"):
            page = seen(who, path)
            assert {script["src"][:8] for script in page.all("script")} == {"/static/"}
            assert "49" not in page.text
    assert seen(client, f"/articles/{slug}").one("h1").text == hostile


# ── what it costs


def test_a_page_asks_the_database_as_often_for_three_hundred_notes_as_for_three(
    app: FastAPI, client: TestClient, database: Database, text: str
) -> None:
    slug = text.removeprefix("/articles/")
    saved(client, text, note="Mine")
    stranger = browser(client)

    def asked() -> list[int]:
        counts = []
        for who, headers in ((client, {}), (stranger, {}), (client, {"HX-Request": "true"})):
            with statements(app.state.database.engine) as sent:
                assert who.get(text, headers=headers).status_code == 200
            counts.append(len(sent))
        return counts

    for _ in range(2):
        mark(database, slug, 0, 8, note="theirs")
    few = asked()
    with database.transaction() as session:
        article = articles.by_slug(session, slug)
        assert article
        for number in range(297):
            reader, _ = readers.welcome(session)
            annotate(session, article, reader, Span(0, 8 + number % 3 * 6), note="theirs")
    assert asked() == few
    assert max(few) <= 8
    assert len(seen(client, text).all(cls="note")) == 300


def test_the_library_asks_the_database_as_often_for_thirty_articles_as_for_one(
    app: FastAPI, client: TestClient, database: Database
) -> None:
    def asked() -> int:
        with statements(app.state.database.engine) as sent:
            assert client.get("/").status_code == 200
        return len(sent)

    few = asked()
    for number in range(29):
        mark(database, publish(database, "One two.", title=f"Text {number}"), 0, 3, note="a")
    assert asked() == few
    assert len(seen(client, "/").one(cls="shelf").all("li")) == 30


# ── the library


def test_the_library_has_the_newest_first_and_says_what_is_written_beside(
    client: TestClient, database: Database, text: str
) -> None:
    saved(client, text, note="a")
    saved(client, text)
    first, second = seen(client, "/").one(cls="shelf").all("li")
    assert (first.one("a")["href"], second.one("a")["href"]) == (text, ARTICLE)
    assert "1 note by 1 reader" in first.text
    assert "8 notes by 1 reader" in second.text


def test_an_empty_library_says_how_to_fill_it(client: TestClient, database: Database) -> None:
    with database.transaction() as session:
        for article in articles.every(session):
            session.delete(article)
    assert "postil import" in seen(client, "/").text


def test_a_page_can_be_asked_for_without_its_body(client: TestClient) -> None:
    for path in ("/", ARTICLE):
        answer = client.head(path)
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"


def test_the_pages_are_the_same_compressed_and_plain(client: TestClient) -> None:
    plain = client.get(ARTICLE, headers={"Accept-Encoding": "identity"})
    small = client.get(ARTICLE, headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert small.headers["Content-Encoding"] == "gzip"
    assert parse(plain.text).text == parse(small.text).text
