// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import {
  escapeMarkup,
  formatCell,
  formatCount,
  formatDecimals,
  formatDuration,
  formatNumber,
  formatPercent,
  formatUpdates,
  gradientLabel,
  truncateName,
} from "../../components/ui/assets/formatting.js";

test("a number has three digits that matter", () => {
  assert.equal(formatNumber(0), "0");
  assert.equal(formatNumber(0.123456), "0.123");
  assert.equal(formatNumber(-12.345), "-12.3");
  assert.equal(formatNumber(1234.5), "1,235");
  assert.equal(formatNumber(999_999), "999,999");
  assert.equal(formatNumber(1_234_567), "1.23e+6");
  assert.equal(formatNumber(1.5e-9), "1.5e-9");
});

test("what is no number is said to be none", () => {
  for (const value of [null, undefined, NaN, Infinity, -Infinity]) assert.equal(formatNumber(value), "not a number");
});

test("decimals follow the range", () => {
  assert.equal(formatDecimals(1.23456, 10), "1.23");
  assert.equal(formatDecimals(1234.56, 10_000), "1,235");
  assert.equal(formatDecimals(0.00123456, 0.01), "0.00123");
});

test("decimals stay within what a number can be written with", () => {
  assert.equal(formatDecimals(2, 0), "2");
  assert.equal(formatDecimals(2, 1e-300), "2");
});

test("a share is a percentage, and a small one is told from none", () => {
  assert.equal(formatPercent(0), "0%");
  assert.equal(formatPercent(0.004), "less than 1%");
  assert.equal(formatPercent(0.01), "1%");
  assert.equal(formatPercent(0.555), "56%");
  assert.equal(formatPercent(1), "100%");
});

test("one is singular, and nought is not", () => {
  assert.equal(formatCount(1, "step"), "1 step");
  assert.equal(formatCount(0, "step"), "0 steps");
  assert.equal(formatCount(12_000, "step"), "12,000 steps");
});

test("a time span is rounded up to seconds", () => {
  assert.equal(formatDuration(0.2), "1 second");
  assert.equal(formatDuration(59), "59 seconds");
  assert.equal(formatDuration(59.5), "1 min 0 s");
  assert.equal(formatDuration(3599), "59 min 59 s");
  assert.equal(formatDuration(3600), "1 h 0 min");
  assert.equal(formatDuration(5400), "1 h 30 min");
});

test("an hour never has sixty minutes", () => {
  assert.equal(formatDuration(7199), "2 h 0 min");
  assert.equal(formatDuration(86_399), "24 h 0 min");
});

test("a cell is a text, a whole number or a rounded one", () => {
  assert.equal(formatCell("2020-01-01"), "2020-01-01");
  assert.equal(formatCell(123_456), "123456");
  assert.equal(formatCell(0.123456), "0.123");
  assert.equal(formatCell(null), "not a number");
});

test("updates are one or a stretch", () => {
  assert.equal(formatUpdates(1000, 1000), "update 1,000");
  assert.equal(formatUpdates(1, 2000), "updates 1 to 2,000");
});

test("a name can't smuggle in markup", () => {
  assert.equal(escapeMarkup("<b>&amp;"), "&lt;b>&amp;amp;");
  assert.equal(truncateName("<script>"), "&lt;script>");
});

test("a name of sixteen characters stays whole, a longer one is cut", () => {
  assert.equal(truncateName("sixteen letters!"), "sixteen letters!");
  assert.equal(truncateName("seventeen letters"), "seventeen lette…");
});

test("a gradient is named as people say it", () => {
  assert.equal(gradientLabel("input"), "input");
  assert.equal(gradientLabel("lstm_1"), "lstm 1");
  assert.equal(gradientLabel("told"), "dense", "as the drawing of the model has it");
  assert.equal(gradientLabel(undefined), "");
});
