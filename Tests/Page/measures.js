// What page.py asks the page: each function returns plain values.
(() => {
  const every = (selector, root = document) => [...root.querySelectorAll(selector)];
  const count = (selector) => every(selector).length;
  const visible = (element) => element.checkVisibility({ checkVisibilityCSS: true });

  /** The part of a rectangle that no box around the element cuts off. */
  function clipped(box, element) {
    let { left, top, right, bottom } = box;
    for (let around = element; around && around !== document.body; around = around.parentElement) {
      const style = getComputedStyle(around);
      if (style.overflowX === "visible" && style.overflowY === "visible") continue;
      const edge = around.getBoundingClientRect();
      [left, right] = [Math.max(left, edge.left), Math.min(right, edge.right)];
      [top, bottom] = [Math.max(top, edge.top), Math.min(bottom, edge.bottom)];
    }
    return right - left > 1 && bottom - top > 1 ? { left, top, right, bottom } : null;
  }

  /** The boxes of the lines of all text that can be seen; gnuplot's pictures are not looked into. */
  function textBoxes(root = document.body) {
    const unseen = "script, style, noscript, figure svg, .unseen, .skip, option, select";
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) {
      const node = walker.currentNode;
      const element = node.parentElement;
      if (!node.data.trim() || !element || element.closest(unseen) || !visible(element)) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const box of range.getClientRects()) {
        const seen = clipped(box, element);
        if (seen) found.push({ ...seen, text: node.data.trim().slice(0, 40), element });
      }
    }
    return found;
  }

  /** Pairs of texts that lie over each other by more than 2 pixels each way. */
  function overprints() {
    const boxes = textBoxes().sort((a, b) => a.top - b.top);
    const pairs = [];
    for (let i = 0; i < boxes.length; i += 1) {
      for (let j = i + 1; j < boxes.length && boxes[j].top < boxes[i].bottom - 2; j += 1) {
        const [a, b] = [boxes[i], boxes[j]];
        const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        // Lines of one text may touch.
        if (wide > 2 && high > 4 && a.element !== b.element) pairs.push(`${a.text} | ${b.text}`);
      }
    }
    return pairs.slice(0, 5);
  }

  /** Cells whose text is wider than they are. */
  const cut = () => every("th, td")
    .filter((cell) => visible(cell) && cell.scrollWidth > cell.clientWidth + 1)
    .slice(0, 5).map((cell) => cell.textContent.slice(0, 60));

  /** What is wider than the window, outside of boxes that scroll. */
  function tooWide(width = innerWidth) {
    const name = (element) => `${element.tagName} ${element.className?.baseVal ?? element.className}`;
    return every("body *").filter((element) => {
      if (!visible(element) || element.closest(".unseen, .skip, svg svg")) return false;
      const box = element.getBoundingClientRect();
      const seen = clipped(box, element.parentElement);
      return seen !== null && seen.right > width + 1;
    }).slice(0, 5).map((element) => `${name(element)} ${Math.round(element.getBoundingClientRect().right)}`);
  }

  const linear = (part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  const luminance = ([r, g, b]) => 0.2126 * linear(r / 255) + 0.7152 * linear(g / 255) + 0.0722 * linear(b / 255);
  const channels = (text) => text.match(/[\d.]+/g).map(Number);

  /** The least contrast of a text against its ground (WCAG 2.2, 1.4.3), and where. */
  function leastContrast() {
    let least = { ratio: 99, text: "" };
    for (const { element, text } of textBoxes()) {
      if (element.closest("button:disabled")) continue;
      let ground = null;
      for (let around = element; around && !ground; around = around.parentElement) {
        const color = channels(getComputedStyle(around).backgroundColor);
        if (color.length < 4 || color[3] > 0.99) ground = color;
      }
      const style = getComputedStyle(element);
      const ink = channels(element.namespaceURI.endsWith("svg") ? style.fill : style.color);
      const [a, b] = [luminance(ink), luminance(ground ?? [255, 255, 255])];
      const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      if (ratio < least.ratio) least = { ratio: Math.round(100 * ratio) / 100, text };
    }
    return least;
  }

  const titles = () => every("#trial-table thead th").map((cell) => cell.textContent);
  const heading = (title) => every("#trial-table thead th").find((cell) => cell.textContent === title);
  const column = (title) => {
    const index = heading(title).cellIndex;
    return [...document.querySelectorAll("#trial-table tbody tr")].map((row) => row.cells[index].textContent);
  };
  /** Milliseconds of a click on a heading, until it has been laid out. */
  function sortTime(title) {
    const button = heading(title).querySelector("button");
    const start = performance.now();
    button.click();
    document.body.getBoundingClientRect();
    return performance.now() - start;
  }
  const set = (field, value) => {
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
    return document.getElementById("count").textContent;
  };
  const select = (title) => every("#filter label")
    .find((label) => label.firstChild.textContent.trim() === title)?.querySelector("select");
  const choose = (title, text) => {
    const field = select(title);
    return set(field, [...field.options].find((option) => option.textContent === text).value);
  };
  const button = (text, root = document) => every("button", root)
    .find((one) => one.textContent.trim().startsWith(text));
  const allColumns = () => every("#columns input").filter((box) => !box.checked).forEach((box) => box.click());

  /** Whether name and heading are in sight after the table was scrolled in a narrow box. */
  function stays() {
    const box = document.getElementById("trial-box");
    box.style.width = "400px";
    [box.scrollLeft, box.scrollTop] = [200, 300];
    const edge = box.getBoundingClientRect();
    const name = box.querySelector("tbody tr:nth-child(15) th").getBoundingClientRect();
    const head = box.querySelector("thead th").getBoundingClientRect();
    box.style.width = "";
    return [Math.abs(name.left - edge.left) < 2, Math.abs(head.top - edge.top) < 2];
  }

  /** The rows of the comparison: whether one is marked, then its texts. */
  const compared = () => every("#comparison tbody tr")
    .map((row) => [row.className, ...[...row.cells].map((cell) => cell.textContent)]);

  // The chart of the first screen.
  const lines = () => count("#curves .plot .line:not(.context)");
  const path = () => document.querySelector("#curves .plot .line:not(.context)").getAttribute("d");
  const plot = () => document.querySelector("#curves .plot svg");
  const plotBox = () => {
    const box = plot().getBoundingClientRect();
    return [box.left, box.top, box.width, box.height];
  };
  const plotNumbers = () => every("#curves .plot text").map((text) => Number(text.textContent))
    .filter((value) => !Number.isNaN(value));
  const tip = () => { const tip = document.querySelector("#curves .tip"); return tip.hidden ? "" : tip.textContent; };
  const smooth = (weight) => {
    const field = document.querySelector("#curves input[type=range]");
    field.value = weight;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const switchLog = () => every("#curves label").find((label) => label.textContent === "log axis")
    .querySelector("input").click();

  const bottom = (selector) => Math.round(document.querySelector(selector)?.getBoundingClientRect().bottom ?? 1e6);
  /** Where the tab key has come to, and whether it can be seen; boxes to tick and sliders show it by themselves. */
  function stop() {
    const element = document.activeElement;
    if (element === document.body) return "end";
    const name = element.closest("thead") ? "head" : element.matches(".plot svg") ? "plot"
      : element.id || (element.className.baseVal ?? element.className) || element.tagName;
    const isSeen = getComputedStyle(element).outlineStyle !== "none"
      || element.matches("input[type=checkbox], input[type=range]");
    return `${name},${isSeen}`;
  }

  window.measure = {
    every, count, visible, overprints, cut, tooWide, leastContrast, titles, sortTime, column, heading, set, select,
    choose, button, allColumns, stays, compared, lines, path, plot, plotBox, plotNumbers, tip, smooth, switchLog,
    bottom, stop,
  };
})();
