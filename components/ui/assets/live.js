// The live charts of a run: one poller fetches what is new, every chart of the run draws it and keeps the zoom.

const PERIOD = 250; // milliseconds between two questions while the run goes on
const PERIOD_FIRST = 60; // the same while the first point is about to come
const PERIOD_UNSEEN = 5000; // the same while the tab is hidden
const SHARE = 1 / 3; // of the time that drawing may take: a slow machine gets fewer pictures, not a page that sticks
const PATIENCE = 10_000; // the longest pause between two tries after the connection is lost, and for one answer
const MOST_POINTS = 6000; // with more, everything is fetched anew: the server thins it
const MOST_ROWS = 300; // of a table

const ENDED = new Set(["finished", "stopped", "failed", "interrupted"]);

// --- The numbers ------------------------------------------------------------------------------------

const feeds = new Map();

/** What is known of one run, shared by all that show it. */
class Feed {
  static of(run) {
    if (!feeds.has(run)) feeds.set(run, new Feed(run));
    return feeds.get(run);
  }

  constructor(run) {
    this.run = run;
    this.url = new URL(`../api/runs/${run}/points`, import.meta.url);
    this.views = new Set();
    this.latest = null; // the newest answer, for all that is not a growing list
    this.effort = 0; // milliseconds that the last drawing took
    this.trouble = ""; // "lost" while the server can't be reached, "gone" when it knows no such run
    this.#clear();
    this.wake = this.wake.bind(this);
  }

  #clear() {
    this.steps = [];
    this.loss = [];
    this.before = [];
    this.after = [];
    this.layers = [];
    this.epochs = [];
    this.marks = [];
    this.through = []; // how much each time step weighs in the loss, look by look
    this.rows = []; // what these gradients are by
    this.length = 0; // time steps that they are of
    this.preview = null;
  }

  join(view) {
    this.views.add(view);
    this.wake();
  }

  leave(view) {
    this.views.delete(view);
    if (!this.views.size) feeds.delete(this.run);
    this.#rested?.();
  }

  /** Ask at once, and go on asking if it had ended. */
  wake() {
    this.woken = true;
    this.#rested?.();
    if (!this.going) this.#go();
  }

  #rested; // ends the pause between two questions

  async #go() {
    this.going = true;
    document.addEventListener("visibilitychange", this.wake);
    for (let failures = 0; this.views.size; ) {
      const asked = performance.now();
      this.woken = false;
      failures = (await this.#ask()) ? 0 : failures + 1;
      if (this.woken) continue;
      if (this.trouble === "gone" || (!failures && ENDED.has(this.latest.status))) break;
      const pause = failures ? Math.min(PERIOD * 2 ** failures, PATIENCE) : this.#period();
      await this.#rest(asked + pause - performance.now());
    }
    document.removeEventListener("visibilitychange", this.wake);
    this.going = false;
  }

  #period() {
    if (document.hidden) return PERIOD_UNSEEN;
    const { status, ahead, step } = this.latest;
    const isBeginning = step === 0 && (status === "running" || (status === "waiting" && !ahead));
    return Math.max(isBeginning ? PERIOD_FIRST : PERIOD, this.effort / SHARE);
  }

  #rest(milliseconds) {
    return new Promise((done) => {
      const timer = setTimeout(done, Math.max(0, milliseconds));
      this.#rested = () => (clearTimeout(timer), done());
    });
  }

  /** Ask once; tell whether there was an answer. */
  async #ask() {
    const since = this.steps.length > MOST_POINTS ? 0 : (this.latest?.since ?? 0);
    const generation = this.latest?.generation ?? 0;
    this.url.search = new URLSearchParams({ since, generation });
    let said;
    try {
      const answer = await fetch(this.url, { signal: AbortSignal.timeout(PATIENCE) });
      if (!answer.ok) return this.#tell(answer.status === 404 ? "gone" : "lost");
      said = await answer.json();
    } catch {
      return this.#tell("lost");
    }
    this.#take(said, since === 0 || said.generation !== generation);
    return true;
  }

  #tell(trouble) {
    this.trouble = trouble;
    for (const view of this.views) view.update(false);
    return false;
  }

  #take(said, anew) {
    if (anew) this.#clear();
    for (const name of KEPT) this[name].push(...said[name]);
    if (said.through.length) [this.rows, this.length] = [said.through_rows, said.through_length];
    said.layers.forEach((norms, at) => (this.layers[at] ??= []).push(...norms));
    this.preview = said.preview ?? this.preview;
    this.latest = said;
    this.trouble = "";
    const begun = performance.now();
    for (const view of this.views) view.update(anew);
    this.effort = performance.now() - begun;
  }
}

const KEPT = ["steps", "loss", "before", "after", "epochs", "marks", "through"];

// --- The charts -------------------------------------------------------------------------------------

/**
 * One chart: a title, a plot, a sentence computed from its numbers, and these as a table.
 *
 * A kind of chart gives `lines`: `x` and `y` of each only ever grow within a generation, save where the
 * line carries a `version`: then it is replaced whenever that changes.
 */
class Chart {
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
    this.sizer = new ResizeObserver(() => this.drawn.length && Plotly.Plots.resize(this.plot));
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

/** Training loss of every step and its mean over each epoch, validation loss, and the best epoch. */
class Loss extends Chart {
  constructor(view) {
    super(view);
    this.scale = element("button", { type: "button", onclick: () => this.rescale() });
    this.head.append(this.scale);
    this.label();
  }

  get title() {
    return "Loss";
  }

  get measures() {
    return this.view.data.preview?.loss ?? "loss (in scaled units)";
  }

  rescale() {
    this.logarithmic = !this.logarithmic;
    this.held = false;
    this.stale = true;
    this.label();
    this.draw();
  }

  label() {
    this.scale.textContent = `Scale: ${this.logarithmic ? "logarithmic" : "linear"}`;
  }

  lines() {
    const { training, validation } = this.view.data.colours;
    const { steps, loss, epochs } = this.feed;
    const ends = epochs.map(({ step }) => step);
    const best = this.best();
    return [
      { name: "training, each step", x: steps, y: loss, line: { color: training, width: 1 }, opacity: 0.6 },
      {
        name: "training, epoch mean",
        x: ends,
        y: epochs.map((end) => end.training),
        line: { color: training, width: 2 },
      },
      {
        name: "validation",
        x: ends,
        y: epochs.map((end) => end.validation),
        mode: "lines+markers",
        line: { color: validation, width: 2 },
        marker: { color: validation, size: 5 },
      },
      {
        name: "best epoch",
        version: best?.step ?? 0,
        x: best ? [best.step] : [],
        y: best ? [best.validation] : [],
        mode: "markers",
        marker: { size: 14, color: "rgba(0,0,0,0)", line: { color: validation, width: 2 } },
      },
    ];
  }

  best() {
    const measured = this.feed.epochs.filter(({ validation }) => validation !== null);
    return measured.reduce((best, end) => (best && best.validation <= end.validation ? best : end), null);
  }

  ranged() {
    const { loss, epochs } = this.feed;
    const newest = epochs.slice(-1);
    const best = this.best();
    return {
      spread: [loss, epochs.map((end) => end.training), epochs.map((end) => end.validation)],
      within: [...newest, ...(best ? [best] : [])].map((end) => end.validation).concat(this.logarithmic ? [] : 0),
    };
  }

