// A long series: drawn thinned at first, and where a visitor zooms in, with the detail of that stretch.

import { plotly, themeOf } from "./page.js";

const PAUSE = 150; // milliseconds without another move before the detail is asked for
const PATIENCE = 10_000; // the longest wait for an answer, and for another try to load plotly.js
const STEP = 0.25; // of what is in view, that an arrow key moves by

/** One chart in one place of a page. */
class Zoomable {
  constructor(root) {
    this.figure = document.createElement("figure");
    this.figure.className = "unroll-zoomable";
    this.figure.tabIndex = 0;
    this.figure.setAttribute("aria-keyshortcuts", Object.keys(KEYS).join(" "));
    this.figure.addEventListener("keydown", (event) => this.press(event));
    this.plot = document.createElement("div");
    this.plot.className = "unroll-zoomable-plot";
    this.note = document.createElement("div");
    this.note.className = "unroll-zoomable-note";
    this.note.role = "status";
    this.figure.append(this.plot, this.note);
    root.append(this.figure);
    this.sizer = new ResizeObserver(() => this.drawn && Plotly.Plots.resize(this.plot));
    this.sizer.observe(this.plot);
  }

  /** Draw what the page says; what it only says again leaves the zoom alone. */
  show(data) {
    this.data = data;
    this.figure.ariaLabel = data.alt;
    plotly(data.plotly).then(
      () => !this.gone && this.draw(),
      () => {
        this.note.textContent = "The connection is lost; the chart comes as soon as it is back.";
        setTimeout(() => this.gone || this.show(this.data), PATIENCE / 4);
      },
    );
  }

  hide() {
    this.gone = true;
    this.forget();
    this.sizer.disconnect();
    if (this.drawn) Plotly.purge(this.plot);
    this.figure.remove();
  }

  draw() {
    const theme = themeOf(this.figure);
    const look = JSON.stringify(theme);
    const other = this.data.figure !== this.drawn;
    if (!other && look === this.look) return;
    const { data, layout } = JSON.parse(this.data.figure);
    dress(layout, theme);
    if (!other) this.keep(data, layout);
    this.forget();
    Plotly.react(this.plot, data, layout, OPTIONS);
    if (!this.drawn) this.plot.on("plotly_relayout", () => this.follow());
    [this.drawn, this.look] = [this.data.figure, look];
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
    this.tell();
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
    this.tell();
  }

  tell() {
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

/** Give a figure the page's colours and letters, as Streamlit gives them to charts that stand still. */
export function dress(layout, { text, grey, faint, page, font, heading }) {
  const look = layout.template.layout;
  Object.assign(layout, { autosize: true, dragmode: COARSE ? false : "zoom" });
  delete layout.height; // the place has it
  Object.assign(look, {
    paper_bgcolor: page, // named, since plotly draws its pointer's halo in the colour of the ground
    plot_bgcolor: page,
    font: { family: font, size: 12, color: grey },
    title: { ...look.title, font: { ...heading, size: 16, weight: 700 }, pad: { l: 4 } },
    hoverlabel: { ...look.hoverlabel, bgcolor: page, bordercolor: faint, font: { color: text } },
    modebar: { bgcolor: page, color: grey, activecolor: text },
  });
  look.xaxis.zeroline = false;
  for (const axis of [look.xaxis, look.yaxis]) {
    Object.assign(axis, { gridcolor: faint, zerolinecolor: faint, title: { font: { size: 14 } } });
  }
}

const count = (many) => many.toLocaleString("en");

const charts = new WeakMap();

/** Draw a series where a component stands, or bring what is drawn there up to date. */
export function show({ data, parentElement: root }) {
  if (!charts.has(root)) charts.set(root, new Zoomable(root));
  charts.get(root).show(data);
}

/** Take it away again. */
export function hide(root) {
  charts.get(root)?.hide();
  charts.delete(root);
}
