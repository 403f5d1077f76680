"""A small library with the words of two coasts in it, and what is found there, in short."""

from sqlmodel import Session, select

from app.storage import articles, collections
from app.storage.annotations import annotate, reply
from app.storage.articles import Article
from app.storage.database import Database
from app.storage.people import readers
from app.storage.people.readers import Reader
from app.storage.searching import search
from app.storage.searching.hits import FoundArticle, FoundNote
from app.storage.searching.indexing import check
from app.text.drafts import Draft, DraftParagraph
from app.text.searching.queries import query_of
from app.text.spans import Span

SEA = (
    "The lighthouse keeper counts the waves. Nobody else does.",
    "Waves counted at night weigh more; so he says, the keeper of the lighthouse.",
    "A café stands by the pier. Its naïve owner sells crêpes.",
)
EAST = (
    "灯台守は夜の波を数える。東京湾の波は静かだ。",
    "등대지기는 밤에 파도를 센다. 서울에서는 파도가 보이지 않는다.",
    "A foghorn in 東京: nobody hears it.",
)

KEEPER = {"p: The lighthou", "p: Waves counte"}
EASTERN = {"p: 灯台守は夜の波を数える。", "p: A foghorn in", "note: 東京の灯台についてのメモ"}


def by_the_sea(database: Database) -> Database:
    """Two articles, and what two readers say of them."""
    with database.transaction() as session:
        for title, author, paragraphs in (("The Lighthouse", "Ørsted Løvland", SEA), ("灯台の話", "海野", EAST)):
            draft = Draft(title, tuple(map(DraftParagraph, paragraphs)), author=author)
            articles.publish(session, draft)
        ada, grace = readers.welcome(session, "Ada Quill")[0], readers.welcome(session, "Grâce Ínk")[0]
        sea, east = (article_titled(session, title) for title in ("The Lighthouse", "灯台の話"))
        first = annotate(session, sea, ada, Span(0, 14), note="Why does he count waves at all?", tags="sea, Night Work")
        reply(session, first, grace, "Since the WAVES count him.")
        annotate(session, sea, grace, Span(0, 3), tags="sea")
        annotate(session, sea, ada, Span(4, 14), note="Mine alone: waves of a clandestine kind.", visibility="me")
        annotate(session, east, grace, Span(0, 3), note="東京の灯台についてのメモ", tags="海")
        collections.gather(session, "Shores of All Kinds", [sea])
    return database


def article_titled(session: Session, title: str) -> Article:
    return session.exec(select(Article).where(Article.title == title)).one()


def named(session: Session, name: str) -> Reader:
    return session.exec(select(Reader).where(Reader.name == name)).one()


def found(session: Session, typed: str, reader: Reader | None = None) -> set[str]:
    """What is found, in short: titles, the first words of paragraphs, notes."""
    hits = search.find(session, reader, query_of(typed))
    for of in hits.values():
        assert of.count == len(of.found)
    said: set[str] = set()
    for of in hits.values():
        for one in of.found:
            if isinstance(one, FoundArticle):
                said.add("".join(piece.words for piece in one.title))
            else:
                words = "".join(piece.words for piece in one.excerpt)
                said.add(f"{'note' if isinstance(one, FoundNote) else 'p'}: {words[:12]}".strip())
    return said


def complaints(library: Database) -> list[str]:
    """What is wrong with its index."""
    with library.transaction() as session:
        return list(check(session))
