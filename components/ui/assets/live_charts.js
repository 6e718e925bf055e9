// @ts-check
// The live charts: those of one run, or of several side by side, where a component of a page stands.

/** @import { RunHistory } from "./run_history.js" */
/** @import { ComparedRun, ComparisonData, ComparisonView, Component } from "./types.d.ts" */
/** @import { Panel, PreloadData, RunData, RunView } from "./types.d.ts" */

import { clippedShare } from "./clipping.js";
import {
  GradientNormComparison,
  GradientRatioComparison,
  LearningRateComparison,
  LossComparison,
  ScoreComparison,
  TimeStepComparison,
} from "./comparison.js";
import { element, hide, loadPlotly, mount, readTheme, setText, tableRow, withPlotly } from "./dom.js";
import { END_STATUSES, Feed } from "./feed.js";
import { formatInteger, formatNumber, formatPercent } from "./formatting.js";
import { lastMeasurement } from "./gradient_ratio.js";
import { GradientRatioChart, LayerHeatmap, TimeStepHeatmap } from "./gradients_over_time.js";
import { LossSound } from "./loss_sound.js";
import { AnswerTable, ConfusionChart, ForecastChart, RegressionChart, SampleText } from "./previews.js";
import { Replay } from "./replay.js";
import { LossCurves, NormCurves, ValidationCurves } from "./run_curves.js";
import { RunStatus, STATUS_NAMES } from "./run_status.js";
import { GradientNormChart, LayerNormChart, LossChart } from "./training_curves.js";

export { hide };

/** What is drawn of several runs; the page names which. */
const COMPARISONS = {
  race: [LossComparison, ScoreComparison, GradientRatioComparison, TimeStepComparison],
  runs: [LossCurves, ValidationCurves, NormCurves],
  twins: [LossComparison, GradientNormComparison, LearningRateComparison, GradientRatioComparison],
};

/** What is drawn of the snapshots that a task takes of itself; the page names which. */
const PREVIEWS = {
  forecast: ForecastChart,
  guesses: RegressionChart,
  confusion: ConfusionChart,
  writing: SampleText,
  answers: AnswerTable,
};

/**
 * The kinds of charts of a run.
 *
 * @param {RunData} data
 * @returns {(new (view: RunView) => Panel)[]}
 */
function runCharts({ inside, preview }) {
  if (inside) return [TimeStepHeatmap, LayerHeatmap, GradientRatioChart, LayerNormChart];
  return [LossChart, GradientNormChart, ...(preview ? [PREVIEWS[preview.kind]] : []), LayerNormChart];
}

/**
 * The grid in which charts stand.
 *
 * @param {Panel[]} charts
 */
const chartGrid = (charts) => element("div", { className: "unroll-grid" }, ...charts.map(({ figure }) => figure));

/**
 * All that is drawn of a run in one place, from the moment it appears until it goes.
 *
 * @implements {RunView}
 */
class RunCharts {
  /** @param {Component<RunData>} component */
  constructor({ data, parentElement, setTriggerValue }) {
    this.data = data;
    this.notify = setTriggerValue;
    this.pageStatus = data.status; // the status for which the page's buttons are drawn
    this.root = element("div", { className: "unroll-live" });
    parentElement.append(this.root);
    this.theme = readTheme(this.root);
    this.status = new RunStatus();
    this.sound = new LossSound();
    this.status.line.append(this.sound.button);
    this.feed = Feed.of(data.run);
    this.replay = new Replay(data.run, END_STATUSES.has(data.status), (goesBack) => this.draw(goesBack));
    this.charts = runCharts(data).map((kind) => new kind(this));
    this.root.append(this.status.root, this.replay.root, chartGrid(this.charts));
    this.feed.join(this);
  }

  /** All that is known of the run, or was at the step that is replayed. */
  get history() {
    return this.replay.history ?? this.feed.histories[0];
  }

  /** @param {Component<RunData>} component */
  show({ data, setTriggerValue }) {
    this.data = data;
    this.notify = setTriggerValue;
    this.pageStatus = data.status;
    this.theme = readTheme(this.root);
    this.update(true); // in other colours, perhaps
    this.feed.wake();
    if (window.Plotly) return;
    const onFailure = () => this.status.show(this.history, "lost");
    withPlotly(data.plotly, this.root, () => this.update(false), onFailure);
  }

  /** @param {boolean} replaces */
  update(replaces) {
    const [trouble] = this.feed.troubles;
    const [history] = this.feed.histories;
    const { latest } = history;
    this.replay.show(history);
    this.sound.button.hidden = END_STATUSES.has(latest?.status ?? this.data.status);
    this.sound.play(history);
    this.draw(replaces);
    if (!latest) return;
    if (trouble || latest.status === this.pageStatus) return;
    this.pageStatus = latest.status;
    this.notify("status", latest.status);
  }

  /** @param {boolean} replaces whether what is drawn is no beginning of what is to be drawn */
  draw(replaces) {
    this.status.show(this.history, this.feed.troubles[0]);
    if (replaces) for (const chart of this.charts) chart.stale = true;
    if (this.history.latest) for (const chart of this.charts) chart.draw();
  }

  hide() {
    this.feed.leave(this);
    this.sound.stop();
    this.replay.remove();
    for (const chart of this.charts) chart.remove();
    this.root.remove();
  }
}

