// How a run learns: its loss, and the norms of its gradients.

import { Chart } from "./chart.js";
import { element } from "./page.js";
import { ascending, count, number, percent, quantile, worded } from "./words.js";

/** Training loss of every step and its mean over each epoch, validation loss, and the best epoch. */
export class Loss extends Chart {
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
export class Norms extends Chart {
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
    const clipped = shareClipped(before, after);
    const middle = `Half of the gradients have a norm above ${number(quantile(finite.sort(ascending), 0.5))}`;
    return clipped ? `${middle}; ${percent(clipped)} of them were clipped.` : `${middle}; none was clipped.`;
  }

  rows() {
    const { steps, before, after } = this.feed;
    const rows = steps.map((step, at) => [step, before[at], after[at]]);
    return { head: ["step", "before clipping", "after clipping"], rows };
  }
}

/** The share of the updates whose gradient was shortened. */
export const shareClipped = (before, after) =>
  before.filter((norm, at) => after[at] !== null && (norm === null || after[at] < norm * 0.9999)).length /
  Math.max(1, before.length);

/** The norm of each layer's gradient. */
export class Layers extends Chart {
  get title() {
    return "Gradient norm by layer";
  }

  get measures() {
    return "norm before clipping";
  }

  get named() {
    const names = this.feed.latest.layer_names;
    return this.feed.layers.map((norms, at) => ({ name: worded(names[at] ?? `layer ${at + 1}`), norms }));
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
