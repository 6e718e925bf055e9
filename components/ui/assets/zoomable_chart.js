// @ts-check
// A long series: drawn thinned at first, and where a visitor zooms in, with the detail of that range.

/** @import { Component, SeriesDetail, ZoomableData } from "./types.d.ts" */

import { scaleRange, shiftRange } from "./axis_range.js";
import { element, hide, mount } from "./dom.js";
import { Figure } from "./figure.js";
import { formatInteger } from "./formatting.js";
import { ascending } from "./statistics.js";

export { hide };

const ZOOM_PAUSE = 150; // milliseconds without another move before the detail is asked for
const TIMEOUT = 10_000; // the longest wait for an answer
const KEY_STEP = 0.25; // of what is in view, that an arrow key moves by

/**
 * What a key makes of the range in view; null: the whole.
 *
 * @type {Record<string, (range: [number, number]) => [number, number] | null>}
 */
const KEYS = {
  "+": (range) => scaleRange(range, 0.5),
  "-": (range) => scaleRange(range, 2),
  ArrowLeft: (range) => shiftRange(range, -KEY_STEP),
  ArrowRight: (range) => shiftRange(range, KEY_STEP),
  0: () => null,
};

// A finger that moves over a chart means to scroll the page; it zooms by the buttons, which are then always there.
const IS_TOUCH = matchMedia("(pointer: coarse)").matches;

const OPTIONS = {
  displaylogo: false,
  displayModeBar: IS_TOUCH || "hover",
  doubleClick: "autosize",
  modeBarButtons: [
    IS_TOUCH ? ["pan2d"] : ["zoom2d", "pan2d"],
    ["zoomIn2d", "zoomOut2d", "autoScale2d"],
    ["toImage"],
  ],
};

/** @extends {Figure<ZoomableData>} */
class ZoomableChart extends Figure {
  /** @type {number[]} which traces are lines */
  #traces = [];
  /** @type {Pick<PlotlyTrace, "x" | "y">[]} these lines as they came */
  #lines = [];
  /** @type {(SeriesDetail & { from: number, to: number }) | null} what is drawn instead of them */
  #detail = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {AbortController | null} */
  #request = null;

  /** @param {Component<ZoomableData>} component */
  constructor(component) {
    super(component, "unroll-zoomable-chart");
    this.figure.tabIndex = 0;
    this.figure.setAttribute("aria-keyshortcuts", Object.keys(KEYS).join(" "));
    this.figure.addEventListener("keydown", (event) => this.#onKey(event));
    this.note = element("div", { className: "unroll-zoom-note", role: "status" });
    this.figure.append(this.note);
  }

  /** @param {Component<ZoomableData>} component */
  show(component) {
    this.figure.ariaLabel = component.data.alt;
    super.show(component);
  }

  showFailure() {
    this.note.textContent = "Connection lost; the chart will appear when it is back.";
  }

  hide() {
    this.#cancelRequest();
    super.hide();
  }

  /**
   * Plot what the page says; in other colours alone, the zoom stays.
   *
   * @param {PlotlyTrace[]} traces
   * @param {PlotlyLayout} layout
   * @param {boolean} isNew
   */
  plotFigure(traces, layout, isNew) {
    layout.dragmode = IS_TOUCH ? false : "zoom";
    if (!isNew) this.#keepZoom(traces, layout);
    this.#cancelRequest();
    Plotly.react(this.plot, traces, layout, OPTIONS);
    if (!this.isDrawn) this.plot.on("plotly_relayout", () => this.#onZoom());
    if (isNew) this.#storeLines();
  }

  /**
   * Carry what is on the plot over to a drawing in other colours.
   *
   * @param {PlotlyTrace[]} traces
   * @param {PlotlyLayout} layout
   */
  #keepZoom(traces, layout) {
    traces.forEach((trace, at) => {
      const { x, y, visible } = this.plot.data[at];
      Object.assign(trace, { x, y, visible });
    });
    for (const name of Object.keys(layout).filter((name) => /^[xy]axis/.test(name))) {
      const { range, autorange } = /** @type {PlotlyAxis} */ (this.plot.layout[name]);
      Object.assign(/** @type {PlotlyAxis} */ (layout[name]), { range: [...(range ?? [])], autorange });
    }
  }

  /** Keep the lines as they came, to draw them again when the visitor is back at the whole. */
  #storeLines() {
    const { _fullData: traces } = this.plot;
    this.#traces = traces.map((_, at) => at).filter((at) => traces[at].mode === "lines");
    this.#lines = this.#traces.map((at) => ({ x: Array.from(traces[at].x), y: Array.from(traces[at].y) }));
    this.#detail = null;
    this.#updateNote();
  }

