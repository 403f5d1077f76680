// <signed-out>: throws away what this browser keeps of who has just signed out: drafts, and where they were reading.
// Without script nothing of that is kept.

class SignedOut extends HTMLElement {
  connectedCallback() {
    for (const name of ["localStorage", "sessionStorage"]) {
      try {
        const store = globalThis[name];
        for (const key of Object.keys(store)) if (key.startsWith("postil:")) store.removeItem(key);
      } catch {
        // A browser that lets nothing be kept has kept nothing.
      }
    }
  }
}

customElements.define("signed-out", SignedOut);
