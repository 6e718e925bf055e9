// A live chart: draws what is new, keeps the zoom, says in a sentence what it shows, and is a table too.

import { element, resize } from "./page.js";
import { ascending, number, quantile, safe, shown } from "./words.js";

const MOST_ROWS = 300; // of a table

/**
 * One chart: a title, a plot, a sentence computed from its numbers, and these as a table.
 *
 * A kind of chart gives `lines`: `x` and `y` of each only ever grow within a generation, save where the
 * line carries a `version`: then it is replaced whenever that changes.
 */
export class Chart {
  logarithmic = true;

  constructor(view) {
    this.view = view;
    this.drawn = []; // how much of each line is on the plot
    this.stale = true; // what is on the plot doesn't belong to the present numbers
    this.held = false; // the visitor has zoomed the vertical axis
    this.off = new Set(); // names of lines that the visitor has turned off
    this.figure = element("figure", { className: "unroll-chart", ariaLabel: this.title });
    this.head = element("div", { className: "unroll-head" }, element("h4", { textContent: this.title }));
    this.plot = element("div", { className: "unroll-plot", role: "img", ariaLabel: this.title });
    this.empty = element("div", { className: "unroll-empty" });
    this.caption = element("figcaption", {});
    this.table = element("table", {});
    this.details = element(
      "details",
      { ontoggle: () => this.tabulate() },
      element("summary", { textContent: "As a table" }),
      element("div", { className: "unroll-table", tabIndex: 0 }, this.table),
    );
    const stage = element("div", { className: "unroll-stage" }, this.plot, this.empty);
    this.legend = element("div", { className: "unroll-legend" });
    this.figure.append(this.head, stage, this.legend, this.caption, this.details);
    this.onlooker = new IntersectionObserver((entries) => {
      this.seen = entries.at(-1).isIntersecting;
      this.draw();
    });
    this.onlooker.observe(this.figure);
    this.sizer = new ResizeObserver(() => this.drawn.length && resize(this.plot));
    this.sizer.observe(this.plot);
  }

  remove() {
    this.onlooker.disconnect();
    this.sizer.disconnect();
    if (this.drawn.length) Plotly.purge(this.plot);
  }

  get feed() {
    return this.view.feed;
  }

  get across() {
    return { title: "step", tickformat: ",d" };
  }

  get awaited() {
    return "The first steps will show here.";
  }

  get begun() {
    return this.feed.steps.length > 0;
  }

  /** Bring the plot up to date, by what is new alone where that is enough. A chart that nobody sees waits. */
  draw() {
    if (!this.seen || document.hidden || !window.Plotly) return;
    this.empty.hidden = this.begun;
    this.empty.textContent = this.awaited;
    this.say(this.begun ? this.sentence() : "");
    if (!this.begun) return this.wipe();
    const lines = this.lines();
    if (this.stale || this.drawn.length !== lines.length) this.redraw(lines);
    else this.extend(lines);
    if (this.details.open) this.tabulate();
  }

  /** Leave nothing of what a run that went back to its beginning no longer says. */
  wipe() {
    if (this.drawn.length) Plotly.purge(this.plot);
    this.drawn = [];
    this.held = false;
  }

  say(sentence) {
    if (this.caption.textContent === sentence) return;
    this.caption.textContent = sentence;
    this.plot.ariaLabel = `${this.title}. ${sentence}`;
  }

  redraw(lines) {
    const first = !this.drawn.length;
    const traces = lines.map(({ version, silent, ...line }) => {
      return { type: "scatter", mode: "lines", visible: !this.off.has(line.name), ...line, ...points(line) };
    });
    this.legend.replaceChildren(...lines.filter(({ silent }) => !silent).map((line) => this.entry(line)));
    Plotly.react(this.plot, traces, this.layout(), OPTIONS);
    if (first) this.plot.on("plotly_relayout", (change) => this.zoom(change));
    this.drawn = lines.map(extent);
    this.stale = false;
  }

