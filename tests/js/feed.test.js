// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { pollInterval, retryInterval } from "../../components/ui/assets/feed.js";

test("a run is asked four times a second, and oftener before its first step", () => {
  assert.equal(pollInterval({ status: "running", ahead: 0, wait_seconds: null, step: 5 }, false, 0), 250);
  assert.equal(pollInterval({ status: "running", ahead: 0, wait_seconds: null, step: 0 }, false, 0), 60);
  assert.equal(pollInterval({ status: "waiting", ahead: 0, wait_seconds: null, step: 0 }, false, 0), 60);
  assert.equal(pollInterval({ status: "waiting", ahead: 0, wait_seconds: 0.5, step: 0 }, false, 0), 60);
});

test("a run that stands still is asked once a second", () => {
  assert.equal(pollInterval({ status: "waiting", ahead: 2, wait_seconds: 9, step: 0 }, false, 0), 1000);
  assert.equal(pollInterval({ status: "waiting", ahead: 0, wait_seconds: 40, step: 0 }, false, 0), 1000);
  assert.equal(pollInterval({ status: "paused", ahead: 0, wait_seconds: null, step: 7 }, false, 0), 1000);
});

test("drawing takes a third of the time at most", () => {
  assert.equal(pollInterval({ status: "running", ahead: 0, wait_seconds: null, step: 5 }, false, 200), 600);
  assert.equal(pollInterval({ status: "running", ahead: 0, wait_seconds: null, step: 0 }, false, 10), 60);
});

test("a hidden tab asks rarely", () => {
  assert.equal(pollInterval({ status: "running", ahead: 0, wait_seconds: null, step: 0 }, true, 0), 5000);
});

test("tries grow rarer, up to ten seconds", () => {
  assert.deepEqual([1, 2, 3, 30].map(retryInterval), [500, 1000, 2000, 10_000]);
});
