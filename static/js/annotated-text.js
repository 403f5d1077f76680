// <annotated-text>: pick a passage by click, drag or key, and lay a highlight or a note on it.
// Without it the page reads the same, and each paragraph's + leads to the form that does the same.

const COLOURS = ["yellow", "green", "blue", "pink"];
const CLOSED = "Notes are closed on this article.";

class AnnotatedText extends HTMLElement {
  connectedCallback() {
    this.article = this.querySelector("article");
    this.dataset.live = "";
    this.colour = COLOURS[0];
    this.events = new AbortController();
    const { signal } = this.events;
    this.addEventListener("pointerdown", this, { signal });
    for (const type of ["click", "pointerup", "pointercancel", "selectionchange", "postil:saved", "postil:reworded", "postil:deleted",
      "postil:restored", "postil:resolved", "postil:reopened", "postil:opened", "compose:closed", "htmx:sendError"]) {
      document.addEventListener(type, this, { signal });
    }
    this.rove();
    this.pointAtTarget();
    keepLevel(this.article, signal);
    this.arrived();
    this.showDrafts();
    this.addEventListener("click", (event) => this.resuming(event), { capture: true, signal });
    addEventListener("hashchange", () => this.pointAtTarget(), { signal });
  }

  disconnectedCallback() {
    this.events.abort();
  }

  handleEvent(event) {
    switch (event.type) {
      case "click": return this.clicked(event);
      case "pointerdown": return this.pointing(event);
      case "pointerup": case "pointercancel": return this.pointed();
      case "selectionchange": return this.selecting();
      case "compose:closed": return this.closed(event);
      case "htmx:sendError": return this.unsent(event);
      default: return this.changed(event);
    }
  }

  // ── what is picked

  /** Pick a passage: paint it, and offer what can be done with it unless the hand stays on the keys. */
  pick(passage, { sentences = [], bar = false, resized = false } = {}) {
    this.clear(resized);
    this.picked = passage;
    for (const sentence of sentences) sentence.classList.add("picked");
    if (!sentences.length) {
      this.paint(passage);
      this.rove(this.sentenceAt(passage.start));
    }
    const ids = this.idsUnder(passage);
    if (this.isWide) for (const id of ids) document.getElementById(`a${id}`)?.classList.add("lit");
    if (bar) this.showBar(passage, ids);
  }

  clear(keepsBar = false) {
    this.picked = null;
    for (const one of this.querySelectorAll(".sentence.picked")) one.classList.remove("picked");
    for (const one of this.querySelectorAll(".lit")) one.classList.remove("lit");
    if (!keepsBar) this.querySelector(".passage-bar")?.remove();
    globalThis.CSS?.highlights?.delete("pending");
  }

  /** Paint a passage that is not kept yet; a browser that cannot shows its words in the form all the same. */
  paint(passage) {
    const range = rangeOf(passage, this.article);
    if (!range || !globalThis.CSS?.highlights) return;
    CSS.highlights.set("pending", new Highlight(...partsOf(range, this.article).map(({ part }) => part)));
  }

  idsUnder({ start, end }) {
    const under = rangeOf({ start, end }, this.article);
    const ids = new Set();
    if (!under) return ids;
    for (const mark of this.article.querySelectorAll("mark[data-annotations]")) {
      if (touches(under, mark)) for (const id of mark.dataset.annotations.split(" ")) ids.add(id);
    }
    return ids;
  }

  /** Offer what can be done with a passage: in the bar that there is, so that it keeps the focus, else in a new one. */
  showBar(passage, ids) {
    const shown = this.querySelector(".passage-bar");
    const bar = shown ?? this.querySelector("#picked").content.firstElementChild.cloneNode(true);
    for (const form of bar.querySelectorAll("form")) fill(form, passage);
    for (const [act, by] of [["less", -1], ["more", 1]]) {
      bar.querySelector(`[data-act=${act}]`).ariaDisabled = this.endAfter(passage, by) === undefined;
    }
    const count = this.sentences.map(spanOf).filter((one) => one.start < passage.end && one.end > passage.start).length;
    bar.querySelector(".length").textContent = count === 1 ? "1 sentence" : `${count} sentences`;
    const there = bar.querySelector(".there");
    there.replaceChildren();
    for (const id of ids) {
      const note = document.getElementById(`a${id}`);
      if (!note) continue;
      const link = document.createElement("a");
      link.href = `#a${id}`;
      const words = note.querySelector(".words")?.textContent.trim().slice(0, 24) ?? "highlight";
      link.textContent = `→ ${note.querySelector("[data-number]").textContent}: ${words}`;
      there.append(link);
    }
    if (shown) return;
    this.standing(passage, bar);
    htmx.process(bar);
    if (getComputedStyle(bar).position !== "fixed") return;
    const { top, bottom } = rangeOf(passage, this.article).getBoundingClientRect();
    scrollBy(0, Math.max(0, Math.min(bottom + 12 - bar.getBoundingClientRect().top, top - 16)));
  }

