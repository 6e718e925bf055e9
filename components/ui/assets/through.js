// How gradients come through time and through layers, while a run learns.

import { Chart } from "./chart.js";
import { ENDED } from "./feed.js";
import { element } from "./page.js";
import { ascending, number, quantile, safe, short, worded } from "./words.js";

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
    const ticks = ticksOf(zmin, zmax);
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
        tickvals: ticks.map(({ at }) => at),
        ticktext: ticks.map(({ text }) => text),
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
export class Through extends Field {
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
export class LayersField extends Field {
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

export function weighs(ratio) {
  const first = "the first five time steps weigh";
  if (ratio === 0) return `${first} nothing beside the last five`;
  const much = Math.abs(ratio - 1) < 0.05 ? "as much" : `${number(ratio)} times as much`;
  return `${first} ${much} as the last five`;
}

/** Small numbers on an axis as powers of ten: with all their noughts they would not fit beside it. */
export const POWERS = { tickformat: "", exponentformat: "power", minexponent: 3 };

/** Where a logarithmic scale is named, and how: at powers of ten, ten at most; on a short one in between too. */
function ticksOf(low, high) {
  const every = Math.max(1, Math.ceil((high - low) / 8));
  const first = Math.ceil(low / every) * every;
  const many = Math.max(0, Math.floor((high - first) / every) + 1);
  const powers = Array.from({ length: many }, (_, at) => first + at * every);
  if (many > 2) return powers.map((at) => ({ at, text: at === 0 ? "1" : `10<sup>${at}</sup>` }));
  return [first - 1, ...powers]
    .flatMap((power) => [1, 2, 3, 5].map((digit) => power + Math.log10(digit)))
    .filter((at) => at >= low && at <= high)
    .map((at) => ({ at, text: number(10 ** at) }));
}

/** The ratio of the first to the last time steps over the training, by each of what it can be by. */
export class Ratios extends Chart {
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
export const even = ({ text }) => {
  const line = { color: text, width: 1, dash: "dot" };
  return { type: "line", x0: 0, x1: 1, xref: "paper", y0: 1, y1: 1, line, opacity: 0.6 };
};