  sentence() {
    const { steps, loss, epochs } = this.feed;
    if (loss.at(-1) === null) {
      return "The loss isn't a number any more: the training ran away. A smaller learning rate tames it.";
    }
    const best = this.best();
    if (!best) {
      const now = `After ${count(steps.at(-1), "step")} the training loss is ${number(loss.at(-1))}`;
      return `${now}; the first validation comes at the end of the epoch.`;
    }
    const lowest = `lowest after epoch ${best.epoch}, ${number(best.validation)}`;
    if (best === epochs.at(-1)) return `The validation loss is at its ${lowest}.`;
    return `The validation loss was ${lowest}; it has risen since, to ${number(epochs.at(-1).validation)}.`;
  }

  rows() {
    const rows = this.feed.epochs.map((end) => [end.epoch, end.step, end.training, end.validation]);
    return { head: ["epoch", "step", "training loss", "validation loss"], rows };
  }
}

/** The global norm of the gradient before and after clipping, with the threshold. */
class Norms extends Chart {
  get title() {
    return "Gradient norm";
  }

  get measures() {
    return "norm of all gradients";
  }

  lines() {
    const { before, after } = this.view.data.colours;
    const { steps } = this.feed;
    const { text } = this.view.theme;
    return [
      { name: "before clipping", x: steps, y: this.feed.before, line: { color: before, width: 1 } },
      { name: "after clipping", x: steps, y: this.feed.after, line: { color: after, width: 1 } },
      { name: "clip threshold", ...this.course(), line: { color: text, width: 1.5, dash: "dash" } },
    ].slice(0, this.clip === null ? 2 : 3);
  }

  /** The threshold in force, where it is one for this norm. */
  get clip() {
    const { clipping } = this.view.data;
    return clipping && (this.feed.latest.clip ?? clipping);
  }

  /** What the threshold was from step to step; it only grows, as the other lines do. */
  course() {
    const { steps, marks } = this.feed;
    if (this.stale) this.past = { x: [steps[0]], y: [this.view.data.clipping], marks: 0 };
    const { x, y } = this.past;
    const changes = marks.filter(({ what }) => what === "clip");
    for (const { step, value } of changes.slice(this.past.marks)) {
      x.push(step, step);
      y.push(y.at(-1), value);
    }
    this.past.marks = changes.length;
    if (steps.at(-1) > x.at(-1)) {
      x.push(steps.at(-1));
      y.push(y.at(-1));
    }
    // What was set by hand outlives a rewind, which takes its mark away.
    if (this.clip !== y.at(-1)) {
      x.push(x.at(-1));
      y.push(this.clip);
    }
    return { x, y };
  }

  ranged() {
    return { spread: [[...this.feed.before, ...this.feed.after]], near: this.clip };
  }

  signs() {
    const signs = super.signs();
    if (this.clip === null) return signs;
    const label = {
      x: 1,
      xref: "paper",
      xanchor: "right",
      y: Math.log10(this.clip),
      yanchor: "bottom",
      showarrow: false,
      text: `clip ${number(this.clip)}`,
      bgcolor: this.view.theme.page,
    };
    return { ...signs, annotations: [...signs.annotations, label] };
  }

  sentence() {
    const { before, after } = this.feed;
    const finite = before.filter((norm) => norm !== null);
    if (!finite.length) return "No gradient has a finite norm any more: the training ran away.";
    const clipped =
      before.filter((norm, at) => after[at] !== null && (norm === null || after[at] < norm * 0.9999)).length /
      before.length;
    const middle = `Half of the gradients have a norm above ${number(quantile(finite.sort(ascending), 0.5))}`;
    return clipped ? `${middle}; ${percent(clipped)} of them were clipped.` : `${middle}; none was clipped.`;
  }

  rows() {
    const { steps, before, after } = this.feed;
    const rows = steps.map((step, at) => [step, before[at], after[at]]);
    return { head: ["step", "before clipping", "after clipping"], rows };
  }
}

/** The norm of each layer's gradient. */
class Layers extends Chart {
  get title() {
    return "Gradient norm by layer";
  }

  get measures() {
    return "norm before clipping";
  }

  get named() {
    const names = this.feed.latest.layer_names;
    return this.feed.layers.map((norms, at) => ({ name: names[at] ?? `layer ${at + 1}`, norms }));
  }

  lines() {
    const { series } = this.view.data.colours;
    const dashes = ["solid", "dash", "dot", "dashdot"];
    return this.named.map(({ name, norms }, at) => {
      const dash = dashes[Math.floor(at / series.length) % dashes.length];
      return { name, x: this.feed.steps, y: norms, line: { color: series[at % series.length], width: 1, dash } };
    });
  }

  ranged() {
    return { spread: [this.feed.layers.flat()] };
  }

  sentence() {
    const middle = (norms) => quantile(norms.slice(-100).filter((norm) => norm > 0).sort(ascending), 0.5);
    const recent = this.named
      .map(({ name, norms }) => ({ name, norm: middle(norms) }))
      .filter(({ norm }) => norm !== undefined)
      .sort((one, other) => other.norm - one.norm);
    if (!recent.length) return "No gradient reaches any layer.";
    if (recent.length === 1) return `The gradient of ${recent[0].name} has a norm of about ${number(recent[0].norm)}.`;
    const [largest, smallest] = [recent[0], recent.at(-1)];
    const times = number(largest.norm / smallest.norm);
    const ends = `the largest gradients are in ${largest.name}, the smallest in ${smallest.name}`;
    return `Lately ${ends}: ${times} times smaller.`;
  }

  rows() {
    const { steps, layers } = this.feed;
    return {
      head: ["step", ...this.named.map(({ name }) => name)],
      rows: steps.map((step, at) => [step, ...layers.map((norms) => norms[at])]),
    };
  }
}

/** The forecast of the validation part as it stands after the newest epoch, beside the truth. */
class Forecast extends Chart {
  logarithmic = false;

  get title() {
    return "Forecast of the validation part";
  }

  get awaited() {
    return ENDED.has(this.feed.latest?.status)
      ? "No epoch came to its end, so there is no forecast."
      : "The forecast will show here after the first epoch.";
  }

  get across() {
    return { title: this.view.data.preview.along };
  }

  get measures() {
    return this.view.data.preview.measures;
  }

  get begun() {
    return this.feed.preview !== null;
  }

  lines() {
    const { truth, model } = this.view.data.colours;
    const { times, truth: values } = this.view.data.preview;
    const { epoch, values: forecast } = this.feed.preview;
    return [
      { name: "truth", version: 0, x: times, y: values, line: { color: truth, width: 2 } },
      { name: "forecast", version: epoch, x: times, y: forecast, line: { color: model, width: 2 } },
    ];
  }

  ranged() {
    // The truth is always seen whole; what the first, wild epochs say may leave the chart.
    const { truth } = this.view.data.preview;
    return { spread: [this.feed.preview.values], within: truth, reach: 1 };
  }

  signs() {
    return { shapes: [], annotations: [] };
  }

  sentence() {
    const { truth } = this.view.data.preview;
    const { epoch, values } = this.feed.preview;
    const errors = values.map((value, at) => (value === null ? null : Math.abs(value - truth[at])));
    const finite = errors.filter((error) => error !== null);
    if (!finite.length) return `After epoch ${epoch} the forecast isn't a number any more.`;
    const mean = finite.reduce((sum, error) => sum + error, 0) / finite.length;
    const { unit } = this.view.data.preview;
    return `After epoch ${epoch} the forecast is off by ${number(mean)}${unit && ` ${unit}`} on average.`;
  }

  rows() {
    const { times, truth, along } = this.view.data.preview;
    const rows = times.map((time, at) => [time, truth[at], this.feed.preview.values[at]]);
    return { head: [along, "truth", "forecast"], rows };
  }
}

/** The numbers that the validation part's examples are said to have after the newest epoch, over the true ones. */
class Guesses extends Chart {
  logarithmic = false;

