// <display-settings>: a menu that Escape and a click elsewhere close; a choice shows at once; the form inside has told the server, which puts it into every page from then on.
// Without it the form posts and the page comes back as chosen.

class DisplaySettings extends HTMLElement {
  connectedCallback() {
    for (const apply of this.querySelectorAll("[action='/session/display'] button")) apply.hidden = true;
    this.addEventListener("change", this);
    this.addEventListener("keydown", this);
    document.addEventListener("click", this);
  }

  disconnectedCallback() {
    document.removeEventListener("click", this);
  }

  open() {
    this.querySelector("details").open = true;
    this.querySelector(":checked").focus();
  }

  /** Show all notes or none, and have it remembered as any other choice. */
  toggleNotes() {
    const shown = document.documentElement.dataset.notes ?? "all";
    document.querySelector(`[name=notes][value=${shown === "all" ? "none" : "all"}]`).click();
    say(shown === "all" ? "Notes are out of sight; m brings them back." : "All notes are in sight.");
  }

  handleEvent(event) {
    const details = this.querySelector("details");
    if (event.type === "change" && event.target.form.action.endsWith("/display")) document.documentElement.dataset[event.target.name] = event.target.value;
    else if (event.type === "click" && !this.contains(event.target)) details.open = false;
    else if (event.key === "Escape" && details.open) {
      details.open = false;
      details.querySelector("summary").focus();
    }
  }
}

customElements.define("display-settings", DisplaySettings);
