/// The page's table of trials: sorted by a click on its head, filtered as one types, a hundred rows at a time.
enum PageScript {
  static let javaScript = """
    (() => {
      "use strict";
      const data = JSON.parse(document.getElementById("trial-data").textContent);
      const table = document.getElementById("trial-table");
      const find = document.getElementById("find");
      const state = document.getElementById("state");
      const count = document.getElementById("count");
      const more = document.getElementById("more");
      const step = 100;
      const stateColumn = data.columns.findIndex((column) => column.title === "State");
      // A column without a single value says nothing.
      const shown = data.columns.map((_, index) => index)
        .filter((index) => data.rows.some((row) => row[index] !== null));
      const texts = data.rows.map((row) => row.filter((value) => value !== null).join(" ").toLowerCase());
      let order = data.rows.map((_, index) => index);
      let sorted = null;
      let ascending = true;
      let limit = step;

      const formats = {
        percent: (value) => (100 * value).toFixed(2),
        loss: (value) => value.toPrecision(4),
        seconds: (value) => value.toFixed(value < 10 ? 2 : 1),
        count: (value) => value.toLocaleString("en"),
        text: (value) => value,
      };
      const text = (value, kind) => value === null ? "–" : typeof value === "string" ? value : formats[kind](value);
      const element = (name, content, className) => {
        const made = document.createElement(name);
        if (content !== undefined) made.textContent = content;
        if (className) made.className = className;
        return made;
      };
      const number = (value) => value === "NaN" || value === null ? NaN : Number(value);
      const collator = new Intl.Collator("en", { numeric: true });
      // Missing values and texts come last, whichever way the rest is sorted.
      const compare = (a, b, kind) => {
        if (kind === "text") return (a === null) - (b === null) || collator.compare(a, b) * (ascending ? 1 : -1);
        const [x, y] = [number(a), number(b)];
        if (Number.isNaN(x) || Number.isNaN(y)) return Number.isNaN(x) - Number.isNaN(y);
        return (x < y ? -1 : x > y ? 1 : 0) * (ascending ? 1 : -1);
      };

      const head = table.createTHead().insertRow();
      const heads = shown.map((index) => {
        const column = data.columns[index];
        const cell = element("th", undefined, column.kind === "text" ? "" : "right");
        cell.scope = "col";
        const button = element("button", column.title);
        button.type = "button";
        button.addEventListener("click", () => {
          ascending = sorted === index ? !ascending : true;
          sorted = index;
          order.sort((a, b) => compare(data.rows[a][index], data.rows[b][index], column.kind) || a - b);
          heads.forEach((other) => other.removeAttribute("aria-sort"));
          cell.setAttribute("aria-sort", ascending ? "ascending" : "descending");
          draw();
        });
        cell.append(button);
        head.append(cell);
        return cell;
      });
      const body = table.createTBody();

      function draw() {
        const words = find.value.toLowerCase().split(/\\s+/).filter(Boolean);
        const wanted = order.filter((index) =>
          (!state.value || data.rows[index][stateColumn] === state.value) && words.every((word) => texts[index].includes(word)));
        const rows = wanted.slice(0, limit).map((index) => {
          const row = element("tr");
          for (const column of shown) {
            const kind = data.columns[column].kind;
            const value = data.rows[index][column];
            const className = kind !== "text" ? "right" : column === stateColumn ? value : "";
            row.append(element("td", text(value, kind), className));
          }
          return row;
        });
        body.replaceChildren(...rows);
        count.textContent = `${rows.length.toLocaleString("en")} of ${wanted.length.toLocaleString("en")} shown`;
        more.hidden = wanted.length <= limit;
      }

      for (const name of new Set(data.rows.map((row) => row[stateColumn]))) state.append(element("option", name));
      const again = () => { limit = step; draw(); };
      find.addEventListener("input", again);
      state.addEventListener("change", again);
      document.getElementById("filter").addEventListener("submit", (event) => event.preventDefault());
      document.getElementById("filter").hidden = false;
      more.addEventListener("click", () => { limit += 10 * step; draw(); });
      draw();
    })();
    """
}
