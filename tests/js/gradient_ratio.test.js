// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import {
  gradientFate,
  lastMeasurement,
  ratioFactor,
  ratioSummary,
  ratioWeight,
} from "../../components/ui/assets/gradient_ratio.js";

test("a gradient's fate follows its ratio", () => {
  assert.equal(gradientFate(0), "The gradient has vanished.");
  assert.equal(gradientFate(1e-9), "The gradient vanishes.");
  assert.equal(gradientFate(0.05), "The gradient shrinks.");
  assert.equal(gradientFate(0.1), "The gradient keeps its size.");
  assert.equal(gradientFate(10), "The gradient keeps its size.");
  assert.equal(gradientFate(11), "The gradient grows on the way back.");
});

test("a ratio near one isn't counted", () => {
  assert.equal(ratioFactor(1.04), "about");
  assert.equal(ratioFactor(0.5), "0.5 times");
  assert.equal(ratioWeight(0.96), "the first five time steps have as large a gradient as the last five");
});

test("nought weighs nothing", () => {
  assert.equal(ratioWeight(0), "the first five time steps have no gradient, unlike the last five");
});

test("without a gradient there is nothing to compare", () => {
  assert.equal(ratioSummary(null), "there is no gradient to compare.");
  assert.equal(ratioSummary(undefined), "there is no gradient to compare.");
  assert.equal(
    ratioSummary(0.01),
    "the first five time steps have 0.01 times as large a gradient as the last five. The gradient shrinks.",
  );
});

test("the last ratio that could be measured counts", () => {
  const measurements = [{ ratios: [0.5] }, { ratios: [0] }, { ratios: [null] }];
  assert.equal(lastMeasurement(measurements), measurements[1]);
  assert.equal(lastMeasurement([{ ratios: [null] }]), undefined);
  assert.equal(lastMeasurement([]), undefined);
});
