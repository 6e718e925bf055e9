// Several runs side by side in the same charts.

import { Chart } from "./chart.js";
import { shareClipped } from "./learning.js";
import { even, POWERS, weighs } from "./through.js";
import { ascending, number, percent, quantile, safe, sum } from "./words.js";

/** A chart with a line for each of several runs. */
class Together extends Chart {
  get feeds() {
    return this.view.feeds;
  }

  get begun() {
    return this.feeds.some((feed) => this.has(feed));
  }

  has(feed) {
    return feed.steps.length > 0;
  }

  /** What is drawn of a run: `x`, `y`, and what else differs from a plain line. */
  of() {
    throw new Error("what is drawn of a run");
  }

  lines() {
    return this.view.data.runs.map(({ name, colour }, at) => {
      const { line = {}, ...drawn } = this.of(this.feeds[at], at);
      const version = `${this.feeds[at].latest?.generation} ${drawn.x.length} ${drawn.x.at(-1)} ${drawn.version ?? ""}`;
      return { name, mode: "lines", ...drawn, version, line: { color: colour, width: 2, ...line } };
    });
  }

  signs() {
    const { text } = this.view.theme;
    const deaths = this.view.data.runs.map((run, at) => ({ ...run, death: this.feeds[at].latest?.death }));
    const fallen = this.marksDeaths ? deaths.filter(({ death }) => death) : [];
    return {
      shapes: fallen.map(({ death, colour }) => {
        const line = { color: colour, width: 1.5, dash: "dot" };
        return { type: "line", x0: death.step, x1: death.step, y0: 0, y1: 1, yref: "paper", line };
      }),
      annotations: fallen.map(({ death, name }, row) => ({
        x: death.step,
        y: 1,
        yref: "paper",
        yanchor: "bottom",
        yshift: 13 * row,
        xanchor: "left",
        showarrow: false,
        text: `✝ ${safe(name)}`,
        font: { size: 11, color: text },
      })),
    };
  }

  marksDeaths = true;

  layout() {
    const layout = super.layout();
    if (this.logarithmic) Object.assign(layout.yaxis, POWERS);
    return layout;
  }

  /** Give the names of the runs from the best to the worst by a number of each, and these. */
  ranked(numberOf) {
    return this.view.data.runs
      .map(({ name }, at) => ({ name, value: numberOf(this.feeds[at]) }))
      .filter(({ value }) => value !== null && value !== undefined)
      .sort((one, other) => one.value - other.value);
  }

  rows() {
    const every = this.lines().map(({ name, x, y }) => ({ name, at: new Map(x.map((place, n) => [place, y[n]])) }));
    const places = [...new Set(every.flatMap(({ at }) => [...at.keys()]))].sort(ascending);
    const rows = places.map((place) => [place, ...every.map(({ at }) => (at.has(place) ? at.get(place) : ""))]);
    return { head: [this.across.title, ...every.map(({ name }) => name)], rows };
  }
}

const MOST_ALONG = 400; // points of a smoothed line

/** The mean over a stretch of updates, for at most MOST_ALONG stretches: x at the end of each. */
function smoothed(steps, values, mean = true) {
  const size = Math.max(mean ? 5 : 1, Math.ceil(steps.length / MOST_ALONG));
  const x = [];
  const y = [];
  for (let begin = 0; begin < steps.length; begin += size) {
    const part = values.slice(begin, begin + size);
    const finite = part.filter((value) => value !== null);
    x.push(steps[Math.min(begin + size, steps.length) - 1]);
    y.push(finite.length === part.length ? sum(finite) / finite.length : null);
  }
  return { x, y };
}

/** Leave out what has run away, so that what lives can still be told apart: the others' lines leave the chart. */
function tame(lists) {
  const middles = lists.map((list) => quantile(list.filter((value) => value !== null).sort(ascending), 0.5));
  const calm = Math.min(...middles.filter((middle) => middle !== undefined));
  return lists.map((list) => list.filter((value) => value !== null && value <= 1e4 * calm));
}

