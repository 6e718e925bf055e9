// @ts-check
// How gradients come through time and through layers, while a run learns.

/** @import { Line, Overlays, RangeData, RunView, Theme } from "./types.d.ts" */

import { Chart } from "./chart.js";
import { element } from "./dom.js";
import { END_STATUSES } from "./feed.js";
import {
  escapeMarkup,
  formatInteger,
  formatNumber,
  formatUpdates,
  gradientLabel,
  truncateName,
} from "./formatting.js";
import { gradientFate, ratioFactor, ratioSummary } from "./gradient_ratio.js";
import { colorRange, colorValue, columnEdges, logTicks, timeStepAt } from "./heatmap_scale.js";
import { bins, median } from "./statistics.js";

const MAX_COLUMNS = 150; // of a heatmap of updates

/** Small numbers on an axis as powers of ten: with all their noughts they would not fit beside it. */
export const POWER_TICKS = { tickformat: "", exponentformat: "power", minexponent: 3 };

/**
 * A line where first and last time steps weigh the same.
 *
 * @param {Theme} theme
 */
export const evenRatioLine = ({ text }) => {
  const line = { color: text, width: 1, dash: "dot" };
  return { type: "line", x0: 0, x1: 1, xref: "paper", y0: 1, y1: 1, line, opacity: 0.6 };
};

/**
 * Norms of gradients as a heatmap over the training, on a logarithmic scale that a few of them don't spoil.
 *
 * @extends {Chart<RunView>}
 */
class GradientHeatmap extends Chart {
  /** @param {RunView} view */
  constructor(view) {
    super(view);
    this.figure.classList.add("unroll-wide");
  }

  get xAxis() {
    return { title: "training step", tickformat: ",d" };
  }

  /**
   * The heatmap of `norms`, row by row.
   *
   * @param {(number | null)[][]} norms
   * @param {string | number} version
   * @param {Pick<Line, "x" | "y"> & Record<string, unknown>} properties
   * @returns {Line}
   */
  heatmap(norms, version, properties) {
    const { zmin, zmax } = colorRange(norms);
    const ticks = logTicks(zmin, zmax);
    return {
      type: "heatmap",
      version,
      silent: true,
      z: norms.map((row) => row.map((norm) => colorValue(norm, zmin))),
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
      ...properties,
    };
  }

  layout() {
    const layout = super.layout();
    Object.assign(layout.yaxis, { type: "linear", tickformat: ",d", showgrid: false, dtick: undefined });
    Object.assign(layout.yaxis, { range: undefined, autorange: true });
    Object.assign(layout, { hovermode: "closest" });
    Object.assign(/** @type {object} */ (layout.margin), { r: 4 });
    return layout;
  }

  range() {
    return {};
  }

  /** @returns {Overlays} */
  overlays() {
    return { shapes: [], annotations: [] };
  }
}

/** How much each time step weighs in the loss, over the training: a heatmap of time step × training step. */
export class TimeStepHeatmap extends GradientHeatmap {
  #source = 0; // which gradient is drawn

  /** @param {RunView} view */
  constructor(view) {
    super(view);
    const properties = { className: "unroll-sources", role: "group", ariaLabel: "Gradient with respect to" };
    this.sourceButtons = element("div", properties);
    this.head.after(this.sourceButtons);
  }

  get title() {
    return "Gradient through time";
  }

  get yTitle() {
    return "time step";
  }

  get placeholder() {
    return END_STATUSES.has(this.history.latest?.status ?? "")
      ? "No gradients were recorded: this run is older than this view."
      : "The first gradients will appear after a second or two.";
  }

  get hasData() {
    return this.history.through.length > 0;
  }

