// The chart of the first screen: which curve, which configurations, and how they are drawn.

const colorCount = 6;
/** Colour and dashes by a line's place: those that the report names come first, in their colours of the other charts. */
const lineStyle = (place) => ({ color: (place % colorCount) + 1, dash: Math.floor(place / colorCount) % 4 });

/** Checks a small piece of remembered data, which an older page may have written. */
const remembered = (name, fallback) => (typeof memory[name] === typeof fallback && memory[name] !== null ? memory[name] : fallback);

(function showCurves() {
  const host = byId("curves");
  const curves = data.curves.filter((curve) => curve.lines.some((line) => line.x.length));
  if (!host || !curves.length) {
    // Pictures that nothing stands for stay visible.
    for (const figure of document.querySelectorAll(".replaced")) figure.classList.remove("replaced");
    return;
  }
  const order = [...data.named, ...new Set(curves.flatMap((curve) => curve.lines.map((line) => line.configuration)))];
  const indices = [...new Set(order)];
  const styles = new Map(indices.map((index, place) => [index, lineStyle(place)]));
  const named = new Set(data.named);
  const nameOf = (index) => data.configurations[index].name;
  const state = remembered("curves", {});
  state.name = curves.some((curve) => curve.name === state.name) ? state.name : curves[0].name;
  const indexOf = new Map(indices.map((index) => [nameOf(index), index]));
  const visible = new Set(Array.isArray(state.visible) ? state.visible.map((name) => indexOf.get(name)).filter((index) => index !== undefined) : named);
  state.context = state.context ?? true;
  state.bands = state.bands ?? visible.size <= 4;
  state.smoothing = state.smoothing ?? 0;
  state.logs = state.logs ?? {};

  const plot = make("div");
  const chart = new Chart(plot, () => update());
  const current = () => curves.find((curve) => curve.name === state.name);
  const isLog = () => state.logs[state.name] ?? current().logarithmic;

  const tabs = curves.map((curve) => make("button", { type: "button", onclick: () => { state.name = curve.name; chart.settings.zoom = null; update(); } },
    curve.title.replace(/ over iterations$/, "")));
  const check = (text, read, write) => {
    const box = make("input", { type: "checkbox", onchange: () => { write(box.checked); update(); } });
    box.checked = read();
    return { box, label: make("label", {}, box, text) };
  };
  const log = check("log axis", isLog, (on) => { state.logs[state.name] = on; });
  const bands = check("bands", () => state.bands, (on) => { state.bands = on; });
  const others = check("others in grey", () => state.context, (on) => { state.context = on; });
  const hasOthers = indices.length > named.size;
  const smoothing = make("input", { type: "range", min: "0", max: "0.98", step: "0.02", oninput: () => { state.smoothing = Number(smoothing.value); update(); } });
  smoothing.value = String(state.smoothing);
  const weight = make("output", { class: "weight" });
  const zooms = [
    make("button", { type: "button", "aria-label": "Zoom in", title: "Zoom in; drag over the chart to choose a part", onclick: () => chart.zoomBy(0.5) }, "+"),
    make("button", { type: "button", "aria-label": "Zoom out", onclick: () => chart.zoomBy(2) }, "−"),
    make("button", { type: "button", onclick: () => chart.zoomTo(null) }, "Whole"),
  ];
  const legend = make("ul", { class: "legend", "aria-label": "Lines to show" });
  const entries = indices.map((index) => {
    const name = nameOf(index);
    const point = (strong) => () => { chart.strong = strong ? name : null; chart.render(); };
    const box = make("input", { type: "checkbox", onchange: () => { box.checked ? visible.add(index) : visible.delete(index); update(); } });
    const item = make("li", { onpointerenter: point(true), onpointerleave: point(false), onfocusin: point(true), onfocusout: point(false) },
      make("label", { title: data.configurations[index].label }, box, swatch(styles.get(index)), make("span", {}, name)));
    return { index, box, item };
  });
  legend.append(...entries.map((entry) => entry.item));
  const choose = (wanted) => { visible.clear(); wanted.forEach((index) => visible.add(index)); update(); };
  const all = make("div", { class: "bar group" },
    make("button", { type: "button", onclick: () => choose(indices) }, "All"),
    make("button", { type: "button", onclick: () => choose([]) }, "None"),
    hasOthers ? make("button", { type: "button", onclick: () => choose([...named]) }, `Best ${named.size}`) : null);
  const note = make("p", { class: "plot-note" });
  host.append(
    make("div", { class: "bar" }, make("span", { class: "group", role: "group", "aria-label": "Curve" }, ...tabs),
      make("span", { class: "group", role: "group", "aria-label": "Zoom" }, ...zooms)),
    make("div", { class: "bar" }, log.label, bands.label, hasOthers ? others.label : null, make("label", {}, "smoothing ", smoothing, weight)),
    plot, legend, indices.length > 1 ? all : "", note);
  host.hidden = false;

  function update() {
    const curve = current();
    tabs.forEach((tab, index) => tab.setAttribute("aria-pressed", String(curves[index] === curve)));
    log.box.checked = isLog();
    weight.textContent = state.smoothing.toFixed(2);
    for (const { index, box } of entries) box.checked = visible.has(index);
    zooms[2].disabled = !chart.settings.zoom;
    const lines = curve.lines.filter((line) => line.x.length || line.exits.length)
      .filter((line) => visible.has(line.configuration) || (state.context && !named.has(line.configuration)))
      .map((line) => ({ ...line, name: nameOf(line.configuration), style: styles.get(line.configuration), isContext: !visible.has(line.configuration) }));
    Object.assign(chart.settings, { log: isLog(), bands: state.bands, smoothing: state.smoothing });
    chart.show(curve, lines);
    const means = curve.lines.some((line) => line.low) ? "Mean over seeds, band from the lowest to the highest." : "";
    const exits = lines.some((line) => !line.isContext && line.exits.length) ? " ▲: a run diverged here." : "";
    note.replaceChildren(`${means}${exits} Drag over the chart to zoom, double-click for the whole. `);
    if (data.drawn.includes(curve.name)) {
      const files = [["PNG", "png"], ["SVG", "svg"], ["data", "tsv"], ["script", "gp"]];
      note.append(make("span", { class: "files" }, ...files.map(([text, kind]) => make("a", { href: `charts/${curve.name}.${kind}` }, text))));
    }
    state.visible = [...visible].map(nameOf);
    remember("curves", state);
  }
  update();
})();
