// @ts-check
// A live chart: draws what is new, keeps the zoom, shows a sentence about it, and is a table too.

/** @import { DynamicLayout, Line, Overlays, RangeData, TableData, View } from "./types.d.ts" */

import { hasDrifted, robustRange } from "./axis_range.js";
import { element, plotElement, resizePlot, tableRow } from "./dom.js";
import { END_STATUSES } from "./feed.js";
import { escapeMarkup, formatCell, formatNumber } from "./formatting.js";

const MAX_ROWS = 300; // of a table

/**
 * One chart: a title, a plot, a sentence computed from its numbers, and these as a table.
 *
 * A kind of chart overrides what is its own: `title`, `yTitle`, `lines`, `rangeData`, `summary`, `tableData`.
 *
 * @template {View} [V=View]
 */
export class Chart {
  logarithmic = true;
  stale = true; // what is on the plot doesn't belong to the present numbers
  #hasCustomRange = false; // the visitor has zoomed the vertical axis
  #isVisible = false;
  /** @type {(number | string)[]} how much of each line is on the plot */
  #extents = [];
  /** @type {Set<string>} names of lines that the visitor has turned off */
  #hiddenLines = new Set();
  /** @type {DynamicLayout} */
  #dynamicLayout = { shapes: [], annotations: [] };