  /** Where a passage ends that is longer or shorter by a sentence; undefined where that cannot be. */
  endAfter({ start, end }, by) {
    const ends = this.sentences.map((one) => spanOf(one).end);
    return by > 0 ? ends.find((one) => one > end) : ends.findLast((one) => one > start && one < end);
  }

  /** Make what is picked longer or shorter by a sentence, at its end. */
  resize(by) {
    const { start } = this.picked;
    const end = this.endAfter(this.picked, by);
    if (end === undefined) return;
    const sentences = this.sentences.filter((one) => spanOf(one).start >= start && spanOf(one).start < end);
    const isWhole = spanOf(sentences[0] ?? this.sentenceAt(start)).start === start;
    getSelection().removeAllRanges();
    this.anchor = sentences[0];
    if (isWhole) this.rove(sentences.at(-1));
    const passage = passageOf(rangeOf({ start, end }, this.article), this.article);
    const bar = Boolean(this.querySelector(".passage-bar"));
    this.pick(passage, { sentences: isWhole ? sentences : [], bar, resized: bar });
  }

  /** Put something into the margin where a note on the passage would stand. */
  standing(passage, element) {
    const margin = this.rowAt(passage.start).querySelector(".margin");
    // The bar above all that begins there, to stay near its sentence; a note to be below what was said before it.
    const from = passage.start + !element.matches(".passage-bar");
    const next = [...margin.children].find((child) => startOf(child.querySelector(".note") ?? child) >= from);
    this.level(element, passage.start);
    margin.insertBefore(element, next ?? null);
  }

  /** The row of the paragraph in which a place lies. */
  rowAt(place) {
    return [...this.article.querySelectorAll(".paragraph")].findLast((one) => Number(one.id.slice(1)) <= place);
  }

  /** Have something in the margin stand level with the sentence where a passage begins. */
  level(element, start) {
    const name = element.matches("compose-form") ? "--composed" : "--picked";
    for (const one of this.querySelectorAll(`.sentence[data-anchors*="${name}"]`)) {
      one.dataset.anchors = one.dataset.anchors.split(", ").filter((other) => other !== name).join(", ");
    }
    const sentence = this.sentenceAt(start);
    if (!sentence) return;
    sentence.dataset.anchors = [sentence.dataset.anchors, name].filter(Boolean).join(", ");
    element.dataset.anchor = name;
  }

  /** Bring a note into view that is folded away. */
  reveal(id) {
    const note = document.getElementById(`a${id}`);
    note?.closest("details")?.setAttribute("open", "");
    if (note?.matches(".reply")) note.closest(".note").classList.add("lit");
    return note;
  }

  // ── mouse, pen and finger

  clicked(event) {
    if (!this.contains(event.target)) {
      if (!event.target.closest("#status, display-settings, reading-keys")) this.clear();
      return;
    }
    if (!event.target.closest("form, [data-act]")) hush();
    const act = event.target.closest("[data-act]");
    switch (act?.dataset.act) {
      case "highlight": return this.highlight(act.value);
      case "note": return this.compose();
      case "less": return this.resize(-1);
      case "more": return this.resize(1);
      case "copy": return this.copy();
    }
    if (event.target.closest(".margin, .add, .handle")) return;
    if (!getSelection().isCollapsed && event.detail) return event.preventDefault(); // a drag that ends in a link does not follow it
    if (event.target.closest("a")) return;
    const sentence = event.target.closest(".sentence");
    if (!sentence) return this.clear();
    const from = event.shiftKey && this.anchor ? this.anchor : sentence;
    this.toSentence(sentence, { from, bar: true });
  }

