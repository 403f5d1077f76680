"""Shares: one link for one thing, and what it lets a visitor see."""

import pytest
from sqlmodel import Session

from app.storage import articles, shares
from app.storage.annotations import annotate, reword
from app.storage.articles import Article, NotAPassage, PassageChanged
from app.storage.readers import Reader
from app.storage.shares import revoke, seen_through, share
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
