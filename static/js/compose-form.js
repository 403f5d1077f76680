// <compose-form>: Ctrl+Enter saves, Esc and Cancel close, and what is typed outlives both, and a failed save too.
// Without it the form inside posts as any form does, and Cancel is a link.

class ComposeForm extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.note = this.form.elements.note;
    const draft = readDraft(this.key);
    if (draft !== null) this.note.value = draft;
    for (const type of ["keydown", "input", "click", "postil:saved", "postil:reworded", "htmx:sendError", "submit"]) {
      this.addEventListener(type, this);
    }
    this.level();
    if (this.closest(".margin")) (this.querySelector("[name=sentence]") ?? this.note).focus();
  }

  /** Under which a draft is kept: what the form is about. */
  get key() {
    const { start, end } = this.form.elements;
    const place = start ? `${start.value}-${end.value}` : this.querySelector("[name=sentence]")?.value ?? "";
    return `postil:draft:${this.form.getAttribute("action")}:${place}`;
  }

  /** Stand level with the note that is edited, or with the paragraph; what a script opens has its place already. */
  level() {
    const margin = this.closest(".margin");
    if (!margin || this.dataset.anchor) return;
    const edited = this.previousElementSibling?.dataset.anchor;
    this.dataset.anchor = edited ?? "--paragraph";
    if (!edited) margin.parentElement.querySelector("[data-start]").dataset.anchors = "--paragraph";
  }

  handleEvent(event) {
    switch (event.type) {
      case "keydown": return this.pressed(event);
      case "input": return this.keep();
      case "click": return this.clicked(event);
      case "htmx:sendError": return this.failed();
      case "submit": return this.sent();
      default: return keepDraft(this.key, "");
    }
  }

  pressed(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.form.requestSubmit();
    } else if (event.key === "Escape" && this.closest(".margin")) {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    }
  }

  keep() {
    keepDraft(this.key, this.note.value);
  }

  clicked(event) {
    if (event.target.closest(".cancel") && this.closest(".margin")) {
      event.preventDefault();
      keepDraft(this.key, "");
      this.close();
    }
  }

  /** A form on a page of its own leaves with its words; what the server refuses, it gives back. */
  sent() {
    if (!this.form.hasAttribute("hx-post")) keepDraft(this.key, "");
  }

  failed() {
    const said = document.createElement("span");
    said.textContent = "The server cannot be reached. Your words are kept here: try Save again in a moment.";
    this.querySelector(".error").replaceChildren(said);
  }

  close() {
    this.dispatchEvent(new CustomEvent("compose:closed", { bubbles: true }));
    this.remove();
  }
}

customElements.define("compose-form", ComposeForm);
