"""Several readers over the same words: cut flat, and every note within reach of a click and of a key."""

import pytest
from playwright.sync_api import Page, expect

from app.text.spans import Span
from tests.browser.conftest import Copy, Opener, click, drag

DEEPEST = "and ammunition"


@pytest.fixture
def crowded(copy: Copy) -> dict[str, int]:
    """Four readers whose passages share two words, two of them the same; the notes' ids by the readers' names."""
    passages = {
        "Ada": "soldiers are using American weapons and ammunition",
        "Grace": "weapons and ammunition to hold off",
        "Edsger": "and ammunition",
        "Barbara": "weapons and ammunition to hold off",
    }
    return {name: copy.mark(copy.reader(name), exact, f"{name} was here") for name, exact in passages.items()}


def offered(page: Page) -> list[str]:
    """The readers to whose notes the bar leads: each link says whose it is, and how it begins."""
    expect(page.get_by_role("toolbar")).to_be_visible()
    said = page.get_by_role("toolbar").get_by_role("link").all_inner_texts()
    names = [words.removeprefix("→ ").partition(":")[0] for words in said]
    assert said == [f"→ {name}: {name} was here" for name in names]
    return names


def test_marks_lie_side_by_side_and_each_says_whose_it_is(
    copy: Copy, crowded: dict[str, int], open_page: Opener
) -> None:
    page = open_page(copy.url)
    expect(page.locator("mark mark")).to_have_count(0)
    deepest = page.locator("mark", has_text=DEEPEST)
    expect(deepest).to_have_text(DEEPEST)
    assert set((deepest.get_attribute("data-annotations") or "").split()) == {str(id) for id in crowded.values()}
    for name, id in crowded.items():
        words = "".join(page.locator(f'mark[data-annotations~="{id}"]').all_inner_texts())
        assert words == next(one.exact for one in copy.annotations() if one.id == id), name


@pytest.mark.parametrize("name", ["Ada", "Grace", "Edsger", "Barbara"])
def test_a_click_on_a_piece_offers_every_note_on_it(
    copy: Copy, crowded: dict[str, int], open_page: Opener, name: str
) -> None:
    page = open_page(copy.url)
    click(page, copy.text.index(DEEPEST) + 6)
    assert sorted(offered(page)) == sorted(crowded)
    page.get_by_role("toolbar").get_by_role("link", name=f"→ {name}").click()
    expect(page.locator(f"#a{crowded[name]}")).to_be_focused()
    expect(page.locator(f"#a{crowded[name]}")).to_be_in_viewport()


@pytest.mark.parametrize("name", ["Ada", "Grace", "Edsger", "Barbara"])
def test_enter_on_a_piece_offers_every_note_on_it(
    copy: Copy, crowded: dict[str, int], open_page: Opener, name: str
) -> None:
    page = open_page(copy.url)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("toolbar").get_by_role("link").first).to_be_focused()
    for _ in range(offered(page).index(name)):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(f"#a{crowded[name]}")).to_be_focused()


def test_ones_own_mark_over_others_lies_on_top(copy: Copy, crowded: dict[str, int], open_page: Opener) -> None:
    page = open_page(copy.url)
    start = copy.text.index("ammunition")
    drag(page, Span(start, start + len("ammunition to hold")))
    page.get_by_role("button", name="Highlight in blue").click()
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    mine = copy.annotations()[-1]
    pieces = page.locator(f'mark[data-annotations~="{mine.id}"]')
    assert "".join(pieces.all_inner_texts()) == mine.exact == "ammunition to hold"
    assert pieces.count() > 1
    for piece in pieces.all():
        expect(piece).to_contain_class("blue")
        expect(piece).to_have_attribute("aria-details", f"a{mine.id}")
    expect(page.locator("mark mark")).to_have_count(0)
