// @ts-check
// Several runs side by side in the same charts.

/** @import { EpochPoint } from "./points.d.ts" */
/** @import { RunHistory } from "./run_history.js" */
/** @import { ComparisonView, Line, Overlays, RangeData, TableData } from "./types.d.ts" */

import { Chart } from "./chart.js";
import { clippedShare, effectiveRates } from "./clipping.js";
import { END_STATUSES } from "./feed.js";
import { escapeMarkup, formatNumber, formatPercent } from "./formatting.js";
import { lastMeasurement, ratioWeight } from "./gradient_ratio.js";
import { evenRatioLine, POWER_TICKS } from "./gradients_over_time.js";
import { timeStepAt } from "./heatmap_scale.js";
import { ascending, binnedMeans, finite, withoutDivergence } from "./statistics.js";

/**
 * What is drawn of a run: `x`, `y`, and what else differs from a plain line.
 *
 * @typedef {{
 *   x: number[], y: (number | null)[], version?: number, mode?: string, width?: number, marker?: { size: number },
 * }} RunLine
 */

/**
 * A chart with a line for each of several runs.
 *
 * @extends {Chart<ComparisonView>}
 */
export class ComparisonChart extends Chart {
  hasDeathMarks = true;

  get histories() {
    return this.view.histories;
  }

  get hasData() {
    return this.histories.some((history) => this.hasDataOf(history));
  }

  get hasEnded() {
    return this.histories.every(({ latest }) => END_STATUSES.has(latest?.status ?? ""));
  }

  /** @param {RunHistory} history */
  hasDataOf(history) {
    return history.steps.length > 0;
  }

  /**
   * @param {RunHistory} history
   * @returns {RunLine}
   */
  runLine(history) {
    return { x: history.steps, y: [] };
  }

  /**
   * Where a mark of a run stands on the axis.
   *
   * @param {number} at the place of the run
   * @param {number} step
   */
  placeOf(at, step) {
    return step;
  }

  /** @returns {Line[]} */
  lines() {
    return this.view.data.runs.map(({ name, colour, dash }, at) => {
      const { version = "", width = 2, ...line } = this.runLine(this.histories[at]);
      const { generation } = this.histories[at].latest ?? {};
      const state = `${generation} ${line.x.length} ${line.x.at(-1)} ${version}`;
      return { name, mode: "lines", ...line, version: state, line: { color: colour, width, dash } };
    });
  }

  /** @returns {Overlays} */
  overlays() {
    const { text } = this.view.theme;
    const deaths = this.view.data.runs.flatMap(({ name, colour }, at) => {
      const death = this.histories[at].latest?.death;
      return death && this.hasDeathMarks ? [{ name, colour, place: this.placeOf(at, death.step) }] : [];
    });
    return {
      shapes: deaths.map(({ place, colour }) => {
        const line = { color: colour, width: 1.5, dash: "dot" };
        return { type: "line", x0: place, x1: place, y0: 0, y1: 1, yref: "paper", line };
      }),
      annotations: deaths.map(({ place, name }, row) => ({
        x: place,
        y: 1,
        yref: "paper",
        yanchor: "bottom",
        yshift: 13 * row,
        xanchor: "left",
        showarrow: false,
        text: `✝ ${escapeMarkup(name)}`,
        font: { size: 11, color: text },
      })),
    };
  }

  layout() {
    const layout = super.layout();
    if (this.logarithmic) Object.assign(layout.yaxis, POWER_TICKS);
    return layout;
  }

  /**
   * The names of the runs that have a number, from the lowest to the highest, and these.
   *
   * @param {(history: RunHistory) => number | null | undefined} valueOf
   */
  ranking(valueOf) {
    return this.view.data.runs
      .flatMap(({ name }, at) => {
        const value = valueOf(this.histories[at]);
        return value === null || value === undefined ? [] : [{ name, value }];
      })
      .sort((one, other) => one.value - other.value);
  }

  /** @returns {TableData} */
  tableData() {
    const columns = this.lines().map(({ name = "", x, y }) => {
      return { name, values: new Map(x.map((place, at) => [place, y[at]])) };
    });
    const places = [...new Set(columns.flatMap(({ values }) => [...values.keys()]))];
    places.sort((one, other) => ascending(Number(one), Number(other)));
    const rows = places.map((place) => [
      place,
      ...columns.map(({ values }) => (values.has(place) ? values.get(place) : "")),
    ]);
    return { head: [this.xAxis.title, ...columns.map(({ name }) => name)], rows };
  }
}

