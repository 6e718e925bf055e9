// @ts-check
// What a ratio of two gradient norms means, in words.

import { formatNumber } from "./formatting.js";

/** @param {number} ratio */
const isEven = (ratio) => Math.abs(ratio - 1) < 0.05;

/**
 * What becomes of a gradient of which so much is left at the end of its way.
 *
 * @param {number} ratio
 */
export function gradientFate(ratio) {
  if (ratio === 0) return "The gradient has vanished.";
  if (ratio < 1e-3) return "The gradient vanishes.";
  if (ratio < 0.1) return "The gradient fades.";
  return ratio <= 10 ? "The gradient comes through." : "The gradient grows on its way back.";
}

/**
 * A ratio, before what it is of.
 *
 * @param {number} ratio
 */
export const ratioFactor = (ratio) => (isEven(ratio) ? "about" : `${formatNumber(ratio)} times`);

/**
 * How much the first time steps weigh beside the last.
 *
 * @param {number} ratio
 */
export function ratioWeight(ratio) {
  const first = "the first five time steps weigh";
  if (ratio === 0) return `${first} nothing beside the last five`;
  const much = isEven(ratio) ? "as much" : `${formatNumber(ratio)} times as much`;
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
 * The last measurement that has a ratio by what goes in.
 *
 * @template {{ ratios: (number | null)[] }} T
 * @param {readonly T[]} measurements
 */
export const lastMeasurement = (measurements) => measurements.findLast(({ ratios }) => ratios[0] !== null);
