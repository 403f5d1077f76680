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
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    const focused = document.activeElement;
    field.select();
    const done = document.execCommand("copy");
    if (done) focused?.focus({ preventScroll: true });
    return done;
  }
}

customElements.define("copy-link", CopyLink);
