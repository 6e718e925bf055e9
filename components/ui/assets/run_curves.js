// @ts-check
// Learning curves of several runs in one chart: by step, epoch or seconds, smoothed or not, those of several seeds as
// a band, or each as its difference to one of them.

/** @import { Curve } from "./curve_math.js" */
/** @import { RunHistory } from "./run_history.js" */
/** @import { ComparisonView, CurveSettings, Line, RangeData, TableData } from "./types.d.ts" */

import { ComparisonChart } from "./comparison.js";
import { band, commonPlaces, difference, envelope, interpolate, placesOf, smooth, thin } from "./curve_math.js";
import { formatNumber } from "./formatting.js";
import { ascending, finite, sum, withoutDivergence } from "./statistics.js";

const MAX_PLACES = 300; // of a line; a chart of several runs is no wider
const TABLE_ROWS = 50;
const RAW_OPACITY = 0.3; // of the line behind a smoothed one
const RAW_BAND_OPACITY = 0.12; // of the lines of the runs of a band
const BAND_OPACITY = "40"; // in hexadecimal digits
const END_SHARE = 0.05; // of a curve that its end is the mean of, where it is of single steps

const AXES = {
  step: { title: "step", tickformat: ",d" },
  epoch: { title: "epoch", tickformat: "" },
  seconds: { title: "seconds of training", tickformat: "" },
};

/**
 * A line that stands for a run, or for the runs of several seeds.
 *
 * @typedef {{ name: string, colour: string, dash: string, members: number[] }} Entry
 */

/** A chart of one kind of curve. */
class RunCurves extends ComparisonChart {
  isSmoothed = true;

  /** @type {CurveSettings} what the page's controls say */
  get settings() {
    return /** @type {CurveSettings} */ (this.view.data.curves);
  }

  /** What a curve is of, as in a sentence. */
  get noun() {
    return "";
  }

  /**
   * The numbers of a run by its steps, and what is smoothed of them.
   *
   * @param {RunHistory} history
   * @returns {{ steps: number[], values: (number | null)[], means: (number | null)[], end?: number | null }}
   */
  values({ steps }) {
    return { steps, values: [], means: [] };
  }

  get xAxis() {
    return AXES[this.settings.axis];
  }

  get baseName() {
    return this.#entryOf(this.settings.base).name;
  }

  /** A difference may be below zero. */
  draw() {
    if (this.logarithmic === this.settings.difference) this.toggleScale();
    super.draw();
  }

  layout() {
    const layout = super.layout();
    layout.uirevision += ` ${this.settings.axis}`;
    // Losses and norms of one training span few powers of ten: these are written out.
    if (this.logarithmic) layout.yaxis.tickformat = ".3~g";
    return layout;
  }

  /** @returns {Entry[]} */
  get entries() {
    const { runs } = this.view.data;
    const groups = this.settings.bands ? this.settings.groups : [];
    const first = new Map(groups.map((group) => [group.runs[0], group]));
    const grouped = new Set(groups.flatMap((group) => group.runs));
    return runs.flatMap(({ name, colour, dash }, at) => {
      const group = first.get(at);
      if (group) return [{ name: group.name, colour, dash, members: group.runs }];
      return grouped.has(at) ? [] : [{ name, colour, dash, members: [at] }];
    });
  }