  get #axis() {
    return this.plot._fullLayout.xaxis;
  }

  /** @returns {[number, number]} what is in view, in numbers */
  get #range() {
    const [from, to] = this.#axis.range.map((end) => this.#axis.r2l(end));
    return [from, to];
  }

  /** Ask for the detail of what is in view, once it has come to rest. */
  #onZoom() {
    this.#cancelRequest();
    if (this.#axis.autorange) {
      if (this.#detail) this.#setDetail(null);
      return;
    }
    const [from, to] = this.#range.sort(ascending);
    if (this.#detail?.exact && this.#detail.from <= from && to <= this.#detail.to) return;
    this.#timer = setTimeout(() => this.#fetchDetail(from, to), ZOOM_PAUSE);
  }

  #cancelRequest() {
    clearTimeout(this.#timer);
    this.#request?.abort();
    this.#request = null;
  }

  /**
   * @param {number} from
   * @param {number} to
   */
  async #fetchDetail(from, to) {
    const url = new URL(`../../api/series/${this.data.token}`, import.meta.url);
    url.search = new URLSearchParams({ from: from.toFixed(3), to: to.toFixed(3) }).toString();
    const request = new AbortController();
    this.#request = request;
    const timeout = setTimeout(() => request.abort(), TIMEOUT);
    let detail = null;
    try {
      const response = await fetch(url, { signal: request.signal });
      if (response.ok) detail = { .../** @type {SeriesDetail} */ (await response.json()), from, to };
    } catch {
      // The connection is lost; the next zoom asks again.
    }
    clearTimeout(timeout);
    // A page that stood long, or a server beside the one that drew it, knows no such series: then this chart
    // simply stays thinned, which is no error.
    if (this.#request === request && (detail || this.#detail)) this.#setDetail(detail);
  }

  /**
   * Draw the detail of a range, or the lines as they came. Of a range nothing else is there, so its height fits it.
   *
   * @param {(SeriesDetail & { from: number, to: number }) | null} detail
   */
  #setDetail(detail) {
    this.#detail = detail;
    const lines = detail ? detail.lines : this.#lines;
    Plotly.restyle(this.plot, { x: lines.map(({ x }) => x), y: lines.map(({ y }) => y) }, this.#traces);
    this.#updateNote();
  }

  #updateNote() {
    this.note.textContent = detailNote(this.data, this.#detail);
  }

  /**
   * Do with the keyboard what a mouse does.
   *
   * @param {KeyboardEvent} event
   */
  #onKey(event) {
    const move = KEYS[event.key];
    if (!move || !this.isDrawn || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const next = move(this.#range)?.map((end) => this.#axis.l2r(end));
    const names = Object.keys(this.plot._fullLayout).filter((name) => /^xaxis/.test(name));
    const change = names.map((name) => (next ? [`${name}.range`, next] : [`${name}.autorange`, true]));
    Plotly.relayout(this.plot, Object.fromEntries(change));
  }
}

/**
 * How much of a series is drawn.
 *
 * @param {Pick<ZoomableData, "rows" | "drawn">} series
 * @param {SeriesDetail | null} detail that is drawn of a range
 */
function detailNote({ rows, drawn }, detail) {
  if (!detail) return `${formatInteger(drawn)} of ${formatInteger(rows)} points are drawn. Zoom in to see the others.`;
  if (detail.exact) return "Every point of this range is drawn.";
  const most = Math.max(...detail.lines.map(({ x }) => x.length));
  return `${formatInteger(most)} of the ${formatInteger(detail.rows)} points of this range are drawn.`;
}

/**
 * Draw a series where a component stands, or bring what is drawn there up to date.
 *
 * @param {Component<ZoomableData>} component
 */
export function show(component) {
  mount(component, (one) => new ZoomableChart(one));
}
