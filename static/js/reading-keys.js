// <reading-keys>: the keys of the reading page, and the list of them.
// Without it there are no keys, hence no list either; everything that they do can be done without.

class ReadingKeys extends HTMLElement {
  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    this.querySelector("button").addEventListener("click", this);
    document.addEventListener("keydown", this);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this);
  }

  get text() {
    return document.querySelector("annotated-text");
  }

  handleEvent(event) {
    if (event.type === "click") this.dialog.showModal();
    else if (this.listens(event) && this.does(event.key, event.target)) event.preventDefault();
  }

  /** Whether a key is meant for the text: not while one types, not with the browser's own keys, not if switched off. */
  listens({ target, ctrlKey, metaKey, altKey, isComposing }) {
    if (ctrlKey || metaKey || altKey || isComposing || document.documentElement.dataset.keys === "off") return false;
    if (target.closest("input, textarea, select, compose-form, [contenteditable]")) return false;
    return target === document.body || target.closest("annotated-text, .orphans");
  }

  /** Do what a key says; false where it says nothing here. */
  does(key, target) {
    const { text } = this;
    if (this.number !== undefined && this.counts(key)) return true;
    switch (key) {
      case "j": text.step(1); return true;
      case "k": text.step(-1); return true;
      case "J": text.step(1, true); return true;
      case "K": text.step(-1, true); return true;
      case "}": text.stepParagraph(1); return true;
      case "{": text.stepParagraph(-1); return true;
      case "]": text.stepNote(1); return true;
      case "[": text.stepNote(-1); return true;
      case "g": this.number = ""; return true;
      case "h": text.highlight(); return true;
      case "1": case "2": case "3": case "4": text.highlight(COLOURS[key - 1]); return true;
      case "n": text.compose(); return true;
      case "c": text.copy(); return true;
      case "s": text.share(); return true;
      case "x": text.delete(); return true;
      case "z": document.querySelector("#status form[data-undo]")?.requestSubmit(); return true;
      case "m": document.querySelector("display-settings").toggleNotes(); return true;
      case "d": document.querySelector("#display").parentElement.open(); return true;
      case "?": this.dialog.showModal(); return true;
      case "Enter": return target.matches(".sentence") && text.toNotes();
      case "Escape": text.back(target); return true;
      default: return false;
    }
  }

  /** Take the number of a paragraph, digit by digit, up to Enter. */
  counts(key) {
    if (/^[0-9]$/.test(key)) {
      this.number += key;
      return true;
    }
    const row = this.text.querySelectorAll(".paragraph")[this.number - 1];
    this.number = undefined;
    if (key === "Enter") this.text.toParagraph(row);
    return key === "Enter" || key === "Escape";
  }
}

customElements.define("reading-keys", ReadingKeys);
