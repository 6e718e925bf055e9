// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import {
  ascending,
  binnedMeans,
  bins,
  finite,
  median,
  quantile,
  subsample,
  sum,
  withoutDivergence,
} from "../../components/ui/assets/statistics.js";

/** @param {number} last */
const upTo = (last) => Array.from({ length: last }, (_, at) => at + 1);

test("the sum of nothing is nought", () => {
  assert.equal(sum([]), 0);
  assert.equal(sum([1, 2, -4]), -1);
});

test("numbers are sorted by size, not as texts", () => {
  assert.deepEqual([10, 9, -1].sort(ascending), [-1, 9, 10]);
});

test("what is no number is left out", () => {
  assert.deepEqual(finite([1, null, 0, null]), [1, 0]);
  assert.deepEqual(finite([]), []);
});

test("a quantile leaves one outside at each end", () => {
  const ten = upTo(10);
  assert.equal(quantile(ten, 0.01), 2);
  assert.equal(quantile(ten, 0.99), 9);
  assert.equal(quantile(ten, 0.5), 5);
  assert.equal(quantile([7], 0.01), 7);
  assert.equal(quantile([7], 0.99), 7);
});

test("the median leaves holes out and its list as it was", () => {
  const values = [3, null, 1, 2];
  assert.equal(median(values), 2);
  assert.deepEqual(values, [3, null, 1, 2]);
  assert.equal(median([4, 1]), 1);
  assert.equal(median([null]), null);
  assert.equal(median([]), null);
});

test("a long list is thinned evenly, a short one is kept", () => {
  assert.deepEqual(subsample([1, 2, 3], 3), [1, 2, 3]);
  assert.deepEqual(subsample(upTo(10), 4), [1, 4, 7, 10]);
  assert.deepEqual(subsample([], 4), []);
});

test("bins follow each other and hold everything", () => {
  assert.deepEqual(bins(0, 3), []);
  assert.deepEqual(bins(1, 3), [[0, 1]]);
  assert.deepEqual(bins(7, 3), [[0, 2], [2, 5], [5, 7]]);
});

test("means stand at the end of their bins, the last one of what is left", () => {
  assert.deepEqual(binnedMeans(upTo(7), [1, 2, 3, 4, 5, 6, 8]), { x: [5, 7], y: [3, 7] });
  assert.deepEqual(binnedMeans([9], [0.5]), { x: [9], y: [0.5] });
  assert.deepEqual(binnedMeans([], []), { x: [], y: [] });
});

test("a mean with a hole is none", () => {
  assert.deepEqual(binnedMeans(upTo(4), [1, null, 3, 5], 2), { x: [2, 4], y: [null, 4] });
});

test("a smoothed line has four hundred points at most", () => {
  const { x, y } = binnedMeans(upTo(6001), upTo(6001), 1);
  assert.equal(x.length, 376);
  assert.equal(x.at(-1), 6001);
  assert.equal(y[0], 8.5);
});

test("what has diverged leaves the others' axis", () => {
  assert.deepEqual(withoutDivergence([[1, 2, 3], [1e6, null, 1e9, 5]]), [[1, 2, 3], [5]]);
});

test("of runs without any number nothing is left", () => {
  assert.deepEqual(withoutDivergence([[], [null]]), [[], []]);
});
