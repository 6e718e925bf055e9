// A long series: drawn thinned at first, and where a visitor zooms in, with the detail of that stretch.

import { Drawing } from "./drawing.js";
import { element, hide, stand } from "./page.js";

export { hide };

const PAUSE = 150; // milliseconds without another move before the detail is asked for
const PATIENCE = 10_000; // the longest wait for an answer
const STEP = 0.25; // of what is in view, that an arrow key moves by

class Zoomable extends Drawing {
  constructor(root) {
    super(root, "unroll-zoomable");
    this.figure.tabIndex = 0;
    this.figure.setAttribute("aria-keyshortcuts", Object.keys(KEYS).join(" "));
    this.figure.addEventListener("keydown", (event) => this.press(event));
    this.note = element("div", { className: "unroll-zoomable-note", role: "status" });
    this.figure.append(this.note);
  }

  show(component) {
    this.figure.ariaLabel = component.data.alt;
    super.show(component);
  }

  lost() {
    this.note.textContent = "The connection is lost; the chart comes as soon as it is back.";
  }

  hide() {
    this.forget();
    super.hide();
  }

  /** Lay what the page says; in other colours alone, the zoom stays. */
  lay(traces, layout, other) {
    layout.dragmode = COARSE ? false : "zoom";
    if (!other) this.keep(traces, layout);
    this.forget();
    Plotly.react(this.plot, traces, layout, OPTIONS);
    if (!this.drawn) this.plot.on("plotly_relayout", () => this.follow());
    if (other) this.survey();
  }

  /** Carry what is on the plot over to a drawing in other colours. */
  keep(traces, layout) {
    traces.forEach((trace, at) => {
      const { x, y, visible } = this.plot.data[at];
      Object.assign(trace, { x, y, visible });
    });
    for (const name of Object.keys(layout).filter((name) => /^[xy]axis/.test(name))) {
      const { range, autorange } = this.plot.layout[name];
      Object.assign(layout[name], { range: [...range], autorange });
    }
  }

  /** Take down the lines as they came, to draw them again when the visitor is back at the whole. */
  survey() {
    const { _fullData: traces } = this.plot;
    this.axis = () => this.plot._fullLayout.xaxis;
    this.places = traces.map((_, at) => at).filter((at) => traces[at].mode === "lines");
    this.lines = this.places.map((at) => ({ x: Array.from(traces[at].x), y: Array.from(traces[at].y) }));
    this.detail = null;
    this.explain();
  }

  /** Ask for the detail of what is in view, once it has come to rest. */
  follow() {
    this.forget();
    const axis = this.axis();
    if (axis.autorange) return this.detail && this.put(null);
    const [from, to] = axis.range.map((end) => axis.r2l(end)).sort((one, other) => one - other);
    if (this.detail?.exact && this.detail.from <= from && to <= this.detail.to) return;
    this.timer = setTimeout(() => this.ask(from, to), PAUSE);
  }

  forget() {
    clearTimeout(this.timer);
    this.asking?.abort();
    this.asking = null;
  }

  async ask(from, to) {
    const url = new URL(`../../api/series/${this.data.token}`, import.meta.url);
    url.search = new URLSearchParams({ from: from.toFixed(3), to: to.toFixed(3) });
    const asking = new AbortController();
    this.asking = asking;
    const late = setTimeout(() => asking.abort(), PATIENCE);
    let detail = null;
    try {
      const answer = await fetch(url, { signal: asking.signal });
      if (answer.ok) detail = { ...(await answer.json()), from, to };
    } catch {
      // The connection is lost; the next zoom asks again.
    }
    clearTimeout(late);
    // A page that stood long, or a server beside the one that drew it, knows no such series: then this chart
    // simply stays thinned, which is no error.
    if (this.asking === asking && (detail || this.detail)) this.put(detail);
  }

  /** Draw a stretch, or the lines as they came. Of a stretch nothing else is there, so its height fits it. */
  put(detail) {
    this.detail = detail;
    const lines = detail ? detail.lines : this.lines;
    Plotly.restyle(this.plot, { x: lines.map(({ x }) => x), y: lines.map(({ y }) => y) }, this.places);
    this.explain();
  }

  explain() {
    const { rows, drawn } = this.data;
    const { detail } = this;
    const most = detail && Math.max(...detail.lines.map(({ x }) => x.length));
    this.note.textContent = !detail
      ? `${count(drawn)} of ${count(rows)} points are drawn. Zoom in to see the others.`
      : detail.exact
        ? "Every point of this stretch is drawn."
        : `${count(most)} of the ${count(detail.rows)} points of this stretch are drawn.`;
  }

  /** Do with the keyboard what a mouse does. */
  press(event) {
    const move = KEYS[event.key];
    if (!move || !this.drawn || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const axis = this.axis();
    const ends = axis.range.map((end) => axis.r2l(end));
    const next = move(...ends)?.map((end) => axis.l2r(end));
    const names = Object.keys(this.plot._fullLayout).filter((name) => /^xaxis/.test(name));
    const change = names.map((name) => (next ? [`${name}.range`, next] : [`${name}.autorange`, true]));
    Plotly.relayout(this.plot, Object.fromEntries(change));
  }
}

const zoomed = (times) => (from, to) => {
  const [middle, half] = [(from + to) / 2, ((to - from) / 2) * times];
  return [middle - half, middle + half];
};
const moved = (share) => (from, to) => [from, to].map((end) => end + share * (to - from));

/** What a key makes of the ends of what is in view; of nothing, the whole. */
const KEYS = {
  "+": zoomed(0.5),
  "-": zoomed(2),
  ArrowLeft: moved(-STEP),
  ArrowRight: moved(STEP),
  0: () => null,
};

// A finger that moves over a chart means to scroll the page; it zooms by the buttons, which are then always there.
const COARSE = matchMedia("(pointer: coarse)").matches;

const OPTIONS = {
  displaylogo: false,
  displayModeBar: COARSE || "hover",
  doubleClick: "autosize",
  modeBarButtons: [
    COARSE ? ["pan2d"] : ["zoom2d", "pan2d"],
    ["zoomIn2d", "zoomOut2d", "autoScale2d"],
    ["toImage"],
  ],
};

const count = (many) => many.toLocaleString("en");

/** Draw a series where a component stands, or bring what is drawn there up to date. */
export function show(component) {
  stand(component, (root) => new Zoomable(root));
}