  get title() {
    return "Validation part: guess against truth";
  }

  get awaited() {
    return ENDED.has(this.feed.latest?.status)
      ? "No epoch came to its end, so nothing was guessed."
      : "The guesses will show here after the first epoch.";
  }

  get across() {
    return { title: "truth" };
  }

  get measures() {
    return "guess";
  }

  get begun() {
    return this.feed.preview !== null;
  }

  lines() {
    const { truth, model } = this.view.data.colours;
    const { truth: x } = this.view.data.preview;
    const { epoch, values: y } = this.feed.preview;
    const ends = [Math.min(...x), Math.max(...x)];
    return [
      { name: "where both are the same", version: 0, x: ends, y: ends, line: { color: truth, width: 2, dash: "dot" } },
      {
        name: "guesses",
        version: epoch,
        x,
        y,
        mode: "markers",
        marker: { color: model, size: 5, opacity: 0.7, line: { color: model, width: 0 } },
      },
    ];
  }

  layout() {
    return { ...super.layout(), hovermode: "closest" };
  }

  ranged() {
    return { spread: [this.feed.preview.values], within: this.view.data.preview.truth, reach: 1 };
  }

  signs() {
    return { shapes: [], annotations: [] };
  }

  sentence() {
    const { truth } = this.view.data.preview;
    const { epoch, values } = this.feed.preview;
    const errors = values.flatMap((value, at) => (value === null ? [] : Math.abs(value - truth[at])));
    if (!errors.length) return `After epoch ${epoch} the guesses aren't numbers any more.`;
    const middle = sum(truth) / truth.length;
    const usual = sum(truth.map((value) => Math.abs(value - middle))) / truth.length;
    const own = `After epoch ${epoch} a guess is off by ${number(sum(errors) / errors.length)} on average`;
    return `${own}; who always says the mean is off by ${number(usual)}.`;
  }

  rows() {
    const rows = this.view.data.preview.truth.map((value, at) => [value, this.feed.preview.values[at]]);
    return { head: ["truth", "guess"], rows };
  }
}

/** What the validation part's examples are taken for as the model stands after the newest epoch. */
class Confusion extends Chart {
  logarithmic = false;

  get title() {
    return "Validation part: what is taken for what";
  }

  get awaited() {
    return ENDED.has(this.feed.latest?.status)
      ? "No epoch came to its end, so nothing was told."
      : "What the model tells will show here after the first epoch.";
  }

  get across() {
    return { title: "said" };
  }

  get measures() {
    return "true";
  }

  get begun() {
    return this.feed.preview !== null;
  }

  /** How often each class, row by row, is taken for each. */
  get counts() {
    const { names } = this.view.data.preview;
    const { values } = this.feed.preview;
    return names.map((_, row) => values.slice(row * names.length, (row + 1) * names.length));
  }

  lines() {
    const { names } = this.view.data.preview;
    const { counts } = this;
    const shares = counts.map((row) => row.map((count) => count / Math.max(1, sum(row))));
    const places = names.map((_, at) => at);
    const [low, high] = this.view.data.colours.scale;
    const cells = names.length <= 12 && { text: counts, texttemplate: "%{text}", textfont: { color: this.view.theme.text } };
    return [
      {
        type: "heatmap",
        version: this.feed.preview.epoch,
        silent: true,
        x: places,
        y: places,
        z: shares,
        ...cells,
        customdata: counts,
        zmin: 0,
        zmax: 1,
        colorscale: [[0, low], [1, high]],
        showscale: false,
        xgap: 2,
        ygap: 2,
        hovertemplate: "%{y} taken for %{x}: %{customdata}<extra></extra>",
      },
    ];
  }

  layout() {
    const layout = super.layout();
    const { names } = this.view.data.preview;
    const axis = { showgrid: false, tickvals: names.map((_, at) => at), ticktext: names.map(short), type: "linear" };
    layout.yaxis.title.standoff = 14;
    Object.assign(layout.xaxis, axis, { nticks: undefined, automargin: true, showspikes: false });
    Object.assign(layout.yaxis, axis, { nticks: undefined, automargin: true, autorange: "reversed", tickformat: "" });
    return { ...layout, hovermode: "closest" };
  }

  range() {
    return {};
  }

  signs() {
    return { shapes: [], annotations: [] };
  }

  sentence() {
    const { counts } = this;
    const every = sum(counts.flat());
    const right = sum(counts.map((row, at) => row[at]));
    const shown = `${Math.round((100 * right) / Math.max(1, every))} %`;
    return `After epoch ${this.feed.preview.epoch} the model tells ${shown} of ${every.toLocaleString("en")} right.`;
  }

  rows() {
    const { names } = this.view.data.preview;
    return { head: ["true", ...names], rows: this.counts.map((row, at) => [names[at], ...row]) };
  }
}

const sum = (list) => list.reduce((one, other) => one + other, 0);

const short = (name) => safe(name.length > 16 ? `${name.slice(0, 15)}…` : name);

/** What the model wrote after the newest epoch, each token in the colour of how likely the model held it. */
class Writing {
  constructor(view) {
    this.view = view;
    this.caption = element("figcaption", {});
    this.prose = element("div", { className: "unroll-writing", role: "img", ariaLabel: this.title });
    this.empty = element("div", { className: "unroll-empty" });
    const head = element("div", { className: "unroll-head" }, element("h4", { textContent: this.title }));
    const stage = element("div", { className: "unroll-stage" }, this.prose, this.empty);
    const named = { className: "unroll-chart", ariaLabel: this.title };
    this.figure = element("figure", named, head, stage, this.caption);
  }

  get title() {
    return "What it writes";
  }

  draw() {
    const said = this.view.feed.preview;
    this.empty.hidden = said !== null;
    this.prose.hidden = said === null;
    set(this.caption, said ? `After epoch ${said.epoch}. The dice always fall the same: what changes is the model.` : "");
    const over = ENDED.has(this.view.feed.latest?.status);
    if (!said) return set(this.empty, over ? "No epoch came to its end, so nothing was written." : WRITING_AWAITED);
    if (!this.stale && said === this.drawn) return;
    this.stale = false;
    this.drawn = said;
    this.prose.replaceChildren(...said.texts.map((text, at) => this.token(text, said.values[at])));
    const written = said.texts.join("");
    this.prose.ariaLabel = `${this.title}: ${written}`;
    this.prose.classList.toggle("unroll-list", written.length < LIST * written.split("\n").length);
  }

  token(textContent, chance) {
    const [, background, word] = this.view.data.preview.shades.find(([least]) => chance >= least);
    const span = element("span", { textContent, title: `${number(100 * chance)} %: ${word}` });
    span.style.background = background;
    return span;
  }

  remove() {}
}

/** Characters of a line on average, below which lines stand in columns. */
const LIST = 25;

const WRITING_AWAITED = "The first lines will show here after the first epoch.";

/** Texts of the validation part, the right answers, and what was written after the newest epoch. */
class Answers {
  stale = true;
  epoch = 0;

  constructor(view) {
    this.view = view;
    this.caption = element("figcaption", {});
    this.body = element("tbody", {});
    const { names } = view.data.preview;
    const heads = [names[0], names[1], "What it writes"].map((name) => element("th", { textContent: name }));
    const table = element("table", {}, element("thead", {}, element("tr", {}, ...heads)), this.body);
    this.figure = element(
      "figure",
      { className: "unroll-chart unroll-wide", ariaLabel: "Answers to the validation part" },
      element("div", { className: "unroll-head" }, element("h4", { textContent: "Its answers" })),
      element("div", { className: "unroll-answers", tabIndex: 0 }, table),
      this.caption,
    );
  }

