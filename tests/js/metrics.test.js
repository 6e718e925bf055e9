// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import {
  accuracy,
  bestEpoch,
  confusionMatrix,
  meanAbsoluteError,
  meanBaselineError,
  rowShares,
  tokenMatches,
} from "../../components/ui/assets/metrics.js";

test("an error is of what both sides know", () => {
  assert.equal(meanAbsoluteError([1, 2, 4], [1, 3, 2]), 1);
  assert.equal(meanAbsoluteError([1, null, 4], [2, 3, 2]), 1.5);
  assert.equal(meanAbsoluteError([100, 5], [null, 4]), 1, "a hole in the truth is no nought");
});

test("without a number there is no error", () => {
  assert.equal(meanAbsoluteError([], []), null);
  assert.equal(meanAbsoluteError([null], [1]), null);
  assert.equal(meanAbsoluteError([1], []), null);
});

test("who always says the mean is off by the mean deviation", () => {
  assert.equal(meanBaselineError([0, 4]), 2);
  assert.equal(meanBaselineError([3]), 0);
});

test("a confusion matrix is read row by row", () => {
  const matrix = confusionMatrix([3, 1, null, 4], 2);
  assert.deepEqual(matrix, [[3, 1], [0, 4]]);
  assert.deepEqual(accuracy(matrix), { share: 7 / 8, total: 8 });
  assert.deepEqual(rowShares(matrix), [[0.75, 0.25], [0, 1]]);
});

test("a class without examples has no shares", () => {
  assert.deepEqual(rowShares([[0, 0], [1, 1]]), [[0, 0], [0.5, 0.5]]);
  assert.deepEqual(accuracy([]), { share: 0, total: 0 });
});

test("a token is right in its own place only", () => {
  assert.deepEqual(tokenMatches("a c", "a b c", " "), [
    { token: "a", matches: true },
    { token: "c", matches: false },
  ]);
  assert.deepEqual(tokenMatches("", "a", " "), []);
  assert.deepEqual(tokenMatches("ab", "", ""), [
    { token: "a", matches: false },
    { token: "b", matches: false },
  ]);
});

test("the best epoch is the first of the lowest loss", () => {
  const epochs = [{ validation: null }, { validation: 2 }, { validation: 1 }, { validation: 1 }];
  assert.equal(bestEpoch(epochs), epochs[2]);
  assert.equal(bestEpoch([{ validation: null }]), null);
  assert.equal(bestEpoch([]), null);
});
