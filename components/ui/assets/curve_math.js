// @ts-check
// Curves of runs: along which axis, how smooth, beside another run's, and how far apart those of several seeds are.

/** @import { RunHistory } from "./run_history.js" */

import { bins, finite, sum } from "./statistics.js";

const SMOOTHING_SCALE = 1000; // smoothing is the same wherever an axis is so many points wide

/**
 * Numbers along an axis, from left to right; null stands for what is no number.
 *
 * @typedef {{ x: number[], y: (number | null)[] }} Curve
 */

/**
 * Where steps of a run lie on an axis.
 *
 * @param {RunHistory} history
 * @param {readonly number[]} steps rising
 * @param {"step" | "epoch" | "seconds"} axis
 * @returns {number[]} none where they aren't known
 */
export function placesOf({ clock, latest }, steps, axis) {
  if (axis === "step") return [...steps];
  if (axis === "epoch") {
    const { steps_total = 0, epochs_total = 0 } = latest ?? {};
    return steps_total ? steps.map((step) => (step * epochs_total) / steps_total) : [];
  }
  const pace = latest?.steps_per_second;
  if (!clock.length) return pace ? steps.map((step) => step / pace) : [];
  const knots = { x: [0, ...clock.map(({ step }) => step)], y: [0, ...clock.map(({ seconds }) => seconds)] };
  const last = knots.y[knots.y.length - 1];
  return interpolate(knots, steps).map((seconds) => seconds ?? last);
}

/**
 * The values of a curve at other places, on the straight line between its nearest points; null beyond its ends.
 *
 * @param {Curve} curve
 * @param {readonly number[]} places rising
 * @returns {(number | null)[]}
 */
export function interpolate({ x, y }, places) {
  let at = 0;
  return places.map((place) => {
    while (at < x.length - 2 && x[at + 1] < place) at += 1;
    const next = Math.min(at + 1, x.length - 1);
    const [left, right, low, high] = [x[at], x[next], y[at], y[next]];
    if (!x.length || place < left || place > right) return null;
    if (place === left) return low;
    if (place === right) return high;
    return low === null || high === null ? null : low + ((place - left) / (right - left)) * (high - low);
  });
}

/**
 * Smooth a curve by an exponential moving average that starts at its first value. A value counts for the stretch that
 * it ends, and what an older one still counts depends on how far back it lies: a curve that was thinned to the means
 * of its stretches comes out nearly as the whole one would.
 *
 * @param {Curve} curve
 * @param {number} weight from 0, which leaves it as it is, to below 1
 * @returns {Curve}
 */
export function smooth({ x, y }, weight) {
  const scale = SMOOTHING_SCALE / (x[x.length - 1] - x[0] || 1);
  let [mean, total, last] = [0, 0, x[0] - (x[1] - x[0] || 1)];
  const smoothed = y.map((value, at) => {
    if (value === null) return null;
    const stretch = x[at] - last;
    const kept = Math.sqrt(weight) ** (stretch * scale);
    [mean, total, last] = [mean * kept + stretch * value, total * kept + stretch, x[at]];
    return mean / total;
  });
  return { x, y: weight ? smoothed : y };
}

/**
 * The lowest and the highest point of each of so many stretches: as a chart of that width shows the whole curve.
 *
 * @param {Curve} curve
 * @param {number} most stretches
 * @returns {Curve}
 */
export function envelope({ x, y }, most) {
  if (x.length <= 2 * most) return { x, y };
  const kept = bins(x.length, most).flatMap(([begin, end]) => {
    let [low, high] = [begin, begin];
    for (let at = begin; at < end; at += 1) {
      if ((y[at] ?? Infinity) < (y[low] ?? Infinity)) low = at;
      if ((y[at] ?? -Infinity) > (y[high] ?? -Infinity)) high = at;
    }
    return low === high ? [low] : [Math.min(low, high), Math.max(low, high)];
  });
  return { x: kept.map((at) => x[at]), y: kept.map((at) => y[at]) };
}

/**
 * The last point of each of so many stretches of a curve that is smooth already.
 *
 * @param {Curve} curve
 * @param {number} most stretches
 * @returns {Curve}
 */
export function thin({ x, y }, most) {
  if (x.length <= most) return { x, y };
  const kept = bins(x.length, most).map(([, end]) => end - 1);
  return { x: kept.map((at) => x[at]), y: kept.map((at) => y[at]) };
}

/**
 * A curve less another, as far as both go.
 *
 * @param {Curve} curve
 * @param {Curve} base
 * @returns {Curve}
 */
export function difference({ x, y }, base) {
  const beside = interpolate(base, x);
  return {
    x,
    y: y.map((value, at) => {
      const other = beside[at];
      return value === null || other === null ? null : value - other;
    }),
  };
}

/**
 * The mean of curves, and the lowest and the highest of them, where at least two have a value.
 *
 * @param {readonly Curve[]} curves
 * @param {number} most places
 * @returns {{ x: number[], mean: number[], low: number[], high: number[] }}
 */
export function band(curves, most) {
  const longest = curves.reduce((one, other) => (other.x.length > one.x.length ? other : one));
  const places = thin(longest, most).x;
  const beside = curves.map((curve) => interpolate(curve, places));
  /** @type {ReturnType<typeof band>} */
  const found = { x: [], mean: [], low: [], high: [] };
  places.forEach((place, at) => {
    const values = finite(beside.map((ys) => ys[at]));
    if (values.length < 2) return;
    found.x.push(place);
    found.mean.push(sum(values) / values.length);
    found.low.push(Math.min(...values));
    found.high.push(Math.max(...values));
  });
  return found;
}

/**
 * Evenly spaced places from the first to the last of some curves.
 *
 * @param {readonly Curve[]} curves
 * @param {number} count
 */
export function commonPlaces(curves, count) {
  const ends = curves.flatMap(({ x }) => (x.length ? [x[0], x[x.length - 1]] : []));
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  return Array.from({ length: ends.length ? count : 0 }, (_, at) => low + (at / (count - 1)) * (high - low));
}
