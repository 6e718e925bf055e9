// @ts-check
// The cells and the logarithmic colour scale of a heatmap of gradient norms.

import { formatNumber } from "./formatting.js";
import { ascending, finite, quantile } from "./statistics.js";

const MAX_DECADES = 12; // as far as anybody can see

/**
 * The ends of a colour scale that a few norms don't spoil, as powers of ten.
 *
 * @param {readonly (readonly (number | null)[])[]} norms
 */
export function colorRange(norms) {
  const sorted = finite(norms.flat()).filter((norm) => norm > 0).map(Math.log10).sort(ascending);
  const [low, high] = sorted.length ? [quantile(sorted, 0.02), quantile(sorted, 0.98)] : [0, 1];
  const zmin = Math.max(low, high - MAX_DECADES);
  return { zmin, zmax: Math.max(high, zmin + 0.5) };
}

/**
 * A norm on the colour scale: 0 has the darkest colour, and null none.
 *
 * @param {number | null} norm
 * @param {number} zmin
 */
export function colorValue(norm, zmin) {
  if (norm === null) return null;
  return norm > 0 ? Math.log10(norm) : zmin;
}

/**
 * Ticks of a logarithmic scale: at powers of ten, ten at most; on a short one in between too.
 *
 * @param {number} low
 * @param {number} high
 * @returns {{ at: number, text: string }[]}
 */
export function logTicks(low, high) {
  const every = Math.max(1, Math.ceil((high - low) / 8));
  const first = Math.ceil(low / every) * every;
  const count = Math.max(0, Math.floor((high - first) / every) + 1);
  const powers = Array.from({ length: count }, (_, at) => first + at * every);
  if (count > 2) return powers.map((at) => ({ at, text: at === 0 ? "1" : `10<sup>${at}</sup>` }));
  return [first - 1, ...powers]
    .flatMap((power) => [1, 2, 3, 5].map((digit) => power + Math.log10(digit)))
    .filter((at) => at >= low && at <= high)
    .map((at) => ({ at, text: formatNumber(10 ** at) }));
}

/**
 * The edges of the columns: each measurement stands for the updates that are nearer to it than to any other.
 *
 * @param {readonly number[]} steps not empty
 * @returns {number[]} one more than there are steps
 */
export const columnEdges = (steps) => [
  steps[0],
  ...steps.slice(1).map((step, at) => (step + steps[at]) / 2),
  Math.max(steps[steps.length - 1], 1),
];

/**
 * The time step at a row of a column that holds fewer rows than a sequence has steps; the newest is last.
 *
 * @param {number} row
 * @param {number} count of rows
 * @param {number} length of the sequence
 */
export const timeStepAt = (row, count, length) => Math.round(((row + 0.5) * length) / count + 0.5);
