// @ts-check
// All that is known of a run, put together from the answers about what is new.

/** @import { ClockPoint, EpochPoint, Mark, RunUpdate, PreviewPoint, GradientPoint } from "./points.d.ts" */

const MAX_POINTS = 6000; // with more, everything is fetched anew: the server thins it

/** The growing lists of a run, its newest preview, and the newest answer for all else. */
export class RunHistory {
  /** @type {number[]} */
  steps = [];
  /** @type {(number | null)[]} */
  loss = [];
  /** @type {ClockPoint[]} */
  clock = [];
  /** @type {(number | null)[]} of each of `steps` the mean over the steps that it stands for, where they are thinned */
  lossMeans = [];
  /** @type {(number | null)[]} */
  before = [];
  /** @type {(number | null)[]} */
  beforeMeans = [];
  /** @type {(number | null)[]} */
  after = [];
  /** @type {(number | null)[][]} */
  layers = [];
  /** @type {EpochPoint[]} */
  epochs = [];
  /** @type {Mark[]} */
  marks = [];
  /** @type {GradientPoint[]} how much each time step weighs in the loss, measurement by measurement */
  through = [];
  /** @type {string[]} what these gradients are by */
  sources = [];
  /** of the sequences that they are of */
  timeSteps = 0;
  /** @type {PreviewPoint | null} */
  preview = null;
  /** @type {RunUpdate | null} the newest answer, for all that is not a growing list */
  latest = null;

  /** What to ask for next. */
  query() {
    const since = this.steps.length > MAX_POINTS ? 0 : (this.latest?.since ?? 0);
    return { since, generation: this.latest?.generation ?? 0 };
  }

  /**
   * Take in an answer; return whether it replaces all that was known, since everything was asked for or the
   * run went back.
   *
   * @param {RunUpdate} points
   * @param {{ since: number, generation: number }} query that it answers
   */
  merge(points, { since, generation }) {
    const replaces = since === 0 || points.generation !== generation;
    if (replaces) Object.assign(this, new RunHistory());
    this.steps.push(...points.steps);
    this.loss.push(...points.loss);
    this.lossMeans.push(...(points.loss_means ?? points.loss));
    this.clock.push(...points.clock);
    this.before.push(...points.before);
    this.beforeMeans.push(...(points.before_means ?? points.before));
    this.after.push(...points.after);
    points.layers.forEach((norms, at) => (this.layers[at] ??= []).push(...norms));
    this.epochs.push(...points.epochs);
    this.marks.push(...points.marks);
    this.through.push(...points.through);
    if (points.through.length) [this.sources, this.timeSteps] = [points.through_rows, points.through_length];
    this.preview = points.preview ?? this.preview;
    this.latest = points;
    return replaces;
  }
}
