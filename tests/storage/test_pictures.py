"""Pictures: one copy in the library, an address for each article, gone with the last that shows it."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import update
from sqlmodel import Session, col, delete, func, select

from app.formats import markdown
from app.formats.markdown_blocks import write_article
from app.storage import articles, pictures
from app.storage.articles import Article, paragraphs_of
from app.storage.database import Database
from app.storage.pictures import Illustration, Picture, by_token, kept, let_go
from app.storage.revisions import revise, undo
from app.text.drafts import DraftParagraph
from app.text.structures import Structure
from tests.pictures import illustrated, picture, pictured

WORDS = DraftParagraph("Bees fly.")


def shown(session: Session, article: Article) -> list[Structure]:
    """What stands of pictures in the paragraphs of an article."""
    found: Sequence[Structure | None] = [one.structure for one in paragraphs_of(session, article)]
    return [one for one in found if one and one.picture]


def count(session: Session, table: type[Picture] | type[Illustration]) -> int:
    return session.exec(select(func.count()).select_from(table)).one()


def test_a_picture_is_kept_with_its_article_and_told_by_a_token(session: Session) -> None:
    bee = picture(300, 200)
    (said,) = shown(session, articles.publish(session, illustrated(WORDS, pictured(), bee=bee)))
    found = by_token(session, said.picture)
    assert (said.width, said.height, len(said.picture)) == (300, 200, 22)
    assert found
    assert (found.content, found.media_type, len(found.sha256)) == (bee.content, "image/webp", 64)


def test_one_copy_serves_all_each_article_by_its_own_token(session: Session) -> None:
    draft = illustrated(pictured(), WORDS, pictured("The same again"), bee=picture())
    first, again = shown(session, articles.publish(session, draft))
    (other,) = shown(session, articles.publish(session, illustrated(pictured(), bee=picture())))
    assert first.picture == again.picture != other.picture
    assert (count(session, Picture), count(session, Illustration)) == (1, 2)


def test_a_picture_that_is_not_there_leaves_its_words(session: Session) -> None:
    article = articles.publish(session, illustrated(pictured(source="https://example.org/gone.png"), WORDS))
    (said, _) = paragraphs_of(session, article)
    assert (said.kind, said.text, said.structure) == ("picture", "A bee on a flower", None)


@pytest.mark.parametrize("named", ["{}", "/pictures/{}"])
def test_what_the_article_has_already_is_found_by_token_and_by_address(session: Session, named: str) -> None:
    article = articles.publish(session, illustrated(pictured(), bee=picture(300, 200)))
    (before,) = shown(session, article)
    draft = kept(session, article.id, illustrated(pictured("Other words", named.format(before.picture))))
    assert draft.paragraphs[0].structure == before


def test_the_token_of_another_article_is_no_picture(session: Session) -> None:
    (theirs,) = shown(session, articles.publish(session, illustrated(pictured(), bee=picture())))
    mine = articles.publish(session, illustrated(WORDS))
    draft = kept(session, mine.id, illustrated(pictured(source=theirs.picture)))
    assert draft.paragraphs[0].structure == Structure()


def test_only_a_picture_shows_one(session: Session) -> None:
    words = DraftParagraph("Words", "p", Structure(picture="bee.png"))
    assert shown(session, articles.publish(session, illustrated(words, bee=picture()))) == []


def test_a_picture_goes_with_the_last_article_that_shows_it(session: Session) -> None:
    one, two = (articles.publish(session, illustrated(pictured(), bee=picture())) for _ in range(2))
    for article, left in ((one, 1), (two, 0)):
        session.exec(delete(Article).where(col(Article.id) == article.id))
        let_go(session)
        assert count(session, Picture) == left
    assert count(session, Illustration) == 0


def test_two_who_keep_the_same_at_once_keep_one_copy(database: Database) -> None:
    if database.sqlite:
        pytest.skip("writers queue")
    drafts = [replace(illustrated(pictured(), bee=picture()), title=title) for title in ("One", "Two")]
    with Session(database.engine) as first, Session(database.engine) as second, ThreadPoolExecutor(1) as beside:
        articles.publish(first, drafts[0])
        waiting = beside.submit(articles.publish, second, drafts[1])
        with pytest.raises(TimeoutError):
            waiting.result(0.3)
        first.commit()
        waiting.result(10)
        second.commit()
    with Session(database.engine) as session:
        assert (count(session, Picture), count(session, Illustration)) == (1, 2)


def test_a_library_whose_pictures_are_sound_has_no_faults(session: Session) -> None:
    articles.publish(session, illustrated(WORDS, pictured(), bee=picture()))
    assert list(pictures.check(session)) == []


def test_bytes_that_have_changed_are_found(session: Session) -> None:
    articles.publish(session, illustrated(pictured(), bee=picture()))
    session.exec(update(Picture).values(content=b"nothing"))
    (fault,) = pictures.check(session)
    assert "other bytes" in fault


def test_a_paragraph_whose_picture_is_gone_is_found(session: Session) -> None:
    article = articles.publish(session, illustrated(pictured(), bee=picture()))
    session.exec(delete(Illustration))
    assert [f"paragraph 1 of revision 1 of {article.slug}" in one for one in pictures.check(session)] == [True, False]


def test_a_picture_that_no_article_shows_is_found(session: Session) -> None:
    article = articles.publish(session, illustrated(pictured(), bee=picture()))
    session.exec(delete(Article).where(col(Article.id) == article.id))
    (fault,) = pictures.check(session)
    assert "no article" in fault


def test_a_picture_of_an_article_that_stands_in_none_of_its_revisions_is_found(session: Session) -> None:
    article = articles.publish(session, illustrated(WORDS))
    kept(session, article.id, illustrated(pictured(), bee=picture()))
    (fault,) = pictures.check(session)
    assert "none of its revisions" in fault


# ── in the revisions of an article


def edited(session: Session, article: Article, source: str) -> Article:
    """The article as it is when somebody has put this in the place of its source."""
    draft = replace(markdown.read(source, article.title), language=article.language)
    return revise(session, article, draft, None, based_on=article.revision)


def test_a_picture_that_stays_in_the_source_stays_the_same(session: Session) -> None:
    draft = illustrated(WORDS, pictured(), DraftParagraph("In May", "caption"), bee=picture(300, 200))
    article = articles.publish(session, draft)
    before = shown(session, article)
    source = write_article(articles.drafted(paragraphs_of(session, article)))
    assert f"/pictures/{before[0].picture}" in source
    edited(session, article, f"{source}\n\nMore words.")
    assert article.revision == 2
    assert shown(session, article) == before
    assert count(session, Illustration) == 1
    assert list(pictures.check(session)) == []


def test_a_picture_that_left_the_text_comes_back_with_it(session: Session) -> None:
    article = articles.publish(session, illustrated(WORDS, pictured(), bee=picture()))
    before = shown(session, article)
    edited(session, article, "Bees fly. They do.")
    let_go(session)
    assert shown(session, article) == []
    assert by_token(session, before[0].picture)
    undo(session, article, None, based_on=2)
    assert shown(session, article) == before
    assert list(pictures.check(session)) == []


def test_in_a_revision_the_picture_of_another_article_is_words(session: Session) -> None:
    (theirs,) = shown(session, articles.publish(session, illustrated(pictured(), bee=picture())))
    article = articles.publish(session, illustrated(WORDS))
    edited(session, article, f"Bees fly.\n\n![Theirs](/pictures/{theirs.picture})\n\n![Far](https://example.org/a.png)")
    assert shown(session, article) == []
    assert [one.text for one in paragraphs_of(session, article)] == ["Bees fly.", "Theirs", "Far"]
