// @ts-check
// What a ratio of two gradient norms means, in words.

import { formatNumber } from "./formatting.js";

/** @param {number} ratio */
const isEven = (ratio) => Math.abs(ratio - 1) < 0.05;

/**
 * What happens to a gradient that arrives with this ratio.
 *
 * @param {number} ratio
 */
export function gradientFate(ratio) {
  if (ratio === 0) return "The gradient has vanished.";
  if (ratio < 1e-3) return "The gradient vanishes.";
  if (ratio < 0.1) return "The gradient shrinks.";
  return ratio <= 10 ? "The gradient keeps its size." : "The gradient grows on the way back.";
}

/**
 * A ratio, before what it is of.
 *
 * @param {number} ratio
 */
export const ratioFactor = (ratio) => (isEven(ratio) ? "about" : `${formatNumber(ratio)} times`);

/**
 * How large the gradient of the first time steps is beside that of the last.
 *
 * @param {number} ratio
 */
export function ratioWeight(ratio) {
  const first = "the first five time steps have";
  if (ratio === 0) return `${first} no gradient, unlike the last five`;
  const much = isEven(ratio) ? "as large a gradient" : `${formatNumber(ratio)} times as large a gradient`;
  return `${first} ${much} as the last five`;
}

/**
 * What a ratio of first to last time steps means.
 *
 * @param {number | null | undefined} ratio
 */
export function ratioSummary(ratio) {
  if (ratio === null || ratio === undefined) return "there is no gradient to compare.";
  return `${ratioWeight(ratio)}. ${gradientFate(ratio)}`;
}

/**
 * The last measurement that has a ratio at the input.
 *
 * @template {{ ratios: (number | null)[] }} T
 * @param {readonly T[]} measurements
 */
export const lastMeasurement = (measurements) => measurements.findLast(({ ratios }) => ratios[0] !== null);
