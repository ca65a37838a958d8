// What all parts use: the page's data, elements, and numbers as text.

const data = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);
document.documentElement.classList.add("scripted");

/** Makes an element. Names are data: they become text and attributes, never markup. */
function make(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== undefined && value !== null) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/** Makes a button. */
const button = (text, act, attributes = {}) => make("button", { type: "button", onclick: act, ...attributes }, text);

/** Makes a box to tick; `act` is told whether it is ticked. */
function tickBox(isTicked, act, attributes = {}) {
  const box = make("input", { type: "checkbox", onchange: () => act(box.checked), ...attributes });
  box.checked = isTicked;
  return box;
}

/** Makes an element of a drawing. */
function draw(name, attributes = {}, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

const counts = new Intl.NumberFormat("en");
const significant = (value, digits) => {
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-3 || size >= 1e6) ? value.toExponential(digits - 1) : value.toPrecision(digits);
};
/** Values as people read them, by kind. */
const formats = {
  percent: (value) => (100 * value).toFixed(2),
  loss: (value) => significant(value, 4),
  rate: (value) => String(Number(value.toPrecision(4))),
  seconds: (value) => value.toFixed(value < 10 ? 2 : 1),
  count: (value) => counts.format(value),
  seed: (value) => String(value),
  key: (value) => value,
  text: (value) => value,
};
/** A value's text. What is missing is a dash; NaN and infinities come as texts and stay so. */
const shown = (value, kind) =>
  value === null || value === undefined ? "–" : typeof value === "string" ? value : formats[kind](value);

const isNumeric = (kind) => !["text", "key"].includes(kind);
/** Whether the first click on a heading sorts downwards: the best first. */
const isBetterHigh = { percent: true, count: true, loss: false, seconds: false, rate: false };

const counted = (count, noun) => `${counts.format(count)} ${noun}${count === 1 ? "" : "s"}`;
