// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import {
  band,
  commonPlaces,
  difference,
  envelope,
  interpolate,
  placesOf,
  smooth,
  thin,
} from "../../components/ui/assets/curve_math.js";
import { RunHistory } from "../../components/ui/assets/run_history.js";

/** @import { RunUpdate } from "../../components/ui/assets/points.d.ts" */

const LATEST = /** @type {RunUpdate} */ ({ steps_total: 100, epochs_total: 10, steps_per_second: 5 });

/** @param {Partial<RunHistory>} other */
const history = (other) => Object.assign(new RunHistory(), { latest: LATEST }, other);

/** @param {number} last */
const upTo = (last) => Array.from({ length: last }, (_, at) => at + 1);

test("steps lie on the axis of steps, epochs and seconds", () => {
  const clock = [
    { step: 10, seconds: 1 },
    { step: 20, seconds: 5 },
  ];
  assert.deepEqual(placesOf(history({}), [1, 10], "step"), [1, 10]);
  assert.deepEqual(placesOf(history({}), [5, 10], "epoch"), [0.5, 1]);
  assert.deepEqual(placesOf(history({ clock }), [5, 10, 15, 20, 30], "seconds"), [0.5, 1, 3, 5, 5]);
});

test("a run of before goes by its mean pace, and one that hasn't begun nowhere", () => {
  assert.deepEqual(placesOf(history({}), [5, 10], "seconds"), [1, 2]);
  assert.deepEqual(placesOf(history({ latest: null }), [5], "seconds"), []);
  assert.deepEqual(placesOf(history({ latest: null }), [5], "epoch"), []);
});

test("values between points lie on the straight line, and none beyond the ends or beside a hole", () => {
  const curve = { x: [1, 3, 5, 6], y: [10, 20, null, 40] };
  assert.deepEqual(interpolate(curve, [0, 1, 2, 3, 4, 5, 5.5, 6, 7]), [null, 10, 15, 20, null, null, null, 40, null]);
  assert.deepEqual(interpolate({ x: [], y: [] }, [1]), [null]);
  assert.deepEqual(interpolate({ x: [2], y: [7] }, [1, 2, 3]), [null, 7, null]);
});

test("smoothing leaves a level curve level, begins at the first value, and none is none", () => {
  const level = { x: upTo(50), y: upTo(50).map(() => 3) };
  for (const value of smooth(level, 0.9).y) assert.ok(Math.abs(Number(value) - 3) < 1e-9);
  const rising = { x: upTo(500), y: upTo(500) };
  assert.equal(smooth(rising, 0.9).y[0], 1);
  assert.ok(Number(smooth(rising, 0.99).y[400]) < Number(smooth(rising, 0.9).y[400]));
  assert.deepEqual(smooth(rising, 0).y, rising.y);
  assert.deepEqual(smooth({ x: [1, 2, 3], y: [1, null, 1] }, 0.5).y, [1, null, 1]);
});

test("a curve that was thinned to means is smoothed as the whole one is", () => {
  const whole = { x: upTo(6000), y: upTo(6000).map((step) => 1 / step + (step % 10 ? 0 : 1)) };
  const ends = upTo(600).map((bin) => 10 * bin);
  const means = ends.map((end) => whole.y.slice(end - 10, end).reduce((sum, value) => sum + value) / 10);
  const smoothed = interpolate(smooth(whole, 0.95), ends);
  const thinned = smooth({ x: ends, y: means }, 0.95).y;
  for (let at = 100; at < 600; at += 50) {
    assert.ok(Math.abs(Number(smoothed[at]) - Number(thinned[at])) < 0.02, `${smoothed[at]} ${thinned[at]}`);
  }
});

test("an envelope keeps every stretch's extremes in their order", () => {
  const curve = { x: upTo(100), y: upTo(100).map((step) => (step === 42 ? 99 : step === 43 ? -99 : 0)) };
  const drawn = envelope(curve, 10);
  assert.ok(drawn.x.length <= 20);
  assert.deepEqual([drawn.y[drawn.x.indexOf(42)], drawn.y[drawn.x.indexOf(43)]], [99, -99]);
  assert.deepEqual(drawn.x, [...drawn.x].sort((one, other) => one - other));
  assert.deepEqual(envelope(curve, 50), curve);
});

test("a thinned curve ends where the whole one does", () => {
  assert.deepEqual(
    thin({ x: upTo(100), y: upTo(100) }, 10).x,
    upTo(10).map((at) => 10 * at),
  );
});

test("a difference goes as far as both curves do", () => {
  const base = { x: [1, 3], y: [10, 30] };
  assert.deepEqual(difference({ x: [0, 1, 2, 3, 4], y: [1, 11, null, 25, 9] }, base).y, [null, 1, null, -5, null]);
});

test("a band needs two values, and holds their mean", () => {
  const curves = [
    { x: [1, 2, 3], y: [1, 2, 3] },
    { x: [1, 2], y: [3, 6] },
  ];
  assert.deepEqual(band(curves, 10), { x: [1, 2], mean: [2, 4], low: [1, 2], high: [3, 6] });
});

test("common places span all curves", () => {
  const curves = [
    { x: [2, 4], y: [0, 0] },
    { x: [0, 3], y: [0, 0] },
    { x: [], y: [] },
  ];
  assert.deepEqual(commonPlaces(curves, 5), [0, 1, 2, 3, 4]);
  assert.deepEqual(commonPlaces([], 5), []);
});
