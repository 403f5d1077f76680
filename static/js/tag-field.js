// <tag-field>: completes the tag that is being typed, also after a comma.
// Without it the browser completes the first one only.

class TagField extends HTMLElement {
  connectedCallback() {
    this.addEventListener("input", this);
    this.addEventListener("focusin", this);
  }

  handleEvent(event) {
    const before = event.target.value.replace(/[^,]*$/, "").trim();
    const given = new Set(before.toLowerCase().split(/\s*,\s*/));
    for (const option of event.target.list?.options ?? []) {
      option.dataset.tag ??= option.value;
      option.value = given.has(option.dataset.tag.toLowerCase()) ? "" : [before, option.dataset.tag].filter(Boolean).join(" ");
    }
  }
}

customElements.define("tag-field", TagField);
