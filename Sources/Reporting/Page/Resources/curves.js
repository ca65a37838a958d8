// The chart of the first screen: which curve, which configurations, and how they are drawn.

const colorCount = 6;
/** Colour and dashes by a line's place: those that the report names come first, in their colours of all charts. */
const lineStyle = (place) => ({ color: (place % colorCount) + 1, dash: Math.floor(place / colorCount) % 4 });

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
  const before = Array.isArray(state.visible) ? state.visible.map((name) => indexOf.get(name)) : data.named;
  const visible = new Set(before.filter((index) => index !== undefined));
  state.context = state.context ?? true;
  state.bands = state.bands ?? visible.size <= 4;
  state.smoothing = state.smoothing ?? 0;
  state.logs = state.logs ?? {};

  const plot = make("div");
  const chart = new Chart(plot, () => update());
  const current = () => curves.find((curve) => curve.name === state.name);
  const isLog = () => state.logs[state.name] ?? current().logarithmic;

  const tabs = curves.map((curve) => button(curve.title.replace(/ over iterations$/, ""), () => {
    state.name = curve.name;
    chart.settings.zoom = null;
    update();
  }));
  const check = (text, read, write) => {
    const box = tickBox(read(), (on) => { write(on); update(); });
    return { box, label: make("label", {}, box, text) };
  };
  const log = check("log axis", isLog, (on) => { state.logs[state.name] = on; });
  const bands = check("bands", () => state.bands, (on) => { state.bands = on; });
  const others = check("others in grey", () => state.context, (on) => { state.context = on; });
  const hasOthers = indices.length > named.size;
  const smooth = () => { state.smoothing = Number(smoothing.value); update(); };
  const smoothing = make("input", { type: "range", min: "0", max: "0.98", step: "0.02", oninput: smooth });
  smoothing.value = String(state.smoothing);
  const weight = make("output", { class: "weight" });
  const zooms = [
    button("+", () => chart.zoomBy(0.5), { "aria-label": "Zoom in", title: "Drag over the chart to choose a part" }),
    button("−", () => chart.zoomBy(2), { "aria-label": "Zoom out" }),
    button("Whole", () => chart.zoomTo(null)),
  ];
  const legend = make("ul", { class: "legend", "aria-label": "Lines to show" });
  const entries = indices.map((index) => {
    const name = nameOf(index);
    const point = (strong) => () => { chart.strong = strong ? name : null; chart.render(); };
    const box = tickBox(visible.has(index), (on) => { on ? visible.add(index) : visible.delete(index); update(); });
    const label = make("label", { title: data.configurations[index].label }, box, swatch(styles.get(index)), name);
    const [over, away] = [point(true), point(false)];
    const item = make("li", { onpointerenter: over, onpointerleave: away, onfocusin: over, onfocusout: away }, label);
    return { index, box, item };
  });
  legend.append(...entries.map((entry) => entry.item));
  const choose = (wanted) => { visible.clear(); wanted.forEach((index) => visible.add(index)); update(); };
  const all = make("div", { class: "bar group" },
    button("All", () => choose(indices)), button("None", () => choose([])),
    hasOthers ? button(`Best ${named.size}`, () => choose([...named])) : null);
  const note = make("p", { class: "plot-note" });
  host.append(
    make("div", { class: "bar" }, make("span", { class: "group", role: "group", "aria-label": "Curve" }, ...tabs),
      make("span", { class: "group", role: "group", "aria-label": "Zoom" }, ...zooms)),
    make("div", { class: "bar" }, log.label, bands.label, hasOthers ? others.label : null,
      make("label", {}, "smoothing ", smoothing, weight)),
    plot, legend, indices.length > 1 ? all : "", note);
  host.hidden = false;

  function update() {
    const curve = current();
    tabs.forEach((tab, index) => tab.setAttribute("aria-pressed", String(curves[index] === curve)));
    log.box.checked = isLog();
    weight.textContent = state.smoothing.toFixed(2);
    for (const { index, box } of entries) box.checked = visible.has(index);
    zooms[2].disabled = !chart.settings.zoom;
    const isWanted = (index) => visible.has(index) || (state.context && !named.has(index));
    const lines = curve.lines.filter((line) => isWanted(line.configuration) && (line.x.length || line.exits.length))
      .map((line) => {
        const index = line.configuration;
        return { ...line, name: nameOf(index), style: styles.get(index), isContext: !visible.has(index) };
      });
    Object.assign(chart.settings, { log: isLog(), bands: state.bands, smoothing: state.smoothing });
    chart.show(curve, lines);
    const means = curve.lines.some((line) => line.low) ? "Mean over seeds, band from the lowest to the highest." : "";
    const exits = lines.some((line) => !line.isContext && line.exits.length) ? " ▲: a run diverged here." : "";
    note.replaceChildren(`${means}${exits} Drag over the chart to zoom, double-click for the whole. `);
    if (data.drawn.includes(curve.name)) {
      const files = [["PNG", "png"], ["SVG", "svg"], ["data", "tsv"], ["script", "gp"]];
      const link = ([text, kind]) => make("a", { href: `charts/${curve.name}.${kind}` }, text);
      note.append(make("span", { class: "files" }, ...files.map(link)));
    }
    state.visible = [...visible].map(nameOf);
    remember("curves", state);
  }
  update();
})();
