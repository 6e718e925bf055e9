// @ts-check
// How a run learns: its loss, and the norms of its gradients.

/** @import { Line, RangeData, RunView } from "./types.d.ts" */

import { Chart } from "./chart.js";
import { clippedShare, ThresholdLine } from "./clipping.js";
import { element } from "./dom.js";
import { formatCount, formatNumber, formatPercent, gradientLabel } from "./formatting.js";
import { bestEpoch } from "./metrics.js";
import { finite, median } from "./statistics.js";

/**
 * Training loss of every step and its mean over each epoch, validation loss, and the best epoch.
 *
 * @extends {Chart<RunView>}
 */
export class LossChart extends Chart {
  /** @param {RunView} view */
  constructor(view) {
    super(view);
    this.scaleButton = element("button", { type: "button", onclick: () => this.toggleScale() });
    this.head.append(this.scaleButton);
    this.labelScale();
  }

  get title() {
    return "Loss";
  }

  get yTitle() {
    return this.view.data.preview?.loss ?? "loss (in scaled units)";
  }

  toggleScale() {
    super.toggleScale();
    this.labelScale();
    this.draw();
  }

  labelScale() {
    this.scaleButton.textContent = `Scale: ${this.logarithmic ? "logarithmic" : "linear"}`;
  }

  /** @returns {Line[]} */
  lines() {
    const { training, validation } = this.view.data.colours;
    const { steps, loss, epochs } = this.history;
    const ends = epochs.map(({ step }) => step);
    const best = bestEpoch(epochs);
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

  /** @returns {RangeData} */
  rangeData() {
    const { loss, epochs } = this.history;
    const newest = epochs.slice(-1);
    const best = bestEpoch(epochs);
    const shown = [...newest, ...(best ? [best] : [])].map((end) => end.validation);
    return {
      samples: [loss, epochs.map((end) => end.training), epochs.map((end) => end.validation)],
      included: this.logarithmic ? shown : [...shown, 0],
    };
  }

  summary() {
    const { steps, loss, epochs } = this.history;
    if (loss.at(-1) === null) {
      return "The loss isn't a number: training has diverged. Try a smaller learning rate.";
    }
    const best = bestEpoch(epochs);
    if (!best) {
      const now = `After ${formatCount(steps.at(-1) ?? 0, "step")} the training loss is ${formatNumber(loss.at(-1))}`;
      return `${now}; the first validation loss comes at the end of the epoch.`;
    }
    const lowest = `lowest after epoch ${best.epoch}, ${formatNumber(best.validation)}`;
    const newest = epochs.at(-1);
    if (best === newest) return `The validation loss is at its ${lowest}.`;
    return `The validation loss was ${lowest}; it has risen since, to ${formatNumber(newest?.validation)}.`;
  }

  tableData() {
    const rows = this.history.epochs.map((end) => [end.epoch, end.step, end.training, end.validation]);
    return { head: ["epoch", "step", "training loss", "validation loss"], rows };
  }
}

/**
 * The global norm of the gradient before and after clipping, with the threshold.
 *
 * @extends {Chart<RunView>}
 */
export class GradientNormChart extends Chart {
  /** @type {ThresholdLine | null} */
  #threshold = null;

  get title() {
    return "Gradient norm";
  }

  get yTitle() {
    return "global gradient norm";
  }

  /** @returns {Line[]} */
  lines() {
    const { before, after } = this.view.data.colours;
    const { steps } = this.history;
    const lines = [
      { name: "before clipping", x: steps, y: this.history.before, line: { color: before, width: 1 } },
      { name: "after clipping", x: steps, y: this.history.after, line: { color: after, width: 1 } },
    ];
    const threshold = this.#thresholdLine();
    if (!threshold) return lines;
    const { x, y } = threshold;
    const line = { color: this.view.theme.text, width: 1.5, dash: "dash" };
    return [...lines, { name: "clipping threshold", x, y, line }];
  }

