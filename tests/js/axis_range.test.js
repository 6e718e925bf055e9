// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import {
  clamp,
  hasDrifted,
  robustRange,
  scaleRange,
  shiftRange,
  tickSpacing,
} from "../../components/ui/assets/axis_range.js";

/**
 * @param {number[] | undefined} actual
 * @param {number[]} expected
 */
function assertRange(actual, expected) {
  assert.ok(actual);
  actual.forEach((end, at) => assert.ok(Math.abs(end - expected[at]) < 1e-9, `${actual} is not ${expected}`));
}

test("without numbers there is no range", () => {
  assert.deepEqual(robustRange({ samples: [] }, false), {});
  assert.deepEqual(robustRange({ samples: [[], [null]], included: [null] }, false), {});
  assert.deepEqual(robustRange({ samples: [], reference: 1 }, true), {});
});

test("one point has room round it", () => {
  assertRange(robustRange({ samples: [[4]] }, false).range, [0, 8]);
  assertRange(robustRange({ samples: [[0]] }, false).range, [-1, 1]);
  assertRange(robustRange({ samples: [[100]] }, true).range, [1.9, 2.1]);
});

test("a spike at each end stays outside", () => {
  const calm = Array.from({ length: 98 }, (_, at) => at / 97);
  assertRange(robustRange({ samples: [[-1e9, ...calm, 1e9]] }, false).range, [-0.06, 1.06]);
});

test("what is included is inside, whatever the samples say", () => {
  assertRange(robustRange({ samples: [[0, 1, 1, 2]], included: [101] }, false).range, [-5, 107]);
});

test("a logarithmic axis leaves noughts, negatives and holes out", () => {
  assert.deepEqual(robustRange({ samples: [[0, -1, null]] }, true), {});
  assertRange(robustRange({ samples: [], included: [0, null, 1, 100] }, true).range, [-0.12, 2.12]);
});

test("a reference is inside where it is near", () => {
  assertRange(robustRange({ samples: [], included: [10, 100], reference: 5 }, true).range, [
    Math.log10(5) - 0.06 * (2 - Math.log10(5)),
    2 + 0.06 * (2 - Math.log10(5)),
  ]);
  assertRange(robustRange({ samples: [], included: [10, 100], reference: 0.001 }, true).range, [0.94, 2.06]);
});

test("with an extension the samples widen the range so far and no farther", () => {
  const data = { samples: [[-1000, -1000, 5, 5]], included: [0, 10], extension: 1 };
  assertRange(robustRange(data, false).range, [-11.2, 11.2]);
});

test("ticks are as dense as decades allow", () => {
  assert.equal(tickSpacing(0.5), "D1");
  assert.equal(tickSpacing(1), "D2");
  assert.equal(tickSpacing(2), 1);
  assert.equal(tickSpacing(25), 3);
  assert.equal(robustRange({ samples: [[1, 2]] }, false).dtick, null);
});

test("an axis follows once a range has drifted by three hundredths of its size", () => {
  assert.equal(hasDrifted([0, 100], [2, 101]), false);
  assert.equal(hasDrifted([0, 100], [0, 103]), true);
  assert.equal(hasDrifted([0, 100], undefined), false);
  assert.equal(hasDrifted(undefined, [0, 1]), true);
});

test("a zoom keeps the middle, and a move the width", () => {
  assert.deepEqual(scaleRange([0, 10], 0.5), [2.5, 7.5]);
  assert.deepEqual(scaleRange([2.5, 7.5], 2), [0, 10]);
  assert.deepEqual(shiftRange([0, 8], 0.25), [2, 10]);
  assert.deepEqual(shiftRange([2, 10], -0.25), [0, 8]);
});

test("a value is held between two ends", () => {
  assert.deepEqual([-1, 0.5, 2].map((value) => clamp(value, [0, 1])), [0, 0.5, 1]);
});
