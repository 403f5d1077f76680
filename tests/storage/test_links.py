"""The links that readers have made, in one place."""

from sqlmodel import Session

from app.storage.annotations import annotate, erase
from app.storage.articles import Article
from app.storage.database import now
from app.storage.links import links_of, links_of_group
from app.storage.people import groups
from app.storage.people.readers import Reader
from app.storage.shares import revoke, share
from app.text.spans import Span

FIRST = Span(0, 8)


def test_ones_links_are_listed_until_they_have_ended(session: Session, text: Article, ann: Reader, bob: Reader) -> None:
    kept = share(session, text, ann, FIRST)
    withdrawn, expired = (share(session, text, ann, FIRST, scope="article", expires=one) for one in ("day", "week"))
    revoke(session, withdrawn)
    expired.expires_at = now()
    share(session, text, bob, FIRST)
    session.flush()
    (link,) = links_of(session, ann)
    assert (link.share, link.slug, link.title, link.sharer, link.alive) == (kept, text.slug, "A text", "Ann", True)


def test_a_link_whose_note_is_gone_is_listed_as_one_that_opens_nothing(
    session: Session, text: Article, ann: Reader
) -> None:
    note = annotate(session, text, ann, FIRST)
    share(session, text, ann, FIRST, annotation=note)
    erase(session, note)
    assert [link.alive for link in links_of(session, ann)] == [False]


def test_members_see_by_which_links_their_notes_go_out(
    session: Session, text: Article, ann: Reader, bob: Reader
) -> None:
    group = groups.make(session, ann, "Circle")
    groups.join(session, group.id, bob)
    theirs = annotate(session, text, bob, FIRST, note="Ours", visibility=f"group:{group.id}")
    made = share(session, text, ann, FIRST, annotation=theirs, scope=f"group:{group.id}")
    share(session, text, ann, FIRST)
    for member in (ann, bob):
        assert [(one.share, one.group, one.sharer) for one in links_of_group(session, group, member)] == [
            (made, "Circle", "Ann")
        ]
    groups.appoint(session, group, bob.id, "owner")
    groups.appoint(session, group, ann.id, "member")
    assert links_of_group(session, group, bob) == []
