// @ts-check
// What a task shows of itself after every epoch.

/** @import { PreviewPoint } from "./points.d.ts" */
/** @import { AnswersPreview, ConfusionPreview, ForecastPreview, RegressionPreview, TextPreview } from "./types.d.ts" */
/** @import { Line, Overlays, Preview, RunView } from "./types.d.ts" */

import { Chart } from "./chart.js";
import { element, setText, tableRow } from "./dom.js";
import { END_STATUSES } from "./feed.js";
import { formatInteger, formatNumber, formatPercent, truncateName } from "./formatting.js";
import { accuracy, confusionMatrix, meanAbsoluteError, meanBaselineError, rowShares, tokenMatches } from "./metrics.js";

/**
 * The model's output on the validation set as it stands after the newest epoch.
 *
 * @template {Preview} P
 * @extends {Chart<RunView>}
 */
class PreviewChart extends Chart {
  logarithmic = false;

  /** What the page says of all snapshots; it mounts no chart for another kind. */
  get preview() {
    return /** @type {P} */ (this.view.data.preview);
  }

  /** The newest snapshot; there is one wherever there is data. */
  get snapshot() {
    return /** @type {PreviewPoint} */ (this.history.preview);
  }

  /** What to show while there is none: of a run that has ended, and of one that goes on. */
  get placeholders() {
    return ["", ""];
  }

  get placeholder() {
    return this.placeholders[END_STATUSES.has(this.history.latest?.status ?? "") ? 0 : 1];
  }

  get hasData() {
    return this.history.preview !== null;
  }

  /** @returns {Overlays} */
  overlays() {
    return { shapes: [], annotations: [] };
  }
}

/**
 * The forecast of the validation set as it stands after the newest epoch, beside the actual values.
 *
 * @extends {PreviewChart<ForecastPreview>}
 */
export class ForecastChart extends PreviewChart {
  get title() {
    return "Forecast of the validation set";
  }

  get placeholders() {
    return ["No epoch was completed, so there is no forecast.", "The forecast will appear after the first epoch."];
  }

  get xAxis() {
    return { title: this.preview.along };
  }

  get yTitle() {
    return this.preview.measures;
  }

  /** @returns {Line[]} */
  lines() {
    const { truth, model } = this.view.data.colours;
    const { times, truth: values } = this.preview;
    const { epoch, values: forecast } = this.snapshot;
    return [
      { name: "truth", version: 0, x: times, y: values, line: { color: truth, width: 2 } },
      { name: "forecast", version: epoch, x: times, y: forecast, line: { color: model, width: 2 } },
    ];
  }

  rangeData() {
    // The actual values are always in view; the wild forecasts of the first epochs may leave the chart.
    return { samples: [this.snapshot.values], included: this.preview.truth, extension: 1 };
  }

  summary() {
    const { truth, unit } = this.preview;
    const { epoch, values } = this.snapshot;
    const error = meanAbsoluteError(values, truth);
    if (error === null) return `After epoch ${epoch} the forecast isn't a number.`;
    return `After epoch ${epoch} the forecast is off by ${formatNumber(error)}${unit && ` ${unit}`} on average.`;
  }

  tableData() {
    const { times, truth, along } = this.preview;
    const rows = times.map((time, at) => [time, truth[at], this.snapshot.values[at]]);
    return { head: [along, "truth", "forecast"], rows };
  }
}

/**
 * The predictions of the validation set's numbers after the newest epoch, over the true ones.
 *
 * @extends {PreviewChart<RegressionPreview>}
 */
export class RegressionChart extends PreviewChart {
  get title() {
    return "Validation set: predicted against true values";
  }

  get placeholders() {
    return ["No epoch was completed, so there are no predictions.", "Predictions will appear after the first epoch."];
  }

  get xAxis() {
    return { title: "true value" };
  }

  get yTitle() {
    return "predicted value";
  }