/** @type {Record<string, string>} what the heads of the table of runs mean */
const HEAD_MEANINGS = {
  Clipped: "the share of updates whose gradient was clipped",
  "First ÷ last": "the gradient norm of the first five time steps divided by that of the last five",
  "R²": "1 is perfect, 0 is no better than always predicting the mean",
};

/**
 * All that is drawn of several runs in one place.
 *
 * @implements {ComparisonView}
 */
class ComparisonCharts {
  #isStale = true;

  /** @param {Component<ComparisonData>} component */
  constructor({ data, parentElement, setTriggerValue }) {
    this.data = data;
    this.notify = setTriggerValue;
    this.pageStatus = ""; // the statuses for which the page's buttons are drawn
    this.root = element("div", { className: "unroll-live" });
    parentElement.append(this.root);
    this.theme = readTheme(this.root);
    this.feed = Feed.of(...data.runs.map(({ id }) => id));
    this.charts = COMPARISONS[data.kind].map((kind) => new kind(this));
    this.runTable = element("div", { className: "unroll-table unroll-run-table", tabIndex: 0 });
    this.tableNote = element("p", { className: "unroll-table-note" });
    this.root.append(this.runTable, this.tableNote, chartGrid(this.charts));
    this.feed.join(this);
  }

  get histories() {
    return this.feed.histories;
  }

  /** The charts ask for one run where they mean any: the first that has data. */
  get history() {
    return this.histories.find(({ latest }) => latest) ?? this.histories[0];
  }

  get statuses() {
    return this.histories.map(({ latest }, at) => latest?.status ?? this.data.runs[at].status).join();
  }

  /** @param {Component<ComparisonData>} component */
  show({ data, setTriggerValue }) {
    this.data = data;
    this.notify = setTriggerValue;
    this.pageStatus = data.runs.map(({ status }) => status).join();
    this.theme = readTheme(this.root);
    this.#isStale = true;
    this.draw();
    this.feed.wake();
    if (!window.Plotly) withPlotly(data.plotly, this.root, () => this.draw());
  }

  /** @param {boolean} replaces */
  update(replaces) {
    this.#isStale ||= replaces;
    this.draw();
  }

  draw() {
    if (this.#isStale) for (const chart of this.charts) chart.stale = true;
    this.#isStale = false;
    this.drawRunTable();
    if (this.history.latest) for (const chart of this.charts) chart.draw();
    const { statuses } = this;
    if (statuses === this.pageStatus || this.feed.troubles.some(Boolean)) return;
    this.pageStatus = statuses;
    this.notify("status", statuses);
  }

  /** How each run stands, as a table above the charts. */
  drawRunTable() {
    const result = this.data.kind === "twins" ? "Clipped" : this.data.score || "Validation loss";
    const heads = ["", "", "Step", "Loss", result, "First ÷ last"];
    const head = tableRow("th", heads);
    const explained = heads.filter((name) => name in HEAD_MEANINGS);
    setText(this.tableNote, explained.map((name) => `${name}: ${HEAD_MEANINGS[name]}.`).join(" "));
    const rows = this.data.runs.map((run, at) => this.runRow(run, this.histories[at], this.feed.troubles[at]));
    this.runTable.replaceChildren(
      element("table", {}, element("thead", {}, head), element("tbody", {}, ...rows)),
    );
  }

  /**
   * @param {ComparedRun} run
   * @param {RunHistory} history
   * @param {string} trouble
   */
  runRow(run, history, trouble) {
    const { steps, loss, through, latest } = history;
    const sign = element("i", { className: run.dash });
    sign.style.color = run.colour;
    const status = latest?.status ?? run.status;
    const name = trouble ? "…" : (STATUS_NAMES[status] ?? status);
    const badge = element("span", { className: "unroll-badge", textContent: name });
    badge.dataset.status = status;
    const step = steps.at(-1);
    const cells = [
      step && latest ? `${formatInteger(step)} of ${formatInteger(latest.steps_total)}` : "–",
      formatKnown(loss.at(-1)),
      this.data.kind === "twins" ? clippedCell(run, history) : this.scoreCell(history),
      formatKnown(lastMeasurement(through)?.ratios[0]),
    ];
    const row = tableRow("td", cells);
    const [title, note] = [element("b", { textContent: run.name }), element("small", { textContent: run.note })];
    row.prepend(element("td", {}, sign, title, " ", note), element("td", {}, badge));
    return row;
  }

  /** @param {RunHistory} history */
  scoreCell({ epochs }) {
    const end = epochs.at(-1);
    return formatKnown(this.data.score ? end?.score : end?.validation);
  }

  hide() {
    this.feed.leave(this);
    for (const chart of this.charts) chart.remove();
    this.root.remove();
  }
}

/** @param {number | null | undefined} value undefined where none is known yet */
const formatKnown = (value) => (value === undefined ? "–" : formatNumber(value));

/**
 * @param {ComparedRun} run
 * @param {RunHistory} history
 */
const clippedCell = ({ clips }, { before, after }) =>
  clips && before.length ? formatPercent(clippedShare(before, after)) : "–";

/**
 * Draw runs where a component stands, or bring what is drawn there up to date; without one, load ahead.
 *
 * @param {Component<RunData> | Component<ComparisonData> | Component<PreloadData>} component
 */
export function show(component) {
  const { data } = component;
  if (data.run === undefined) loadPlotly(data.plotly).catch(() => {});
  else if ("runs" in data) mount({ ...component, data }, (one) => new ComparisonCharts(one), data.run);
  else mount({ ...component, data }, (one) => new RunCharts(one), data.run);
}