  remove() {}

  draw() {
    const { preview, latest } = this.view.feed;
    if (!preview) {
      const over = ENDED.has(latest?.status);
      set(this.caption, over ? "No epoch came to its end." : "Its first answers come after the first epoch.");
    } else set(this.caption, this.sentence(preview));
    const epoch = preview?.epoch ?? 0;
    if (!this.stale && epoch === this.epoch) return;
    [this.stale, this.epoch] = [false, epoch];
    const { sources, truths } = this.view.data.preview;
    const rows = sources.map((source, at) => this.row(source, truths[at], preview?.texts[at]));
    this.body.replaceChildren(...rows);
  }

  row(source, truth, text) {
    const cells = [source, truth].map((cell) => element("td", { textContent: cell }));
    return element("tr", {}, ...cells, element("td", {}, ...this.compared(text, truth)));
  }

  /** What was written, token by token; what doesn't stand in its place is marked. */
  compared(text, truth) {
    if (text === undefined) return [];
    const between = this.view.data.preview.level === "word" ? " " : "";
    const [written, right] = [text, truth].map((cell) => (cell === "" ? [] : cell.split(between)));
    return written.flatMap((token, at) => [
      at ? between : "",
      token === right[at] ? token : element("mark", { textContent: token }),
    ]);
  }

  sentence({ epoch, values }) {
    const share = values?.length ? `${percent(values[0])} of the answers that are watched` : "no answer";
    return `After epoch ${epoch}, ${share} are exactly right. What stands in the wrong place is marked.`;
  }
}

// --- Gradients through time --------------------------------------------------------------------------

/** Norms of gradients as a field over the training, on a logarithmic scale that a few of them don't spoil. */
class Field extends Chart {
  get across() {
    return { title: "training step", tickformat: ",d" };
  }

  /** The field of `norms`, row by row; what is 0 has the darkest colour, and what is null none. */
  field(norms, version, rest) {
    const sorted = norms.flat().filter((norm) => norm > 0).map(Math.log10).sort(ascending);
    const [low, high] = sorted.length ? [quantile(sorted, 0.02), quantile(sorted, 0.98)] : [0, 1];
    // Twelve powers of ten are as far as anybody can see.
    const zmin = Math.max(low, high - 12);
    const zmax = Math.max(high, zmin + 0.5);
    const decades = tens(zmin, zmax);
    return {
      type: "heatmap",
      version,
      silent: true,
      z: norms.map((row) => row.map((norm) => (norm > 0 ? Math.log10(norm) : norm === 0 ? zmin : null))),
      zmin,
      zmax,
      colorscale: "Viridis",
      colorbar: {
        title: { text: "norm", side: "top" },
        thickness: 12,
        outlinewidth: 0,
        tickvals: decades,
        ticktext: decades.map((power) => (power === 0 ? "1" : `10<sup>${power}</sup>`)),
      },
      ...rest,
    };
  }

  layout() {
    const layout = super.layout();
    Object.assign(layout.yaxis, { type: "linear", tickformat: ",d", showgrid: false, dtick: undefined });
    Object.assign(layout.yaxis, { range: undefined, autorange: true });
    return { ...layout, hovermode: "closest", margin: { ...layout.margin, r: 4 } };
  }

  range() {
    return {};
  }

  signs() {
    return { shapes: [], annotations: [] };
  }
}

/** How much each time step weighs in the loss, over the training: a field of time step × training step. */
class Through extends Field {
  chosen = 0;

  constructor(view) {
    super(view);
    this.figure.classList.add("unroll-wide");
    this.choices = element("div", { className: "unroll-choices", role: "group", ariaLabel: "Gradient by" });
    this.head.after(this.choices);
  }

  get title() {
    return "Gradient through time";
  }

  get measures() {
    return "time step";
  }

  get awaited() {
    return ENDED.has(this.feed.latest?.status)
      ? "Nobody looked into this run: it is older than this view."
      : "The first look into the model will show here after a second or two.";
  }

  get begun() {
    return this.feed.through.length > 0;
  }

  get norms() {
    return this.feed.through.map(({ norms }) => norms[this.chosen] ?? []);
  }

  /** Offer what the gradient can be by. */
  offer() {
    const { rows } = this.feed;
    if (this.choices.childElementCount === rows.length) return;
    const entry = (name, at) => {
      const onclick = () => {
        this.chosen = at;
        this.stale = true;
        for (const [place, button] of [...this.choices.children].entries()) button.ariaPressed = place === at;
        this.draw();
      };
      return element("button", { type: "button", textContent: worded(name), ariaPressed: at === this.chosen, onclick });
    };
    this.choices.replaceChildren(...rows.map(entry));
  }

  draw() {
    this.offer();
    super.draw();
  }

  lines() {
    const { norms } = this;
    const many = Math.max(...norms.map((column) => column.length));
    const steps = this.feed.through.map(({ step }) => step);
    // The edges of the columns: each look stands for the updates that are nearer to it than to any other.
    const edges = [steps[0], ...steps.slice(1).map((step, at) => (step + steps[at]) / 2), Math.max(steps.at(-1), 1)];
    const places = Array.from({ length: many }, (_, at) => this.place(at, many));
    const shown = places.map((_, at) =>
      norms.map((column, look) => `after update ${steps[look].toLocaleString("en")}: ${number(column[at] ?? null)}`),
    );
    const turned = places.map((_, at) => norms.map((column) => column[at] ?? null));
    return [
      this.field(turned, `${this.chosen} ${steps.length} ${steps.at(-1)}`, {
        x: edges,
        y: places,
        customdata: shown,
        hovertemplate: "time step %{y}, %{customdata}<extra></extra>",
      }),
    ];
  }

  /** The time step that stands at a place of a column; the newest stands at the end. */
  place(at, many) {
    return Math.round(((at + 0.5) * this.feed.length) / many + 0.5);
  }

  sentence() {
    const look = this.feed.through.at(-1);
    const name = worded(this.feed.rows[this.chosen]);
    return `After update ${look.step.toLocaleString("en")}, by ${name}: ${fate(look.ratios[this.chosen])}`;
  }

  rows() {
    const { norms } = this;
    const many = norms.at(-1)?.length ?? 0;
    const head = ["training step", ...Array.from({ length: many }, (_, at) => `time step ${this.place(at, many)}`)];
    return { head, rows: this.feed.through.map(({ step }, at) => [step, ...norms[at]]) };
  }
}

/** The norm of each layer's gradient over the training: a field of layer × training step. */
class LayersField extends Field {
  constructor(view) {
    super(view);
    this.figure.classList.add("unroll-wide");
  }

  get title() {
    return "Gradient through the layers";
  }

  get measures() {
    return "layer";
  }

  get begun() {
    return this.feed.steps.length > 0 && this.feed.layers.length > 0;
  }

  get names() {
    return this.feed.layers.map((_, at) => this.feed.latest.layer_names[at] ?? `layer ${at + 1}`);
  }

  /** Stretches of consecutive updates, `COLUMNS` at most: the places of their first and of what follows them. */
  get stretches() {
    const many = this.feed.steps.length;
    const columns = Math.min(many, COLUMNS);
    const place = (at) => Math.round((at * many) / columns);
    return Array.from({ length: columns }, (_, at) => [place(at), place(at + 1)]);
  }