  /** @param {number} run */
  #entryOf(run) {
    return this.entries.find(({ members }) => members.includes(run)) ?? this.entries[0];
  }

  /**
   * @param {number} at the place of a run
   * @returns {{ raw: Curve, smoothed: Curve }}
   */
  #curvesOf(at) {
    const { axis, smoothing } = this.settings;
    const { steps, values, means } = this.values(this.histories[at]);
    const x = placesOf(this.histories[at], steps, axis);
    if (!x.length) return { raw: { x, y: [] }, smoothed: { x, y: [] } };
    const raw = { x, y: values };
    return { raw, smoothed: this.isSmoothed && smoothing ? smooth({ x, y: means }, smoothing) : raw };
  }

  /**
   * What an entry is held against.
   *
   * @param {{ smoothed: Curve }[]} members
   * @returns {Curve}
   */
  #meanOf(members) {
    if (members.length === 1) return members[0].smoothed;
    const { x, mean } = band(members.map(({ smoothed }) => smoothed), MAX_PLACES);
    return { x, y: mean };
  }

  /** @returns {Line[]} */
  lines() {
    const { settings } = this;
    const curves = this.view.data.runs.map((_, at) => this.#curvesOf(at));
    if (settings.difference) {
      const base = this.#meanOf(this.#entryOf(settings.base).members.map((at) => curves[at]));
      for (const one of curves) {
        [one.raw, one.smoothed] = [difference(one.raw, base), difference(one.smoothed, base)];
      }
    }
    return this.entries.flatMap((entry) => this.#linesOf(entry, entry.members.map((at) => curves[at])));
  }

  /**
   * @param {Entry} entry
   * @param {{ raw: Curve, smoothed: Curve }[]} members
   * @returns {Line[]}
   */
  #linesOf({ name, colour, dash, members: places }, members) {
    const isSmooth = this.isSmoothed && this.settings.smoothing > 0;
    const isBand = members.length > 1;
    const states = places.map((at) => this.histories[at]).map(({ latest, steps, epochs }) => {
      return `${latest?.generation} ${steps.at(-1)} ${epochs.length}`;
    });
    const version = states.join();
    const line = { color: colour, width: 2, dash };
    /** @type {Line[]} */
    const behind = !isSmooth
      ? []
      : members.map(({ raw }) => ({
          ...envelope(raw, MAX_PLACES),
          name,
          silent: true,
          hoverinfo: "skip",
          opacity: isBand ? RAW_BAND_OPACITY : RAW_OPACITY,
          version,
          line: { color: colour, width: 1 },
        }));
    if (!isBand) {
      const [{ raw, smoothed }] = members;
      const drawn = isSmooth ? thin(smoothed, MAX_PLACES) : envelope(raw, MAX_PLACES);
      const marks = this.isSmoothed ? {} : { mode: "lines+markers", marker: { size: 5 } };
      return [...behind, { ...drawn, name, version, line: { ...line, width: isSmooth ? 2 : 1.5 }, ...marks }];
    }
    const { x, mean, low, high } = band(members.map(({ smoothed }) => smoothed), MAX_PLACES);
    const edge = { x, name, silent: true, hoverinfo: "skip", version, line: { color: colour, width: 0 } };
    return [
      ...behind,
      { ...edge, y: low },
      { ...edge, y: high, fill: "tonexty", fillcolor: colour + BAND_OPACITY },
      { x, y: mean, name, version, line },
    ];
  }

  /** @returns {RangeData} */
  rangeData() {
    const drawn = this.lines().map(({ y }) => /** @type {(number | null)[]} */ (y));
    const kept = this.settings.difference ? drawn : withoutDivergence(drawn);
    return this.isSmoothed ? { samples: kept } : { samples: [], included: kept.flat() };
  }

  /**
   * Where a mark of a run stands on the axis.
   *
   * @param {number} at the place of the run
   * @param {number} step
   */
  placeOf(at, step) {
    return placesOf(this.histories[at], [step], this.settings.axis)[0] ?? step;
  }

  summary() {
    const { comparable, difference: isDifference } = this.settings;
    const ends = this.#drawn().flatMap(({ name = "", x, y }) => {
      const value = this.#endOf(/** @type {Curve} */ ({ x, y }));
      return value === null ? [] : [{ name, value }];
    });
    const unplaced = this.#unplaced().map(({ name }) => {
      return ` ${name} isn't drawn: it was trained elsewhere, so its seconds aren't known.`;
    });
    if (!ends.length) return unplaced.join("").trim() || `No ${this.noun} is a finite number.`;
    const diverged = this.view.data.runs.filter((_, at) => this.values(this.histories[at]).end === null);
    const numberless = diverged.map(({ name }) => ` The ${this.noun} of ${name} isn't a number.`);
    const warning = [...numberless, ...unplaced].join("");
    if (isDifference) {
      const others = ends.filter(({ name }) => name !== this.baseName).map(({ name, value }) => {
        if (!value) return `${name} is as high`;
        return `${name} is ${formatNumber(Math.abs(value))} ${value < 0 ? "lower" : "higher"}`;
      });
      return `Where each ends, compared with ${this.baseName}: ${others.join(", ") || "nothing yet"}.${warning}`;
    }
    if (ends.length === 1) return `${ends[0].name} ends at ${formatNumber(ends[0].value)}.${warning}`;
    if (!comparable) {
      const said = ends.map(({ name, value }) => `${name} ends at ${formatNumber(value)}`).join(", ");
      return `${said}. These can't be ranked: the data, the task or the loss function differs.${warning}`;
    }
    ends.sort((one, other) => ascending(one.value, other.value));
    const [first, last] = [ends[0], ends[ends.length - 1]];
    const lead = `${first.name} ends lowest, at ${formatNumber(first.value)}`;
    return `${lead}; ${last.name} ends highest, at ${formatNumber(last.value)}.${warning}`;
  }

  /** The runs that have no place on the axis, such as one that was trained elsewhere on that of seconds. */
  #unplaced() {
    return this.view.data.runs.filter((_, at) => {
      const { steps } = this.values(this.histories[at]);
      return steps.length && !placesOf(this.histories[at], steps, this.settings.axis).length;
    });
  }

  /**
   * Where a curve ends: its last number, or the mean of its last ones where single ones say little.
   *
   * @param {Curve} curve
   */
  #endOf({ x, y }) {
    const from = x[x.length - 1] - (this.isSmoothed ? END_SHARE * (x[x.length - 1] - x[0]) : 0);
    const last = finite(y.filter((_, at) => x[at] >= from));
    return last.length ? sum(last) / last.length : null;
  }

  /** The lines that stand for runs, without what is behind them. */
  #drawn() {
    return this.lines().filter(({ silent }) => !silent);
  }

  /** @returns {TableData} */
  tableData() {
    const drawn = /** @type {(Curve & { name: string })[]} */ (this.#drawn());
    const places = commonPlaces(drawn, TABLE_ROWS).map((place) => Number(place.toPrecision(6)));
    const columns = drawn.map((curve) => interpolate(curve, places));
    const rows = places.map((place, at) => [place, ...columns.map((column) => column[at] ?? "")]);
    return { head: [this.xAxis.title, ...drawn.map(({ name }) => name)], rows };
  }
}

