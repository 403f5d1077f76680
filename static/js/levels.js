// Beside a wide text, what is turned to stands at the very line where its passage begins: what is above gives way upwards,
// what is below follows it. Without this every note stays in its order, as near to its line as those above it let it.

const GAP = 12;
const NEAR = 400;
const places = new CSSStyleSheet(); // not the boxes' own style, which htmx would copy as an attribute, which the CSP forbids
document.adoptedStyleSheets.push(places);
let gliding = [];

/** Keep level what is turned to by focus, by its passage or by the address. */
function keepLevel(article, signal) {
  let down = false;
  let frame = 0;
  const settle = () => {
    if (down) return; // What is pressed must not move away before it is let go.
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => {
      comeLevel(article);
      changes.takeRecords();
    });
  };
  const changes = new MutationObserver(settle);
  changes.observe(article, { subtree: true, childList: true, attributeFilter: ["class"] });
  const sizes = new ResizeObserver(settle);
  sizes.observe(article);
  for (const type of ["load", "focusin", "focusout", "hashchange", "pointerdown", "pointerup", "pointercancel"]) {
    addEventListener(type, () => {
      down = type === "pointerdown" || (down && !type.startsWith("pointer"));
      settle();
    }, { signal });
  }
  signal.addEventListener("abort", () => {
    changes.disconnect();
    sizes.disconnect();
  });
}

/** What stands beside the text and is turned to; nothing where there is no room beside it. */
function turnedTo(article) {
  for (const how of [":focus-within", ":is(.lit, .passage-bar)", "compose-form", ":target"]) {
    const boxes = [...article.querySelectorAll(`.margin ${how}`)].map((one) => one.closest(".margin > *"));
    const box = boxes.find((one) => getComputedStyle(one).position === "absolute");
    if (box) return box;
  }
}

function comeLevel(article) {
  const last = article.querySelector(".level");
  const turned = turnedTo(article);
  if (!last && !turned && !places.cssRules.length) return;
  const boxes = [...article.querySelectorAll(".margin > *")].filter((box) => box.offsetParent);
  const before = boxes.map((box) => box.offsetTop);
  for (const one of gliding) one.cancel();
  gliding = [];
  last?.classList.remove("level");
  places.replaceSync("");
  if (turned) giveWay(boxes, turned);
  if (turned !== last && turned?.matches(":focus-within, :target") && !isInView(turned)) turned.scrollIntoView({ block: "nearest" });
  if (!matchMedia("(prefers-reduced-motion: reduce)").matches) glide(boxes, before);
}

/** Put a box at its line, and those above it as far up as they must; near the beginning of the text all come down for them. */
function giveWay(boxes, turned) {
  const above = boxes.slice(0, boxes.indexOf(turned)).map((box) => ({ box, bottom: box.offsetTop + box.offsetHeight }));
  turned.classList.add("level");
  let top = turned.offsetTop;
  const moved = [{ box: turned, top }];
  for (const { box, bottom } of above.reverse()) {
    if (bottom <= top - GAP) break;
    top -= box.offsetHeight + GAP;
    moved.push({ box, top });
  }
  const down = top < 0 && top >= -NEAR ? -top : 0;
  const rules = moved.slice(down ? 0 : 1).map(({ box, top }) => {
    const kind = box.classList[0] ? `.${box.classList[0]}` : box.localName;
    const away = top + down < 0 ? "opacity: 0; pointer-events: none" : "";
    return `.margin > ${kind}[data-anchor="${box.dataset.anchor}"] { inset-block-start: ${top + down}px; ${away} }`;
  });
  places.replaceSync(rules.join(""));
}

function isInView(box) {
  const { top } = box.getBoundingClientRect();
  return top >= 0 && top < innerHeight - 2 * GAP;
}

/** Let boxes go smoothly from where they were to where they are, unless they are many or have grown into one another. */
function glide(boxes, before) {
  // Nor where they have just come to stand below the text.
  if (boxes.some((box) => getComputedStyle(box).position !== "absolute")) return;
  const moved = boxes.map((box, at) => ({ box, from: before[at], to: box.offsetTop })).filter(({ from, to }) => from !== to);
  if (moved.length > 60 || boxes.some((box, at) => before[at] + box.offsetHeight > before[at + 1])) return;
  // By the inset, not by a transform: that would carry along what stands by this box's edge.
  gliding = moved.map(({ box, from, to }) => (
    box.animate({ insetBlockStart: [`${from}px`, `${to}px`] }, { duration: 160, easing: "ease-out" })
  ));
}
