// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { formatDuration } from "../../components/ui/assets/formatting.js";
import { progressOf, progressSentence, statusFacts, statusNote } from "../../components/ui/assets/run_status.js";

/** @import { RunUpdate } from "../../components/ui/assets/points.d.ts" */

const RUN = /** @type {RunUpdate} */ ({
  status: "running",
  step: 1500,
  epoch: 1,
  steps_total: 6000,
  epochs_total: 4,
  steps_per_second: 12.34,
  seconds_left: 61,
  learning_rate: 0.001,
});

test("a run that goes on says how far and how fast", () => {
  assert.deepEqual(statusFacts(RUN), [
    "1 of 4 epochs",
    "1,500 of 6,000 steps",
    "12.3 steps per second",
    "up to 1 min 1 s left",
    "learning rate 0.001",
  ]);
});

test("a run that has ended has no speed", () => {
  const facts = statusFacts({ ...RUN, status: "finished", learning_rate: null });
  assert.deepEqual(facts, ["1 of 4 epochs", "1,500 of 6,000 steps"]);
});

test("before the first step there is nothing to say, nor where speed and time aren't known", () => {
  assert.deepEqual(statusFacts({ ...RUN, step: 0 }), []);
  assert.equal(statusFacts({ ...RUN, steps_per_second: null, seconds_left: null }).length, 3);
});

test("progress is a share, none before the run has begun", () => {
  assert.equal(progressOf({ step: 0, steps_total: 0 }), 0);
  assert.equal(progressOf({ step: 1, steps_total: 4 }), 0.25);
  assert.equal(progressOf({ step: 5, steps_total: 4 }), 1);
});

test("progress is said with the validation loss, while there is one and the run goes on", () => {
  const run = { status: "running", epoch: 12, epochs_total: 60 };
  assert.equal(progressSentence(run, 0.4132), "epoch 12 of 60, validation loss 0.413");
  assert.equal(progressSentence(run, null), "epoch 12 of 60, validation loss not a number");
  assert.equal(progressSentence(run, undefined), "");
  assert.equal(progressSentence({ ...run, status: "finished" }, 0.4), "");
});

test("a note says what the badge doesn't", () => {
  const run = { status: "waiting", reason: "", ahead: 1, wait_seconds: null, step: 0 };
  assert.equal(statusNote(run), "1 run is ahead in the queue.");
  assert.equal(statusNote({ ...run, ahead: 2 }), "2 runs are ahead in the queue.");
  assert.equal(statusNote({ ...run, ahead: 0 }), "Next in the queue: starts when a worker is free.");
  const lost = statusNote({ ...run, ahead: 0, reason: "The machine stopped." });
  assert.equal(lost, "The machine stopped. Next in the queue: starts when a worker is free.");
  const estimated = statusNote({ ...run, wait_seconds: 240 });
  assert.equal(estimated, `1 run is ahead in the queue. Estimated wait: up to ${formatDuration(240)}.`);
  assert.equal(statusNote({ ...run, status: "running" }), "Preparing the data and the model.");
  assert.equal(statusNote({ ...run, status: "failed", reason: "It broke." }), "It broke.");
});