/** The training loss of every step. */
export class LossCurves extends RunCurves {
  /** @param {ComparisonView} view */
  constructor(view) {
    super(view);
    this.figure.classList.add("unroll-wide");
  }

  get title() {
    return "Training loss";
  }

  get yTitle() {
    const { data } = this.view;
    return this.settings.difference ? `difference of the ${data.loss}` : data.loss;
  }

  get noun() {
    return "training loss";
  }

  /** @param {RunHistory} history */
  values({ steps, loss, lossMeans }) {
    return { steps, values: loss, means: lossMeans, end: loss.at(-1) };
  }
}

/** The validation loss at the end of every epoch: too few points to smooth. */
export class ValidationCurves extends RunCurves {
  isSmoothed = false;

  get title() {
    return "Validation loss";
  }

  get yTitle() {
    const { data } = this.view;
    return this.settings.difference ? `difference of the ${data.loss}` : data.loss;
  }

  get noun() {
    return "validation loss";
  }

  get placeholder() {
    return "The first validation loss will appear after the first epoch.";
  }

  /** @param {RunHistory} history */
  hasDataOf({ epochs }) {
    return epochs.length > 0;
  }

  /** @param {RunHistory} history */
  values({ epochs }) {
    const values = epochs.map(({ validation }) => validation);
    return { steps: epochs.map(({ step }) => step), values, means: values, end: values.at(-1) };
  }
}

/** The norm of the gradient of every step before clipping. */
export class NormCurves extends RunCurves {
  get title() {
    return "Gradient norm before clipping";
  }

  get yTitle() {
    return this.settings.difference ? "difference of the gradient norm" : "global gradient norm";
  }

  get noun() {
    return "gradient norm";
  }

  /** @param {RunHistory} history */
  values({ steps, before, beforeMeans }) {
    return { steps, values: before, means: beforeMeans, end: before.at(-1) };
  }
}