/** The training loss of each run, smoothed over a few updates. */
export class Losses extends Together {
  get title() {
    return "Training loss";
  }

  get measures() {
    return this.view.data.loss;
  }

  of({ steps, loss }) {
    return smoothed(steps, loss);
  }

  ranged() {
    return { spread: tame(this.feeds.map(({ loss }) => loss)) };
  }

  sentence() {
    const now = this.ranked(({ steps, loss }) => (loss.at(-1) === null ? null : smoothed(steps, loss).y.at(-1)));
    const dead = this.view.data.runs.filter((_, at) => this.feeds[at].loss.at(-1) === null);
    const over = dead.map(({ name }) => ` The loss of ${name} is no number any more.`).join("");
    if (!now.length) return `No loss is a number any more.`;
    const [first, last] = [now[0], now.at(-1)];
    if (now.length === 1) return `${first.name} stands at ${number(first.value)}.${over}`;
    return `${first.name} is ahead with ${number(first.value)}; ${last.name} stands at ${number(last.value)}.${over}`;
  }
}

/** How good each run is on the validation part, epoch by epoch. */
export class Marks extends Together {
  logarithmic = false;

  get title() {
    return this.view.data.score ? `Validation part: ${this.view.data.score}` : "Validation loss";
  }

  get measures() {
    return this.view.data.score || this.view.data.loss;
  }

  get awaited() {
    return "The first marks come at the end of the first epoch.";
  }

  has({ epochs }) {
    return epochs.length > 0;
  }

  valueOf(end) {
    return this.view.data.score ? end.score : end.validation;
  }

  of({ epochs }) {
    const x = epochs.map(({ step }) => step);
    return { x, y: epochs.map((end) => this.valueOf(end)), mode: "lines+markers", marker: { size: 5 } };
  }

  ranged() {
    // A mark far below nothing is as bad as one a little below.
    const every = this.feeds.flatMap(({ epochs }) => epochs.map((end) => this.valueOf(end)));
    return { spread: [], within: this.view.data.score ? [0, 1, ...every.filter((one) => one > -0.5)] : every };
  }

  sentence() {
    const last = ({ epochs }) => (epochs.length ? this.valueOf(epochs.at(-1)) : null);
    const now = this.ranked(last);
    if (!now.length) return "No run has a mark yet.";
    if (this.view.data.score) now.reverse();
    return `Now ${now.map(({ name, value }) => `${name} has ${number(value)}`).join(", ")}.`;
  }
}

/** Of each run, how much the first time steps weigh beside the last, over the training. */
export class Fates extends Together {
  get title() {
    return "Gradient: first over last time steps";
  }

  get measures() {
    return "ratio of the norms";
  }

  get awaited() {
    return "The first look into the models comes after a second or two.";
  }

  has({ through }) {
    return through.length > 0;
  }

  of({ through }) {
    const marker = { size: 4 };
    return { x: through.map(({ step }) => step), y: through.map(({ ratios }) => ratios[0]), mode: "lines+markers", marker };
  }

  ranged() {
    const every = this.feeds.flatMap(({ through }) => through.map(({ ratios }) => ratios[0]));
    return { spread: [], within: every.filter((ratio) => ratio > 1e-30), near: 1 };
  }

  signs() {
    const signs = super.signs();
    return { ...signs, shapes: [...signs.shapes, even(this.view.theme)] };
  }

  sentence() {
    const now = this.ranked(({ through }) => through.findLast(({ ratios }) => ratios[0] !== null)?.ratios[0]);
    if (!now.length) return "No gradient can be compared.";
    const [worst, best] = [now[0], now.at(-1)];
    const own = ({ name, value }) => `in ${name} ${weighs(value)}`;
    return now.length === 1 ? `Now ${own(best)}.` : `Now ${own(best)}; ${own(worst)}.`;
  }
}