  pointing(event) {
    this.down = true;
    event.target.closest(".note:focus")?.classList.add("lit"); // or it would fold under the hand that presses a button in it
    const inText = event.target.closest(".paragraph > [data-start]");
    this.article.classList.toggle("selecting", Boolean(inText));
  }

  pointed() {
    this.down = false;
    this.selecting();
  }

  /** A drag or a long press has picked some run of characters, once it has come to rest. */
  selecting() {
    clearTimeout(this.resting);
    const selection = getSelection();
    if (this.down || selection.isCollapsed || !selection.rangeCount) return;
    const range = selection.getRangeAt(0);
    if (!this.article.classList.contains("selecting") || !range.intersectsNode(this.article)) return;
    this.resting = setTimeout(() => {
      const passage = passageOf(range, this.article);
      if (passage?.exact.trim() && passage.exact !== this.picked?.exact) this.pick(passage, { bar: true });
    }, 120);
  }

  // ── sentences

  get sentences() {
    return [...this.article.querySelectorAll(".sentence")];
  }

  /** The sentence in which a place lies, or after which it stands. */
  sentenceAt(place) {
    return this.sentences.findLast((one) => Number(one.id.slice(1)) <= place);
  }

  /** Whether notes stand beside the text, where they may open without moving it. */
  get isWide() {
    return getComputedStyle(this.article.querySelector(".handle")).display !== "none";
  }

  /** One stop for the Tab key, the sentence last visited, and one for each control of its row. */
  rove(sentence = this.sentences[0]) {
    for (const one of this.article.querySelectorAll(".sentence[tabindex]")) one.removeAttribute("tabindex");
    const row = sentence?.closest(".paragraph");
    for (const one of this.article.querySelectorAll(".handle, .add")) one.tabIndex = row?.contains(one) ? 0 : -1;
    if (sentence) sentence.tabIndex = 0;
  }

  get cursor() {
    return this.article.querySelector(".sentence[tabindex]");
  }

  /** Go to a sentence, and pick what lies between it and another. */
  toSentence(sentence, { from = sentence, bar = false } = {}) {
    const all = this.sentences;
    const [first, last] = [all.indexOf(from), all.indexOf(sentence)].sort((a, b) => a - b);
    const range = document.createRange();
    range.setStart(all[first].firstChild, 0);
    range.setEnd(all[last], all[last].childNodes.length);
    this.anchor = from;
    this.rove(sentence);
    getSelection().removeAllRanges();
    sentence.focus({ preventScroll: bar });
    this.pick(passageOf(range, this.article), { sentences: all.slice(first, last + 1), bar });
  }

  /** Move by so many sentences; the first move goes to where the reader is. */
  step(by, grow = false) {
    if (grow && this.picked && !this.querySelector(".sentence.picked")) return this.resize(by);
    const all = this.sentences;
    const started = this.picked || this.cursor === document.activeElement;
    const at = started ? all.indexOf(this.cursor) + by : all.findIndex((one) => one.getBoundingClientRect().top >= 0);
    const next = all[Math.min(Math.max(at, 0), all.length - 1)];
    this.toSentence(next, { from: grow && this.anchor?.isConnected ? this.anchor : next });
  }

  toParagraph(row) {
    const sentence = row?.querySelector(".sentence");
    if (sentence) this.toSentence(sentence);
  }

  stepParagraph(by) {
    const rows = [...this.article.querySelectorAll(".paragraph")];
    const at = rows.indexOf(this.cursor.closest(".paragraph"));
    const note = document.activeElement.closest(".note");
    this.toParagraph(rows[note ? rows.indexOf(note.closest(".paragraph")) + by : this.picked ? at + by : at]);
  }

  // ── notes

  /** From a passage to its notes: to the one, or to the choice of several. */
  toNotes() {
    const passage = this.passage();
    const [first, ...more] = passage ? this.idsUnder(passage) : [];
    if (!first) return false;
    if (more.length) {
      this.showBar(this.picked, [first, ...more]);
      this.querySelector(".there a").focus();
    } else {
      this.reveal(first)?.focus();
    }
    return true;
  }

