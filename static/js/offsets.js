// Places in the text. The DOM counts UTF-16 units, the server counts code points: only here does one become the other.

/** How many code points a string has. */
function codePoints(string) {
  let count = 0;
  for (const _ of string) count += 1;
  return count;
}

/** The blocks of an article's text, in order: one in each paragraph row. */
function blocksOf(article) {
  return [...article.querySelectorAll(".paragraph > [data-start]")];
}

/** Where a point of the DOM inside a block stands in the text, in code points. */
function placeOf(block, node, offset) {
  const before = document.createRange();
  before.setStart(block, 0);
  before.setEnd(node, offset);
  return Number(block.dataset.start) + codePoints(before.toString());
}

/** What a range covers of each block, in order: never the notes that stand between them. */
function partsOf(range, article) {
  const parts = [];
  for (const block of blocksOf(article)) {
    if (!range.intersectsNode(block)) continue;
    const part = document.createRange();
    part.selectNodeContents(block);
    if (block.contains(range.startContainer)) part.setStart(range.startContainer, range.startOffset);
    if (block.contains(range.endContainer)) part.setEnd(range.endContainer, range.endOffset);
    if (part.toString()) parts.push({ block, part });
  }
  return parts;
}

/** The passage that a range covers: { start, end, exact } in code points of the text, or null where it covers none. */
function passageOf(range, article) {
  const parts = partsOf(range, article);
  if (!parts.length) return null;
  const first = parts[0];
  const last = parts[parts.length - 1];
  return {
    start: placeOf(first.block, first.part.startContainer, first.part.startOffset),
    end: placeOf(last.block, last.part.endContainer, last.part.endOffset),
    exact: parts.map(({ part }) => part.toString()).join("\n\n"),
  };
}

/** The range of the DOM that shows a passage, or null where the article does not reach so far. */
function rangeOf({ start, end }, article) {
  const range = document.createRange();
  let begun = false;
  for (const block of blocksOf(article)) {
    const blockStart = Number(block.dataset.start);
    const blockEnd = blockStart + codePoints(block.textContent);
    if (!begun && start < blockEnd) {
      range.setStart(...pointAt(block, start - blockStart));
      begun = true;
    }
    if (begun && end <= blockEnd) {
      range.setEnd(...pointAt(block, end - blockStart));
      return range;
    }
  }
  return null;
}

/** The text node, and the UTF-16 offset in it, after so many code points of a block. */
function pointAt(block, wanted) {
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  let left = wanted;
  let node = walker.nextNode();
  while (node) {
    const length = codePoints(node.data);
    if (left <= length) return [node, [...node.data].slice(0, left).join("").length];
    left -= length;
    node = walker.nextNode();
  }
  return [block, block.childNodes.length];
}