  /** The middle norm of each stretch, layer by layer. */
  norms(stretches) {
    return this.feed.layers.map((norms) => stretches.map(([from, to]) => middle(norms.slice(from, to))));
  }

  lines() {
    const { steps } = this.feed;
    const { stretches } = this;
    const norms = this.norms(stretches);
    const edges = [...stretches.map(([from]) => steps[from] - 0.5), steps.at(-1) + 0.5];
    const span = ([from, to]) => stretch(steps[from], steps[to - 1]);
    const shown = norms.map((row, at) =>
      row.map((norm, column) => `${safe(worded(this.names[at]))}, ${span(stretches[column])}: ${number(norm)}`),
    );
    return [
      this.field(norms, steps.length, {
        x: edges,
        y: norms.map((_, at) => at),
        customdata: shown,
        ygap: 1,
        hovertemplate: "%{customdata}<extra></extra>",
      }),
    ];
  }

  layout() {
    const layout = super.layout();
    const names = { tickvals: this.names.map((_, at) => at), ticktext: this.names.map((name) => short(worded(name))) };
    Object.assign(layout.yaxis, names, { nticks: undefined, tickformat: "", automargin: true });
    layout.yaxis.title.standoff = 10;
    return layout;
  }

  /** How much the first layer's gradient is of the last one's, in the newest hundred updates. */
  get ratio() {
    const [first, last] = [this.feed.layers[0], this.feed.layers.at(-1)].map((norms) => middle(norms.slice(-100)));
    return last > 0 && first !== null ? first / last : null;
  }

  sentence() {
    const [first, last] = [this.names[0], this.names.at(-1)].map(worded);
    if (this.names.length === 1) return `There is one layer that learns, ${first}.`;
    const { ratio } = this;
    if (ratio === null) return `No gradient reaches ${last}, the last layer.`;
    return `In the newest updates the gradient of ${first}, the first layer, is ${times(ratio)} that of ${last}, the last. ${told(ratio)}`;
  }

  rows() {
    const { steps } = this.feed;
    const { stretches } = this;
    const norms = this.norms(stretches);
    const rows = stretches.map(([from, to], column) => {
      const own = norms.map((row) => row[column]);
      return [stretch(steps[from], steps[to - 1]), ...own, own.at(-1) > 0 ? own[0] / own.at(-1) : null];
    });
    return { head: ["training step", ...this.names.map(worded), "first ÷ last"], rows };
  }
}

const COLUMNS = 150; // of a field of updates

/** The middle one of some norms; null where there is none. */
const middle = (norms) => quantile(norms.filter((norm) => norm !== null).sort(ascending), 0.5) ?? null;

/** Consecutive updates, as people say it. */
const stretch = (first, last) => {
  const [from, to] = [first, last].map((step) => step.toLocaleString("en"));
  return first === last ? `update ${from}` : `updates ${from} to ${to}`;
};

/** Say in words what a ratio of first to last steps means. */
function fate(ratio) {
  if (ratio === null || ratio === undefined) return "there is no gradient to compare.";
  return `${weighs(ratio)}. ${told(ratio)}`;
}

/** Say in a few words what becomes of a gradient of which so much is left at the end of its way. */
function told(ratio) {
  if (ratio === 0) return "The gradient has vanished.";
  if (ratio < 1e-3) return "The gradient vanishes.";
  if (ratio < 0.1) return "The gradient fades.";
  return ratio <= 10 ? "The gradient comes through." : "The gradient grows on its way back.";
}

/** A ratio, before what it is of. */
const times = (ratio) => (Math.abs(ratio - 1) < 0.05 ? "about" : `${number(ratio)} times`);

function weighs(ratio) {
  const first = "the first five time steps weigh";
  if (ratio === 0) return `${first} nothing beside the last five`;
  const much = Math.abs(ratio - 1) < 0.05 ? "as much" : `${number(ratio)} times as much`;
  return `${first} ${much} as the last five`;
}

/** Small numbers on an axis as powers of ten: with all their noughts they would not fit beside it. */
const POWERS = { tickformat: "", exponentformat: "power", minexponent: 3 };

/** What a gradient is by, as people say it: “lstm 1, cell”. */
const worded = (name) => (name === "input" ? "what goes in" : (name ?? "").replaceAll("_", " "));

/** Powers of ten in a range, ten at most. */
function tens(low, high) {
  const every = Math.max(1, Math.ceil((high - low) / 8));
  const first = Math.ceil(low / every) * every;
  return Array.from({ length: Math.max(0, Math.floor((high - first) / every) + 1) }, (_, at) => first + at * every);
}

/** The ratio of the first to the last time steps over the training, by each of what it can be by. */
class Ratios extends Chart {
  get title() {
    return "First over last time steps";
  }

  get measures() {
    return "ratio of the norms";
  }

  get awaited() {
    return "The ratio will show here with the first look.";
  }

  get begun() {
    return this.feed.through.length > 0;
  }

  lines() {
    const { series } = this.view.data.colours;
    const x = this.feed.through.map(({ step }) => step);
    return this.feed.rows.map((name, at) => {
      const y = this.feed.through.map(({ ratios }) => ratios[at]);
      const line = { color: series[at % series.length], width: 2, dash: at < series.length ? "solid" : "dash" };
      return { name: worded(name), version: x.length, x, y, mode: "lines+markers", line, marker: { size: 4 } };
    });
  }

  ranged() {
    return { spread: [], within: this.feed.through.flatMap(({ ratios }) => ratios), near: 1 };
  }

  layout() {
    const layout = super.layout();
    Object.assign(layout.yaxis, POWERS);
    return layout;
  }

  signs() {
    return { shapes: [even(this.view.theme)], annotations: [] };
  }

  sentence() {
    const [first, last] = [this.feed.through[0].ratios[0], this.feed.through.at(-1).ratios[0]];
    const began = `It began at ${number(first)} and is now ${number(last)}`;
    return `By what goes in: ${began}; at 1 nothing is lost on the way back.`;
  }

  rows() {
    const rows = this.feed.through.map(({ step, ratios }) => [step, ...ratios]);
    return { head: ["training step", ...this.feed.rows.map(worded)], rows };
  }
}

/** A line where first and last time steps weigh the same. */
const even = ({ text }) => {
  const line = { color: text, width: 1, dash: "dot" };
  return { type: "line", x0: 0, x1: 1, xref: "paper", y0: 1, y1: 1, line, opacity: 0.6 };
};

// --- Several runs side by side -----------------------------------------------------------------------

/** A chart with a line for each of several runs. */
class Together extends Chart {
  get feeds() {
    return this.view.feeds;
  }

  get begun() {
    return this.feeds.some((feed) => this.has(feed));
  }

  has(feed) {
    return feed.steps.length > 0;
  }

  /** What is drawn of a run: `x`, `y`, and what else differs from a plain line. */
  of() {
    throw new Error("what is drawn of a run");
  }

  lines() {
    return this.view.data.runs.map(({ name, colour }, at) => {
      const { line = {}, ...drawn } = this.of(this.feeds[at], at);
      const version = `${this.feeds[at].latest?.generation} ${drawn.x.length} ${drawn.x.at(-1)} ${drawn.version ?? ""}`;
      return { name, mode: "lines", ...drawn, version, line: { color: colour, width: 2, ...line } };
    });
  }

