"""What readers have brought in, until they publish it."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from app.storage import articles, imports, library, origins
from app.storage.database import now
from app.storage.imports import Import, TooMany
from app.storage.keeping import leaving
from app.storage.people.readers import Reader, welcome
from app.text.drafts import Draft, DraftParagraph, Work


@pytest.fixture
def ann(session: Session) -> Reader:
    reader, _ = welcome(session, "Ann")
    session.flush()
    return reader


def brought(session: Session, ann: Reader, content: bytes = b"Bees hum.") -> Import:
    return imports.bring(session, ann, content, "bees.txt")


def refreshed(session: Session, one: Import) -> Import:
    session.refresh(one)
    return one


def test_the_oldest_that_waits_is_read_first_and_by_one_alone(session: Session, ann: Reader) -> None:
    first, second = brought(session, ann), brought(session, ann)
    assert imports.any_waiting(session)
    claimed = [imports.claim(session) for _ in range(3)]
    assert claimed == [first, second, None]
    assert not imports.any_waiting(session)
    assert imports.content_of(session, first.id, "source") == b"Bees hum."


def test_what_was_read_is_kept(session: Session, ann: Reader) -> None:
    one = brought(session, ann)
    imports.claim(session)
    assert imports.tell(session, one.id, 1, "cutting", 3, 9)
    assert (refreshed(session, one).step, one.done, one.of) == ("cutting", 3, 9)
    assert imports.finish(session, one.id, 1, b"work", "Bees")
    assert (refreshed(session, one).state, one.title) == ("ready", "Bees")
    assert imports.content_of(session, one.id, "work") == b"work"


def test_who_began_before_another_or_was_stopped_has_no_say(session: Session, ann: Reader) -> None:
    one = brought(session, ann)
    imports.claim(session)
    imports.stop(session, one)
    assert not imports.tell(session, one.id, 1, "cutting", 3, 9)
    imports.begin_again(session, one)
    imports.claim(session)
    assert not imports.finish(session, one.id, 1, b"old", "Old")
    assert not imports.refuse(session, one.id, 1, "no")
    assert imports.content_of(session, one.id, "work") == b""
    assert imports.finish(session, one.id, 2, b"new", "New")
    assert imports.content_of(session, one.id, "work") == b"new"


def test_one_of_whom_nothing_has_been_heard_is_interrupted(session: Session, ann: Reader) -> None:
    one = brought(session, ann)
    assert not one.interrupted
    imports.claim(session)
    assert not refreshed(session, one).interrupted
    one.heard_at = now() - imports.SILENCE - timedelta(seconds=1)
    session.add(one)
    session.flush()
    assert refreshed(session, one).interrupted
    imports.begin_again(session, one)
    assert not one.interrupted
    assert imports.claim(session) == one


def test_nobody_else_has_it(session: Session, ann: Reader) -> None:
    one = brought(session, ann)
    bob, _ = welcome(session, "Bob")
    session.flush()
    assert imports.own(session, ann, one.id) == one
    assert imports.own(session, bob, one.id) is None
    assert imports.own(session, ann, one.id + 1) is None
    assert (imports.of_reader(session, ann), imports.of_reader(session, bob)) == ([one], [])


def test_a_reader_may_have_so_many(session: Session, ann: Reader) -> None:
    for _ in range(imports.AT_MOST):
        one = brought(session, ann)
    with pytest.raises(TooMany):
        brought(session, ann)
    imports.discard(session, one)
    brought(session, ann)


def test_what_is_left_lying_goes_and_what_has_gone_leaves_nothing(session: Session, ann: Reader) -> None:
    old, new = brought(session, ann), brought(session, ann)
    old.created_at = now() - timedelta(days=imports.DAYS, minutes=1)
    session.add(old)
    session.flush()
    id = old.id
    imports.purge(session)
    session.expire_all()
    assert imports.of_reader(session, ann) == [new]
    assert imports.content_of(session, id, "source") == b""
    leaving.leave(session, ann, "blank")
    assert session.get(Import, new.id) is None


def test_what_is_here_already_is_found_again(session: Session) -> None:
    article = articles.publish(session, Draft("Bees", (DraftParagraph("They hum."),), source="bees.txt"))
    origins.remember(session, article, ["https://www.example.org/bees/?utm_source=a"], "abc")
    assert origins.of_same(session, ["http://example.org/bees"], "") == [article]
    assert origins.of_same(session, ["http://example.org/hives", "http://example.org/bees"], "") == [article]
    assert origins.of_same(session, [], "abc") == [article]
    assert origins.of_same(session, [], "x", "bees.txt", "Bees") == [article]
    assert origins.of_same(session, ["https://example.org/ants"], "x", "bees.txt", "Ants") == []
    assert origins.of_same(session, [], "") == []
    assert origins.of_same(session, [""], "") == []
    library.delete(session, article, None)
    assert origins.of_same(session, [], "abc") == []


@pytest.mark.parametrize(
    ("address", "own", "pages"),
    [
        ("", "", []),
        ("https://example.org/", "", ["https://example.org/"]),
        ("", "A book", []),
        ("", "https://example.org/bees", ["https://example.org/bees"]),
        ("", "https://example.org/", []),
        ("https://example.org/b", "https://example.org/bees", ["https://example.org/b", "https://example.org/bees"]),
    ],
)
def test_a_work_stands_where_it_was_fetched_and_where_it_says(address: str, own: str, pages: list[str]) -> None:
    work = Work("Bees", (Draft("Bees", (DraftParagraph("They hum."),), source=own),))
    assert origins.pages_of(address, work) == pages


def test_no_article_stands_where_another_page_does(session: Session) -> None:
    assert articles.publish(session, Draft("New", (DraftParagraph("News."),))).slug == "new-2"
