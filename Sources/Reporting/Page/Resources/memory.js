// What the reader has set up outlives a reload: the page of a running study renews itself, and no place may get lost.

/** Settings by name. They lie in the history's entry: no storage, nothing shared with other pages. */
const memory = { ...(history.state?.bench ?? {}) };
let pending = 0;

function store() {
  clearTimeout(pending);
  pending = 0;
  try {
    history.replaceState({ ...(history.state ?? {}), bench: memory }, "");
  } catch {
    // A sandboxed page has no history of its own; then a reload begins anew.
  }
}

/** Keeps a setting; browsers refuse a change of the history with every key pressed, so changes are gathered. */
function remember(name, value) {
  memory[name] = value;
  if (!pending) pending = setTimeout(store, 300);
}

/** A setting that was kept; the fallback where there is none of its kind. */
const remembered = (name, fallback) =>
  typeof memory[name] === typeof fallback && memory[name] !== null ? memory[name] : fallback;

window.addEventListener("pagehide", () => store());
