"""Passages: any stretch of an article that somebody cares about, in words, and where it stands by now."""

from collections.abc import Collection, Sequence
from functools import lru_cache

from sqlmodel import Session

from app.storage.articles import Article, as_it_was, paragraphs_of, text_of
from app.text.comparing.differences import difference
from app.text.comparing.revisions import Carrier, alike
from app.text.drafts import JOINT
from app.text.selectors import CONTEXT, Quote, quote
from app.text.spans import Span

PASSAGE_LENGTH = 20_000
"""In code points, as every length here."""


COMPARED = 2_000_000
"""Of texts that are longer together (code points) only paragraphs that stay as they are are found for who has marked
them while they were revised: everybody would wait for more.
"""


class NotAPassage(ValueError):
    """The span is no passage of this article: outside it, empty, too long, or not within its paragraphs."""


class PassageChanged(Exception):
    """Other words stand there than the reader marked: `now`, which they may mark instead; none where theirs are gone.

    `was` is then what they marked, and `around` what has become of the paragraphs that it stood in.
    """

    def __init__(self, now: str, was: str = "", around: str = "") -> None:
        super().__init__("the text has changed under the passage")
        self.now = now
        self.was = was
        self.around = around


def quoted(session: Session, article: Article, passage: Span, exact: Collection[str] = ()) -> Quote:
    """Say in words what stands at a passage (code points) of an article.

    Raises NotAPassage when nothing can, PassageChanged when it is none of what is given as `exact`.
    """
    if len(passage) > PASSAGE_LENGTH:
        raise NotAPassage(f"A passage may be {PASSAGE_LENGTH:,} characters long; this one has {len(passage):,}.")
    reach = CONTEXT + len(JOINT)  # else a paragraph that only its joint brings near would be missed
    near = Span(max(0, passage.start - reach), passage.end + reach)
    blocks = paragraphs_of(session, article, near)
    begins = any(block.start <= passage.start < block.end for block in blocks)
    ends = any(block.start < passage.end <= block.end for block in blocks)
    if not (passage and begins and ends):
        raise NotAPassage("There is no such passage in this article.")
    stretch = JOINT.join(block.text for block in blocks)
    said = quote(stretch, passage.shifted(-blocks[0].start))
    if exact and said.exact not in exact:
        raise PassageChanged(said.exact)
    if not said.exact.strip():
        raise NotAPassage("There is not a word in that passage.")
    return said


def passage(start: int, end: int) -> Span:
    """A span that could be a passage. Raises NotAPassage where nothing lies between start and end."""
    if not 0 <= start < end:
        raise NotAPassage("A passage must end after it begins.")
    return Span(start, end)


def passage_of(session: Session, article: Article, chosen: Sequence[Span]) -> Span:
    """The passage that some sentences make together. Raises NotAPassage unless they follow each other."""
    if not chosen:
        raise NotAPassage("Choose a sentence first.")
    whole = Span(min(span.start for span in chosen), max(span.end for span in chosen))
    if len(whole) > PASSAGE_LENGTH:
        raise NotAPassage(f"A passage may be {PASSAGE_LENGTH:,} characters long; this one has {len(whole):,}.")
    there = [
        span for block in paragraphs_of(session, article, whole) for span in block.sentence_spans if span.within(whole)
    ]
    if there != sorted(set(chosen)):
        raise NotAPassage("Choose sentences that follow each other.")
    return whole


def standing(
    session: Session, article: Article, passage: Span, revision: int, exact: Collection[str] = ()
) -> tuple[Span, Quote]:
    """Where a passage of one of an article's revisions stands on the current one, and what is said there.

    Raises NotAPassage where that revision has none there, and PassageChanged where other words stand there now, or
    none: unless they are among what is given as `exact`, what the reader saw and what they have agreed to since.
    """
    if revision == article.revision:
        return passage, quoted(session, article, passage, exact)
    then = as_it_was(session, article, revision)
    if then is None:
        raise NotAPassage("There is no such passage in this article.")
    was = quoted(session, then, passage)
    touched = paragraphs_of(session, then, passage)
    around = Span(touched[0].start, touched[-1].end)
    old, new = text_of(session, then), text_of(session, article)
    if same := _same_paragraphs(old, new, around):
        found = passage.shifted(same.start - around.start)
        return found, quoted(session, article, found, exact)
    if len(old) + len(new) > COMPARED:
        raise PassageChanged("", was.exact)
    placed, about = _carrier(old, new).carry([passage, around])
    if placed.span is None:
        left = paragraphs_of(session, article, about.span) if about.span else []
        raise PassageChanged("", was.exact, JOINT.join(block.text for block in left))
    now = quoted(session, article, placed.span)
    stands_on = placed.status != "changed" and alike(was.exact, now.exact) and (not exact or was.exact in exact)
    if not (stands_on or now.exact in exact):
        raise PassageChanged(now.exact)
    return placed.span, now


def _same_paragraphs(old: str, new: str, stretch: Span) -> Span | None:
    """Where paragraphs of the old text stand in the new one, word for word, if each text has them but once."""
    said = JOINT + stretch.of(old) + JOINT
    places = []
    for text in (f"{JOINT}{old}{JOINT}", f"{JOINT}{new}{JOINT}"):
        at = text.find(said)
        if at < 0 or text.find(said, at + 1) >= 0:
            return None
        places.append(at)
    return Span(places[1], places[1] + len(stretch))


@lru_cache(maxsize=2)
def _carrier(old: str, new: str) -> Carrier:
    """What is asked again by each form of a page that has been overtaken is compared once."""
    return Carrier(difference(old, new))
