"""Revising an article in the browser: the editor, what a revision would change, and the revisions that there are."""

from dataclasses import replace
from typing import Annotated, Any, Literal, NamedTuple

from anyio.to_thread import run_sync
from fastapi import APIRouter, Form, HTTPException, Path, Query, Request, Response
from pydantic import BaseModel, Field
from sqlmodel import Session

from app.formats import markdown
from app.formats.plain import TITLE_LENGTH
from app.importing import editing
from app.importing.editing import SHORT, Sources
from app.importing.reading import NotRead
from app.rendering.differences import Line, differences
from app.storage import articles, pictures, revisions
from app.storage.articles import Article
from app.storage.database import Database
from app.storage.margins import Seen, annotations_seen_by, places_seen_by
from app.storage.people.readers import Reader
from app.storage.revisions import Counts, NothingToUndo, Prepared, RevisedMeanwhile
from app.text.comparing.differences import difference
from app.text.drafts import Draft
from app.text.spans import Span
from app.web.entrance.answers import etag, kept_page, not_modified, page, see_other
from app.web.entrance.dependencies import (
    KNOWS_WHO_READS,
    CurrentReader,
    Name,
    NamedArticle,
    Publisher,
    Transaction,
    current_reader,
    find_article,
    publisher,
    publishes,
)
from app.web.entrance.forms import FormRoute
from app.web.entrance.turns import LONG, in_turn, take_turn
from app.web.entrance.words import plain, unix

router = APIRouter(route_class=FormRoute)

MOST = 50
"""How many notes of which something would become are named before one publishes; the others are counted."""

TEXT_BYTES = 4 * markdown.LENGTH
"""How long a text may be as a form sends it, four bytes a letter."""

LENGTHS = {"title": TITLE_LENGTH, "author": TITLE_LENGTH, "language": 35, "source": 2000}
"""In code points, of what is said of an article besides its text."""

Number = Annotated[int, Field(ge=1, lt=2**31)]


class ArticleForm(BaseModel):
    """An article as its editor has it, and what is to be done with it."""

    title: str = ""
    author: str = ""
    language: str = ""
    source: str = ""
    text: str = ""
    based_on: Number
    """The revision that the editor began with."""
    deed: Literal["preview", "publish", "edit"] = "preview"


class RestoringForm(BaseModel):
    """The revision that was current when one decided to go back, and whether that is to undo the last one."""

    based_on: Number
    undo: bool = False


class Comparison(BaseModel):
    """Which revisions to compare; what is not said is the current one, and the one before that."""

    first: Annotated[int | None, Field(alias="from", ge=1, lt=2**31)] = None
    second: Annotated[int | None, Field(alias="to", ge=1, lt=2**31)] = None


class Affected(NamedTuple):
    """A note of which something would become, and the words that it is about now."""

    seen: Seen
    words: str


class NoDraft(NamedTuple):
    """Why a form says no article."""

    fault: str


class Outlook(NamedTuple):
    """What a revision would bring, as far as this reader may see it."""

    lines: list[Line]
    facts: list[tuple[str, str, str]]
    """What would be said of the article otherwise: what, what it is, what it would be."""
    counts: Counts
    affected: dict[str, list[Affected]]
    """By what would become of them, the first of the notes that would change or lose their words."""
    complete: bool


# ── the editor


@router.get("/articles/{slug}/edit", name="edit_article", dependencies=KNOWS_WHO_READS)
def edit(request: Request, article: NamedArticle, _publisher: Publisher, session: Transaction) -> Response:
    """The article as Markdown, to be changed."""
    take_turn(request, article.words > LONG)
    return editor(request, article, as_form(request, session, article))


@router.post("/articles/{slug}", name="revise_article", form_limits={"max_part_size": TEXT_BYTES})
async def revise(request: Request, slug: Name, form: Annotated[ArticleForm, Form()]) -> Response:
    """What a revision would change; with `deed=publish` it is published, with `edit` one goes on editing.

    Texts are read in no transaction and compared in one that reads, so that nobody waits for it.
    """
    database: Database = request.app.state.database
    form = form.model_copy(update={"text": unix(form.text)})
    async with database.reading() as session:
        glanced = await run_sync(glance, request, session, slug, form)
    if isinstance(glanced, Response):
        return glanced
    async with in_turn(request, len(form.text) > SHORT or glanced > LONG):
        draft = await run_sync(drafted, form)
        while True:
            async with database.reading() as session:
                found = await run_sync(look, request, session, slug, form, draft)
            if isinstance(found, Response):
                return found
            async with database.writing() as session:
                if answer := await run_sync(publish, request, session, slug, form, *found):
                    return answer


def glance(request: Request, session: Session, slug: str, form: ArticleForm) -> Response | int:
    """How many words an article has that may be revised, or the page where nothing is to be read."""
    publisher(request, current_reader(request, session))
    article = find_article(slug, session)
    if form.deed == "edit":
        return editor(request, article, form)
    if len(form.text) > markdown.LENGTH:
        fault = f"an article may have {markdown.LENGTH:,} characters; this has {len(form.text):,}"
        return editor(request, article, form, f"Nothing has been published: {fault}.", 422)
    return article.words


