// @ts-check
// Sums, quantiles and means of lists of numbers, in which null stands for what is no number.

const BIN_SIZE = 5; // fewest updates that a smoothed point is of
const MAX_BINS = 400; // of a smoothed line

/** @param {readonly number[]} values */
export const sum = (values) => values.reduce((total, value) => total + value, 0);

/**
 * @param {number} one
 * @param {number} other
 */
export const ascending = (one, other) => one - other;

/**
 * The numbers among some values.
 *
 * @template T
 * @param {readonly (T | null)[]} values
 */
export const finite = (values) => values.flatMap((value) => (value === null ? [] : [value]));

/**
 * A quantile of a sorted list, on the inner side: of ten numbers, 0.99 leaves the largest out.
 *
 * @param {readonly number[]} sorted not empty
 * @param {number} share
 */
export const quantile = (sorted, share) => {
  const at = share * (sorted.length - 1);
  return sorted[share < 0.5 ? Math.ceil(at) : Math.floor(at)];
};

/**
 * The median of the numbers among some values, the lower one of two; null where there is none.
 *
 * @param {readonly (number | null)[]} values
 */
export function median(values) {
  const sorted = finite(values).sort(ascending);
  return sorted.length ? quantile(sorted, 0.5) : null;
}

/**
 * At most so many of a list's values, evenly chosen: enough for its quantiles.
 *
 * @template T
 * @param {readonly T[]} values
 * @param {number} most
 */
export function subsample(values, most) {
  const every = Math.ceil(values.length / most);
  return every > 1 ? values.filter((_, at) => at % every === 0) : values;
}

/**
 * The bounds of consecutive bins of nearly equal size: of each, the first place and that after its last.
 *
 * @param {number} length of the list that is cut
 * @param {number} most bins at most
 * @returns {[number, number][]}
 */
export function bins(length, most) {
  const count = Math.min(length, most);
  const edge = (/** @type {number} */ at) => Math.round((at * length) / count);
  return Array.from({ length: count }, (_, at) => [edge(at), edge(at + 1)]);
}

/**
 * The mean of consecutive values, MAX_BINS means at most: x at the end of each bin, null where one value is none.
 *
 * @param {readonly number[]} steps
 * @param {readonly (number | null)[]} values aligned with `steps`
 * @param {number} size of a bin at least
 */
export function binnedMeans(steps, values, size = BIN_SIZE) {
  const width = Math.max(size, Math.ceil(steps.length / MAX_BINS));
  /** @type {number[]} */
  const x = [];
  /** @type {(number | null)[]} */
  const y = [];
  for (let begin = 0; begin < steps.length; begin += width) {
    const bin = values.slice(begin, begin + width);
    const numbers = finite(bin);
    x.push(steps[Math.min(begin + width, steps.length) - 1]);
    y.push(numbers.length === bin.length ? sum(numbers) / numbers.length : null);
  }
  return { x, y };
}

/**
 * Leave out what has diverged, so that what still converges can be told apart: the others' lines leave the chart.
 *
 * @param {readonly (readonly (number | null)[])[]} lists
 */
export function withoutDivergence(lists) {
  const lowest = Math.min(...finite(lists.map(median)));
  return lists.map((list) => finite(list).filter((value) => value <= 1e4 * lowest));
}
