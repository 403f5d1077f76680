"""A short article, and two readers."""

import pytest
from sqlmodel import Session

from app.storage import articles
from app.storage.articles import Article
from app.storage.people.readers import Reader, welcome
from app.text.drafts import Draft, DraftParagraph


@pytest.fixture
def text(session: Session) -> Article:
    return articles.publish(session, Draft("A text", tuple(map(DraftParagraph, ("One two.", "Three.")))))


@pytest.fixture
def ann(session: Session) -> Reader:
    return welcome(session, "Ann")[0]


@pytest.fixture
def bob(session: Session) -> Reader:
    return welcome(session, "Bob")[0]