  /** @returns {Line[]} */
  lines() {
    const { truth, model } = this.view.data.colours;
    const { truth: x } = this.preview;
    const { epoch, values: y } = this.snapshot;
    const ends = [Math.min(...x), Math.max(...x)];
    return [
      { name: "perfect prediction", version: 0, x: ends, y: ends, line: { color: truth, width: 2, dash: "dot" } },
      {
        name: "predictions",
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

  rangeData() {
    return { samples: [this.snapshot.values], included: this.preview.truth, extension: 1 };
  }

  summary() {
    const { truth } = this.preview;
    const { epoch, values } = this.snapshot;
    const error = meanAbsoluteError(values, truth);
    if (error === null) return `After epoch ${epoch} the predictions aren't numbers.`;
    const own = `After epoch ${epoch} the mean absolute error is ${formatNumber(error)}`;
    return `${own}; always predicting the mean has ${formatNumber(meanBaselineError(truth))}.`;
  }

  tableData() {
    const rows = this.preview.truth.map((value, at) => [value, this.snapshot.values[at]]);
    return { head: ["true value", "predicted value"], rows };
  }
}

/**
 * The confusion matrix of the validation set after the newest epoch.
 *
 * @extends {PreviewChart<ConfusionPreview>}
 */
export class ConfusionChart extends PreviewChart {
  get title() {
    return "Validation set: confusion matrix";
  }

  get placeholders() {
    return [
      "No epoch was completed, so there is no confusion matrix.",
      "The confusion matrix will appear after the first epoch.",
    ];
  }

  get xAxis() {
    return { title: "predicted" };
  }

  get yTitle() {
    return "true";
  }

  get matrix() {
    return confusionMatrix(this.snapshot.values, this.preview.names.length);
  }

  /** @returns {Line[]} */
  lines() {
    const { names } = this.preview;
    const { matrix } = this;
    const places = names.map((_, at) => at);
    const [low, high] = this.view.data.colours.scale;
    const cells = names.length <= 12 && {
      text: matrix,
      texttemplate: "%{text}",
      textfont: { color: this.view.theme.text },
    };
    return [
      {
        type: "heatmap",
        version: this.snapshot.epoch,
        silent: true,
        x: places,
        y: places,
        z: rowShares(matrix),
        ...cells,
        customdata: matrix,
        zmin: 0,
        zmax: 1,
        colorscale: [[0, low], [1, high]],
        showscale: false,
        xgap: 2,
        ygap: 2,
        hovertemplate: "%{y} predicted as %{x}: %{customdata}<extra></extra>",
      },
    ];
  }

  layout() {
    const layout = super.layout();
    const { names } = this.preview;
    const ticks = { tickvals: names.map((_, at) => at), ticktext: names.map(truncateName) };
    const axis = { ...ticks, showgrid: false, type: "linear", nticks: undefined, automargin: true };
    layout.yaxis.title.standoff = 14;
    Object.assign(layout.xaxis, axis, { showspikes: false });
    Object.assign(layout.yaxis, axis, { autorange: "reversed", tickformat: "" });
    return { ...layout, hovermode: "closest" };
  }

  range() {
    return {};
  }

  summary() {
    const { share, total } = accuracy(this.matrix);
    return `After epoch ${this.snapshot.epoch} the accuracy on ${formatInteger(total)} examples is ${formatPercent(share)}.`;
  }

  tableData() {
    const { names } = this.preview;
    return { head: ["true", ...names], rows: this.matrix.map((row, at) => [names[at], ...row]) };
  }
}

const LIST_LINE_LENGTH = 25; // characters of a line on average, below which lines stand in columns

/** What the model wrote after the newest epoch, each token in the colour of its probability. */
export class SampleText {
  title = "Sample text";
  stale = true;
  /** @type {PreviewPoint | null} the snapshot that is on the page */
  #snapshot = null;

  /** @param {RunView} view */
  constructor(view) {
    this.view = view;
    this.caption = element("figcaption", {});
    const text = { className: "unroll-sample-text", role: "img", dir: "auto", tabIndex: 0, ariaLabel: this.title };
    this.text = element("div", text);
    this.placeholder = element("div", { className: "unroll-placeholder" });
    const head = element("div", { className: "unroll-head" }, element("h2", { textContent: this.title }));
    const area = element("div", { className: "unroll-plot-area" }, this.text, this.placeholder);
    const properties = { className: "unroll-chart", ariaLabel: this.title };
    this.figure = element("figure", properties, head, area, this.caption);
  }

  get preview() {
    return /** @type {TextPreview} */ (this.view.data.preview);
  }

  draw() {
    const { preview, latest } = this.view.history;
    this.placeholder.hidden = preview !== null;
    this.text.hidden = preview === null;
    if (!preview) {
      setText(this.caption, "");
      const hasEnded = END_STATUSES.has(latest?.status ?? "");
      const awaited = "The first sample will appear after the first epoch.";
      return setText(this.placeholder, hasEnded ? "No epoch was completed, so there is no sample." : awaited);
    }
    setText(this.caption, `After epoch ${preview.epoch}. Only the model changes, not the random numbers.`);
    if (!this.stale && preview === this.#snapshot) return;
    this.stale = false;
    this.#snapshot = preview;
    this.text.replaceChildren(...preview.texts.map((token, at) => this.token(token, preview.values[at] ?? 0)));
    const text = preview.texts.join("");
    this.text.ariaLabel = `${this.title}: ${text}`;
    this.text.classList.toggle("unroll-list", text.length < LIST_LINE_LENGTH * text.split("\n").length);
  }

  /**
   * @param {string} textContent
   * @param {number} probability
   */
  token(textContent, probability) {
    const { shades } = this.preview;
    const [, background, meaning] = shades.find(([least]) => probability >= least) ?? shades[shades.length - 1];
    const span = element("span", { textContent, title: `${formatNumber(100 * probability)}%: ${meaning}` });
    span.style.background = background;
    return span;
  }

  remove() {}
}

/** Texts of the validation set, the reference answers, and what was written after the newest epoch. */
export class AnswerTable {
  stale = true;
  #epoch = 0; // that is on the page

  /** @param {RunView} view */
  constructor(view) {
    this.view = view;
    this.caption = element("figcaption", {});
    this.body = element("tbody", {});
    const [source, truth] = this.preview.names;
    const head = element("thead", {}, tableRow("th", [source, truth, "Prediction"]));
    this.figure = element(
      "figure",
      { className: "unroll-chart unroll-wide", ariaLabel: "Answers on the validation set" },
      element("div", { className: "unroll-head" }, element("h2", { textContent: "Answers" })),
      element("div", { className: "unroll-answers", tabIndex: 0 }, element("table", {}, head, this.body)),
      this.caption,
    );
  }

  get preview() {
    return /** @type {AnswersPreview} */ (this.view.data.preview);
  }

  remove() {}

  draw() {
    const { preview, latest } = this.view.history;
    const hasEnded = END_STATUSES.has(latest?.status ?? "");
    const awaited = hasEnded ? "No epoch was completed." : "The first answers will appear after the first epoch.";
    setText(this.caption, preview ? this.summary(preview) : awaited);
    const epoch = preview?.epoch ?? 0;
    if (!this.stale && epoch === this.#epoch) return;
    this.stale = false;
    this.#epoch = epoch;
    const { sources, truths } = this.preview;
    this.body.replaceChildren(...sources.map((source, at) => this.row(source, truths[at], preview?.texts[at])));
  }

  /**
   * @param {string} source
   * @param {string} truth
   * @param {string | undefined} text
   */
  row(source, truth, text) {
    const row = tableRow("td", [source, truth]);
    row.append(element("td", {}, ...(text === undefined ? [] : this.tokens(text, truth))));
    return row;
  }

  /**
   * The prediction, token by token; wrong tokens are marked.
   *
   * @param {string} text
   * @param {string} truth
   */
  tokens(text, truth) {
    const separator = this.preview.level === "word" ? " " : "";
    return tokenMatches(text, truth, separator).flatMap(({ token, matches }, at) => [
      at ? separator : "",
      matches ? token : element("mark", { textContent: token }),
    ]);
  }

  /** @param {PreviewPoint} preview */
  summary({ epoch, values: [accuracy = null] }) {
    const share = accuracy === null ? "none" : formatPercent(accuracy);
    return `After epoch ${epoch}, ${share} of these answers are exactly right. Wrong tokens are marked.`;
  }
}
