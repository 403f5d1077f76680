"""Previews: how much of a text is shown before one asks for all of it."""

import pytest

from app.rendering.previews import LETTERS, PARAGRAPHS, beginning, rows_of
from app.text.drafts import Draft, DraftParagraph


@pytest.mark.parametrize(
    ("lengths", "shown"),
    [
        ([3] * 10, 10),
        ([3] * (PARAGRAPHS + 9), PARAGRAPHS),
        ([LETTERS // 2] * 5, 2),
        ([LETTERS * 5, 3], 1),
        ([3, LETTERS], 1),
    ],
)
def test_a_text_is_shown_so_far(lengths: list[int], shown: int) -> None:
    draft = Draft("Bees", tuple(DraftParagraph("b" * length) for length in lengths))
    assert beginning(draft) == shown
    assert len(rows_of(draft, "", beginning(draft))) == shown
