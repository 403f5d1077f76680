"""Articles that run from right to left, have no spaces, or change hands: read, marked and noted as any other."""

import re
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from app.storage.database import Database
from app.text.drafts import Draft, DraftParagraph
from app.text.spans import Span
from tests.browser.conftest import Copy, Opener, click, drag, published
from tests.conftest import Server

ARTICLES = {
    "ar": (
        "مكتبة على البحر",
        "في الصباح فتحت المكتبة أبوابها للقراء. جلست سلمى قرب النافذة وفتحت كتابًا قديمًا عن البحر. كانت صفحاته صفراء.",
        "The margin is where a reader answers. هكذا كتب أحدهم في أعلى الصفحة. قرأت سلمى الجملة ثلاث مرات.",
        "قالت أمينة المكتبة إن الكتاب طُبع عام 1926، وإن دار النشر Northwind Press أغلقت بعد ذلك. لم يسأل عنه أحد.",
    ),
    "he": (
        "מכתב ברכבת",
        "הרכבת יצאה מן התחנה בשעה שבע בדיוק. דנה ישבה ליד החלון וקראה מכתב ישן. בשולי הדף כתב מישהו הערה קטנה.",
        "«לא כל מה שנכתב כאן נכון», אמרה ההערה. המילה reading הופיעה בה פעמיים, באנגלית.",
        "בסוף הנסיעה קיפלה את המכתב, ושמרה אותו בכיס המעיל. איש לא שאל עליו.",
    ),
    "ja": (
        "海辺の図書館",
        "朝、図書館の扉が静かに開いた。窓のそばの席で、春子は海についての古い本を読み始めた。余白には書き込みがあった。",
        "余白は読者が答える場所である。春子はその一文を三度読んだ。The margin answers back.",
        "夕方になると、彼女は本を棚に戻した。次に読む人のために、白い紙を一枚はさんでおいた。",
    ),
    "en": (
        "Letters in many hands",
        "The letter began in English and went on in other hands. שלום לכולם, כתבה דנה בראש הדף. Then came Ada.",
        "اللغة العربية تكتب من اليمين إلى اليسار. هذه فقرة كاملة بها.",
        "Καλημέρα σε όλους, έγραψε ο Νίκος. Here the English returns, and the page ends. これは短い日本語の文です。",
    ),
}
LONG = "A note of several lines, so that the next one has to give way. " * 3

RIGHT_TO_LEFT = ["ar", "he"]


@pytest.fixture(params=ARTICLES)
def written(request: pytest.FixtureRequest, server: Server, library: Database) -> Copy:
    """An article in each language, without a note."""
    title, *paragraphs = ARTICLES[request.param]
    drafted = tuple(map(DraftParagraph, paragraphs))
    return published(server, library, Draft(title, drafted, language=request.param, source="Northwind Press, 1926"))


@pytest.fixture
def noted(written: Copy) -> Copy:
    """A long note on the first sentence of each paragraph, a short one on the second."""
    readers = written.reader("Ada"), written.reader("سلمى")
    for first, second, *_ in written.draft.sentences:
        written.mark(readers[0], first.of(written.text), LONG, "green")
        written.mark(readers[1], second.of(written.text), "ملاحظة, and more.", "pink")
    return written


def mark(page: Page) -> None:
    page.get_by_role("button", name="Highlight in blue").click()
    expect(page.get_by_role("status")).to_contain_text("Saved.")


def marked(page: Page) -> str:
    return "".join(page.locator("mark.blue").all_text_contents())


@pytest.mark.parametrize("width", [360, 1440])
def test_the_text_is_the_text_that_went_in(noted: Copy, open_page: Opener, width: int) -> None:
    page = open_page(noted.url, width=width)
    assert "\n\n".join(page.locator("[data-start]").all_text_contents()) == noted.text
    assert page.evaluate("document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth") == 0


def test_a_click_marks_the_sentence(written: Copy, open_page: Opener) -> None:
    page = open_page(written.url)
    sentence = written.draft.sentences[1][1]
    click(page, sentence.start + 3)
    mark(page)
    assert written.place(written.only()) == sentence
    assert marked(page) == written.only().exact == sentence.of(written.text)


def words_of(written: Copy, paragraph: int) -> list[Span]:
    """Where the words of a paragraph stand, each in letters of one kind: of what has none, every third character."""
    span = written.paragraph(paragraph)
    text = span.of(written.text)
    if written.draft.language == "ja":
        return [Span(span.start + at, span.start + at + 1) for at in range(0, len(text) - 1, 3)]
    return [Span(span.start + word.start(), span.start + word.end()) for word in re.finditer(r"\w{2,}", text)]


@pytest.mark.parametrize("paragraph", [1, 3])
def test_a_drag_marks_from_its_first_character_to_its_last(written: Copy, open_page: Opener, paragraph: int) -> None:
    page = open_page(written.url)
    words = words_of(written, paragraph)
    wanted = Span(words[1].start, words[-2].end)
    drag(page, wanted)
    selected = page.evaluate("getSelection().toString()")
    mark(page)
    assert written.place(written.only()) == wanted
    assert marked(page) == written.only().exact == selected == wanted.of(written.text)


