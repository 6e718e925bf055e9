// @ts-check
// What clipping does to the gradient: the share that it shortens, and its threshold over the training.

/** @import { Mark } from "./points.d.ts" */

/**
 * The share of the updates whose gradient was shortened.
 *
 * @param {readonly (number | null)[]} before norms before clipping
 * @param {readonly (number | null)[]} after norms after clipping
 */
export function clippedShare(before, after) {
  const clipped = before.filter((norm, at) => {
    const left = after[at];
    return left !== null && (norm === null || left < norm * 0.9999);
  });
  return clipped.length / Math.max(1, before.length);
}

/**
 * The learning rate that is left once clipping has shortened a step; null where the gradient has no length.
 *
 * @param {readonly (number | null)[]} before norms before clipping
 * @param {readonly (number | null)[]} after norms after clipping
 * @param {number} learningRate
 */
export const effectiveRates = (before, after, learningRate) =>
  before.map((norm, at) => {
    const left = after[at];
    return norm !== null && norm > 0 && left !== null ? (learningRate * left) / norm : null;
  });

/** The threshold from step to step, as a line that only grows. */
export class ThresholdLine {
  #marks = 0; // changes that are in the line

  /**
   * @param {number} step where it begins
   * @param {number} threshold there
   */
  constructor(step, threshold) {
    this.x = [step];
    this.y = [threshold];
  }

  /**
   * Go on to a step.
   *
   * @param {readonly Mark[]} marks all that were set by hand so far
   * @param {number} step
   * @param {number} threshold in force there; what was set by hand outlives a rewind, which takes its mark away
   */
  extend(marks, step, threshold) {
    const changes = marks.filter(({ what }) => what === "clip");
    for (const change of changes.slice(this.#marks)) {
      this.#add(change.step, this.#last.y);
      this.#add(change.step, change.value);
    }
    this.#marks = changes.length;
    if (step > this.#last.x) this.#add(step, this.#last.y);
    if (threshold !== this.#last.y) this.#add(this.#last.x, threshold);
  }

  get #last() {
    return { x: this.x[this.x.length - 1], y: this.y[this.y.length - 1] };
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  #add(x, y) {
    this.x.push(x);
    this.y.push(y);
  }
}
