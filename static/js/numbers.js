// Numbers on paper. The server has counted the notes, but not those of rows put in later, nor with those out of sight.

addEventListener("beforeprint", () => {
  for (const mark of document.querySelectorAll("[data-numbers]")) delete mark.dataset.numbers;
  let number = 0;
  for (const note of document.querySelectorAll("#text .note")) {
    if ([note, note.parentElement].some((one) => getComputedStyle(one).display === "none")) continue;
    number += 1;
    const id = note.id.slice(1);
    for (const one of document.querySelectorAll(`#a${id} > .by [data-number], [data-note="${id}"] [data-number]`)) one.dataset.number = number;
    const pieces = note.closest(".paragraph").querySelectorAll(`mark[data-annotations~="${id}"]`);
    const last = pieces[pieces.length - 1];
    if (last) last.dataset.numbers = [last.dataset.numbers, number].filter(Boolean).join(", ");
  }
});
