// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { colorRange, colorValue, columnEdges, logTicks, timeStepAt } from "../../components/ui/assets/heatmap_scale.js";

test("without a gradient the scale has one decade", () => {
  assert.deepEqual(colorRange([]), { zmin: 0, zmax: 1 });
  assert.deepEqual(colorRange([[0, null]]), { zmin: 0, zmax: 1 });
});

test("a scale has half a decade at least and twelve at most", () => {
  assert.deepEqual(colorRange([[100]]), { zmin: 2, zmax: 2.5 });
  const { zmin, zmax } = colorRange([[1e-30, 1e-30, 1e-30, 1, 1, 1]]);
  assert.deepEqual([zmin, zmax], [-12, 0]);
});

test("nought has the darkest colour, and a hole none", () => {
  assert.equal(colorValue(0, -3), -3);
  assert.equal(colorValue(null, -3), null);
  assert.equal(colorValue(1000, -3), 3);
});

test("a long scale is named at powers of ten, ten times at most", () => {
  assert.deepEqual(
    logTicks(-1.5, 1.5).map(({ text }) => text),
    ["10<sup>-1</sup>", "1", "10<sup>1</sup>"],
  );
  assert.ok(logTicks(-12, 8).length <= 10);
});

test("a short scale is named between powers of ten too", () => {
  assert.deepEqual(
    logTicks(0, 1).map(({ text }) => text),
    ["1", "2", "3", "5", "10"],
  );
  assert.deepEqual(logTicks(0.35, 0.45), []);
});

test("a column reaches half way to its neighbours", () => {
  assert.deepEqual(columnEdges([1, 3, 7]), [1, 2, 5, 7]);
  assert.deepEqual(columnEdges([5]), [5, 5]);
  assert.deepEqual(columnEdges([0]), [0, 1], "a first measurement, before any update, has a width");
});

test("the last row is the newest time step", () => {
  assert.deepEqual([0, 1, 2].map((row) => timeStepAt(row, 3, 3)), [1, 2, 3]);
  assert.equal(timeStepAt(0, 1, 1), 1);
  assert.equal(timeStepAt(49, 50, 100), 100);
});