/** The training loss of each run, smoothed over a few updates. */
export class LossComparison extends ComparisonChart {
  get title() {
    return "Training loss";
  }

  get yTitle() {
    return this.view.data.loss;
  }

  /** @param {RunHistory} history */
  runLine({ steps, loss }) {
    return binnedMeans(steps, loss);
  }

  /** @returns {RangeData} */
  rangeData() {
    return { samples: withoutDivergence(this.histories.map(({ loss }) => loss)) };
  }

  summary() {
    const ranking = this.ranking(({ steps, loss }) => {
      return loss.at(-1) === null ? null : binnedMeans(steps, loss).y.at(-1);
    });
    const diverged = this.view.data.runs.filter((_, at) => this.histories[at].loss.at(-1) === null);
    const ends = diverged.map(({ name }) => ` The loss of ${name} isn't a number.`).join("");
    if (!ranking.length) return "No loss is a finite number.";
    const [first, last] = [ranking[0], ranking[ranking.length - 1]];
    if (ranking.length === 1) return `${first.name} has ${formatNumber(first.value)}.${ends}`;
    const lead = `${first.name} has the lowest loss, ${formatNumber(first.value)}`;
    return `${lead}; ${last.name} has ${formatNumber(last.value)}.${ends}`;
  }
}

/** How good each run is on the validation set, epoch by epoch. */
export class ScoreComparison extends ComparisonChart {
  logarithmic = false;

  get title() {
    return this.view.data.score ? `Validation set: ${this.view.data.score}` : "Validation loss";
  }

  get yTitle() {
    return this.view.data.score || this.view.data.loss;
  }

  get placeholder() {
    return "The first scores will appear after the first epoch.";
  }

  /** @param {RunHistory} history */
  hasDataOf({ epochs }) {
    return epochs.length > 0;
  }

  /** @param {EpochPoint} end */
  scoreOf(end) {
    return this.view.data.score ? end.score : end.validation;
  }

  /** @param {RunHistory} history */
  runLine({ epochs }) {
    const x = epochs.map(({ step }) => step);
    return { x, y: epochs.map((end) => this.scoreOf(end)), mode: "lines+markers", marker: { size: 5 } };
  }

  /** @returns {RangeData} */
  rangeData() {
    const scores = finite(this.histories.flatMap(({ epochs }) => epochs.map((end) => this.scoreOf(end))));
    // A score far below zero is as bad as one a little below.
    const included = this.view.data.score ? [0, 1, ...scores.filter((score) => score > -0.5)] : scores;
    return { samples: [], included };
  }

  summary() {
    const ranking = this.ranking(({ epochs }) => (epochs.length ? this.scoreOf(epochs[epochs.length - 1]) : null));
    if (!ranking.length) return "No run has a score yet.";
    if (this.view.data.score) ranking.reverse();
    return `Latest: ${ranking.map(({ name, value }) => `${name} has ${formatNumber(value)}`).join(", ")}.`;
  }
}

/** Of each run, how much the first time steps weigh beside the last, over the training. */
export class GradientRatioComparison extends ComparisonChart {
  get title() {
    return "Gradient ratio: first to last time steps";
  }

  get yTitle() {
    return "ratio of norms";
  }

  get placeholder() {
    return "The first gradients will appear after a second or two.";
  }

  /** @param {RunHistory} history */
  hasDataOf({ through }) {
    return through.length > 0;
  }

  /** @param {RunHistory} history */
  runLine({ through }) {
    const x = through.map(({ step }) => step);
    return { x, y: through.map(({ ratios }) => ratios[0]), mode: "lines+markers", marker: { size: 4 } };
  }

  /** @returns {RangeData} */
  rangeData() {
    const ratios = finite(this.histories.flatMap(({ through }) => through.map((point) => point.ratios[0])));
    return { samples: [], included: ratios.filter((ratio) => ratio > 1e-30), reference: 1 };
  }

  overlays() {
    const overlays = super.overlays();
    return { ...overlays, shapes: [...overlays.shapes, evenRatioLine(this.view.theme)] };
  }

  summary() {
    const ranking = this.ranking(({ through }) => lastMeasurement(through)?.ratios[0]);
    if (!ranking.length) return "There are no gradients to compare.";
    const [lowest, highest] = [ranking[0], ranking[ranking.length - 1]].map(
      ({ name, value }) => `in ${name} ${ratioWeight(value)}`,
    );
    return ranking.length === 1 ? `Latest: ${highest}.` : `Latest: ${highest}; ${lowest}.`;
  }
}