  /** To the next note, or the one before, from a note or from where the reader is in the text. */
  stepNote(by) {
    const all = "#text .note, .orphans li[id]";
    const notes = [...document.querySelectorAll(all)];
    const here = document.activeElement.closest(all);
    const place = this.picked?.start ?? Number(document.activeElement.closest(".sentence")?.id.slice(1) ?? 0);
    const after = notes.findIndex((note) => !(startOf(note) < place)); // what stands nowhere comes after all
    const at = here ? notes.indexOf(here) + by : by > 0 ? after : after - 1;
    if (notes[at]) this.reveal(notes[at].id.slice(1)).focus();
  }

  /** Back from a note to its passage; from the text, let go of what is picked. */
  back(from) {
    const note = from.closest(".note");
    if (note) {
      const sentence = document.getElementById(note.querySelector(".back").hash.slice(1));
      if (sentence?.matches(".sentence")) this.toSentence(sentence);
    } else {
      if (from.closest(".passage-bar")) this.cursor?.focus({ preventScroll: true });
      this.clear();
      hush();
    }
  }

  /** Delete one's own note: the one that one is in, else the one on the passage. */
  delete() {
    const within = document.activeElement.closest(".reply, .note");
    const passage = within ? null : this.passage();
    const ids = passage ? [...this.idsUnder(passage)] : [];
    const notes = [within, ...ids.map((id) => document.getElementById(`a${id}`))];
    const mine = notes.find((note) => note?.matches(".mine"));
    mine?.querySelector(`form[action="/annotations/${mine.id.slice(1)}/delete"]`)?.requestSubmit();
  }

  // ── what becomes of it

  passage() {
    if (!this.picked && document.activeElement === this.cursor) this.toSentence(this.cursor);
    return this.picked;
  }

  highlight(colour = this.colour) {
    const passage = this.passage();
    if (!passage) return;
    this.colour = colour;
    if (!this.querySelector(".passage-bar")) this.showBar(passage, []);
    const form = this.querySelector("form.highlight");
    if (!form) return say(CLOSED);
    form.elements.colour.value = colour;
    form.requestSubmit();
  }

  /** Share the passage by a link. */
  share() {
    const passage = this.passage();
    if (!passage) return;
    if (!this.querySelector(".passage-bar")) this.showBar(passage, []);
    this.querySelector(".passage-bar form:not(.highlight)").requestSubmit();
  }

  /** Copy the words of the passage, with an address that leads to them. */
  async copy() {
    const passage = this.passage();
    if (!passage) return;
    const address = `${location.origin}${location.pathname}#${this.sentenceAt(passage.start).id}`;
    const done = await toClipboard(`“${passage.exact}”\n${address}`);
    say(done ? "The quote is copied, with its address." : "This browser lets nothing be copied.");
  }

  compose() {
    const passage = this.passage();
    if (!passage) return;
    if (!this.querySelector("#compose")) return say(CLOSED);
    this.querySelector(".passage-bar")?.remove();
    for (const open of this.querySelectorAll("compose-form")) open.close();
    const composer = this.querySelector("#compose").content.firstElementChild.cloneNode(true);
    const form = composer.querySelector("form");
    fill(form, passage);
    form.querySelector(".quote").textContent = passage.exact;
    form.querySelector(`[name=colour][value=${this.colour}]`).checked = true;
    this.standing(passage, composer);
    htmx.process(composer);
    this.picked = passage;
    if (!this.querySelector(".sentence.picked")) this.paint(passage);
    form.elements.note.focus();
  }

  closed(event) {
    if (!this.contains(event.target)) return;
    const cursor = this.cursor;
    this.showDrafts();
    setTimeout(() => {
      if (!this.querySelector("compose-form")) cursor?.focus({ preventScroll: true });
    });
  }

  /** Rows have been put in place of others: take up the hand's place again, and go on from there. */
  changed(event) {
    const place = this.cursor?.id;
    const { id } = event.detail ?? {};
    // Not before the swap: htmx looks for its targets from the form that has asked.
    setTimeout(() => {
      this.showDrafts();
      this.clear();
      getSelection().removeAllRanges();
      const note = id && this.reveal(id);
      const [start, end] = note?.closest(".note")?.dataset.span.split("-").map(Number) ?? [];
      let sentence = document.getElementById(place) ?? this.sentences[0];
      if (note && !(Number(sentence?.id.slice(1)) >= start && Number(sentence.id.slice(1)) < end)) sentence = this.sentenceAt(start);
      this.rove(sentence);
      sentence?.focus({ preventScroll: true });
      note?.classList.add("lit");
      if (note?.dataset.span && event.type === "postil:saved") this.keepPicked(note);
    });
  }

