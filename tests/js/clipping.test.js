// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { clippedShare, effectiveRates, ThresholdLine } from "../../components/ui/assets/clipping.js";

/**
 * @param {number} step
 * @param {number} value
 * @param {"clip" | "learning_rate" | "rewound"} what
 */
const mark = (step, value, what = "clip") => ({ step, value, what });

test("a gradient is clipped where its norm has shrunk", () => {
  assert.equal(clippedShare([], []), 0);
  assert.equal(clippedShare([2, 1, 4, 0.5], [1, 1, 1, 0.5]), 0.5);
  assert.equal(clippedShare([1], [0.99999]), 0, "rounding clips nothing");
});

test("an infinite norm that was made finite is clipped, one that wasn't is not", () => {
  assert.equal(clippedShare([null, null], [1, null]), 0.5);
});

test("clipping leaves its share of the learning rate", () => {
  assert.deepEqual(effectiveRates([4, 1, 0, null, 2], [1, 1, 0, 1, null], 0.1), [0.025, 0.1, null, null, null]);
});

test("a threshold goes on as it is", () => {
  const line = new ThresholdLine(1, 5);
  line.extend([], 1, 5);
  assert.deepEqual([line.x, line.y], [[1], [5]]);
  line.extend([], 10, 5);
  assert.deepEqual([line.x, line.y], [[1, 10], [5, 5]]);
});

test("a threshold that is changed by hand steps, once", () => {
  const line = new ThresholdLine(1, 5);
  const marks = [mark(3, 9, "learning_rate"), mark(4, 2)];
  line.extend(marks, 6, 2);
  line.extend(marks, 6, 2);
  assert.deepEqual([line.x, line.y], [[1, 4, 4, 6], [5, 5, 2, 2]]);
});

test("what was set by hand outlives a rewind that takes its mark away", () => {
  const line = new ThresholdLine(1, 5);
  line.extend([mark(10, 0, "rewound")], 10, 2);
  assert.deepEqual([line.x, line.y], [[1, 10, 10], [5, 5, 2]]);
});
