"""What has changed between two texts, as it is shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rendering.differences import MARK, Line, differences
from app.text.comparing.differences import difference
from app.text.drafts import JOINT

TEXTS = st.lists(st.text("ab. é字", min_size=1, max_size=12).filter(str.strip).map(str.strip), min_size=1, max_size=6)


def shown(*texts: list[str]) -> list[Line]:
    old, new = (JOINT.join(one) for one in texts)
    return differences(difference(old, new))


def signs(line: Line) -> str:
    if line.folded:
        return f"({line.folded})"
    return "".join({"": "{}", "del": "[{}]", "ins": "‹{}›"}[part.change].format(part.words) for part in line.parts)


def test_words_are_marked_and_far_paragraphs_folded() -> None:
    many = [f"This is paragraph {number}, and it has some words." for number in range(9)]
    found = shown(many, [*many[:4], "This is sentence 4, and it has some words.", *many[5:]])
    assert [signs(line) for line in found] == [
        "(3)",
        "This is paragraph 3, and it has some words.",
        "This is [paragraph]‹sentence› 4, and it has some words.",
        "This is paragraph 5, and it has some words.",
        "(3)",
    ]


def test_a_paragraph_that_has_come_or_gone_stands_for_itself() -> None:
    assert [signs(line) for line in shown(["One here.", "Three there."], ["One here.", "Two.", "Three there."])] == [
        "One here.",
        "‹Two.›",
        "Three there.",
    ]


def test_where_a_paragraph_is_parted_or_joined_is_said() -> None:
    parts = [["One two three. Four five six."], ["One two three.", "Four five six."]]
    assert MARK in "".join(signs(line) for line in shown(*parts))
    assert MARK in "".join(signs(line) for line in shown(*reversed(parts)))


def test_of_texts_that_are_the_same_there_is_nothing_to_show() -> None:
    assert shown(["One.", "Two."], ["One.", "Two."]) == []


def test_of_what_nobody_would_read_the_end_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.rendering.differences.MOST", 5)
    old = [f"This is paragraph {number}, and it has some words." for number in range(20)]
    found = shown(old, [f"{one} Indeed." for one in old])
    assert [signs(line) for line in found[:2]] == [f"{one}‹ Indeed.›" for one in old[:2]]
    assert sum(len(line.parts) for line in found) == 5
    assert found[-1].left_out == 18
    assert not any(line.left_out for line in shown(old[:2], ["Four.", *old[:2]]))


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_from_it(old: list[str], new: list[str]) -> None:
    lines = differences(difference(JOINT.join(old), JOINT.join(new)))
    parts = [part for line in lines for part in line.parts if part.words != MARK]
    if not any(line.folded for line in lines) and lines:
        for left_out, text in (("ins", old), ("del", new)):
            said = "".join(part.words for part in parts if part.change != left_out)
            assert "".join(said.split()) == "".join("".join(text).split())
