// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { RunHistory } from "../../components/ui/assets/run_history.js";

/** @import { RunUpdate } from "../../components/ui/assets/points.d.ts" */

/**
 * An answer about some updates, of a run with one layer.
 *
 * @param {number[]} steps
 * @param {Partial<RunUpdate>} other
 * @returns {RunUpdate}
 */
const points = (steps, other = {}) => ({
  generation: 1,
  since: steps.length,
  status: "running",
  reason: "",
  ahead: 0,
  wait_seconds: null,
  step: steps.at(-1) ?? 0,
  epoch: 0,
  steps_total: 100,
  epochs_total: 10,
  steps_per_second: null,
  seconds_left: null,
  learning_rate: 0.01,
  clip: null,
  layer_names: ["dense"],
  steps,
  clock: steps.map((step) => ({ step, seconds: step / 10 })),
  loss_means: null,
  before_means: null,
  loss: steps.map((step) => 1 / step),
  before: steps,
  after: steps.map(() => 1),
  layers: [steps],
  epochs: [],
  marks: [],
  checkpoints: [],
  preview: null,
  through_rows: [],
  through_length: 0,
  through: [],
  death: null,
  ...other,
});

test("the first question asks for everything", () => {
  assert.deepEqual(new RunHistory().query(), { since: 0, generation: 0 });
});

test("what is new is added, and asked for from there on", () => {
  const history = new RunHistory();
  assert.equal(history.merge(points([1, 2], { since: 7 }), history.query()), true);
  assert.deepEqual(history.query(), { since: 7, generation: 1 });
  assert.equal(history.merge(points([3], { since: 8 }), history.query()), false);
  assert.deepEqual(history.steps, [1, 2, 3]);
  assert.deepEqual(history.loss, [1, 1 / 2, 1 / 3]);
  assert.deepEqual(history.layers, [[1, 2, 3]]);
  assert.equal(history.latest?.since, 8);
});

test("an answer without news changes the newest answer alone", () => {
  const history = new RunHistory();
  history.merge(points([1]), history.query());
  history.merge(points([], { since: 1, status: "paused", layers: [[]] }), history.query());
  assert.deepEqual(history.steps, [1]);
  assert.equal(history.latest?.status, "paused");
});

test("another generation replaces all that was known", () => {
  const history = new RunHistory();
  const preview = { epoch: 1, values: [1], texts: [] };
  const through = [{ step: 1, norms: [[1]], ratios: [1] }];
  const first = points([1, 2, 3], { preview, through, through_rows: ["input"], through_length: 9 });
  history.merge(first, history.query());
  assert.equal(history.merge(points([1], { generation: 2 }), history.query()), true);
  assert.deepEqual(history.steps, [1]);
  assert.deepEqual(history.layers, [[1]]);
  assert.deepEqual([history.preview, history.through, history.sources, history.timeSteps], [null, [], [], 0]);
  assert.deepEqual(history.query(), { since: 1, generation: 2 });
});

test("holes stay holes", () => {
  const history = new RunHistory();
  history.merge(points([1, 2], { loss: [null, 1], before: [1, null] }), history.query());
  assert.deepEqual([history.loss, history.before], [[null, 1], [1, null]]);
});

test("a preview stays until the next one", () => {
  const history = new RunHistory();
  const preview = { epoch: 1, values: [1], texts: [] };
  history.merge(points([1], { preview }), history.query());
  history.merge(points([2]), history.query());
  assert.equal(history.preview, preview);
});

test("what gradients are by stays where no measurement is new", () => {
  const history = new RunHistory();
  const through = [{ step: 1, norms: [[1]], ratios: [1] }];
  history.merge(points([1], { through, through_rows: ["input"], through_length: 9 }), history.query());
  history.merge(points([2]), history.query());
  assert.deepEqual([history.sources, history.timeSteps, history.through.length], [["input"], 9, 1]);
});

test("a long history is fetched anew, thinned", () => {
  const history = new RunHistory();
  const steps = Array.from({ length: 6001 }, (_, at) => at + 1);
  history.merge(points(steps), history.query());
  assert.deepEqual(history.query(), { since: 0, generation: 1 });
  assert.equal(history.merge(points([1, 6001]), history.query()), true);
  assert.deepEqual(history.steps, [1, 6001]);
});

test("two histories share nothing", () => {
  const [one, other] = [new RunHistory(), new RunHistory()];
  one.merge(points([1]), one.query());
  assert.deepEqual(other.steps, []);
});
