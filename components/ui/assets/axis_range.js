// @ts-check
// Ranges and ticks of axes.

/** @import { RangeData } from "./types.d.ts" */

import { ascending, finite, quantile, subsample } from "./statistics.js";

const MAX_SAMPLES = 2000; // of a list, for its quantiles

/**
 * The range of an axis that a few spikes don't spoil, in powers of ten where it is logarithmic; none without numbers.
 *
 * @param {RangeData} data
 * @param {boolean} logarithmic
 * @returns {{ range?: [number, number], dtick?: string | number | null }}
 */
export function robustRange({ samples, included = [], reference = null, extension = null }, logarithmic) {
  /** @param {readonly (number | null)[]} values */
  const usable = (values) => finite(values).filter((value) => !logarithmic || value > 0);
  const position = logarithmic ? Math.log10 : (/** @type {number} */ value) => value;
  let ends = samples.flatMap((values) => {
    const sorted = usable(subsample(values, MAX_SAMPLES)).map(position).sort(ascending);
    return sorted.length ? [quantile(sorted, 0.01), quantile(sorted, 0.99)] : [];
  });
  const inside = usable(included).map(position);
  if (extension !== null && inside.length) {
    const [low, high] = [Math.min(...inside), Math.max(...inside)];
    const margin = extension * (high - low || 1);
    ends = ends.map((end) => clamp(end, [low - margin, high + margin]));
  }
  const all = [...ends, ...inside];
  if (!all.length) return {};
  let [low, high] = [Math.min(...all), Math.max(...all)];
  if (reference !== null && position(reference) > low - 1 && position(reference) < high + 1) {
    [low, high] = [Math.min(low, position(reference)), Math.max(high, position(reference))];
  }
  const padding = 0.06 * (high - low) || (logarithmic ? 0.1 : Math.abs(high) || 1);
  return { range: [low - padding, high + padding], dtick: logarithmic ? tickSpacing(high - low) : null };
}

/**
 * Plotly's `dtick`: on a short logarithmic axis every digit is named, on a longer one 1, 2 and 5, then powers of ten.
 *
 * @param {number} decades
 */
export function tickSpacing(decades) {
  if (decades < 0.7) return "D1";
  return decades < 2 ? "D2" : Math.ceil(decades / 10);
}

/**
 * Whether a range has drifted so far from the one that is shown that an axis should follow.
 *
 * @param {[number, number] | undefined} shown
 * @param {[number, number] | undefined} next
 */
export function hasDrifted(shown, next) {
  if (!next) return false;
  if (!shown) return true;
  const size = shown[1] - shown[0];
  return next.some((end, at) => Math.abs(end - shown[at]) >= 0.03 * size);
}

/**
 * @param {number} value
 * @param {[number, number]} range
 */
export const clamp = (value, [low, high]) => Math.min(Math.max(value, low), high);

/**
 * A range so many times as wide around the same middle.
 *
 * @param {[number, number]} range
 * @param {number} factor
 * @returns {[number, number]}
 */
export function scaleRange([from, to], factor) {
  const [middle, half] = [(from + to) / 2, ((to - from) / 2) * factor];
  return [middle - half, middle + half];
}

/**
 * A range moved by a share of its width.
 *
 * @param {[number, number]} range
 * @param {number} share
 * @returns {[number, number]}
 */
export const shiftRange = ([from, to], share) => [from + share * (to - from), to + share * (to - from)];
