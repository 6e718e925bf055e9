// @ts-check
// How good the snapshots are that a task takes of itself.

import { finite, sum } from "./statistics.js";

/**
 * The mean absolute error of predictions, where both they and the truth are numbers; null where none are.
 *
 * @param {readonly (number | null)[]} predictions
 * @param {readonly (number | null)[]} truth
 */
export function meanAbsoluteError(predictions, truth) {
  const errors = predictions.flatMap((value, at) => {
    const right = truth[at] ?? null;
    return value === null || right === null ? [] : [Math.abs(value - right)];
  });
  return errors.length ? sum(errors) / errors.length : null;
}

/**
 * The mean absolute error of always predicting the mean.
 *
 * @param {readonly number[]} truth not empty
 */
export function meanBaselineError(truth) {
  const mean = sum(truth) / truth.length;
  return sum(truth.map((value) => Math.abs(value - mean))) / truth.length;
}

/**
 * A confusion matrix, a row for each true class.
 *
 * @param {readonly (number | null)[]} values row by row
 * @param {number} classes
 * @returns {number[][]}
 */
export const confusionMatrix = (values, classes) =>
  Array.from({ length: classes }, (_, row) =>
    values.slice(row * classes, (row + 1) * classes).map((count) => count ?? 0),
  );

/**
 * The share on the diagonal of a confusion matrix, with how many there are.
 *
 * @param {readonly (readonly number[])[]} matrix
 */
export function accuracy(matrix) {
  const total = sum(matrix.flat());
  return { share: sum(matrix.map((row, at) => row[at])) / Math.max(1, total), total };
}

/**
 * A confusion matrix as shares of each true class.
 *
 * @param {readonly (readonly number[])[]} matrix
 */
export const rowShares = (matrix) => matrix.map((row) => row.map((count) => count / Math.max(1, sum(row))));

/**
 * The tokens of a text, each with whether the right text has the same one in its place.
 *
 * @param {string} text
 * @param {string} truth
 * @param {string} separator of tokens
 */
export function tokenMatches(text, truth, separator) {
  const [written, right] = [text, truth].map((side) => (side === "" ? [] : side.split(separator)));
  return written.map((token, at) => ({ token, matches: token === right[at] }));
}

/**
 * The epoch of the lowest validation loss, the first of several; null where none was measured.
 *
 * @template {{ validation: number | null }} T
 * @param {readonly T[]} epochs
 */
export function bestEpoch(epochs) {
  const measured = epochs.flatMap((end) => (end.validation === null ? [] : [{ end, loss: end.validation }]));
  const lowest = Math.min(...finite(epochs.map(({ validation }) => validation)));
  return measured.find(({ loss }) => loss === lowest)?.end ?? null;
}