  /** Draw what is new. Plotly takes long for everything round the lines, so whatever changes goes in one pass. */
  extend(lines) {
    const changed = lines.map((_, at) => at).filter((at) => extent(lines[at]) !== this.drawn[at]);
    const moved = this.adjust();
    if (!changed.length && !moved) return;
    const grown = changed.filter((at) => !("version" in lines[at]));
    for (const at of changed) if ("version" in lines[at]) Object.assign(this.plot.data[at], points(lines[at]));
    const news = (axis) => grown.map((at) => lines[at][axis].slice(this.drawn[at]));
    if (grown.length) Plotly.extendTraces(this.plot, { x: news("x"), y: news("y") }, grown);
    else Plotly.redraw(this.plot);
    this.drawn = lines.map(extent);
  }

  /** A line's entry in the legend, which turns it off and on. */
  entry({ name, mode, line, marker, opacity = 1 }) {
    const on = !this.off.has(name);
    const sign = element("i", { className: mode === "markers" ? "ring" : (line.dash ?? "solid") });
    Object.assign(sign.style, { color: line?.color ?? marker.line.color, opacity });
    const onclick = () => {
      this.off[on ? "add" : "delete"](name);
      this.stale = true;
      this.draw();
    };
    return element("button", { type: "button", ariaPressed: on, onclick }, sign, name);
  }

  layout() {
    const { text, faint, grey, page, font } = this.view.theme;
    const lines = { gridcolor: faint, linecolor: faint, zeroline: false };
    const axis = { ...lines, ticklabeloverflow: "allow", nticks: 6, color: text };
    const coarse = matchMedia("(pointer: coarse)").matches;
    this.present = this.frame();
    const range = this.held ? this.plot.layout.yaxis.range : this.present.range;
    return {
      uirevision: `${this.view.data.run} ${this.logarithmic}`,
      paper_bgcolor: page, // named, since plotly draws its pointer's halo in the colour of the ground
      plot_bgcolor: page,
      font: { family: font, size: 12, color: text },
      margin: { l: 58, r: 10, t: 30, b: 46 },
      xaxis: {
        ...axis,
        ...this.across,
        title: { text: safe(this.across.title), standoff: 8 },
        showgrid: false,
        spikecolor: text,
        spikethickness: 1,
        spikedash: "dot",
      },
      yaxis: {
        ...axis,
        type: this.logarithmic ? "log" : "linear",
        title: { text: safe(this.measures) },
        tickformat: this.logarithmic ? ".3~g" : "",
        hoverformat: ",.4~g",
        ...(range && { range, dtick: this.present.dtick }),
      },
      showlegend: false,
      shapes: this.present.shapes,
      annotations: this.present.annotations,
      modebar: { bgcolor: "rgba(0,0,0,0)", color: grey, activecolor: text },
      hovermode: "x unified",
      hoverlabel: { bgcolor: page, bordercolor: faint, font: { color: text }, namelength: -1 },
      // A finger that moves over a chart means to scroll the page.
      dragmode: coarse ? false : "zoom",
    };
  }

  /** What of the layout follows the numbers: the vertical range and the marks of what was changed by hand. */
  frame() {
    return { ...this.range(), ...this.signs() };
  }

  /** Put what follows the numbers into the layout, for the next drawing; tell whether it changed. */
  adjust() {
    const next = this.frame();
    const { range } = this.present;
    const span = range && range[1] - range[0];
    // A little drift is let be, so that the axis stands still most of the time.
    const moved = next.range && !(range && next.range.every((end, at) => Math.abs(end - range[at]) < span * 0.03));
    const marked = JSON.stringify(next.annotations) !== JSON.stringify(this.present.annotations);
    if (!moved) Object.assign(next, { range, dtick: this.present.dtick });
    this.present = next;
    const { layout } = this.plot;
    if (moved && !this.held) Object.assign(layout.yaxis, { range: next.range, dtick: next.dtick, autorange: false });
    if (marked) Object.assign(layout, { shapes: next.shapes, annotations: next.annotations });
    return moved || marked;
  }

  zoom(change) {
    if ("yaxis.range[0]" in change) this.held = true;
    if (!change["yaxis.autorange"]) return;
    this.held = false;
    const { range, dtick } = this.frame();
    if (range) Plotly.relayout(this.plot, { "yaxis.range": range, "yaxis.dtick": dtick });
  }

  range() {
    return robust(this.ranged(), this.logarithmic);
  }