  /** @param {V} view */
  constructor(view) {
    this.view = view;
    this.figure = element("figure", { className: "unroll-chart", ariaLabel: this.title });
    this.head = element("div", { className: "unroll-head" }, element("h2", { textContent: this.title }));
    const meaning = view.data.terms?.[this.title];
    if (meaning) this.head.append(termExplanation(this.title, meaning));
    this.plot = plotElement({ className: "unroll-plot", role: "group", ariaLabel: this.title });
    this.placeholderElement = element("div", { className: "unroll-placeholder" });
    this.caption = element("figcaption", {});
    this.table = element("table", {});
    this.details = element(
      "details",
      { ontoggle: () => this.#drawTable() },
      element("summary", { textContent: "As a table" }),
      element("div", { className: "unroll-table", tabIndex: 0 }, this.table),
    );
    const area = element("div", { className: "unroll-plot-area" }, this.plot, this.placeholderElement);
    this.legend = element("div", { className: "unroll-legend" });
    this.figure.append(this.head, area, this.legend, this.caption, this.details);
    this.visibilityObserver = new IntersectionObserver((entries) => {
      this.#isVisible = entries[entries.length - 1].isIntersecting;
      this.draw();
    });
    this.visibilityObserver.observe(this.figure);
    this.resizeObserver = new ResizeObserver(() => this.#isDrawn && resizePlot(this.plot));
    this.resizeObserver.observe(this.plot);
  }

  remove() {
    this.visibilityObserver.disconnect();
    this.resizeObserver.disconnect();
    if (this.#isDrawn) Plotly.purge(this.plot);
  }

  // --- What a kind of chart has of its own -------------------------------------------------------------

  get title() {
    return "";
  }

  /** @returns {{ title: string, tickformat?: string }} */
  get xAxis() {
    return { title: "step", tickformat: ",d" };
  }

  get yTitle() {
    return "";
  }

  /**
   * What to show while there is nothing to draw.
   *
   * @returns {string}
   */
  get placeholder() {
    return this.hasEnded ? "No step was made, so there is nothing to draw." : "The first steps will appear here.";
  }

  /** Whether nothing more will come. */
  get hasEnded() {
    return END_STATUSES.has(this.history.latest?.status ?? "");
  }

  get hasData() {
    return this.history.steps.length > 0;
  }

  /** @returns {Line[]} */
  lines() {
    return [];
  }

  /** @returns {RangeData} */
  rangeData() {
    return { samples: [] };
  }

  /** What it shows, in a sentence. */
  summary() {
    return "";
  }

  /** @returns {TableData} */
  tableData() {
    return { head: [], rows: [] };
  }

  /** @returns {Overlays} */
  overlays() {
    const { text } = this.view.theme;
    const end = this.history.steps.at(-1) ?? 0;
    const marks = this.history.marks.map((mark, at) => ({ ...mark, row: at % 2 }));
    return {
      shapes: marks.map(({ step }) => {
        const line = { color: text, width: 1, dash: "dot" };
        return { type: "line", x0: step, x1: step, y0: 0, y1: 1, yref: "paper", line, opacity: 0.6 };
      }),
      annotations: marks.map(({ step, row, what, value }) => ({
        x: step,
        y: 1,
        yref: "paper",
        yanchor: "bottom",
        yshift: 13 * row,
        xanchor: step > 0.75 * end ? "right" : "left",
        showarrow: false,
        text: what === "rewound" ? "rewound" : `${MARK_NAMES[what]} ${formatNumber(value)}`,
        font: { size: 11 },
      })),
    };
  }

  /** @returns {{ range?: [number, number], dtick?: string | number | null }} */
  range() {
    return robustRange(this.rangeData(), this.logarithmic);
  }

  // --- Drawing -----------------------------------------------------------------------------------------

  /** All that is known of the run. */
  get history() {
    return this.view.history;
  }

  get #isDrawn() {
    return this.#extents.length > 0;
  }

  /** Bring the plot up to date, by what is new alone where that is enough. A chart that nobody sees waits. */
  draw() {
    if (!this.#isVisible || document.hidden || !window.Plotly) return;
    this.placeholderElement.hidden = this.hasData;
    this.placeholderElement.textContent = this.placeholder;
    this.#setCaption(this.hasData ? this.summary() : "");
    if (!this.hasData) return this.#clear();
    const lines = this.lines();
    if (this.stale || this.#extents.length !== lines.length) this.#redraw(lines);
    else this.#extend(lines);
    this.#drawTable();
  }

  /** Remove what a run that was rewound to its start no longer has. */
  #clear() {
    if (this.#isDrawn) Plotly.purge(this.plot);
    this.#extents = [];
    this.#hasCustomRange = false;
  }

  /** Turn the vertical axis from logarithmic to linear or back, where it follows the numbers again. */
  toggleScale() {
    this.logarithmic = !this.logarithmic;
    this.#hasCustomRange = false;
    this.stale = true;
  }

  /** @param {string} sentence */
  #setCaption(sentence) {
    if (this.caption.textContent === sentence) return;
    this.caption.textContent = sentence;
    this.plot.ariaLabel = `${this.title}. ${sentence}`;
  }

  /** @param {Line[]} lines */
  #redraw(lines) {
    const isFirst = !this.#isDrawn;
    const traces = lines.map(({ version, silent, ...line }) => {
      const visible = !this.#hiddenLines.has(line.name ?? "");
      return { type: "scatter", mode: "lines", visible, ...line, ...copyPoints(line) };
    });
    this.legend.replaceChildren(...lines.filter(({ silent }) => !silent).map((line) => this.#legendEntry(line)));
    Plotly.react(this.plot, traces, this.layout(), OPTIONS);
    if (isFirst) this.plot.on("plotly_relayout", (change) => this.#onZoom(change));
    this.#extents = lines.map(extent);
    this.stale = false;
  }

  /**
   * Draw what is new. Plotly takes long for everything round the lines, so whatever changes goes in one pass.
   *
   * @param {Line[]} lines
   */
  #extend(lines) {
    const changed = lines.map((_, at) => at).filter((at) => extent(lines[at]) !== this.#extents[at]);
    const hasMoved = this.#updateLayout();
    if (!changed.length && !hasMoved) return;
    const grown = changed.filter((at) => !("version" in lines[at]));
    for (const at of changed) {
      if ("version" in lines[at]) Object.assign(this.plot.data[at], copyPoints(lines[at]));
    }
    /** @param {"x" | "y"} axis */
    const news = (axis) => grown.map((at) => lines[at][axis].slice(Number(this.#extents[at])));
    if (grown.length) Plotly.extendTraces(this.plot, { x: news("x"), y: news("y") }, grown);
    else Plotly.redraw(this.plot);
    this.#extents = lines.map(extent);
  }

  /**
   * A line's entry in the legend, which turns it off and on.
   *
   * @param {Line} drawn
   */
  #legendEntry({ name = "", mode, line, marker, opacity = 1 }) {
    const isOn = !this.#hiddenLines.has(name);
    const sign = element("i", { className: mode === "markers" ? "ring" : (line?.dash ?? "solid") });
    Object.assign(sign.style, { color: line?.color ?? marker?.line?.color, opacity });
    const onclick = () => {
      this.#hiddenLines[isOn ? "add" : "delete"](name);
      this.stale = true;
      this.draw();
    };
    return element("button", { type: "button", ariaPressed: String(isOn), onclick }, sign, name);
  }

  /** @returns {PlotlyLayout} */
  layout() {
    const { text, faint, grey, page, font } = this.view.theme;
    const lines = { gridcolor: faint, linecolor: faint, zeroline: false };
    const axis = { ...lines, ticklabeloverflow: "allow", nticks: 6, color: text };
    const isTouch = matchMedia("(pointer: coarse)").matches;
    this.#dynamicLayout = { ...this.range(), ...this.overlays() };
    const range = this.#hasCustomRange ? this.plot.layout.yaxis.range : this.#dynamicLayout.range;
    return {
      uirevision: `${this.view.data.run} ${this.logarithmic}`,
      paper_bgcolor: page, // named, since plotly draws its pointer's halo in the colour of the ground
      plot_bgcolor: page,
      font: { family: font, size: 12, color: text },
      margin: { l: 58, r: 10, t: 30, b: 46 },
      xaxis: {
        ...axis,
        ...this.xAxis,
        title: { text: escapeMarkup(this.xAxis.title), standoff: 8 },
        showgrid: false,
        spikecolor: text,
        spikethickness: 1,
        spikedash: "dot",
      },
      yaxis: {
        ...axis,
        type: this.logarithmic ? "log" : "linear",
        title: { text: escapeMarkup(this.yTitle) },
        tickformat: this.logarithmic ? ".3~g" : "",
        hoverformat: ",.4~g",
        ...(range && { range, dtick: this.#dynamicLayout.dtick }),
      },
      showlegend: false,
      shapes: this.#dynamicLayout.shapes,
      annotations: this.#dynamicLayout.annotations,
      modebar: { bgcolor: "rgba(0,0,0,0)", color: grey, activecolor: text },
      hovermode: "x unified",
      hoverlabel: { bgcolor: page, bordercolor: faint, font: { color: text }, namelength: -1 },
      // A finger that moves over a chart means to scroll the page.
      dragmode: isTouch ? false : "zoom",
    };
  }

  /** Put what follows the numbers into the layout, for the next drawing; return whether it changed. */
  #updateLayout() {
    /** @type {DynamicLayout} */
    const next = { ...this.range(), ...this.overlays() };
    const { range, dtick, annotations } = this.#dynamicLayout;
    // A little drift is let be, so that the axis stands still most of the time.
    const hasMoved = hasDrifted(range, next.range);
    const hasNewMarks = JSON.stringify(next.annotations) !== JSON.stringify(annotations);
    if (!hasMoved) Object.assign(next, { range, dtick });
    this.#dynamicLayout = next;
    const { layout } = this.plot;
    if (hasMoved && !this.#hasCustomRange) {
      Object.assign(layout.yaxis, { range: next.range, dtick: next.dtick, autorange: false });
    }
    if (hasNewMarks) Object.assign(layout, { shapes: next.shapes, annotations: next.annotations });
    return hasMoved || hasNewMarks;
  }

  /** @param {Record<string, unknown>} change */
  #onZoom(change) {
    if ("yaxis.range[0]" in change) this.#hasCustomRange = true;
    if (!change["yaxis.autorange"]) return;
    this.#hasCustomRange = false;
    const { range, dtick } = this.range();
    if (range) Plotly.relayout(this.plot, { "yaxis.range": range, "yaxis.dtick": dtick });
  }

  #drawTable() {
    if (!this.details.open || !this.hasData) return;
    const { head, rows } = this.tableData();
    const every = Math.ceil(rows.length / MAX_ROWS);
    const kept = rows.filter((_, at) => (rows.length - 1 - at) % every === 0);
    this.table.replaceChildren(
      element("thead", {}, tableRow("th", head)),
      element("tbody", {}, ...kept.map((row) => tableRow("td", row.map(formatCell)))),
    );
  }
}

/**
 * A question mark that opens what a term means: by mouse, finger or keyboard.
 *
 * @param {string} term
 * @param {string} meaning
 */
const termExplanation = (term, meaning) =>
  element(
    "details",
    { className: "unroll-term" },
    element("summary", { textContent: "?", ariaLabel: `What is “${term}”?` }),
    element("p", { textContent: meaning }),
  );

const OPTIONS = {
  displaylogo: false,
  doubleClick: "autosize",
  modeBarButtons: [["zoom2d", "pan2d", "autoScale2d", "toImage"]],
};

const MARK_NAMES = { learning_rate: "learning rate", clip: "threshold" };

/**
 * A line's numbers, and those of the cells of a heatmap, as plotly may have them: it changes what it is given.
 *
 * @param {Line} line
 */
const copyPoints = ({ x, y, z, text, customdata }) => {
  return { x: [...x], y: [...y], ...(z && { z }), ...(text && { text }), ...(customdata && { customdata }) };
};

/**
 * What tells whether a line is drawn whole: its version, or how long it is.
 *
 * @param {Line} line
 */
const extent = (line) => line.version ?? line.x.length;
