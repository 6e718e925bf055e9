// Numbers and texts as people read them.

export const sum = (list) => list.reduce((one, other) => one + other, 0);
export const ascending = (one, other) => one - other;

/** A quantile of a sorted list, on the inner side: of ten numbers, 0.99 leaves the largest out. */
export const quantile = (sorted, share) => {
  const at = share * (sorted.length - 1);
  return sorted[share < 0.5 ? Math.ceil(at) : Math.floor(at)];
};

/** A number as people read it, to three digits or more that matter. */
export function number(value) {
  if (value === null || !Number.isFinite(value)) return "not a number";
  const size = Math.abs(value);
  if (size >= 1e6) return value.toExponential(2);
  return size >= 1000 ? Math.round(value).toLocaleString("en") : String(Number(value.toPrecision(3)));
}

/** A text of unknown origin that plotly shows as it is. */
export const safe = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** The beginning of a long name. */
export const short = (name) => safe(name.length > 16 ? `${name.slice(0, 15)}…` : name);

/** What a gradient is by, as people say it: “lstm 1, cell”. */
export const worded = (name) => (name === "input" ? "what goes in" : (name ?? "").replaceAll("_", " "));

export const shown = (cell) => (typeof cell === "string" || Number.isInteger(cell) ? cell : number(cell));
export const percent = (share) => (share < 0.01 ? "less than 1 %" : `${Math.round(100 * share)} %`);
export const count = (many, what) => `${many.toLocaleString("en")} ${what}${many === 1 ? "" : "s"}`;

export function duration(seconds) {
  const whole = Math.ceil(seconds);
  if (whole < 60) return count(whole, "second");
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.round((whole % 3600) / 60)} min`;
}
