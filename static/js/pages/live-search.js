// <live-search>: has the address of the page say what is being looked for, so that one finds it again on the way back.
// htmx brings what is found while one types; without script the form does, and the address says it anyway.

class LiveSearch extends HTMLElement {
  connectedCallback() {
    this.addEventListener("htmx:afterRequest", this);
  }

  handleEvent({ target, detail }) {
    if (!detail.successful) return;
    const said = new URLSearchParams(new FormData(target.closest("form")));
    for (const [name, value] of [...said]) if (!value) said.delete(name);
    history.replaceState(null, "", `/search${said.size ? `?${said}` : ""}`);
  }
}

customElements.define("live-search", LiveSearch);