  signs() {
    const { text } = this.view.theme;
    const end = this.feed.steps.at(-1);
    const signs = this.feed.marks.map((mark, at) => ({ ...mark, row: at % 2 }));
    return {
      shapes: signs.map(({ step }) => {
        const line = { color: text, width: 1, dash: "dot" };
        return { type: "line", x0: step, x1: step, y0: 0, y1: 1, yref: "paper", line, opacity: 0.6 };
      }),
      annotations: signs.map(({ step, row, what, value }) => ({
        x: step,
        y: 1,
        yref: "paper",
        yanchor: "bottom",
        yshift: 13 * row,
        xanchor: step > 0.75 * end ? "right" : "left",
        showarrow: false,
        text: what === "rewound" ? "went back" : `${NAMES[what]} ${number(value)}`,
        font: { size: 11 },
      })),
    };
  }

  tabulate() {
    if (!this.details.open || !this.begun) return;
    const { head, rows } = this.rows();
    const every = Math.ceil(rows.length / MOST_ROWS);
    const line = (tag) => (cells) => element("tr", {}, ...cells.map((cell) => element(tag, { textContent: cell })));
    const kept = rows.filter((_, at) => (rows.length - 1 - at) % every === 0).map((row) => row.map(shown));
    this.table.replaceChildren(
      element("thead", {}, line("th")(head)),
      element("tbody", {}, ...kept.map(line("td"))),
    );
  }
}

const OPTIONS = {
  displaylogo: false,
  doubleClick: "autosize",
  modeBarButtons: [["zoom2d", "pan2d", "autoScale2d", "toImage"]],
};

const NAMES = { learning_rate: "learning rate", clip: "clip" };

/** A line's numbers, and those of the cells of a field, as plotly may have them: it changes what it is given. */
const points = ({ x, y, z, text, customdata }) => {
  return { x: [...x], y: [...y], ...(z && { z }), ...(text && { text }), ...(customdata && { customdata }) };
};

/** What tells whether a line is drawn whole: its version, or how long it is. */
const extent = (line) => line.version ?? line.x.length;

/**
 * The range of an axis that a few spikes don't spoil, in powers of ten where it is logarithmic.
 *
 * Of each list in `spread` the lowest and the highest hundredth may stay outside, and at least one number
 * at each end; what is in `within` is always inside, and `near` if it isn't a power of ten away. With
 * `reach`, `spread` may widen the range of `within` at each end by so many times its size.
 */
function robust({ spread, within = [], near = null, reach = null }, logarithmic) {
  const usable = (list) => list.filter((value) => value !== null && (!logarithmic || value > 0));
  const place = logarithmic ? Math.log10 : (value) => value;
  const ends = spread.flatMap((list) => {
    const sorted = usable(sample(list)).map(place).sort(ascending);
    return sorted.length ? [quantile(sorted, 0.01), quantile(sorted, 0.99)] : [];
  });
  const inside = usable(within).map(place);
  if (reach !== null && inside.length) {
    const [low, high] = [Math.min(...inside), Math.max(...inside)];
    const room = reach * (high - low || 1);
    ends.forEach((end, at) => (ends[at] = Math.min(Math.max(end, low - room), high + room)));
  }
  const all = [...ends, ...inside];
  if (!all.length) return {};
  let [low, high] = [Math.min(...all), Math.max(...all)];
  if (near !== null && place(near) > low - 1 && place(near) < high + 1) {
    [low, high] = [Math.min(low, place(near)), Math.max(high, place(near))];
  }
  const padding = 0.06 * (high - low) || (logarithmic ? 0.1 : Math.abs(high) || 1);
  return { range: [low - padding, high + padding], dtick: logarithmic ? tickOf(high - low) : null };
}

/** On a short logarithmic axis every digit is named, on a longer one 1, 2 and 5, then powers of ten. */
function tickOf(decades) {
  if (decades < 0.7) return "D1";
  return decades < 2 ? "D2" : Math.ceil(decades / 10);
}

/** At most 2000 of a list's numbers, evenly chosen: enough for its quantiles. */
function sample(list) {
  const every = Math.ceil(list.length / 2000);
  return every > 1 ? list.filter((_, at) => at % every === 0) : list;
}
