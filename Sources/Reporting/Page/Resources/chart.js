// A chart of lines over iterations: values under the pointer or the arrow keys, zoom, smoothing, linear and log.
//
// A line is {name, x, mean, low?, high?, exits?, style, isContext}; `low` and `high` bound its band over seeds.

/** The exponential moving mean with its start corrected, as TensorBoard has it: weight 0 leaves values as they are. */
function smoothed(values, weight) {
  if (!weight || !values) return values;
  let [last, steps] = [0, 0];
  return values.map((value) => {
    if (value === null) return null;
    last = last * weight + (1 - weight) * value;
    steps += 1;
    return last / (1 - weight ** steps);
  });
}

/** The index of the entry nearest to `x` in a sorted list. */
function nearestIndex(list, x) {
  let [low, high] = [0, list.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (list[middle] < x) low = middle;
    else high = middle;
  }
  return Math.abs(list[low] - x) <= Math.abs(list[high] - x) ? low : high;
}

class Chart {
  /** Drawn numbers of charts on the page, so that ids stay apart. */
  static made = 0;

  /**
   * @param host the element that the chart fills
   * @param onChange called when the reader has zoomed
   */
  constructor(host, onChange = () => {}) {
    this.id = `plot-${Chart.made++}`;
    this.host = host;
    this.onChange = onChange;
    this.settings = { log: false, smoothing: 0, bands: true, zoom: null };
    this.lines = [];
    this.cursor = null;
    this.strong = null;
    this.svg = draw("svg", {
      tabindex: "0", role: "application", "aria-roledescription": "chart", "aria-describedby": `${this.id}-help`,
    });
    this.tip = make("div", { class: "tip", hidden: true });
    this.spoken = make("div", { class: "unseen", role: "status" });
    const help = make("p", { class: "unseen", id: `${this.id}-help` },
      "Left and right arrow: values at the points. Plus and minus: zoom. Escape: all.");
    host.classList.add("plot");
    host.append(this.svg, this.tip, this.spoken, help);
    this.listen();
    new ResizeObserver(() => { if (host.clientWidth !== this.width) this.render(); }).observe(host);
  }

  /** Shows lines; `chart` has `title`, `x`, `y`, `kind`, and `limit`, above which only diverging runs lie. */
  show(chart, lines) {
    this.chart = chart;
    this.lines = lines;
    this.cursor = null;
    this.render();
  }

  set(settings) {
    Object.assign(this.settings, settings);
    this.render();
  }

  // MARK: Drawing

  render() {
    if (!this.chart) return;
    this.width = this.host.clientWidth;
    if (!this.width) return;
    this.height = Math.round(Math.min(420, Math.max(260, this.width * 0.58)));
    this.drawn = this.lines.map((line) => this.prepared(line));
    this.makeScales();
    const { svg, width, height, area } = this;
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.setAttribute("height", height);
    const names = this.lines.filter((line) => !line.isContext).map((line) => line.name);
    svg.setAttribute("aria-label", `${this.chart.title}: ${names.join(", ")}`);
    const [plotWidth, plotHeight] = [area.right - area.left, area.bottom - area.top];
    const clip = draw("clipPath", { id: `${this.id}-clip` },
      draw("rect", { x: area.left, y: area.top - 1, width: plotWidth, height: plotHeight + 2 }));
    this.overlay = draw("g");
    svg.replaceChildren(draw("defs", {}, clip), ...this.axes(),
      draw("g", { "clip-path": `url(#${this.id}-clip)` }, ...this.strokes()), ...this.exits(), this.overlay);
    this.point();
  }

  prepared(line) {
    const [mean, low, high] = [line.mean, line.low, line.high].map((list) => smoothed(list, this.settings.smoothing));
    return { ...line, mean, low, high };
  }

