"""Shares: one link for one thing, and what it lets a visitor see."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from app.storage import articles, shares
from app.storage.annotations import annotate, erase, reply, reword
from app.storage.articles import Article
from app.storage.database import now
from app.storage.passages import NotAPassage, PassageChanged
from app.storage.people import groups
from app.storage.people.groups import Group, NotAMember
from app.storage.people.readers import Reader, welcome
from app.storage.shares import (
    Expiry,
    NotToBeShared,
    Share,
    count_opening,
    is_alive,
    revoke,
    share,
)
from app.storage.visiting import left_out, seen_through
from app.text.drafts import Draft, DraftParagraph
from app.text.spans import Span

#        0      7       14       23       32
TEXTS = ("First.", "Second.", "Third.", "Fourth.", "Fifth.")


@pytest.fixture
def text(session: Session) -> Article:
    return articles.publish(session, Draft("A text", tuple(map(DraftParagraph, TEXTS))))


THIRD = Span(17, 23)


def test_the_same_share_again_is_the_same_link(session: Session, text: Article, ann: Reader, bob: Reader) -> None:
    note = annotate(session, text, ann, THIRD)

    def links() -> list[str]:
        return [
            share(session, text, ann, THIRD, annotation=note).token,
            share(session, text, ann, THIRD, annotation=note, scope="article").token,
            share(session, text, ann, THIRD).token,
            share(session, text, bob, THIRD, annotation=note).token,
            share(session, text, ann, Span(17, 22)).token,
        ]

    first = links()
    assert len(set(first)) == 5
    assert links() == first


def test_a_revoked_link_is_not_given_again(session: Session, text: Article, ann: Reader) -> None:
    first = share(session, text, ann, THIRD)
    revoke(session, first)
    session.flush()
    again = share(session, text, ann, THIRD)
    assert again.token != first.token
    assert again.revoked_at is None


def test_a_share_remembers_the_words_of_its_passage(session: Session, text: Article, ann: Reader) -> None:
    made = share(session, text, ann, Span(17, 22), exact="Third")
    assert (made.prefix, made.exact, made.suffix) == ("First.\n\nSecond.\n\n", "Third", ".\n\nFourth.\n\nFifth.")


def test_only_a_passage_that_stands_there_is_shared(session: Session, text: Article, ann: Reader) -> None:
    with pytest.raises(NotAPassage):
        share(session, text, ann, Span(6, 8))
    with pytest.raises(PassageChanged):
        share(session, text, ann, THIRD, exact="third.")


def test_a_token_cannot_be_guessed(session: Session, text: Article, ann: Reader) -> None:
    tokens = {share(session, text, ann, Span(0, end)).token for end in range(1, 7)}
    assert len(tokens) == 6
    assert all(len(token) >= 20 for token in tokens)
    assert all(shares.by_token(session, token) for token in tokens)
    assert shares.by_token(session, "") is None


@pytest.mark.parametrize(
    ("passage", "numbers"),
    [(THIRD, [2, 3, 4]), (Span(0, 2), [1, 2]), (Span(34, 40), [4, 5]), (Span(8, 20), [1, 2, 3, 4])],
)
def test_a_shared_passage_comes_with_its_neighbours_and_no_more(
    session: Session, text: Article, ann: Reader, passage: Span, numbers: list[int]
) -> None:
    seen = seen_through(session, share(session, text, ann, passage), text)
    assert [block.number for block in seen.blocks] == numbers
    assert seen.passage == passage


def test_a_shared_passage_shows_its_own_note_alone(session: Session, text: Article, ann: Reader, bob: Reader) -> None:
    note = annotate(session, text, ann, THIRD, note="mine")
    annotate(session, text, ann, THIRD, note="mine, too")
    annotate(session, text, bob, THIRD, note="another's")
    session.flush()
    through = seen_through(session, share(session, text, ann, THIRD, annotation=note), text)
    assert [seen.id for seen in through.annotations] == [note.id]
    assert seen_through(session, share(session, text, ann, THIRD), text).annotations == []


def test_a_shared_article_shows_the_sharers_open_notes_and_the_one_shared(
    session: Session, text: Article, ann: Reader, bob: Reader
) -> None:
    mine = annotate(session, text, ann, Span(0, 5), note="mine")
    annotate(session, text, ann, Span(0, 5), note="private", visibility="me")
    theirs = annotate(session, text, bob, THIRD, note="shared")
    annotate(session, text, bob, Span(0, 5), note="not shared")
    session.flush()
    through = seen_through(session, share(session, text, ann, THIRD, annotation=theirs, scope="article"), text)
    assert [seen.id for seen in through.annotations] == [mine.id, theirs.id]
    assert [block.number for block in through.blocks] == [1, 2, 3, 4, 5]


def test_a_note_made_private_after_it_was_shared_is_seen_no_more(session: Session, text: Article, ann: Reader) -> None:
    note = annotate(session, text, ann, THIRD, note="mine")
    shared = [share(session, text, ann, THIRD, annotation=note, scope=scope) for scope in ("passage", "article")]
    reword(session, note, note="mine", colour="yellow", visibility="me")
    session.flush()
    assert [seen_through(session, one, text).annotations for one in shared] == [[], []]


# ── groups, and what ends a share


@pytest.fixture
def circle(session: Session, ann: Reader, bob: Reader) -> Group:
    """A group that Ann owns and Bob is in."""
    group = groups.make(session, ann, "Circle")
    groups.join(session, group.id, bob)
    session.flush()
    return group


def test_a_groups_share_shows_what_was_written_for_it_and_nothing_else(
    session: Session, text: Article, ann: Reader, bob: Reader, circle: Group
) -> None:
    scope = f"group:{circle.id}"
    other = groups.make(session, ann, "Another")
    mine, theirs, hidden, deleted = (
        annotate(session, text, who, THIRD, note="for the group", visibility=scope) for who in (ann, bob, ann, bob)
    )
    for who in (ann, bob):
        annotate(session, text, who, THIRD, note="for all")
        annotate(session, text, who, THIRD, note="private", visibility="me")
    annotate(session, text, ann, THIRD, note="for others", visibility=f"group:{other.id}")
    said = reply(session, mine, bob, "for the group, too")
    silenced = reply(session, theirs, ann, "hidden")
    hidden.hidden_at = silenced.hidden_at = now()
    erase(session, deleted)
    session.flush()
    through = seen_through(session, share(session, text, ann, THIRD, scope=scope), text)
    assert {one.id for one in through.annotations} == {mine.id, theirs.id}
    assert [one.id for one in through.replies] == [said.id]
    assert len(through.blocks) == 5


def test_only_who_owns_a_group_shares_its_notes(
    session: Session, text: Article, ann: Reader, bob: Reader, circle: Group
) -> None:
    stranger = welcome(session)[0]
    for who in (bob, stranger):
        with pytest.raises(NotAMember):
            share(session, text, who, THIRD, scope=f"group:{circle.id}")
    with pytest.raises(NotAMember):
        share(session, text, ann, THIRD, scope="group:999999")


def test_of_a_groups_notes_one_shares_ones_own_alone(
    session: Session, text: Article, ann: Reader, bob: Reader, circle: Group
) -> None:
    scope = f"group:{circle.id}"
    theirs = annotate(session, text, bob, THIRD, note="Bob's", visibility=scope)
    through = seen_through(session, share(session, text, bob, THIRD, annotation=theirs), text)
    assert [one.id for one in through.annotations] == [theirs.id]
    for who, kind in ((bob, "article"), (ann, "passage"), (ann, "article")):
        with pytest.raises(NotToBeShared):
            share(session, text, who, THIRD, annotation=theirs, scope=kind)
    assert seen_through(session, share(session, text, bob, THIRD, scope="article"), text).annotations == []


@pytest.mark.parametrize("scope", ["passage", "article", "group"])
def test_a_note_that_is_not_for_others_is_in_no_share(
    session: Session, text: Article, ann: Reader, circle: Group, scope: str
) -> None:
    scope = f"group:{circle.id}" if scope == "group" else scope
    for state in ("me", "hidden"):
        note = annotate(session, text, ann, THIRD, note="Mine", visibility="me" if state == "me" else "everyone")
        note.hidden_at = now() if state == "hidden" else None
        session.flush()
        with pytest.raises(NotToBeShared):
            share(session, text, ann, THIRD, annotation=note, scope=scope)
    assert seen_through(session, share(session, text, ann, THIRD, scope=scope), text).annotations == []


def end(how: str, session: Session, made: Share, ann: Reader, circle: Group) -> None:
    """Let a share come to its end in one of the ways that there are."""
    match how:
        case "withdrawn":
            revoke(session, made)
        case "expired":
            made.expires_at = now()
        case "banned":
            ann.banned_at = now()
        case "left":
            ann.left_at = now()
        case "group handed on":
            groups.leave(session, circle.id, ann.id)
        case "group gone":
            session.delete(circle)


@pytest.mark.parametrize("how", ["withdrawn", "expired", "banned", "left", "group handed on", "group gone"])
def test_a_share_of_a_group_ends_at_once(
    session: Session, text: Article, ann: Reader, bob: Reader, circle: Group, how: str
) -> None:
    made = share(session, text, ann, THIRD, scope=f"group:{circle.id}", expires="week")
    alone = share(session, text, ann, THIRD)
    assert is_alive(session, made)
    end(how, session, made, ann, circle)
    session.flush()
    session.expire_all()
    assert not is_alive(session, made)
    assert is_alive(session, alone) == (how not in ("banned", "left"))


@pytest.mark.parametrize(("expires", "days"), [("day", 1), ("week", 7), ("month", 30)])
def test_a_share_expires_when_it_was_asked_to(
    session: Session, text: Article, ann: Reader, expires: Expiry, days: int
) -> None:
    made, again = (share(session, text, ann, THIRD, expires=expires) for _ in range(2))
    assert made.expires_at
    assert timedelta(days=days) - timedelta(minutes=1) < made.expires_at - made.created_at <= timedelta(days=days)
    assert again is made
    assert share(session, text, ann, THIRD).expires_at is None


def test_openings_are_counted_one_by_one(session: Session, text: Article, ann: Reader) -> None:
    made, other = share(session, text, ann, THIRD), share(session, text, ann, Span(0, 6))
    for _ in range(3):
        count_opening(session, made.id)
    session.expire_all()
    assert (made.opened, other.opened) == (3, 0)


def test_what_stays_out_of_a_share_is_counted(session: Session, text: Article, ann: Reader, bob: Reader) -> None:
    annotate(session, text, ann, THIRD, note="goes")
    annotate(session, text, ann, THIRD, note="stays", visibility="me")
    annotate(session, text, bob, THIRD, note="stays", visibility="me")
    erase(session, annotate(session, text, ann, THIRD))
    session.flush()
    made = share(session, text, ann, THIRD, scope="article")
    seen = seen_through(session, made, text)
    assert (len(seen.annotations), left_out(session, made, text, seen.annotations)) == (1, 1)
