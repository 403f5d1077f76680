// Drafts: what has been typed and not saved yet, kept in the browser. One that keeps nothing loses nothing else.

/** The draft kept under a key, or null. */
function readDraft(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Keep a draft, or none where there are no words. */
function keepDraft(key, words) {
  try {
    if (words) localStorage.setItem(key, words);
    else localStorage.removeItem(key);
  } catch {
    // Full, or switched off: the words still stand in the form.
  }
}
