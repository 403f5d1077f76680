// Drafts: what has been typed and not saved yet, kept in the browser, by place, tab and account, so that two tabs at one
// place do not write over each other, and nobody else who signs in here reads them. What is typed without an account is of
// whoever comes next. One browser that keeps nothing loses nothing else.

/** Where a browser lets things be kept: for good, else as long as the tab stands open. */
function stores() {
  return ["localStorage", "sessionStorage"].flatMap((name) => {
    try {
      return globalThis[name] ?? [];
    } catch {
      return [];
    }
  });
}

/** What this tab is called, through reloads too. A tab that is made as a copy of it finds no name, and takes another. */
function tab() {
  if (!tab.id) {
    const store = stores().at(-1);
    tab.id = store?.getItem("postil:tab") ?? Math.random().toString(36).slice(2);
    store?.removeItem("postil:tab");
    addEventListener("pagehide", () => store?.setItem("postil:tab", tab.id));
    addEventListener("pageshow", () => store?.removeItem("postil:tab"));
  }
  return tab.id;
}

/** How the keys of drafts end: with the account that the page is of, or with none. */
function account() {
  return `|${document.querySelector("[data-account]")?.dataset.account ?? ""}`;
}

/** The drafts whose places begin so: this tab's first, then the newest. */
function draftsAt(place = "") {
  const found = stores().flatMap((store) => Object.keys(store).filter((key) => key.startsWith(`postil:draft:${place}`) && (key.endsWith("|") || key.endsWith(account()))).map((key) => {
    const [at, ...words] = store[key].split(" ");
    const [where, whose] = key.slice(13).split("|");
    return { store, key, place: where, own: whose === tab(), at: Number(at), words: words.join(" ") };
  }));
  return found.sort((a, b) => b.own - a.own || b.at - a.at);
}

/** Keep this tab's draft of a place, or none where there are no words; gives whether that could be done. */
function keepDraft(place, words) {
  let done = !words;
  for (const store of stores()) {
    try {
      if (done) store.removeItem(`postil:draft:${place}|${tab()}${account()}`);
      else store.setItem(`postil:draft:${place}|${tab()}${account()}`, `${Date.now()} ${words}`);
      done = true;
    } catch {
      // Full: the next one may have room.
    }
  }
  return done;
}

/** Throw away what drafts of a place say one of these things, whichever tab they are of. */
function dropDrafts(place, ...said) {
  for (const { store, key, words } of draftsAt(`${place}|`)) if (said.includes(words)) store.removeItem(key);
}

/** Say that words have been thrown away, and let them be a draft again. */
function offerBack(place, words) {
  say("Thrown away.");
  const undo = document.createElement("button");
  undo.textContent = "Undo";
  undo.addEventListener("click", () => {
    keepDraft(place, words);
    document.querySelector("annotated-text").showDrafts();
    say("Your words are a draft again.");
  });
  document.getElementById("status").append(undo);
}
