// <reading-place>: offers to go on where one has left off, and says how much is left to read. It never scrolls by itself.
// Without it the page opens at its beginning, as any page does.

class ReadingPlace extends HTMLElement {
  connectedCallback() {
    [this.offered, this.remaining] = this.querySelectorAll("p");
    this.offered.addEventListener("click", this);
    addEventListener("scroll", this, { passive: true });
    this.offer();
  }

  disconnectedCallback() {
    removeEventListener("scroll", this);
  }

  get key() {
    return `postil:place:${this.dataset.article}`;
  }

  get rows() {
    return [...document.querySelectorAll(".paragraph")];
  }

  handleEvent({ type, target }) {
    if (type === "scroll") {
      clearTimeout(this.resting);
      this.resting = setTimeout(() => this.keep(), 150);
    } else if (target.closest("a, button")) {
      this.offered.hidden = true;
      if (target.closest("button")) stores()[0]?.removeItem(this.key);
    }
  }

  /** Offer the place that was kept, unless the address names another, or the browser has gone back to one by itself. */
  offer() {
    const { rows } = this;
    const at = rows.findIndex((row) => row.id === stores()[0]?.getItem(this.key));
    if (at < 1 || location.hash || scrollY > innerHeight / 2) return;
    this.querySelector("span").textContent = `You were at paragraph ${at + 1}`;
    this.querySelector("small").textContent = `, ${this.left(rows, at)}`;
    this.querySelector("a").hash = rows[at].id;
    this.offered.hidden = false;
  }

  /** Keep which paragraph stands at the top of the window: none at the beginning, and none once the end has been seen. */
  keep() {
    const { rows } = this;
    const at = rows.findIndex((row) => row.getBoundingClientRect().bottom > 96);
    const isOver = rows.at(-1)?.getBoundingClientRect().bottom <= innerHeight;
    this.remaining.hidden = at < 1 || isOver;
    this.tell(`{"start":${rows[at]?.id.slice(1) ?? 0},"finished":${isOver}}`);
    if (at > 0) this.remaining.textContent = this.left(rows, at);
    try {
      if (isOver) stores()[0]?.removeItem(this.key);
      else if (at > 0) stores()[0]?.setItem(this.key, rows[at].id);
    } catch {
      // Full: then there is no place to go back to.
    }
  }

  /** Let htmx post the place, where the page says so: that of a reader whom the library knows. */
  tell(place) {
    if (place === this.getAttribute("hx-vals")) return;
    this.setAttribute("hx-vals", place);
    this.dispatchEvent(new Event("rest"));
  }

  left(rows, at) {
    const [start, last] = [rows[at], rows.at(-1)].map((row) => Number(row.id.slice(1)));
    const end = last + rows.at(-1).querySelector("[data-start]").textContent.length;
    return `${Math.max(1, Math.round(this.dataset.minutes * (1 - start / end)))} min left`;
  }
}

customElements.define("reading-place", ReadingPlace);