def look(
    request: Request, session: Session, slug: str, form: ArticleForm, draft: Draft | NoDraft
) -> Response | tuple[Draft, Prepared]:
    """The page that answers a form, or the revision that it asks to publish."""
    reader = publisher(request, current_reader(request, session))
    article = find_article(slug, session)
    now = as_form(request, session, article)
    if form.based_on != article.revision:
        # Sent twice, as by a second click, it is published once; there is nothing to choose between.
        published = draft if form.deed == "publish" and isinstance(draft, Draft) else None
        sent_twice = published and not revisions.differs(session, article, published)
        return see_other(request, f"/articles/{article.slug}") if sent_twice else overtaken(request, article, form, now)
    if is_as_it_was(form, now):
        return editor(request, article, form, "Nothing has been changed yet: this is the article as it stands.", 422)
    if isinstance(draft, NoDraft):
        return editor(request, article, form, f"Nothing has been published: {draft.fault}.", 422)
    prepared = revisions.prepare(session, article, draft)
    if form.deed == "publish":
        return draft, prepared
    outlook = outlook_of(session, article, reader, prepared, draft)
    missing = pictures.missing(session, article.id, draft)
    return page(request, "revisions/preview.html", article=article, form=form, outlook=outlook, missing=missing)


def publish(
    request: Request, session: Session, slug: str, form: ArticleForm, draft: Draft, prepared: Prepared
) -> Response | None:
    """Publish a revision that has been prepared; None where another has come between, so that one looks again."""
    reader = publisher(request, current_reader(request, session))
    article = find_article(slug, session)
    try:
        revisions.revise(session, article, draft, reader, based_on=form.based_on, prepared=prepared)
    except RevisedMeanwhile:
        return None
    return see_other(request, f"/articles/{article.slug}")


def as_form(request: Request, session: Session, article: Article) -> ArticleForm:
    """An article as the editor begins with it. Raises HTTPException where it is too long for it."""
    sources: Sources = request.app.state.sources
    try:
        text = sources.of(
            article.id, article.revision, lambda: articles.drafted(articles.paragraphs_of(session, article))
        )
    except NotRead as error:
        message = f"This article cannot be edited here: {error}. `postil revise` gives it the text of a file."
        raise HTTPException(422, message) from error
    return ArticleForm(
        title=article.title,
        author=article.author,
        language=article.language,
        source=article.source,
        text=text,
        based_on=article.revision,
    )


def is_as_it_was(form: ArticleForm, now: ArticleForm) -> bool:
    """Whether a form says what is there already: browsers leave out a line end here and there."""
    return said_by(form) == said_by(now)


def said_by(form: ArticleForm) -> tuple[str, ...]:
    return (*(getattr(form, name).strip() for name in LENGTHS), form.text.strip("\n"))


def drafted(form: ArticleForm) -> Draft | NoDraft:
    """The draft that a form says, or why it says none."""
    try:
        return read(form)
    except (ValueError, NotRead) as error:
        return NoDraft(str(error))


def read(form: ArticleForm) -> Draft:
    """The draft that a form says. Raises ValueError, with why, where it is none, and NotRead."""
    said = {name: plain(getattr(form, name)) for name in LENGTHS}
    if not said["title"]:
        raise ValueError("an article needs a title")
    for name, most in LENGTHS.items():
        if len(said[name]) > most:
            raise ValueError(f"its {name} may be {most:,} characters long; this has {len(said[name]):,}")
    draft = editing.read(form.text, said["title"], said["language"])
    if draft.language != said["language"]:
        raise ValueError("a language is said as in “en” or “pt-BR”")
    return replace(draft, author=said["author"], source=said["source"])


def editor(request: Request, article: Article, form: ArticleForm, fault: str = "", status: int = 200) -> Response:
    return page(request, "revisions/edit.html", status, article=article, form=form, fault=fault)


def overtaken(request: Request, article: Article, form: ArticleForm, now: ArticleForm) -> Response:
    """Another revision has come between: both texts, and the way to go on from one's own."""
    lines = differences(difference(now.text, form.text))
    return page(request, "revisions/overtaken.html", 409, article=article, form=form, now=now, lines=lines)


def outlook_of(
    session: Session, article: Article, reader: Reader | None, prepared: Prepared, then: Article | Draft
) -> Outlook:
    """What would become of the article, counted by what this reader may see: the rest does not exist for them."""
    old = articles.text_of(session, article)
    counts = revisions.counts_seen_by(session, reader, article, prepared)
    affected: dict[str, list[Affected]] = {}
    fates = ("orphan", "changed")
    places = places_seen_by(session, reader, article) if any(getattr(counts, fate) for fate in fates) else []
    for fate in fates:
        if ids := [one.id for one in places if prepared.fates.get(one.id) == fate][:MOST]:
            seen = annotations_seen_by(session, reader, article, ids=ids)
            affected[fate] = [Affected(one, Span(one.start, one.end).of(old)) for one in seen]
    lines = differences(difference(old, prepared.way.text))
    return Outlook(lines, facts_between(article, then), counts, affected, prepared.way.complete)