@pytest.mark.parametrize("written", ["he"], indirect=True)
def test_a_drag_over_words_of_the_other_direction_marks_them(written: Copy, open_page: Opener) -> None:
    page = open_page(written.url)
    start = written.text.index("reading")
    drag(page, Span(start, start + 7))
    mark(page)
    assert written.only().exact == "reading"


LAID = """() => [...document.querySelectorAll(".note")].map((note) => {
  const box = note.getBoundingClientRect();
  const row = note.closest(".paragraph");
  const text = row.querySelector("[data-start]").getBoundingClientRect();
  const handle = row.querySelector(".handle").getBoundingClientRect();
  const mark = document.querySelector(`mark[data-annotations~="${note.id.slice(1)}"]`).getClientRects()[0];
  const rule = parseFloat(getComputedStyle(note).borderRightWidth) > 0 ? "right" : "left";
  return { top: box.top, bottom: box.bottom, line: mark.top, rule, text: [text.left, text.right, text.bottom],
    note: [box.left, box.right], handle: [handle.left, handle.right] };
})"""


def test_notes_stand_level_beside_the_text_on_the_side_where_its_lines_end(noted: Copy, open_page: Opener) -> None:
    found = open_page(noted.url).evaluate(LAID)
    assert len(found) == 6
    mirrored = noted.draft.language in RIGHT_TO_LEFT
    for one in found:
        assert one["top"] >= one["line"] - 1
        assert one["rule"] == ("right" if mirrored else "left")
        (left, right, _), (note_left, note_right), (handle_left, handle_right) = one["text"], one["note"], one["handle"]
        assert (
            (note_right <= left and right <= handle_left) if mirrored else (right <= note_left and handle_right <= left)
        )
    assert [one for one, two in pairwise(found) if two["top"] < one["bottom"] - 0.5] == []
    assert abs(found[0]["top"] - found[0]["line"]) < 12


def test_on_a_phone_notes_stand_below_their_text_and_their_rule_where_it_begins(noted: Copy, open_page: Opener) -> None:
    found = open_page(noted.url, width=360).evaluate(LAID)
    assert {one["rule"] for one in found} == {"right" if noted.draft.language in RIGHT_TO_LEFT else "left"}
    assert [one for one in found if one["top"] < one["text"][2]] == []
    assert [one for one, two in pairwise(found) if two["top"] < one["bottom"] - 0.5] == []


def test_without_script_or_anchors_the_page_runs_the_same_way(noted: Copy, open_page: Opener) -> None:
    page = open_page(noted.url, java_script_enabled=False)
    runs = "rtl" if noted.draft.language in RIGHT_TO_LEFT else "ltr"
    expect(page.get_by_role("main")).to_have_css("direction", runs)
    expect(page.locator("h1")).to_have_css("text-align", "right" if runs == "rtl" else "left")
    expect(page.locator(".source")).to_have_css("text-align", "right" if runs == "rtl" else "left")


def test_the_strip_begins_where_the_lines_begin(noted: Copy, open_page: Opener) -> None:
    bars = open_page(noted.url).evaluate(
        "[...document.querySelectorAll('.strip > *')].map((bar) => bar.getBoundingClientRect().left)"
    )
    assert bars == sorted(bars, reverse=noted.draft.language in RIGHT_TO_LEFT)


@pytest.mark.parametrize("written", ["en"], indirect=True)
def test_a_sentence_in_other_letters_says_what_it_is(written: Copy, open_page: Opener) -> None:
    page = open_page(written.url)
    told = page.evaluate(
        "[...document.querySelectorAll('#text [data-start], .sentence')].map((one) => [one.lang, one.dir])"
    )
    assert told == [
        *[["en", "ltr"], ["", ""], ["he", "rtl"], ["", ""]],
        *[["", "rtl"], ["", ""], ["", ""]],
        *[["en", "ltr"], ["el", "ltr"], ["", ""], ["ja", "ltr"]],
    ]


@pytest.mark.parametrize("written", ["ar", "ja"], indirect=True)
def test_what_is_quoted_elsewhere_keeps_its_language(noted: Copy, open_page: Opener) -> None:
    page = open_page(noted.url)
    click(page, 3)
    page.get_by_role("toolbar").get_by_role("button", name="Note").click()
    quote = page.locator(".compose .quote")
    expect(quote).to_have_attribute("lang", noted.draft.language)
    expect(quote).to_have_css("font-style", "normal")


@pytest.mark.parametrize("written", ["ar"], indirect=True)
def test_our_own_words_keep_their_order_in_a_page_that_runs_the_other_way(noted: Copy, open_page: Opener) -> None:
    page = open_page(noted.url)
    places = """(element) => {
      const words = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
      const lefts = [];
      for (let node = words.nextNode(); node; node = words.nextNode()) {
        for (const { index } of node.data.matchAll(/\\S+/g)) {
          const range = document.createRange();
          range.setStart(node, index);
          range.setEnd(node, index + 1);
          lefts.push(range.getBoundingClientRect().left);
        }
      }
      return lefts;
    }"""
    for words in (*page.locator(".facts bdi").all(), page.locator(".note time").first):
        lefts = words.evaluate(places)
        assert len(lefts) >= 3
        assert lefts == sorted(lefts)