  makeScales() {
    const { chart, settings, drawn } = this;
    const zoom = settings.zoom;
    const ends = drawn.flatMap((line) => [line.x[0], line.x.at(-1), ...(line.exits ?? [])]).filter(Number.isFinite);
    const [firstX, lastX] = zoom?.x ?? (ends.length ? [Math.min(...ends), Math.max(...ends)] : [0, 1]);
    const isLog = settings.log;
    const kind = !isLog ? "linear" : chart.kind === "percent" ? "error" : "log";
    let [low, high] = [Infinity, -Infinity];
    const limit = chart.limit ?? Infinity;
    const see = (value) => {
      if (value === null || value === undefined || (kind === "log" && value <= 0)) return;
      low = Math.min(low, value);
      high = Math.max(high, value);
    };
    // What lies above the limit is a run on its way to infinity: it would press all others flat.
    const within = (list, limit) => {
      for (const line of list) {
        line.x.forEach((x, index) => {
          if (x < firstX || x > lastX || !(line.mean[index] <= limit)) return;
          see(line.mean[index]);
          if (settings.bands && !line.isContext && line.low) {
            see(line.low[index]);
            if (line.high[index] <= limit) see(line.high[index]);
          }
        });
      }
    };
    const named = drawn.filter((line) => !line.isContext);
    within(named.length ? named : drawn, limit);
    if (low > high) within(drawn, Infinity);
    // Grey lines may leave the frame on their way to what is worse, never to what is better.
    const [worst, best] = [low, high];
    if (named.length) within(drawn.filter((line) => line.isContext), limit);
    if (worst <= best && chart.kind === "percent") low = worst;
    else if (worst <= best) high = best;
    if (low > high) [low, high] = [0, 1];
    const pad = kind === "linear" ? (high - low) * 0.04 : 0;
    if (chart.kind === "percent") high = Math.min(1, high + pad);
    else high += pad;
    low = low >= 0 ? Math.max(0, low - pad) : low - pad;
    if (zoom?.y) [low, high] = zoom.y;
    const rough = new Scale(kind, low, high, 100, 0);
    const texts = rough.ticks(6).map((value) => this.tick(value));
    // A digit of a tick's name is some seven pixels wide.
    const left = 30 + 7.2 * Math.max(2, ...texts.map((text) => text.length));
    this.area = { left, right: this.width - 12, top: 10, bottom: this.height - 40 };
    this.xScale = new Scale("linear", firstX, lastX, this.area.left, this.area.right);
    this.yScale = new Scale(kind, low, high, this.area.bottom, this.area.top);
  }

  tick(value) {
    if (this.chart.kind === "percent") return String(Number((100 * value).toPrecision(5)));
    const size = Math.abs(value);
    const isPower = size >= 1e5 || (size > 0 && size < 1e-3);
    return isPower ? value.toExponential().replace("+", "") : String(Number(value.toPrecision(5)));
  }

  axes() {
    const { area, xScale, yScale, chart } = this;
    const made = [];
    let lastEdge = Infinity;
    for (const value of yScale.ticks(6)) {
      const y = yScale.place(value);
      if (y < area.top - 1 || y > area.bottom + 1) continue;
      made.push(draw("line", { class: "grid", x1: area.left, x2: area.right, y1: y, y2: y }));
      // Names that would touch are left out.
      if (lastEdge - y < 14) continue;
      lastEdge = y;
      made.push(draw("text", { x: area.left - 6, y: y + 4, "text-anchor": "end" }, this.tick(value)));
    }
    let edge = -Infinity;
    for (const value of xScale.ticks(Math.max(2, (area.right - area.left) / 90))) {
      const text = counts.format(value);
      const [x, half] = [xScale.place(value), text.length * 3.6];
      if (x < area.left - 1 || x > area.right + 1) continue;
      made.push(draw("line", { class: "frame", x1: x, x2: x, y1: area.bottom, y2: area.bottom + 4 }));
      const center = Math.min(x, this.width - half - 1);
      if (center - half < edge + 8) continue;
      edge = center + half;
      made.push(draw("text", { x: center, y: area.bottom + 17, "text-anchor": "middle" }, text));
    }
    const note = yScale.kind === "error" ? ", log of the error" : yScale.kind === "log" ? ", log" : "";
    const [middleX, middleY] = [(area.left + area.right) / 2, (area.top + area.bottom) / 2];
    const upright = `translate(13,${middleY}) rotate(-90)`;
    made.push(
      draw("path", { class: "frame", d: `M${area.left},${area.top}V${area.bottom}H${area.right}` }),
      draw("text", { x: middleX, y: this.height - 6, "text-anchor": "middle" }, chart.x),
      draw("text", { "text-anchor": "middle", transform: upright }, chart.y + note));
    return made;
  }

  /** The drawing of values over x; a gap where one is missing or has no place on a log axis. */
  path(line, values) {
    let [text, pen] = ["", "M"];
    line.x.forEach((x, index) => {
      const value = values[index];
      if (value === null || value === undefined || (this.yScale.kind === "log" && value <= 0)) {
        pen = "M";
        return;
      }
      // Far outside is cut off by the frame anyway, and too large a number draws nothing at all.
      const y = Math.max(-1e4, Math.min(1e4, this.yScale.place(value)));
      text += `${pen}${this.xScale.place(x).toFixed(1)},${y.toFixed(1)}`;
      pen = "L";
    });
    return text;
  }

