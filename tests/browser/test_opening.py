"""The form to write with opens about as fast as a browser can clone a form and put the focus into it."""

import pytest

from tests.browser.conftest import Copy, Opener

TIMES = """([turns, byKey]) => {
  const text = document.querySelector("annotated-text");
  const sentences = text.querySelectorAll(".sentence");
  const bare = document.createElement("template");
  bare.content.append(text.querySelector("#compose").content.querySelector("form").cloneNode(true));
  const took = (act) => {
    text.getBoundingClientRect();
    const begun = performance.now();
    act();
    if (document.activeElement.name !== "note") throw new Error("the words cannot be typed yet");
    return performance.now() - begun;
  };
  const median = (times) => times.sort((a, b) => a - b)[times.length >> 1];
  const ours = [], bares = [];
  for (let turn = 0; turn < turns; turn += 1) {
    sentences[(turn * 7) % sentences.length].click();
    const note = text.querySelector("[data-act=note]");
    const key = new KeyboardEvent("keydown", { key: "n", bubbles: true, cancelable: true });
    ours.push(took(() => byKey ? document.activeElement.dispatchEvent(key) : note.click()));
    const composer = text.querySelector("compose-form");
    const margin = composer.parentElement;
    composer.close();
    bares.push(took(() => {
      margin.append(bare.content.cloneNode(true));
      margin.lastElementChild.elements.note.focus();
    }));
    margin.lastElementChild.remove();
  }
  return [median(ours), median(bares)];
}"""


@pytest.mark.parametrize("notes", [20, 300])
@pytest.mark.parametrize("by_key", [False, True])
def test_the_form_opens_in_at_most_twice_the_time_of_a_bare_one(
    copy: Copy, open_page: Opener, notes: int, by_key: bool
) -> None:
    ada = copy.reader("Ada")
    spans = copy.draft.spans
    for at in range(notes):
        start = spans[at % len(spans)].start + 3 * (at // len(spans))
        copy.mark(ada, copy.text[start : start + 30], "Some words on it, and a few more. " * 3)
    page = open_page(copy.url)
    ours, bare = page.evaluate(TIMES, [60, by_key])
    assert ours <= 2 * bare, f"{ours:.1f} ms against {bare:.1f} ms"
