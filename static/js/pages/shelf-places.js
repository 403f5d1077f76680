// <shelf-places>: says how much is left of what this browser alone knows to be begun: of who has written nothing yet nothing else does.
// Without it these articles stand there like those that nobody has begun.

class ShelfPlaces extends HTMLElement {
  connectedCallback() {
    for (const link of this.querySelectorAll("[data-length]")) {
      const { article, minutes, length } = link.dataset;
      const place = this.kept(`postil:place:${article}`);
      if (!/^p[0-9]+$/.test(place)) continue;
      link.hash = place;
      link.textContent = `${Math.max(1, Math.round(minutes * (1 - place.slice(1) / Math.max(1, length))))} min left`;
      link.hidden = false;
    }
  }

  kept(key) {
    try {
      return localStorage.getItem(key) ?? "";
    } catch {
      return "";
    }
  }
}

customElements.define("shelf-places", ShelfPlaces);
