// @ts-check
// Numbers and texts as people read them.

/**
 * A number to three digits or more that matter.
 *
 * @param {number | null | undefined} value
 */
export function formatNumber(value) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "not a number";
  const size = Math.abs(value);
  if (size >= 1e6) return value.toExponential(2);
  return size >= 1000 ? Math.round(value).toLocaleString("en") : String(Number(value.toPrecision(3)));
}

/**
 * A number with as many decimals as tell values of a range apart.
 *
 * @param {number} value
 * @param {number} range its size
 */
export function formatDecimals(value, range) {
  const decimals = 3 - Math.floor(Math.log10(range));
  return value.toLocaleString("en", { maximumFractionDigits: Math.min(Math.max(0, decimals), 20) });
}

/**
 * A share as a percentage.
 *
 * @param {number} share
 */
export function formatPercent(share) {
  if (share === 0) return "0%";
  return share < 0.01 ? "less than 1%" : `${Math.round(100 * share)}%`;
}

/**
 * A whole number, with commas.
 *
 * @param {number} value
 */
export const formatInteger = (value) => value.toLocaleString("en");

/**
 * How many of something: “1 step”, “2 steps”.
 *
 * @param {number} value
 * @param {string} noun
 */
export const formatCount = (value, noun) => `${formatInteger(value)} ${noun}${value === 1 ? "" : "s"}`;

/**
 * A time span, rounded up to whole seconds.
 *
 * @param {number} seconds
 */
export function formatDuration(seconds) {
  const whole = Math.ceil(seconds);
  if (whole < 60) return formatCount(whole, "second");
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/**
 * A cell of a table.
 *
 * @param {number | string | null | undefined} cell
 */
export const formatCell = (cell) =>
  typeof cell === "string" || Number.isInteger(cell) ? String(cell) : formatNumber(cell);

/**
 * Consecutive updates: “update 1”, “updates 1 to 9”.
 *
 * @param {number} first
 * @param {number} last
 */
export const formatUpdates = (first, last) =>
  first === last ? `update ${formatInteger(first)}` : `updates ${formatInteger(first)} to ${formatInteger(last)}`;

/**
 * A text of unknown origin as plotly.js shows it letter by letter.
 *
 * @param {string} text
 */
export const escapeMarkup = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/**
 * The beginning of a long name, as plotly.js shows it letter by letter.
 *
 * @param {string} name
 */
export const truncateName = (name) => escapeMarkup(name.length > 16 ? `${name.slice(0, 15)}…` : name);

/** Layers that the drawing of the model calls otherwise; their own names are in saved weights and in seeds. */
const LAYER_LABELS = new Map([
  ["told", "dense"],
  ["forecast_ahead", "added to the forecast"],
]);

/**
 * What a gradient is with respect to, in words: “lstm 1, cell”.
 *
 * @param {string | undefined} name
 */
export const gradientLabel = (name) => LAYER_LABELS.get(name ?? "") ?? (name ?? "").replaceAll("_", " ");