  signs() {
    const { text } = this.view.theme;
    const deaths = this.view.data.runs.map((run, at) => ({ ...run, death: this.feeds[at].latest?.death }));
    const fallen = this.marksDeaths ? deaths.filter(({ death }) => death) : [];
    return {
      shapes: fallen.map(({ death, colour }) => {
        const line = { color: colour, width: 1.5, dash: "dot" };
        return { type: "line", x0: death.step, x1: death.step, y0: 0, y1: 1, yref: "paper", line };
      }),
      annotations: fallen.map(({ death, name }, row) => ({
        x: death.step,
        y: 1,
        yref: "paper",
        yanchor: "bottom",
        yshift: 13 * row,
        xanchor: "left",
        showarrow: false,
        text: `✝ ${safe(name)}`,
        font: { size: 11, color: text },
      })),
    };
  }

  marksDeaths = true;

  layout() {
    const layout = super.layout();
    if (this.logarithmic) Object.assign(layout.yaxis, POWERS);
    return layout;
  }

  /** Give the names of the runs from the best to the worst by a number of each, and these. */
  ranked(numberOf) {
    return this.view.data.runs
      .map(({ name }, at) => ({ name, value: numberOf(this.feeds[at]) }))
      .filter(({ value }) => value !== null && value !== undefined)
      .sort((one, other) => one.value - other.value);
  }

  rows() {
    const every = this.lines().map(({ name, x, y }) => ({ name, at: new Map(x.map((place, n) => [place, y[n]])) }));
    const places = [...new Set(every.flatMap(({ at }) => [...at.keys()]))].sort(ascending);
    const rows = places.map((place) => [place, ...every.map(({ at }) => (at.has(place) ? at.get(place) : ""))]);
    return { head: [this.across.title, ...every.map(({ name }) => name)], rows };
  }
}

const MOST_ALONG = 400; // points of a smoothed line

/** The mean over a stretch of updates, for at most MOST_ALONG stretches: x at the end of each. */
function smoothed(steps, values, mean = true) {
  const size = Math.max(mean ? 5 : 1, Math.ceil(steps.length / MOST_ALONG));
  const x = [];
  const y = [];
  for (let begin = 0; begin < steps.length; begin += size) {
    const part = values.slice(begin, begin + size);
    const finite = part.filter((value) => value !== null);
    x.push(steps[Math.min(begin + size, steps.length) - 1]);
    y.push(finite.length === part.length ? sum(finite) / finite.length : null);
  }
  return { x, y };
}

/** Leave out what has run away, so that what lives can still be told apart: the others' lines leave the chart. */
function tame(lists) {
  const middles = lists.map((list) => quantile(list.filter((value) => value !== null).sort(ascending), 0.5));
  const calm = Math.min(...middles.filter((middle) => middle !== undefined));
  return lists.map((list) => list.filter((value) => value !== null && value <= 1e4 * calm));
}

/** The training loss of each run, smoothed over a few updates. */
class Losses extends Together {
  get title() {
    return "Training loss";
  }

  get measures() {
    return this.view.data.loss;
  }

  of({ steps, loss }) {
    return smoothed(steps, loss);
  }

  ranged() {
    return { spread: tame(this.feeds.map(({ loss }) => loss)) };
  }

  sentence() {
    const now = this.ranked(({ steps, loss }) => (loss.at(-1) === null ? null : smoothed(steps, loss).y.at(-1)));
    const dead = this.view.data.runs.filter((_, at) => this.feeds[at].loss.at(-1) === null);
    const over = dead.map(({ name }) => ` The loss of ${name} is no number any more.`).join("");
    if (!now.length) return `No loss is a number any more.`;
    const [first, last] = [now[0], now.at(-1)];
    if (now.length === 1) return `${first.name} stands at ${number(first.value)}.${over}`;
    return `${first.name} is ahead with ${number(first.value)}; ${last.name} stands at ${number(last.value)}.${over}`;
  }
}

/** How good each run is on the validation part, epoch by epoch. */
class Marks extends Together {
  logarithmic = false;

  get title() {
    return this.view.data.score ? `Validation part: ${this.view.data.score}` : "Validation loss";
  }

  get measures() {
    return this.view.data.score || this.view.data.loss;
  }

  get awaited() {
    return "The first marks come at the end of the first epoch.";
  }

  has({ epochs }) {
    return epochs.length > 0;
  }

  valueOf(end) {
    return this.view.data.score ? end.score : end.validation;
  }

  of({ epochs }) {
    const x = epochs.map(({ step }) => step);
    return { x, y: epochs.map((end) => this.valueOf(end)), mode: "lines+markers", marker: { size: 5 } };
  }

  ranged() {
    // A mark far below nothing is as bad as one a little below.
    const every = this.feeds.flatMap(({ epochs }) => epochs.map((end) => this.valueOf(end)));
    return { spread: [], within: this.view.data.score ? [0, 1, ...every.filter((one) => one > -0.5)] : every };
  }

  sentence() {
    const last = ({ epochs }) => (epochs.length ? this.valueOf(epochs.at(-1)) : null);
    const now = this.ranked(last);
    if (!now.length) return "No run has a mark yet.";
    if (this.view.data.score) now.reverse();
    return `Now ${now.map(({ name, value }) => `${name} has ${number(value)}`).join(", ")}.`;
  }
}

/** Of each run, how much the first time steps weigh beside the last, over the training. */
class Fates extends Together {
  get title() {
    return "Gradient: first over last time steps";
  }

  get measures() {
    return "ratio of the norms";
  }

  get awaited() {
    return "The first look into the models comes after a second or two.";
  }

  has({ through }) {
    return through.length > 0;
  }

  of({ through }) {
    const marker = { size: 4 };
    return { x: through.map(({ step }) => step), y: through.map(({ ratios }) => ratios[0]), mode: "lines+markers", marker };
  }

  ranged() {
    const every = this.feeds.flatMap(({ through }) => through.map(({ ratios }) => ratios[0]));
    return { spread: [], within: every.filter((ratio) => ratio > 1e-30), near: 1 };
  }

  signs() {
    const signs = super.signs();
    return { ...signs, shapes: [...signs.shapes, even(this.view.theme)] };
  }

  sentence() {
    const now = this.ranked(({ through }) => through.findLast(({ ratios }) => ratios[0] !== null)?.ratios[0]);
    if (!now.length) return "No gradient can be compared.";
    const [worst, best] = [now[0], now.at(-1)];
    const own = ({ name, value }) => `in ${name} ${weighs(value)}`;
    return now.length === 1 ? `Now ${own(best)}.` : `Now ${own(best)}; ${own(worst)}.`;
  }
}

/** Of each run, how much every time step weighs, as it stands now. */
class Weights extends Together {
  marksDeaths = false;

  get title() {
    return "How much each time step weighs now";
  }

  get measures() {
    return "norm of the gradient";
  }

  get across() {
    return { title: "time step", tickformat: ",d" };
  }

  get awaited() {
    return "The first look into the models comes after a second or two.";
  }

  has({ through }) {
    return through.length > 0;
  }

  newest({ through }) {
    return through.findLast(({ ratios }) => ratios[0] !== null) ?? through.at(-1);
  }

  of(feed) {
    const look = this.newest(feed);
    const y = look?.norms[0] ?? [];
    const x = y.map((_, at) => Math.round(((at + 0.5) * feed.length) / y.length + 0.5));
    return { x, y, version: look?.step };
  }

  ranged() {
    const every = this.feeds.flatMap((feed) => this.of(feed).y);
    return { spread: [], within: every.filter((norm) => norm > 1e-30) };
  }

  sentence() {
    const steps = this.feeds.map((feed) => this.newest(feed)?.step).filter((step) => step !== undefined);
    const [low, high] = [Math.min(...steps), Math.max(...steps)];
    const when = low === high ? `after update ${low}` : `after updates ${low} to ${high}`;
    return `By what goes in, ${when}. A flat line remembers the beginning; one that falls to the left forgets it.`;
  }
}

/** The norm of the gradient of each run before clipping, and of the clipped one after it. */
class BothNorms extends Together {
  get title() {
    return "Gradient norm, before and after clipping";
  }