def facts_between(one: Article | Draft, other: Article | Draft) -> list[tuple[str, str, str]]:
    names = ("title", "author", "language", "source")
    found = [(name.capitalize(), getattr(one, name), getattr(other, name)) for name in names]
    return [fact for fact in found if fact[1] != fact[2]]


# ── the revisions that there are


@router.get("/articles/{slug}/revisions", name="revisions", dependencies=KNOWS_WHO_READS)
def index(request: Request, article: NamedArticle, reader: CurrentReader, session: Transaction) -> Response:
    """All revisions of an article, the newest first."""
    return page(
        request,
        "revisions/index.html",
        article=article,
        history=revisions.history(session, article),
        may_publish=publishes(request, reader),
    )


@router.get("/articles/{slug}/compare", name="compare")
def compare(
    request: Request,
    article: NamedArticle,
    reader: CurrentReader,
    session: Transaction,
    wanted: Annotated[Comparison, Query()],
) -> Response:
    """What is different between two revisions of an article: compared once, as they never change."""
    second = wanted.second or article.revision
    first = wanted.first or max(1, second - 1)
    old, new = earlier(session, article, first), earlier(session, article, second)
    tag = etag(request, article, reader, str(first), str(second))

    def needs() -> dict[str, Any]:
        take_turn(request, old.words + new.words > LONG)
        return {
            "article": article,
            "history": revisions.history(session, article),
            "first": first,
            "second": second,
            "lines": differences(difference(articles.text_of(session, old), articles.text_of(session, new))),
            "facts": facts_between(old, new),
        }

    return not_modified(request, tag) or kept_page(request, "revisions/compare.html", tag, needs)


@router.get("/articles/{slug}/revisions/{number}/restore", name="restoring", dependencies=KNOWS_WHO_READS)
def restoring(
    request: Request,
    article: NamedArticle,
    reader: Publisher,
    session: Transaction,
    number: Annotated[int, Path(ge=1, lt=2**31)],
    undo: bool = False,
) -> Response:
    """What it would change to bring back a revision."""
    then = earlier(session, article, number)
    take_turn(request, article.words + then.words > LONG)
    if number == article.revision or (undo and number != revisions.before(session, article)):
        raise HTTPException(404)
    outlook = outlook_of(session, article, reader, revisions.prepare(session, article, number), then)
    return page(request, "revisions/restore.html", article=article, number=number, undo=undo, outlook=outlook)


@router.post("/articles/{slug}/revisions/{number}/restore", name="restore_revision")
async def restore(
    request: Request,
    slug: Name,
    number: Annotated[int, Path(ge=1, lt=2**31)],
    form: Annotated[RestoringForm, Form()],
) -> Response:
    """Bring back a revision: one more, with what that one had."""
    database = request.app.state.database
    async with database.reading() as session:
        words = await run_sync(words_to_compare, request, session, slug, number)
    async with in_turn(request, words > LONG), database.reading() as session:
        prepared = await run_sync(prepare_restoring, request, session, slug, number, form)
    async with database.writing() as session:
        return await run_sync(bring_back, request, session, slug, number, form, prepared)


def words_to_compare(request: Request, session: Session, slug: str, number: int) -> int:
    """How many words there are in an article that may be revised, and in one of its revisions."""
    publisher(request, current_reader(request, session))
    article = find_article(slug, session)
    return article.words + earlier(session, article, number).words


def prepare_restoring(
    request: Request, session: Session, slug: str, number: int, form: RestoringForm
) -> Prepared | None:
    """The revision compared with the current one, unless another has become that meanwhile."""
    publisher(request, current_reader(request, session))
    article = find_article(slug, session)
    earlier(session, article, number)
    return revisions.prepare(session, article, number) if form.based_on == article.revision else None


def bring_back(
    request: Request, session: Session, slug: str, number: int, form: RestoringForm, prepared: Prepared | None
) -> Response:
    reader = publisher(request, current_reader(request, session))
    article = find_article(slug, session)
    try:
        if form.undo and number == revisions.before(session, article):
            revisions.undo(session, article, reader, based_on=form.based_on, prepared=prepared)
        else:
            revisions.restore(session, article, number, reader, based_on=form.based_on, prepared=prepared)
    except (RevisedMeanwhile, NothingToUndo) as error:
        last = revisions.history(session, article)[0]
        if (last.number, last.restores) == (form.based_on + 1, number):  # by this very form, sent twice
            return see_other(request, f"/articles/{article.slug}")
        raise HTTPException(409, "The article has been revised meanwhile. Nothing has been changed.") from error
    return see_other(request, f"/articles/{article.slug}")


def earlier(session: Session, article: Article, number: int) -> Article:
    """The article as a revision has it, for a page about it: 404 where there is none."""
    if then := articles.as_it_was(session, article, number):
        return then
    raise HTTPException(404)