  strokes() {
    const context = this.drawn.filter((line) => line.isContext);
    const named = this.drawn.filter((line) => !line.isContext);
    // The line that is pointed at lies on top.
    named.sort((one, other) => (one.name === this.strong) - (other.name === this.strong));
    const made = context.map((line) => draw("path", { class: "line context", d: this.path(line, line.mean) }));
    if (this.settings.bands) {
      for (const line of named) {
        if (!line.low) continue;
        const back = { ...line, x: [...line.x].reverse() };
        const lower = this.path(back, [...line.low].reverse()).replace(/^M/, "L").replaceAll("M", "L");
        const upper = this.path(line, line.high).replaceAll(/(?!^)M/g, "L");
        if (upper && lower) made.push(draw("path", { class: `band f${line.style.color}`, d: `${upper}${lower}Z` }));
      }
    }
    for (const line of named) {
      const { color, dash } = line.style;
      const look = `line s${color} d${dash}${line.name === this.strong ? " strong" : ""}`;
      made.push(draw("path", { class: look, d: this.path(line, line.mean) }));
      if (line.x.length > 15) continue;
      // Few points are marked: a single one has no line.
      line.x.forEach((x, index) => {
        const value = line.mean[index];
        if (value === null) return;
        const [cx, cy] = [this.xScale.place(x), Math.max(-1e4, this.yScale.place(value))];
        made.push(draw("circle", { class: `f${color}`, cx, cy, r: 2.6 }));
      });
    }
    return made;
  }

  /** Triangles at the upper edge where runs diverged. */
  exits() {
    const taken = new Map();
    const made = [];
    for (const line of this.drawn) {
      if (line.isContext) continue;
      for (const exit of new Set(line.exits ?? [])) {
        const x = this.xScale.place(exit);
        if (x < this.area.left - 1 || x > this.area.right + 1) continue;
        const column = Math.round(x / 12);
        const rank = taken.get(column) ?? 0;
        taken.set(column, rank + 1);
        const y = this.area.top + 2 + 11 * rank;
        made.push(draw("path", { class: `f${line.style.color}`, d: `M${x - 5},${y + 9}L${x},${y}L${x + 5},${y + 9}Z` },
          draw("title", {}, `${line.name}: diverged at iteration ${counts.format(exit)}`)));
      }
    }
    return made;
  }

  // MARK: Values under the pointer

  /** Draws the cursor at `this.cursor` (an x in data units), the dots and the values. */
  point(y = null) {
    const { overlay, tip, area } = this;
    overlay.replaceChildren();
    const lines = (this.drawn ?? []).filter((line) => !line.isContext && line.x.length);
    const isInside = this.cursor !== null && this.cursor >= this.xScale.low - 1e-9
      && this.cursor <= this.xScale.high * (1 + 1e-9);
    if (!isInside || !lines.length) {
      tip.hidden = true;
      return;
    }
    const found = lines.map((line) => {
      const index = nearestIndex(line.x, this.cursor);
      return { line, index, x: line.x[index], value: line.mean[index] };
    });
    const distance = (one) => Math.abs(one.x - this.cursor);
    const at = found.reduce((best, one) => (distance(one) < distance(best) ? one : best)).x;
    const x = this.xScale.place(at);
    overlay.append(draw("line", { class: "cursor", x1: x, x2: x, y1: area.top, y2: area.bottom }));
    // A line that has nothing near here says nothing here.
    const isNear = (one) => Math.abs(this.xScale.place(one.x) - x) <= Math.max(12, this.gap(one.line));
    const here = found.filter((one) => one.value !== null && one.value !== undefined && isNear(one));
    here.sort((one, other) => other.value - one.value);
    let nearest = null;
    for (const one of here) {
      const place = this.yScale.place(one.value);
      if (place >= area.top - 2 && place <= area.bottom + 2) {
        const look = `dot f${one.line.style.color}`;
        overlay.append(draw("circle", { class: look, cx: this.xScale.place(one.x), cy: place, r: 4 }));
      }
      const pixels = y === null ? Infinity : Math.abs(place - y);
      if (pixels < 40 && (nearest === null || pixels < nearest.pixels)) nearest = { one, pixels };
    }
    const most = 12;
    const format = formats[this.chart.kind];
    const rows = here.slice(0, most).map((one) => {
      const { line, index } = one;
      const hasBand = line.low && line.low[index] < line.high[index];
      const band = hasBand ? `${format(line.low[index])} … ${format(line.high[index])}` : "";
      return make("tr", { class: nearest?.one === one ? "nearest" : null },
        make("td", {}, swatch(line.style)), make("td", { class: "name" }, line.name),
        make("td", { class: "right" }, format(one.value)), make("td", {}, band));
    });
    const head = make("div", {}, `${this.chart.x} ${counts.format(at)}`);
    const rest = here.length > most ? make("div", {}, `and ${here.length - most} more`) : null;
    tip.replaceChildren(...[head, make("table", { class: "plain" }, make("tbody", {}, ...rows)), rest].filter(Boolean));
    tip.hidden = false;
    const isRight = x > this.width / 2;
    tip.style.left = isRight ? "auto" : `${x + 14}px`;
    tip.style.right = isRight ? `${this.width - x + 14}px` : "auto";
    tip.style.top = `${area.top + 4}px`;
    const spoken = here.slice(0, most).map((one) => `${one.line.name} ${format(one.value)}`);
    this.values = `${this.chart.x} ${counts.format(at)}: ${spoken.join(", ")}`;
  }

