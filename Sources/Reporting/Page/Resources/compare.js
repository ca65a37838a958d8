// Chosen trials side by side: every setting and result a row, what differs marked.

const mostCompared = 8;

const comparison = (() => {
  const host = byId("comparison");
  const onlyDifferent = tickBox(remembered("onlyDifferent", false), () => show());
  let [chosen, isOpen, chart, drop] = [[], false, null, () => {}];

  /** The rows: a title and the text of each trial. */
  function rows() {
    const settings = data.axes.map((title, index) => [title, (trial) => configurationOf(trial).values[index] ?? "–"]);
    const read = (place, kind) => (trial) => shown(trial[at.first + place], kind);
    const values = data.columns.map(({ title, kind }, place) => [title, read(place, kind)]);
    return [
      ["Configuration", (trial) => configurationOf(trial).label], ...settings,
      ["Parameters", (trial) => shown(configurationOf(trial).parameters, "count")],
      ["Seed", (trial) => String(trial[at.seed])], ["State", (trial) => trial[at.state]], ...values,
    ].map(([title, read]) => ({ title, texts: chosen.map((index) => read(data.trials[index])) }))
      .filter((row) => row.texts.some((text) => text !== "–"));
  }

  const title = (index) => `${configurationOf(data.trials[index]).name}, seed ${data.trials[index][at.seed]}`;

  function close() {
    isOpen = false;
    remember("isComparing", false);
    show();
    byId("find").focus();
  }

  function show() {
    host.hidden = !isOpen || chosen.length < 2;
    if (host.hidden) return host.replaceChildren();
    remember("onlyDifferent", onlyDifferent.checked);
    const all = rows();
    const differs = (row) => new Set(row.texts).size > 1;
    const wanted = onlyDifferent.checked ? all.filter(differs) : all;
    const out = (index) => button("×", () => drop(index), { "aria-label": `Take ${title(index)} out` });
    const heads = chosen.map((index) => make("th", { scope: "col" }, title(index), " ", out(index)));
    const head = make("tr", {}, make("th", { scope: "col" }, ""), ...heads);
    const body = wanted.map((row) => make("tr", { class: differs(row) ? "differs" : null },
      make("th", { scope: "row" }, row.title), ...row.texts.map((text) => make("td", {}, text))));
    const plot = data.evaluations ? make("div") : null;
    host.replaceChildren(
      make("h3", {}, `${counted(chosen.length, "trial")} side by side`),
      make("div", { class: "bar" },
        make("span", {}, `${all.filter(differs).length} of ${counted(all.length, "row")} differ (≠)`),
        make("label", {}, onlyDifferent, "only what differs"), button("Close", close)),
      make("div", { class: "scroll" }, make("table", {}, make("thead", {}, head), make("tbody", {}, ...body))),
      ...(plot ? [plot] : []));
    const box = host.querySelector(".scroll");
    boxes.observe(box);
    boxes.observe(box.firstElementChild);
    if (plot) {
      chart = new Chart(plot);
      const lines = chosen.map((index, place) => {
        const points = data.evaluations[index].filter(([, value]) => value !== null);
        const [x, mean] = [0, 1].map((part) => points.map((point) => point[part]));
        return { name: title(index), x, mean, style: lineStyle(place) };
      }).filter((line) => line.x.length);
      const { title: metric, kind } = data.metric;
      if (lines.length) chart.show({ title: metric, x: "iteration", y: metric, kind }, lines);
      else plot.remove();
    }
  }

  return {
    /** Shows these trials, where the comparison is open. */
    choose(indices) { chosen = indices; show(); },
    open() { isOpen = true; remember("isComparing", true); show(); },
    /** Brings the comparison to who asked for it. */
    goThere() { host.scrollIntoView({ block: "start" }); host.focus({ preventScroll: true }); },
    onDrop(action) { drop = action; },
  };
})();