  get norms() {
    return this.history.through.map(({ norms }) => norms[this.#source] ?? []);
  }

  /** Offer what the gradient can be taken with respect to. */
  #drawSources() {
    const { sources } = this.history;
    if (this.sourceButtons.childElementCount === sources.length) return;
    const buttons = sources.map((name, source) => {
      const ariaPressed = String(source === this.#source);
      const onclick = () => {
        this.#source = source;
        this.stale = true;
        buttons.forEach((button, at) => (button.ariaPressed = String(at === source)));
        this.draw();
      };
      return element("button", { type: "button", textContent: gradientLabel(name), ariaPressed, onclick });
    });
    this.sourceButtons.replaceChildren(...buttons);
  }

  draw() {
    this.#drawSources();
    super.draw();
  }

  lines() {
    const { norms } = this;
    const rows = Array.from({ length: Math.max(...norms.map((column) => column.length)) }, (_, row) => row);
    const steps = this.history.through.map(({ step }) => step);
    const hoverTexts = rows.map((row) =>
      norms.map((column, at) => `after update ${formatInteger(steps[at])}: ${formatNumber(column[row])}`),
    );
    const cells = rows.map((row) => norms.map((column) => column[row] ?? null));
    return [
      this.heatmap(cells, `${this.#source} ${steps.length} ${steps.at(-1)}`, {
        x: columnEdges(steps),
        y: rows.map((row) => this.#timeStep(row, rows.length)),
        customdata: hoverTexts,
        hovertemplate: "time step %{y}, %{customdata}<extra></extra>",
      }),
    ];
  }

  /**
   * @param {number} row
   * @param {number} count of rows
   */
  #timeStep(row, count) {
    return timeStepAt(row, count, this.history.timeSteps);
  }

  summary() {
    const newest = this.history.through[this.history.through.length - 1];
    const name = gradientLabel(this.history.sources[this.#source]);
    const when = `After update ${formatInteger(newest.step)}, with respect to ${name}`;
    return `${when}: ${ratioSummary(newest.ratios[this.#source])}`;
  }

  tableData() {
    const { norms } = this;
    const count = norms.at(-1)?.length ?? 0;
    const timeSteps = Array.from({ length: count }, (_, row) => `time step ${this.#timeStep(row, count)}`);
    const rows = this.history.through.map(({ step }, at) => [step, ...norms[at]]);
    return { head: ["training step", ...timeSteps], rows };
  }
}

/** The norm of each layer's gradient over the training: a heatmap of layer × training step. */
export class LayerHeatmap extends GradientHeatmap {
  get title() {
    return "Gradient through layers";
  }

  get yTitle() {
    return "layer";
  }

  get hasData() {
    return this.history.steps.length > 0 && this.history.layers.length > 0;
  }

  get names() {
    const names = this.history.latest?.layer_names ?? [];
    return this.history.layers.map((_, at) => gradientLabel(names[at] ?? `layer ${at + 1}`));
  }

  /** The bins of consecutive updates, with the median norm of each, layer by layer. */
  get columns() {
    const { steps, layers } = this.history;
    const columns = bins(steps.length, MAX_COLUMNS);
    const norms = layers.map((values) => columns.map(([from, to]) => median(values.slice(from, to))));
    const labels = columns.map(([from, to]) => formatUpdates(steps[from], steps[to - 1]));
    const edges = [...columns.map(([from]) => steps[from] - 0.5), steps[steps.length - 1] + 0.5];
    return { norms, labels, edges };
  }

  lines() {
    const { norms, labels, edges } = this.columns;
    const { names } = this;
    const hoverTexts = norms.map((row, at) =>
      row.map((norm, column) => `${escapeMarkup(names[at])}, ${labels[column]}: ${formatNumber(norm)}`),
    );
    return [
      this.heatmap(norms, this.history.steps.length, {
        x: edges,
        y: norms.map((_, at) => at),
        customdata: hoverTexts,
        ygap: 1,
        hovertemplate: "%{customdata}<extra></extra>",
      }),
    ];
  }

  layout() {
    const layout = super.layout();
    const ticks = { tickvals: this.names.map((_, at) => at), ticktext: this.names.map(truncateName) };
    Object.assign(layout.yaxis, ticks, { nticks: undefined, tickformat: "", automargin: true });
    layout.yaxis.title.standoff = 10;
    return layout;
  }

  /** How much the first layer's gradient is of the last one's, in the newest hundred updates. */
  get ratio() {
    const { layers } = this.history;
    const [first, last] = [layers[0], layers[layers.length - 1]].map((norms) => median(norms.slice(-100)));
    return ratioOf(first, last);
  }

  summary() {
    const { names, ratio } = this;
    const [first, last] = [names[0], names[names.length - 1]];
    if (names.length === 1) return `There is only one trainable layer, ${first}.`;
    if (ratio === null) return `No gradient reaches ${last}, the last layer.`;
    const factor = `the gradient of ${first}, the first layer, is ${ratioFactor(ratio)} that of ${last}, the last`;
    return `In the latest updates ${factor}. ${gradientFate(ratio)}`;
  }

  tableData() {
    const { norms, labels } = this.columns;
    const rows = labels.map((label, column) => {
      const own = norms.map((row) => row[column]);
      return [label, ...own, ratioOf(own[0], own[own.length - 1])];
    });
    return { head: ["training step", ...this.names, "first ÷ last"], rows };
  }
}

/**
 * @param {number | null} norm
 * @param {number | null} other
 */
const ratioOf = (norm, other) => (norm !== null && other !== null && other > 0 ? norm / other : null);

/**
 * The ratio of the first to the last time steps over the training, with respect to each source.
 *
 * @extends {Chart<RunView>}
 */
export class GradientRatioChart extends Chart {
  get title() {
    return "Ratio of first to last time steps";
  }

  get yTitle() {
    return "ratio of norms";
  }

  get placeholder() {
    return "The ratio will appear with the first gradients.";
  }

  get hasData() {
    return this.history.through.length > 0;
  }

  /** @returns {Line[]} */
  lines() {
    const { series } = this.view.data.colours;
    const x = this.history.through.map(({ step }) => step);
    return this.history.sources.map((name, at) => {
      const y = this.history.through.map(({ ratios }) => ratios[at]);
      const line = { color: series[at % series.length], width: 2, dash: at < series.length ? "solid" : "dash" };
      return { name: gradientLabel(name), version: x.length, x, y, mode: "lines+markers", line, marker: { size: 4 } };
    });
  }

  /** @returns {RangeData} */
  rangeData() {
    return { samples: [], included: this.history.through.flatMap(({ ratios }) => ratios), reference: 1 };
  }

  layout() {
    const layout = super.layout();
    Object.assign(layout.yaxis, POWER_TICKS);
    return layout;
  }

  /** @returns {Overlays} */
  overlays() {
    return { shapes: [evenRatioLine(this.view.theme)], annotations: [] };
  }

  summary() {
    const { through } = this.history;
    const [first, last] = [through[0].ratios[0], through[through.length - 1].ratios[0]];
    const change = `the ratio started at ${formatNumber(first)} and is now ${formatNumber(last)}`;
    return `At the input, ${change}; at 1 the gradient keeps its size on the way back.`;
  }

  tableData() {
    const rows = this.history.through.map(({ step, ratios }) => [step, ...ratios]);
    return { head: ["training step", ...this.history.sources.map(gradientLabel)], rows };
  }
}