  /** Half of the pixels between two points of a line. */
  gap(line) {
    if (line.x.length < 2) return 12;
    const width = this.xScale.place(line.x.at(-1)) - this.xScale.place(line.x[0]);
    return width / (line.x.length - 1) / 2 + 1;
  }

  // MARK: Pointer and keys

  listen() {
    const { svg } = this;
    const place = (event) => {
      const box = svg.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top];
    };
    let start = null;
    svg.addEventListener("pointermove", (event) => {
      if (!this.xScale) return;
      const [x, y] = place(event);
      this.cursor = this.xScale.value(Math.min(this.area.right, Math.max(this.area.left, x)));
      this.point(y);
      if (start) this.overlay.append(draw("rect", { class: "selection", ...this.box(start, [x, y]) }));
    });
    svg.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || event.pointerType === "touch") return;
      start = place(event);
      svg.setPointerCapture(event.pointerId);
    });
    svg.addEventListener("pointerup", (event) => {
      if (!start) return;
      const [from, to] = [start, place(event)];
      start = null;
      if (Math.abs(to[0] - from[0]) >= 8) this.zoomInto(from, to);
      else this.point();
    });
    svg.addEventListener("pointercancel", () => { start = null; });
    svg.addEventListener("pointerleave", () => { if (!start) { this.cursor = null; this.point(); } });
    svg.addEventListener("blur", () => { this.cursor = null; this.point(); });
    svg.addEventListener("dblclick", () => this.zoomTo(null));
    svg.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (step) this.stepTo(step);
      else if (event.key === "+" || event.key === "=") this.zoomBy(0.5);
      else if (event.key === "-") this.zoomBy(2);
      else if (event.key === "Escape" || event.key === "0") this.zoomTo(null);
      else return;
      event.preventDefault();
    });
  }

  /** The selection between two places: over the whole height where they lie side by side. */
  box(from, to) {
    const { area } = this;
    const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
    const between = (values, low, high) => values.map((value) => clamp(value, low, high)).sort((a, b) => a - b);
    const [left, right] = between([from[0], to[0]], area.left, area.right);
    const isTall = Math.abs(to[1] - from[1]) > 24;
    const [top, bottom] = between(isTall ? [from[1], to[1]] : [area.top, area.bottom], area.top, area.bottom);
    return { x: left, y: top, width: right - left, height: bottom - top };
  }

  zoomInto(from, to) {
    const box = this.box(from, to);
    const x = [this.xScale.value(box.x), this.xScale.value(box.x + box.width)];
    const isWhole = box.height >= this.area.bottom - this.area.top - 1;
    this.zoomTo({ x, y: isWhole ? null : [this.yScale.value(box.y + box.height), this.yScale.value(box.y)] });
  }

  /** Shows a part of the iterations around the cursor, or the middle. */
  zoomBy(factor) {
    if (!this.xScale) return;
    const { low, high } = this.xScale;
    const xs = this.lines.flatMap((line) => [line.x[0], line.x.at(-1)]).filter(Number.isFinite);
    const [first, last] = [Math.min(...xs), Math.max(...xs)];
    const center = this.cursor ?? (low + high) / 2;
    const half = ((high - low) * factor) / 2;
    if (half * 2 >= last - first) return this.zoomTo(null);
    const start = Math.max(first, Math.min(center - half, last - 2 * half));
    this.zoomTo({ x: [start, start + 2 * half], y: null });
  }

  zoomTo(zoom) {
    this.settings.zoom = zoom;
    this.render();
    this.onChange();
  }

  /** Moves the cursor to the next point of any line, and says what is there. */
  stepTo(step) {
    const xs = [...new Set(this.drawn.filter((line) => !line.isContext).flatMap((line) => line.x))]
      .filter((x) => x >= this.xScale.low && x <= this.xScale.high).sort((a, b) => a - b);
    if (!xs.length) return;
    const now = this.cursor === null ? (step > 0 ? -1 : xs.length) : nearestIndex(xs, this.cursor);
    this.cursor = xs[Math.min(xs.length - 1, Math.max(0, now + step))];
    this.point();
    this.spoken.textContent = this.values;
  }
}

/** A short piece of a line as it looks in the chart. */
function swatch(style) {
  return draw("svg", { width: 22, height: 10, "aria-hidden": "true" },
    draw("path", { class: `line s${style.color} d${style.dash}`, d: "M1,5H21" }));
}
