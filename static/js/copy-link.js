// <copy-link>: puts a link on the clipboard, over plain http too.
// Without it the link stands in a field to be copied by hand.

class CopyLink extends HTMLElement {
  connectedCallback() {
    this.field = this.querySelector("input");
    this.button = this.querySelector("button[hidden]");
    this.button.hidden = false;
    this.button.addEventListener("click", this);
    if (this.closest("[role=status]")) this.copy();
  }

  handleEvent() {
    this.copy();
  }

  async copy() {
    this.button.textContent = (await copied(this.field)) ? "Copied" : "Copy";
  }
}

/** Whether a field's text has come onto the clipboard; if not, it is left selected for Ctrl+C. */
async function copied(field) {
  const done = await toClipboard(field.value);
  if (!done) field.select();
  return done;
}

/** Whether a text has come onto the clipboard. Over plain http only the old way works. */
async function toClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const focused = document.activeElement;
    const field = document.createElement("textarea");
    field.value = text;
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    focused?.focus({ preventScroll: true });
    return done;
  }
}

customElements.define("copy-link", CopyLink);