  get measures() {
    return "norm of all gradients";
  }

  lines() {
    const { after } = this.view.data.colours;
    const clipped = this.view.data.runs.flatMap((run, at) => (run.clips ? [{ run, feed: this.feeds[at] }] : []));
    const drawn = clipped.map(({ run, feed }) => {
      const { x, y } = smoothed(feed.steps, feed.after, false);
      const line = { color: after, width: 1.5 };
      return { name: `${run.name}, after`, mode: "lines", x, y, line, version: `${x.length} ${x.at(-1)}` };
    });
    return [...super.lines(), ...drawn];
  }

  of({ steps, before }) {
    return { ...smoothed(steps, before, false), line: { width: 1.5 } };
  }

  ranged() {
    return { spread: tame(this.feeds.map(({ before }) => before)) };
  }

  sentence() {
    return this.view.data.runs
      .map((run, at) => {
        const { before, after } = this.feeds[at];
        const finite = before.filter((norm) => norm !== null);
        if (!finite.length) return `${run.name}: nothing yet.`;
        const top = `its largest gradient was ${number(Math.max(...finite))}`;
        return run.clips ? `${run.name}: ${top}, ${percent(shareClipped(before, after))} of the steps were clipped.` : `${run.name}: ${top}.`;
      })
      .join(" ");
  }
}

/** The share of the updates whose gradient was shortened. */
const shareClipped = (before, after) =>
  before.filter((norm, at) => after[at] !== null && (norm === null || after[at] < norm * 0.9999)).length /
  Math.max(1, before.length);

/** The learning rate that is left once clipping has shortened a step. */
class Rates extends Together {
  get title() {
    return "Effective learning rate";
  }

  get measures() {
    return "learning rate × after ÷ before";
  }

  of({ steps, before, after, latest }) {
    const rate = latest?.learning_rate ?? 0;
    const left = before.map((norm, at) => (norm > 0 && after[at] !== null ? (rate * after[at]) / norm : null));
    return smoothed(steps, left, false);
  }

  ranged() {
    return { spread: this.feeds.map((feed) => this.of(feed).y) };
  }

  sentence() {
    return this.view.data.runs
      .map((run, at) => {
        const left = this.of(this.feeds[at]).y.filter((rate) => rate !== null);
        if (!left.length) return "";
        const least = Math.min(...left);
        return run.clips
          ? `${run.name}: clipping lets it fall to ${number(least)}, just when the step would be a leap.`
          : `${run.name} always takes the whole ${number(left.at(-1))}.`;
      })
      .join(" ");
  }
}

const CROWDS = { race: [Losses, Marks, Fates, Weights], twins: [Losses, BothNorms, Rates, Fates] };

/** What is drawn of the snapshots that a task takes of itself; the page names which. */
const PREVIEWS = { forecast: Forecast, guesses: Guesses, confusion: Confusion, writing: Writing, answers: Answers };

// --- The state of the run ----------------------------------------------------------------------------

/** One line: what the run is doing, how far it is, how fast it goes and how long it will take. */
class State {
  constructor() {
    this.badge = element("span", { className: "unroll-badge" });
    this.note = element("span", {});
    const progress = { className: "unroll-bar", role: "progressbar", ariaLabel: "Progress" };
    this.bar = element("div", progress, element("div", {}));
    this.facts = element("div", { className: "unroll-facts" });
    this.trouble = element("div", { className: "unroll-trouble", hidden: true });
    const said = { className: "unroll-said", role: "status" };
    this.root = element(
      "div",
      { className: "unroll-state" },
      element("div", said, this.badge, this.note, this.trouble),
      this.bar,
      this.facts,
    );
  }

  show(run, trouble) {
    this.trouble.hidden = !trouble;
    set(this.trouble, TROUBLES[trouble] ?? "");
    if (!run) return;
    const { status, step, epoch, steps_total, epochs_total } = run;
    set(this.badge, STATES[status] ?? status);
    this.badge.dataset.status = status;
    set(this.note, explained(run));
    this.bar.hidden = ENDED.has(status) || status === "waiting";
    const share = steps_total ? Math.min(1, step / steps_total) : 0;
    this.bar.firstChild.style.width = `${100 * share}%`;
    this.bar.ariaValueNow = Math.round(100 * share);
    const going = status === "running" && step > 0;
    const facts = [
      step > 0 && `${epoch.toLocaleString("en")} of ${count(epochs_total, "epoch")}`,
      step > 0 && `${step.toLocaleString("en")} of ${count(steps_total, "step")}`,
      going && run.steps_per_second && `${number(run.steps_per_second)} steps a second`,
      going && run.seconds_left > 0 && `up to ${duration(run.seconds_left)} left`,
      step > 0 && run.learning_rate !== null && `learning rate ${number(run.learning_rate)}`,
    ].filter(Boolean);
    this.facts.replaceChildren(...facts.map((fact) => element("span", { textContent: fact })));
  }
}

const STATES = {
  waiting: "Waiting",
  running: "Training",
  paused: "Paused",
  finished: "Finished",
  stopped: "Stopped",
  failed: "Failed",
  interrupted: "Interrupted",
};

const TROUBLES = { lost: "Connection lost, trying again …", gone: "This run isn't here any more." };

/** Say what the badge alone doesn't. */
function explained({ status, reason, ahead, step, steps_total }) {
  if (status === "waiting" && ahead) return `${count(ahead, "run")} ${ahead === 1 ? "is" : "are"} ahead in the line.`;
  if (status === "waiting") return "It is next, as soon as a worker is free.";
  if (status === "running" && !step) return "Making the data and the model ready.";
  if (status === "running" && step >= steps_total) return "Measuring what was learnt.";
  return reason;
}

// --- One place on a page -----------------------------------------------------------------------------

/** All that is drawn of a run in one place, from the moment it appears until it goes. */
class View {
  constructor(root) {
    this.root = element("div", { className: "unroll-live" });
    root.append(this.root);
  }

  show({ data, setTriggerValue }) {
    const other = data.run !== this.data?.run;
    this.data = data;
    this.tell = setTriggerValue;
    this.known = data.status; // the status for which the page's buttons are drawn
    this.theme = theme(this.root);
    if (other) this.#follow();
    this.update(true); // in other colours, perhaps
    this.feed.wake();
    if (!window.Plotly) this.#load();
  }

  #load() {
    plotly(this.data.plotly).then(
      () => this.update(false),
      () => {
        this.state.show(this.feed.latest, "lost");
        if (this.root.isConnected) setTimeout(() => this.#load(), PATIENCE / 4);
      },
    );
  }

  #follow() {
    this.hide();
    this.state = new State();
    this.feed = Feed.of(this.data.run);
    const usual = [Loss, Norms, PREVIEWS[this.data.preview?.kind], Layers].filter(Boolean);
    const kinds = this.data.inside ? [Through, LayersField, Ratios, Layers] : usual;
    this.charts = kinds.map((kind) => new kind(this));
    const grid = element("div", { className: "unroll-grid" }, ...this.charts.map((chart) => chart.figure));
    this.root.replaceChildren(this.state.root, grid);
    this.feed.join(this);
  }

  update(anew) {
    const { latest, trouble } = this.feed;
    this.state.show(latest, trouble);
    if (anew) for (const chart of this.charts) chart.stale = true;
    if (!latest) return;
    for (const chart of this.charts) chart.draw();
    if (trouble || latest.status === this.known) return;
    this.known = latest.status;
    this.tell("status", latest.status);
  }

