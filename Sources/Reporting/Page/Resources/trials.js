// The table of trials: sorted by a click on its head, filtered as one types, with the columns that one wants.

(function showTrials() {
  const step = 100;
  const mostOnPaper = 2000;
  const [table, form, find, count, more] = ["trial-table", "filter", "find", "count", "more"].map(byId);
  const hasFailures = data.trials.some((trial) => trial[at.state] !== "done");

  // MARK: Columns

  const settings = data.axes.map((title, index) => ({
    id: `axis-${title}`, title, kind: "text", isSetting: true, read: (trial) => configurationOf(trial).values[index],
  }));
  const results = data.columns.map((column, index) => ({ ...column, read: (trial) => trial[at.first + index] }));
  const isTold = ["score", "test-loss", "train-loss", "seconds", "trial", "message"];
  const everyColumn = [
    { id: "seed", title: "Seed", kind: "seed", isShown: true, read: (trial) => trial[at.seed] },
    { id: "state", title: "State", kind: "text", isShown: hasFailures, read: (trial) => trial[at.state] },
    ...results.slice(0, -2).map((column) => ({ ...column, isShown: isTold.includes(column.id) })),
    // A variant's name is the configuration's.
    ...settings.map((column) => ({ ...column, isShown: settings.length <= 4 && column.title !== "variant" })),
    ...results.slice(-2).map((column) => ({ ...column, isShown: true })),
  ].filter((column) => data.trials.some((trial) => column.read(trial) !== null));
  const chosenColumns = remembered("columns", {});
  const isShown = (column) => chosenColumns[column.id] ?? column.isShown;
  const name = { id: "name", title: "Configuration", kind: "text", read: (trial) => configurationOf(trial).name };

  const choices = byId("columns").querySelector(".choices");
  for (const column of everyColumn) {
    const box = tickBox(isShown(column), (on) => {
      chosenColumns[column.id] = on;
      remember("columns", chosenColumns);
      drawHead();
      drawBody();
    });
    choices.append(make("label", {}, box, column.title));
  }
  byId("columns").addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    byId("columns").open = false;
    byId("columns").querySelector("summary").focus();
  });
  byId("columns").addEventListener("toggle", () => {
    byId("columns").classList.toggle("at-right", byId("columns").getBoundingClientRect().left > innerWidth / 2);
  });
  document.addEventListener("pointerdown", (event) => {
    if (!byId("columns").contains(event.target)) byId("columns").open = false;
  });

  // MARK: Filters

  const wantedValues = remembered("filters", {});
  const selects = filters.map((filter) => {
    const choose = () => {
      // Remembered by its text: a newer page may have more values.
      wantedValues[filter.title] = filter.values[Number(select.value) - 1];
      remember("filters", wantedValues);
      again();
    };
    const options = filter.values.map((value, index) => make("option", { value: index + 1 }, value));
    const select = make("select", { onchange: choose }, make("option", { value: "" }, "all"), ...options);
    const known = filter.values.indexOf(wantedValues[filter.title]);
    select.value = known < 0 ? "" : String(known + 1);
    form.insertBefore(make("label", {}, filter.title, " ", select), byId("all"));
    return { ...filter, select };
  });
  find.value = remembered("find", "");

  function wantedTrials() {
    const search = searchOf(find.value);
    const wanted = selects.filter(({ select }) => select.value)
      .map(({ read, values, select }) => ({ read, value: values[Number(select.value) - 1] }));
    return order.filter((index) => {
      const trial = data.trials[index];
      return wanted.every(({ read, value }) => read(trial) === value) && matches(trial, search);
    });
  }

  // MARK: Sorting

  const sorting = remembered("sorting", {});
  let order = data.trials.map((_, index) => index);

  /** Numbers to sort by: what is missing, and what is no number, is NaN and comes last whichever way. */
  function sortKeys(column) {
    const values = data.trials.map(column.read);
    if (isNumeric(column.kind)) return values.map((value) => (value === null ? NaN : Number(value)));
    // Texts are compared once each, not once for each pair of trials.
    const distinct = [...new Set(values)].filter((value) => value !== null).sort(collator.compare);
    const ranks = new Map(distinct.map((value, rank) => [value, rank]));
    return values.map((value) => (value === null ? NaN : ranks.get(value)));
  }

  function sort() {
    const column = [name, ...everyColumn].find((column) => column.id === sorting.id);
    order = data.trials.map((_, index) => index);
    if (!column) return;
    const keys = Float64Array.from(sortKeys(column));
    const sign = sorting.isDescending ? -1 : 1;
    order.sort((a, b) => {
      const [x, y] = [keys[a], keys[b]];
      if (x !== x || y !== y) return (x !== x) - (y !== y) || a - b;
      return sign * (x - y) || a - b;
    });
  }

  function sortBy(column) {
    const isBestFirst = column.id === "score" ? data.metric.higherIsBetter : isBetterHigh[column.kind] ?? false;
    sorting.isDescending = sorting.id === column.id ? !sorting.isDescending : isBestFirst;
    sorting.id = column.id;
    remember("sorting", sorting);
    sort();
    drawHead();
    drawBody();
    table.tHead.querySelector(`[data-column="${CSS.escape(column.id)}"] button`)?.focus();
  }

  // MARK: Choosing

  const chosenKeys = new Set(Array.isArray(memory.chosen) ? memory.chosen : []);
  const indexOfKey = new Map(data.trials.map((trial, index) => [trial[keyColumn], index]));
  const compareButton = button("", () => { comparison.open(); comparison.goThere(); });
  const clearButton = button("Choose none", () => { chosenKeys.clear(); choose(); drawBody(); });
  form.insertBefore(compareButton, count);
  form.insertBefore(clearButton, count);
  comparison.onDrop((index) => { chosenKeys.delete(data.trials[index][keyColumn]); choose(); drawBody(); });

  function choose() {
    const indices = [...chosenKeys].map((key) => indexOfKey.get(key)).filter((index) => index !== undefined);
    compareButton.textContent = indices.length < 2 ? "Compare: choose two or more" : `Compare ${indices.length}`;
    compareButton.disabled = indices.length < 2;
    clearButton.hidden = indices.length === 0;
    comparison.choose(indices);
    remember("chosen", [...chosenKeys]);
  }

  // MARK: Drawing

  const head = table.createTHead().insertRow();
  const body = table.createTBody();
  let limit = Math.max(step, remembered("limit", step));
  let isOnPaper = false;
  const columns = () => [name, ...everyColumn.filter((column) => isOnPaper || isShown(column))];

  function drawHead() {
    head.replaceChildren(...columns().map((column) => make("th",
      {
        scope: "col", class: isNumeric(column.kind) ? "right" : null, "data-column": column.id,
        "aria-sort": sorting.id === column.id ? (sorting.isDescending ? "descending" : "ascending") : null,
      },
      button(column.title, () => sortBy(column)))));
  }

  /** The folder with pictures of a trial, which bears the beginning of its key, or more of it than is here. */
  const picturesOf = (key) => data.pictures.find((folder) => key.startsWith(folder) || folder.startsWith(key));

  function rowOf(index, columns) {
    const trial = data.trials[index];
    const key = trial[keyColumn];
    const box = tickBox(chosenKeys.has(key), (on) => {
      if (on && chosenKeys.size >= mostCompared) {
        box.checked = false;
        count.textContent = `${mostCompared} trials at most are compared`;
        return;
      }
      on ? chosenKeys.add(key) : chosenKeys.delete(key);
      choose();
    }, { "aria-label": `Compare ${name.read(trial)}, seed ${trial[at.seed]}` });
    const label = make("label", { title: configurationOf(trial).label }, box, make("span", {}, name.read(trial)));
    const row = make("tr", {}, make("th", { scope: "row" }, label));
    for (const column of columns.slice(1)) {
      const value = column.read(trial);
      const look = column.isSetting ? "setting" : column.id === "state" ? value : column.id === "message" ? "message"
        : isNumeric(column.kind) ? "right" : column.kind === "key" ? "key" : null;
      const cell = make("td", { class: look }, shown(value, column.kind));
      const folder = column.id === "trial" && picturesOf(key);
      if (folder) cell.append(" ", make("a", { href: `trials/${encodeURIComponent(folder)}/` }, "pictures"));
      row.append(cell);
    }
    return row;
  }

  function drawBody() {
    const wanted = wantedTrials();
    const shownColumns = columns();
    const rows = wanted.slice(0, isOnPaper ? mostOnPaper : limit).map((index) => rowOf(index, shownColumns));
    body.replaceChildren(...rows);
    const filtered = wanted.length < data.trials.length ? ` of ${counts.format(data.trials.length)}` : "";
    const part = rows.length < wanted.length ? `, the first ${counts.format(rows.length)} shown` : "";
    count.textContent = `${counted(wanted.length, "trial")}${filtered}${part}`;
    more.hidden = wanted.length <= limit;
    const leftOut = wanted.length - rows.length;
    byId("left-out").textContent = leftOut > 0 ? `${counts.format(leftOut)} more trials are in results.csv.` : "";
  }

  function again() {
    limit = step;
    remember("limit", limit);
    drawBody();
  }

  find.addEventListener("input", () => { remember("find", find.value); again(); });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => {
    // The fields are empty only after this event.
    setTimeout(() => {
      Object.keys(wantedValues).forEach((key) => delete wantedValues[key]);
      remember("filters", wantedValues);
      remember("find", "");
      choices.querySelectorAll("input").forEach((box, index) => { box.checked = isShown(everyColumn[index]); });
      again();
    });
  });
  more.addEventListener("click", () => { limit += 10 * step; remember("limit", limit); drawBody(); });
  // Paper can't be scrolled or asked for more.
  const setPaper = (on) => { isOnPaper = on; drawHead(); drawBody(); };
  window.addEventListener("beforeprint", () => setPaper(true));
  window.addEventListener("afterprint", () => setPaper(false));

  form.hidden = false;
  sort();
  drawHead();
  drawBody();
  choose();
  if (memory.isComparing === true) comparison.open();
})();