/** Of each run, how much every time step weighs, as it stands now. */
export class Weights extends Together {
  marksDeaths = false;

  get title() {
    return "How much each time step weighs now";
  }

  get measures() {
    return "norm of the gradient";
  }

  get across() {
    return { title: "time step", tickformat: ",d" };
  }

  get awaited() {
    return "The first look into the models comes after a second or two.";
  }

  has({ through }) {
    return through.length > 0;
  }

  newest({ through }) {
    return through.findLast(({ ratios }) => ratios[0] !== null) ?? through.at(-1);
  }

  of(feed) {
    const look = this.newest(feed);
    const y = look?.norms[0] ?? [];
    const x = y.map((_, at) => Math.round(((at + 0.5) * feed.length) / y.length + 0.5));
    return { x, y, version: look?.step };
  }

  ranged() {
    const every = this.feeds.flatMap((feed) => this.of(feed).y);
    return { spread: [], within: every.filter((norm) => norm > 1e-30) };
  }

  sentence() {
    const steps = this.feeds.map((feed) => this.newest(feed)?.step).filter((step) => step !== undefined);
    const [low, high] = [Math.min(...steps), Math.max(...steps)];
    const when = low === high ? `after update ${low}` : `after updates ${low} to ${high}`;
    return `By what goes in, ${when}. A flat line remembers the beginning; one that falls to the left forgets it.`;
  }
}

/** The norm of the gradient of each run before clipping, and of the clipped one after it. */
export class BothNorms extends Together {
  get title() {
    return "Gradient norm, before and after clipping";
  }

  get measures() {
    return "norm of all gradients";
  }

  lines() {
    const { after } = this.view.data.colours;
    const clipped = this.view.data.runs.flatMap((run, at) => (run.clips ? [{ run, feed: this.feeds[at] }] : []));
    const drawn = clipped.map(({ run, feed }) => {
      const { x, y } = smoothed(feed.steps, feed.after, false);
      const line = { color: after, width: 1.5 };
      return { name: `${run.name}, after`, mode: "lines", x, y, line, version: `${x.length} ${x.at(-1)}` };
    });
    return [...super.lines(), ...drawn];
  }

  of({ steps, before }) {
    return { ...smoothed(steps, before, false), line: { width: 1.5 } };
  }

  ranged() {
    return { spread: tame(this.feeds.map(({ before }) => before)) };
  }

  sentence() {
    return this.view.data.runs
      .map((run, at) => {
        const { before, after } = this.feeds[at];
        const finite = before.filter((norm) => norm !== null);
        if (!finite.length) return `${run.name}: nothing yet.`;
        const top = `its largest gradient was ${number(Math.max(...finite))}`;
        return run.clips ? `${run.name}: ${top}, ${percent(shareClipped(before, after))} of the steps were clipped.` : `${run.name}: ${top}.`;
      })
      .join(" ");
  }
}

/** The learning rate that is left once clipping has shortened a step. */
export class Rates extends Together {
  get title() {
    return "Effective learning rate";
  }

  get measures() {
    return "learning rate × after ÷ before";
  }

  of({ steps, before, after, latest }) {
    const rate = latest?.learning_rate ?? 0;
    const left = before.map((norm, at) => (norm > 0 && after[at] !== null ? (rate * after[at]) / norm : null));
    return smoothed(steps, left, false);
  }

  ranged() {
    return { spread: this.feeds.map((feed) => this.of(feed).y) };
  }

  sentence() {
    return this.view.data.runs
      .map((run, at) => {
        const left = this.of(this.feeds[at]).y.filter((rate) => rate !== null);
        if (!left.length) return "";
        const least = Math.min(...left);
        return run.clips
          ? `${run.name}: clipping lets it fall to ${number(least)}, just when the step would be a leap.`
          : `${run.name} always takes the whole ${number(left.at(-1))}.`;
      })
      .join(" ");
  }
}