  hide() {
    this.feed?.leave(this);
    for (const chart of this.charts ?? []) chart.remove();
  }
}

const HEADS = {
  Clipped: "the share of the updates whose gradient was shortened",
  "First ÷ last": "how much the first five time steps weigh in the loss, beside the last five",
  "share explained": "1 is perfect, 0 is no better than always saying the mean",
};

/** All that is drawn of several runs in one place. */
class Crowd {
  constructor(root) {
    this.root = element("div", { className: "unroll-live" });
    root.append(this.root);
  }

  show({ data, setTriggerValue }) {
    const other = data.run !== this.data?.run;
    this.data = data;
    this.tell = setTriggerValue;
    this.known = data.runs.map(({ status }) => status).join();
    this.theme = theme(this.root);
    if (other) this.#follow();
    this.stale = true;
    this.draw();
    for (const feed of this.feeds) feed.wake();
    if (!window.Plotly) this.#load();
  }

  #load() {
    plotly(this.data.plotly).then(
      () => this.draw(),
      () => this.root.isConnected && setTimeout(() => this.#load(), PATIENCE / 4),
    );
  }

  #follow() {
    this.hide();
    this.feeds = this.data.runs.map(({ id }) => Feed.of(id));
    this.charts = CROWDS[this.data.kind].map((kind) => new kind(this));
    this.standing = element("div", { className: "unroll-table unroll-standing", tabIndex: 0 });
    const grid = element("div", { className: "unroll-grid" }, ...this.charts.map((chart) => chart.figure));
    this.root.replaceChildren(this.standing, grid);
    for (const feed of this.feeds) feed.join(this);
  }

  /** The charts ask for one run where they mean any: the first that has something to say. */
  get feed() {
    return this.feeds.find(({ latest }) => latest) ?? this.feeds[0];
  }

  /** Each run comes at a time of its own: wait a little, and draw what is new of all at once. */
  update(anew) {
    this.stale ||= anew;
    this.later ??= setTimeout(() => {
      this.later = undefined;
      this.draw();
    }, Math.max(PERIOD / 2, (this.effort ?? 0) / SHARE));
  }

  draw() {
    const begun = performance.now();
    if (this.stale) for (const chart of this.charts) chart.stale = true;
    this.stale = false;
    this.stand();
    if (this.feed.latest) for (const chart of this.charts) chart.draw();
    this.effort = performance.now() - begun;
    const now = this.feeds.map(({ latest }, at) => latest?.status ?? this.data.runs[at].status).join();
    if (now === this.known || this.feeds.some(({ trouble }) => trouble)) return;
    this.known = now;
    this.tell("status", now);
  }

  /** How each run stands, as a table above the charts. */
  stand() {
    const head = ["", "", "Step", "Loss", this.data.score || "Validation loss", "First ÷ last"];
    if (this.data.kind === "twins") head.splice(4, 1, "Clipped");
    const rows = this.data.runs.map((run, at) => this.row(run, this.feeds[at]));
    const cells = head.map((name) => element("th", { textContent: name, title: HEADS[name] ?? "" }));
    this.standing.replaceChildren(
      element("table", {}, element("thead", {}, element("tr", {}, ...cells)), element("tbody", {}, ...rows)),
    );
  }

  row({ name, colour, note, status, clips }, feed) {
    const { steps, loss, before, after, epochs, through, latest } = feed;
    const sign = element("i", {});
    sign.style.background = colour;
    const end = epochs.at(-1);
    const mark = this.data.score ? end?.score : end?.validation;
    const ratio = through.findLast(({ ratios }) => ratios[0] !== null)?.ratios[0];
    const state = latest?.status ?? status;
    const badge = element("span", { className: "unroll-badge", textContent: feed.trouble ? "…" : STATES[state] ?? state });
    badge.dataset.status = state;
    const told = (value) => (value === undefined ? "–" : number(value));
    const third = this.data.kind === "twins" ? this.clipped(clips, before, after) : told(mark);
    const shown = [
      steps.length ? `${steps.at(-1).toLocaleString("en")} of ${latest.steps_total.toLocaleString("en")}` : "–",
      told(loss.at(-1)),
      third,
      told(ratio),
    ];
    const who = element("td", {}, sign, element("b", { textContent: name }), " ", element("small", { textContent: note }));
    return element("tr", {}, who, element("td", {}, badge), ...shown.map((textContent) => element("td", { textContent })));
  }

  clipped(clips, before, after) {
    return clips && before.length ? percent(shareClipped(before, after)) : "–";
  }

  hide() {
    clearTimeout(this.later);
    for (const feed of this.feeds ?? []) feed.leave(this);
    for (const chart of this.charts ?? []) chart.remove();
  }
}

const views = new WeakMap();

/** Draw a run where a component stands, or bring what is drawn there up to date. */
export function show(component) {
  const root = component.parentElement;
  if (!views.has(root)) views.set(root, new (component.data.runs ? Crowd : View)(root));
  views.get(root).show(component);
}

/** Take it away again. */
export function hide(root) {
  views.get(root)?.hide();
  views.get(root)?.root.remove();
  views.delete(root);
}

let plotlyComes;

/** Load plotly.js, once for the page. */
export function plotly(address) {
  plotlyComes ??= new Promise((done, fail) => {
    const src = new URL(`../${address}`, import.meta.url);
    document.head.append(element("script", { src, onload: done, onerror: fail }));
  });
  plotlyComes.catch(() => (plotlyComes = undefined)); // the next chart tries again
  return plotlyComes;
}

// --- Small tools -------------------------------------------------------------------------------------

const NAMES = { learning_rate: "learning rate", clip: "clip" };

const OPTIONS = {
  displaylogo: false,
  doubleClick: "autosize",
  modeBarButtons: [["zoom2d", "pan2d", "autoScale2d", "toImage"]],
};

function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function set(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

/** The colours and letters of the page, as Streamlit hands them to its components. */
export function theme(root) {
  const style = getComputedStyle(root);
  const read = (name) => style.getPropertyValue(`--st-${name}`).trim();
  return {
    text: read("text-color"),
    grey: read("gray-color"),
    faint: read("border-color-light"),
    page: read("background-color"),
    font: read("font"),
    heading: { family: read("heading-font"), color: read("heading-color") },
  };
}

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

const ascending = (one, other) => one - other;

/** A quantile of a sorted list, on the inner side: of ten numbers, 0.99 leaves the largest out. */
const quantile = (sorted, share) => {
  const at = share * (sorted.length - 1);
  return sorted[share < 0.5 ? Math.ceil(at) : Math.floor(at)];
};

/** A number as people read it, to three digits or more that matter. */
function number(value) {
  if (value === null || !Number.isFinite(value)) return "not a number";
  const size = Math.abs(value);
  if (size >= 1e6) return value.toExponential(2);
  return size >= 1000 ? Math.round(value).toLocaleString("en") : String(Number(value.toPrecision(3)));
}

/** A text of unknown origin that plotly shows as it is. */
const safe = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

const shown = (cell) => (typeof cell === "string" || Number.isInteger(cell) ? cell : number(cell));

const percent = (share) => (share < 0.01 ? "less than 1 %" : `${Math.round(100 * share)} %`);

const count = (many, what) => `${many.toLocaleString("en")} ${what}${many === 1 ? "" : "s"}`;

function duration(seconds) {
  const whole = Math.ceil(seconds);
  if (whole < 60) return count(whole, "second");
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.round((whole % 3600) / 60)} min`;
}
