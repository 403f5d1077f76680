// <compose-form>: Ctrl+Enter saves, Esc and Cancel close, and what is typed outlives both, and a failed save too. On a phone
// it is a sheet at the bottom of the screen. Without it the form inside posts as any form does, and Cancel is a link.

const KEPT = ["note", "tags", "colour", "visibility", "was"];

class ComposeForm extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.note = this.form.elements.note;
    this.events = new AbortController();
    const { signal } = this.events;
    if (this.isInMargin && getComputedStyle(this).getPropertyValue("--sheet") && !this.sheet) return this.raise();
    const [draft] = draftsAt(`${this.place}|`);
    if (draft) this.words = this.taken = draft.words;
    for (const type of ["keydown", "input", "click", "postil:saved", "postil:reworded", "htmx:sendError", "submit"]) {
      this.addEventListener(type, this, { signal });
    }
    for (const type of ["beforeunload", "storage", "popstate"]) addEventListener(type, this, { signal });
    this.level();
    if (this.isInMargin) this.enter();
  }

  disconnectedCallback() {
    this.events.abort();
    if (this.sheet && !this.isConnected) {
      this.sheet = null;
      history.back();
    }
  }

  get isInMargin() {
    return Boolean(this.closest(".margin"));
  }

  /** Under which a draft is kept: what the form is about. */
  get place() {
    const { start, end } = this.form.elements;
    const place = start ? `${start.value}-${end.value}` : this.querySelector("[name=sentence]")?.value ?? "";
    return `${this.form.getAttribute("action")}:${place}`;
  }

  /** All that is said in it, and of which state of a note; a character that no key types stands between. */
  get words() {
    const { note, ...others } = Object.fromEntries(KEPT.map((name) => [name, this.form.elements[name]?.value ?? ""]));
    return note || others.tags ? [note, ...Object.values(others)].join("\x1f") : "";
  }

  set words(said) {
    said.split("\x1f").forEach((value, at) => {
      if (this.form.elements[KEPT[at]]) this.form.elements[KEPT[at]].value = value;
    });
  }

  /** Stand level with the note that is edited, or with the paragraph; what a script opens has its place already. */
  level() {
    const margin = this.parentElement;
    if (!margin.matches(".margin") || this.dataset.anchor) return;
    const edited = this.previousElementSibling?.dataset.anchor;
    this.dataset.anchor = edited ?? "--paragraph";
    if (!edited) margin.parentElement.querySelector("[data-start]").dataset.anchors = "--paragraph";
  }

  enter() {
    (this.querySelector("[name=sentence]") ?? this.note).focus();
  }

  /** Become a sheet at the bottom of the screen, one step of the browser's history, so that Back closes it. */
  raise() {
    const sheet = document.createElement("dialog");
    sheet.className = "sheet";
    sheet.ariaLabel = this.form.ariaLabel;
    this.replaceWith(sheet);
    this.sheet = sheet;
    history.pushState(null, "");
    sheet.append(this);
    sheet.addEventListener("cancel", this);
    sheet.addEventListener("click", ({ target }) => target === sheet && this.close());
    sheet.showModal();
    this.enter();
    const fit = () => this.fit();
    for (const type of ["resize", "scroll"]) visualViewport.addEventListener(type, fit, { signal: this.events.signal });
    requestAnimationFrame(fit);
  }

  /** Stand above the keyboard, and have the passage stand above that, as far as there is room. */
  fit() {
    if (!this.sheet) return;
    const { height, offsetTop } = visualViewport;
    this.sheet.style.insetBlockEnd = `${Math.max(0, innerHeight - height - offsetTop)}px`;
    this.sheet.style.maxBlockSize = `${height * 0.9}px`;
    const { start, end } = this.form.elements;
    const passage = start && rangeOf({ start: Number(start.value), end: Number(end.value) }, this.closest("article"));
    if (!passage) return;
    const { top, bottom } = passage.getBoundingClientRect();
    scrollBy(0, Math.max(0, Math.min(bottom - this.sheet.getBoundingClientRect().top + 16, top - 16)));
  }

  handleEvent(event) {
    switch (event.type) {
      case "keydown": return this.pressed(event);
      case "input": return this.keep();
      case "click": return this.clicked(event);
      case "htmx:sendError": return this.failed();
      case "submit": return this.sending();
      case "cancel":
        event.preventDefault();
        return this.close();
      case "beforeunload": return this.unkept && event.preventDefault();
      case "storage": return event.newValue === null && event.key?.endsWith(tab() + account()) && this.keep();
      case "popstate": return this.sheet && this.close(true);
      case "postil:saved": this.prefer();
      default: return dropDrafts(this.place, this.sent, this.taken);
    }
  }

  /** Who may see this note may see the next, unless one says otherwise. */
  prefer() {
    const { start, visibility } = this.form.elements;
    if (!start) return;
    for (const option of document.querySelector("#compose").content.querySelectorAll("option")) {
      option.toggleAttribute("selected", option.value === visibility.value);
    }
  }

  pressed(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.form.requestSubmit();
    } else if (event.key === "Escape" && this.isInMargin) {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    }
  }

  keep() {
    this.unkept = !keepDraft(this.place, this.words);
  }

  clicked(event) {
    if (event.target.closest(".cancel") && this.isInMargin) {
      event.preventDefault();
      const { place, words } = this;
      dropDrafts(place, words, this.taken);
      this.unkept = false;
      this.close();
      if (words) offerBack(place, words);
    }
  }

  /** What is on its way; a form on a page of its own leaves with it, and the article it comes to knows that it has come. */
  sending() {
    this.sent = this.words;
    this.unkept = false;
    if (!this.form.hasAttribute("hx-post")) stores().at(-1)?.setItem("postil:sent", JSON.stringify([this.place, this.sent, this.taken]));
  }

  failed() {
    this.keep();
    const said = document.createElement("span");
    const retry = document.createElement("button");
    said.textContent = "The server cannot be reached. Your words are kept here. ";
    retry.textContent = "Retry";
    this.querySelector(".error").replaceChildren(said, retry);
  }

  close(isBack = false) {
    if (this.unkept && this.words && this.isConnected && !isBack) {
      const said = document.createElement("span");
      said.textContent = "This browser has no room to keep a draft: save these words, or clear them first.";
      return this.querySelector(".error").replaceChildren(said);
    }
    this.dispatchEvent(new CustomEvent("compose:closed", { bubbles: true }));
    const { sheet } = this;
    if (isBack) this.sheet = null;
    (sheet ?? this).remove();
  }
}

customElements.define("compose-form", ComposeForm);
