// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { historyAt } from "../../components/ui/assets/replay.js";
import { RunHistory } from "../../components/ui/assets/run_history.js";

/** @import { RunUpdate } from "../../components/ui/assets/points.d.ts" */

/** @param {number} epoch */
const end = (epoch) => ({ epoch, step: 2 * epoch, training: 1, validation: 1, best: false, score: null });

/** A finished run of six steps, two an epoch, the start measured as epoch 0. */
const whole = Object.assign(new RunHistory(), {
  steps: [1, 2, 3, 4, 5, 6],
  loss: [6, 5, null, 3, 2, 1],
  before: [1, 1, 1, 1, 1, 1],
  after: [1, 1, 1, 1, 1, 1],
  layers: [[1, 2, 3, 4, 5, 6]],
  epochs: [0, 1, 2, 3].map(end),
  marks: [{ step: 5, what: "clip", value: 1 }],
  through: [0, 4].map((step) => ({ step, norms: [[1]], ratios: [1] })),
  sources: ["input"],
  timeSteps: 9,
  preview: { epoch: 3, values: [3], texts: [] },
  latest: /** @type {RunUpdate} */ ({ status: "finished", step: 6, epoch: 3, steps_total: 6 }),
});
const previews = [0, 1, 3].map((epoch) => ({ epoch, values: [epoch], texts: [] }));

test("a past holds what was known by then, and nothing later", () => {
  const past = historyAt(whole, 4, previews);
  assert.deepEqual(past.steps, [1, 2, 3, 4]);
  assert.deepEqual(past.loss, [6, 5, null, 3]);
  assert.deepEqual(past.layers, [[1, 2, 3, 4]]);
  assert.deepEqual(past.epochs.map(({ epoch }) => epoch), [0, 1, 2]);
  assert.deepEqual(past.marks, []);
  assert.deepEqual(past.through.map(({ step }) => step), [0, 4]);
  assert.deepEqual([past.sources, past.timeSteps], [["input"], 9]);
  assert.deepEqual([past.latest?.step, past.latest?.epoch, past.latest?.steps_total], [4, 2, 6]);
});

test("a preview is the newest by then, also where epochs in between have none", () => {
  assert.equal(historyAt(whole, 4, previews).preview?.epoch, 1);
  assert.equal(historyAt(whole, 6, previews).preview?.epoch, 3);
  assert.equal(historyAt(whole, 4, []).preview, null);
});

test("before the first step there is the measured start alone", () => {
  const past = historyAt(whole, 0, previews);
  assert.deepEqual([past.steps, past.loss], [[], []]);
  assert.deepEqual(past.epochs.map(({ epoch }) => epoch), [0]);
  assert.deepEqual([past.preview?.epoch, past.latest?.step], [0, 0]);
});

test("the whole is left as it is", () => {
  historyAt(whole, 2, previews).steps.push(7);
  assert.equal(whole.steps.length, 6);
});