  // ── drafts

  /** What left from a page of its own has arrived if the way has led to its note: then it is no draft any more. */
  arrived() {
    const store = stores().at(-1);
    const sent = store?.getItem("postil:sent");
    store?.removeItem("postil:sent");
    if (sent && /^#a\d/.test(location.hash)) dropDrafts(...JSON.parse(sent));
  }

  /** Where words wait that are not saved, the + of the paragraph says so, and so does the link to edit a note. */
  showDrafts() {
    for (const one of this.querySelectorAll("[data-draft]")) {
      delete one.dataset.draft;
      one.title = "";
    }
    for (const { place } of draftsAt()) {
      const [path, passage] = place.split(":");
      const row = path === `/articles/${this.dataset.article}/annotations` && this.rowAt(parseInt(passage, 10));
      const sign = row ? row.querySelector(".add") : this.querySelector(`a[href="${path}/edit"], a[href="${path}/new"]`);
      if (!sign) continue;
      sign.dataset.draft = passage;
      sign.title = "A draft waits here";
    }
  }

  /** Go on with the draft of a paragraph. */
  resuming(event) {
    const passage = event.target.closest(".add[data-draft]")?.dataset.draft.split("-").map(Number);
    const range = passage && rangeOf({ start: passage[0], end: passage[1] }, this.article);
    if (!range) return;
    event.preventDefault();
    event.stopPropagation();
    this.pick(passageOf(range, this.article));
    this.compose();
  }

  /** Say that the server did not hear; a form with words in it says so itself. */
  unsent(event) {
    if (event.target.closest("compose-form, reading-place")) return;
    const said = document.createElement("span");
    said.textContent = "The server cannot be reached. Try again in a moment.";
    document.getElementById("status").replaceChildren(said);
  }

  /** What has just been marked stays what is meant by the next key. */
  keepPicked(note) {
    const [start, end] = note.dataset.span.split("-").map(Number);
    this.picked = passageOf(rangeOf({ start, end }, this.article), this.article);
    if (document.documentElement.dataset.notes === "none") document.querySelector("display-settings").toggleNotes();
  }

  /** Outline the passage of the note that the address names. */
  pointAtTarget() {
    const id = /^#a(\d+)$/.exec(location.hash)?.[1];
    for (const one of this.querySelectorAll(".lit")) one.classList.remove("lit");
    if (!id) return;
    if (!document.getElementById(`a${id}`) && document.querySelector(".filtered, p.crowd") && !/[?&]note=/.test(location.search)) {
      return location.replace(`/annotations/${id}`); // It is not among what is shown; its own address shows it.
    }
    const thread = this.reveal(id)?.closest(".note")?.id.slice(1) ?? id;
    for (const mark of this.article.querySelectorAll(`mark[data-annotations~="${thread}"]`)) mark.classList.add("lit");
  }
}

/** Where the passage of a note, or the sentence of a crowd, begins (code points); nothing for what else stands in a margin. */
function startOf(box) {
  return Number((box.dataset.span ?? /^--[cs](\d+)$/.exec(box.dataset.anchor)?.[1])?.split("-")[0]);
}

/** Where a sentence begins and ends (code points). */
function spanOf(sentence) {
  const start = Number(sentence.id.slice(1));
  return { start, end: start + codePoints(sentence.textContent) };
}

/** Whether any character of an element lies in a range. */
function touches(range, element) {
  const own = document.createRange();
  own.selectNodeContents(element);
  return range.compareBoundaryPoints(Range.END_TO_START, own) < 0 && range.compareBoundaryPoints(Range.START_TO_END, own) > 0;
}

/** What has been done has been read: the line that says so makes room. */
function hush() {
  document.getElementById("status").replaceChildren();
}

function say(words) {
  const said = document.createElement("span");
  said.textContent = words;
  document.getElementById("status").replaceChildren(said);
}

function fill(form, passage) {
  for (const name of ["start", "end", "exact"]) form.elements[name].value = passage[name];
}

customElements.define("annotated-text", AnnotatedText);