  /** The threshold in force, where it is one for this norm. */
  get threshold() {
    const { clipping } = this.view.data;
    return clipping === null ? null : (this.history.latest?.clip ?? clipping);
  }

  /** What the threshold was from step to step; it only grows, as the other lines do. */
  #thresholdLine() {
    const { clipping } = this.view.data;
    const { steps, marks } = this.history;
    const { threshold } = this;
    if (clipping === null || threshold === null) return null;
    if (this.stale || !this.#threshold) this.#threshold = new ThresholdLine(steps[0], clipping);
    this.#threshold.extend(marks, steps[steps.length - 1], threshold);
    return this.#threshold;
  }

  rangeData() {
    return { samples: [[...this.history.before, ...this.history.after]], reference: this.threshold };
  }

  overlays() {
    const overlays = super.overlays();
    const { threshold } = this;
    if (threshold === null) return overlays;
    const label = {
      x: 1,
      xref: "paper",
      xanchor: "right",
      y: Math.log10(threshold),
      yanchor: "bottom",
      showarrow: false,
      text: `threshold ${formatNumber(threshold)}`,
      bgcolor: this.view.theme.page,
    };
    return { ...overlays, annotations: [...overlays.annotations, label] };
  }

  summary() {
    const { before, after } = this.history;
    const middle = median(before);
    if (middle === null) return "No gradient norm is finite: training has diverged.";
    const share = clippedShare(before, after);
    const half = `Half of the gradients have a norm above ${formatNumber(middle)}`;
    return share ? `${half}; ${formatPercent(share)} of all were clipped.` : `${half}; none was clipped.`;
  }

  tableData() {
    const { steps, before, after } = this.history;
    const rows = steps.map((step, at) => [step, before[at], after[at]]);
    return { head: ["step", "before clipping", "after clipping"], rows };
  }
}

/**
 * The norm of each layer's gradient.
 *
 * @extends {Chart<RunView>}
 */
export class LayerNormChart extends Chart {
  get title() {
    return "Gradient norm by layer";
  }

  get yTitle() {
    return "norm before clipping";
  }

  get layers() {
    const names = this.history.latest?.layer_names ?? [];
    return this.history.layers.map((norms, at) => ({ name: gradientLabel(names[at] ?? `layer ${at + 1}`), norms }));
  }

  /** @returns {Line[]} */
  lines() {
    const { series } = this.view.data.colours;
    const dashes = ["solid", "dash", "dot", "dashdot"];
    return this.layers.map(({ name, norms }, at) => {
      const dash = dashes[Math.floor(at / series.length) % dashes.length];
      return { name, x: this.history.steps, y: norms, line: { color: series[at % series.length], width: 1, dash } };
    });
  }

  rangeData() {
    return { samples: [this.history.layers.flat()] };
  }

  summary() {
    const recent = this.layers
      .flatMap(({ name, norms }) => {
        const norm = median(finite(norms.slice(-100)).filter((value) => value > 0));
        return norm === null ? [] : [{ name, norm }];
      })
      .sort((one, other) => other.norm - one.norm);
    if (!recent.length) return "No gradient reaches any layer.";
    const [largest, smallest] = [recent[0], recent[recent.length - 1]];
    if (recent.length === 1) {
      return `The gradient of ${largest.name} has a norm of about ${formatNumber(largest.norm)}.`;
    }
    const factor = formatNumber(largest.norm / smallest.norm);
    const ends = `the largest gradients are in ${largest.name}, the smallest in ${smallest.name}`;
    return `In the latest updates ${ends}: ${factor} times smaller.`;
  }

  tableData() {
    const { steps, layers } = this.history;
    return {
      head: ["step", ...this.layers.map(({ name }) => name)],
      rows: steps.map((step, at) => [step, ...layers.map((norms) => norms[at])]),
    };
  }
}
