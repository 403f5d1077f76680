// A note unfolds when the Tab key comes to it, and what has the focus slides down, perhaps under what is docked there.

addEventListener("focusin", ({ target }) => {
  if (target.matches(".note :focus-visible")) requestAnimationFrame(() => target.scrollIntoView({ block: "nearest" }));
});