/** Of each run, how much every time step weighs, as it stands now. */
export class TimeStepComparison extends ComparisonChart {
  hasDeathMarks = false;

  get title() {
    return "Gradient at each time step now";
  }

  get yTitle() {
    return "gradient norm";
  }

  get xAxis() {
    return { title: "time step", tickformat: ",d" };
  }

  get placeholder() {
    return "The first gradients will appear after a second or two.";
  }

  /** @param {RunHistory} history */
  hasDataOf({ through }) {
    return through.length > 0;
  }

  /** @param {RunHistory} history */
  newest({ through }) {
    return lastMeasurement(through) ?? through.at(-1);
  }

  /** @param {RunHistory} history */
  runLine(history) {
    const newest = this.newest(history);
    const y = newest?.norms[0] ?? [];
    const x = y.map((_, row) => timeStepAt(row, y.length, history.timeSteps));
    return { x, y, version: newest?.step };
  }

  /** @returns {RangeData} */
  rangeData() {
    const norms = finite(this.histories.flatMap((history) => this.runLine(history).y));
    return { samples: [], included: norms.filter((norm) => norm > 1e-30) };
  }

  summary() {
    const steps = this.histories.flatMap((history) => this.newest(history)?.step ?? []);
    const [low, high] = [Math.min(...steps), Math.max(...steps)];
    const when = low === high ? `after update ${low}` : `after updates ${low} to ${high}`;
    const reading = "A flat line shows that early steps are learnt from; one that falls to the left, that they aren't.";
    return `At the input, ${when}. ${reading}`;
  }
}

/** The norm of the gradient of each run before clipping, and of the clipped one after it. */
export class GradientNormComparison extends ComparisonChart {
  get title() {
    return "Gradient norm, before and after clipping";
  }

  get yTitle() {
    return "global gradient norm";
  }

  /** @param {RunHistory} history */
  runLine({ steps, before }) {
    return { ...binnedMeans(steps, before, 1), width: 1.5 };
  }

  /** @returns {RangeData} */
  rangeData() {
    return { samples: withoutDivergence(this.histories.map(({ before }) => before)) };
  }

  summary() {
    return this.view.data.runs
      .map(({ name, clips }, at) => {
        const { before, after } = this.histories[at];
        const norms = finite(before);
        if (!norms.length) return `${name}: no gradients yet.`;
        const largest = `${name}: the largest gradient norm was ${formatNumber(Math.max(...norms))}`;
        if (!clips) return `${largest}.`;
        return `${largest}, ${formatPercent(clippedShare(before, after))} of the steps were clipped.`;
      })
      .join(" ");
  }

  /** @returns {Line[]} */
  lines() {
    const { after } = this.view.data.colours;
    const clipped = this.view.data.runs.flatMap(({ name, clips }, at) => {
      if (!clips) return [];
      const history = this.histories[at];
      const { x, y } = binnedMeans(history.steps, history.after, 1);
      const version = `${history.latest?.generation} ${x.length} ${x.at(-1)}`;
      return [{ name: `${name}, after`, mode: "lines", x, y, line: { color: after, width: 1.5 }, version }];
    });
    return [...super.lines(), ...clipped];
  }
}

/** The learning rate that is left once clipping has shortened a step. */
export class LearningRateComparison extends ComparisonChart {
  get title() {
    return "Effective learning rate";
  }

  get yTitle() {
    return "learning rate × after ÷ before";
  }

  /** @param {RunHistory} history */
  runLine({ steps, before, after, latest }) {
    return binnedMeans(steps, effectiveRates(before, after, latest?.learning_rate ?? 0), 1);
  }

  /** @returns {RangeData} */
  rangeData() {
    return { samples: this.histories.map((history) => this.runLine(history).y) };
  }

  summary() {
    return this.view.data.runs
      .map(({ name, clips }, at) => {
        const rates = finite(this.runLine(this.histories[at]).y);
        if (!rates.length) return "";
        return clips
          ? `${name}: clipping lowers it to ${formatNumber(Math.min(...rates))} where the step would be too large.`
          : `${name} isn't clipped and keeps ${formatNumber(rates.at(-1))}.`;
      })
      .join(" ");
  }
}
