// Chosen trials side by side: every setting and result a row, what differs marked.

const mostCompared = 8;

const comparison = (() => {
  const host = byId("comparison");
  const onlyDifferent = make("input", { type: "checkbox", onchange: () => show() });
  onlyDifferent.checked = remembered("onlyDifferent", false);
  let [chosen, isOpen, chart, drop] = [[], false, null, () => {}];

  /** The rows: a title and the text of each trial. */
  function rows() {
    const settings = data.axes.map((title, index) => [title, (trial) => data.configurations[trial[at.configuration]].values[index] ?? "–"]);
    const values = data.columns.map((column, index) => [column.title, (trial) => shown(trial[at.first + index], column.kind)]);
    return [
      ["Configuration", (trial) => data.configurations[trial[at.configuration]].label], ...settings,
      ["Parameters", (trial) => counts.format(data.configurations[trial[at.configuration]].parameters)],
      ["Seed", (trial) => String(trial[at.seed])], ["State", (trial) => trial[at.state]], ...values,
    ].map(([title, read]) => ({ title, texts: chosen.map((index) => read(data.trials[index])) }))
      .filter((row) => row.texts.some((text) => text !== "–"));
  }

  const title = (index) => `${data.configurations[data.trials[index][at.configuration]].name}, seed ${data.trials[index][at.seed]}`;

  function show() {
    host.hidden = !isOpen || chosen.length < 2;
    if (host.hidden) return host.replaceChildren();
    remember("onlyDifferent", onlyDifferent.checked);
    const all = rows();
    const differs = (row) => new Set(row.texts).size > 1;
    const wanted = onlyDifferent.checked ? all.filter(differs) : all;
    const head = make("tr", {}, make("th", { scope: "col" }, ""), ...chosen.map((index) => make("th", { scope: "col" }, title(index), " ",
      make("button", { type: "button", class: "drop", "aria-label": `Take ${title(index)} out`, onclick: () => drop(index) }, "×"))));
    const body = wanted.map((row) => make("tr", { class: differs(row) ? "differs" : null },
      make("th", { scope: "row" }, row.title), ...row.texts.map((text) => make("td", {}, text))));
    const plot = data.evaluations ? make("div") : null;
    host.replaceChildren(
      make("h3", {}, `${counted(chosen.length, "trial")} side by side`),
      make("div", { class: "bar" }, make("span", {}, `${all.filter(differs).length} of ${counted(all.length, "row")} differ (≠)`),
        make("label", {}, onlyDifferent, "only what differs"),
        make("button", { type: "button", onclick: () => { isOpen = false; remember("isComparing", false); show(); byId("find").focus(); } }, "Close")),
      make("div", { class: "scroll" }, make("table", {}, make("thead", {}, head), make("tbody", {}, ...body))),
      ...(plot ? [plot] : []));
    const box = host.querySelector(".scroll");
    boxes.observe(box);
    boxes.observe(box.firstElementChild);
    if (plot) {
      chart = new Chart(plot);
      const lines = chosen.map((index, place) => {
        const points = data.evaluations[index].filter(([, value]) => value !== null);
        return { name: title(index), x: points.map(([x]) => x), mean: points.map(([, value]) => value), style: lineStyle(place) };
      }).filter((line) => line.x.length);
      if (lines.length) chart.show({ title: data.metric.title, x: "iteration", y: data.metric.title, kind: data.metric.kind }, lines);
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
