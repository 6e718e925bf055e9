// What a task shows of itself after every epoch.

import { Chart } from "./chart.js";
import { ENDED } from "./feed.js";
import { element, set } from "./page.js";
import { number, percent, short, sum } from "./words.js";

/** What the validation part looks like to the model as it stands after the newest epoch. */
class Snapshot extends Chart {
  logarithmic = false;

  /** What to say while there is none: of a run that is over, and of one that goes on. */
  get lacking() {
    return ["", ""];
  }

  get awaited() {
    return this.lacking[ENDED.has(this.feed.latest?.status) ? 0 : 1];
  }

  get begun() {
    return this.feed.preview !== null;
  }

  signs() {
    return { shapes: [], annotations: [] };
  }
}

/** The forecast of the validation part as it stands after the newest epoch, beside the truth. */
export class Forecast extends Snapshot {
  get title() {
    return "Forecast of the validation part";
  }

  get lacking() {
    return ["No epoch came to its end, so there is no forecast.", "The forecast will show here after the first epoch."];
  }

  get across() {
    return { title: this.view.data.preview.along };
  }

  get measures() {
    return this.view.data.preview.measures;
  }

  lines() {
    const { truth, model } = this.view.data.colours;
    const { times, truth: values } = this.view.data.preview;
    const { epoch, values: forecast } = this.feed.preview;
    return [
      { name: "truth", version: 0, x: times, y: values, line: { color: truth, width: 2 } },
      { name: "forecast", version: epoch, x: times, y: forecast, line: { color: model, width: 2 } },
    ];
  }

  ranged() {
    // The truth is always seen whole; what the first, wild epochs say may leave the chart.
    const { truth } = this.view.data.preview;
    return { spread: [this.feed.preview.values], within: truth, reach: 1 };
  }

  sentence() {
    const { truth } = this.view.data.preview;
    const { epoch, values } = this.feed.preview;
    const errors = values.map((value, at) => (value === null ? null : Math.abs(value - truth[at])));
    const finite = errors.filter((error) => error !== null);
    if (!finite.length) return `After epoch ${epoch} the forecast isn't a number any more.`;
    const mean = sum(finite) / finite.length;
    const { unit } = this.view.data.preview;
    return `After epoch ${epoch} the forecast is off by ${number(mean)}${unit && ` ${unit}`} on average.`;
  }

  rows() {
    const { times, truth, along } = this.view.data.preview;
    const rows = times.map((time, at) => [time, truth[at], this.feed.preview.values[at]]);
    return { head: [along, "truth", "forecast"], rows };
  }
}

/** The numbers that the validation part's examples are said to have after the newest epoch, over the true ones. */
export class Guesses extends Snapshot {
  get title() {
    return "Validation part: guess against truth";
  }

  get lacking() {
    return ["No epoch came to its end, so nothing was guessed.", "The guesses will show here after the first epoch."];
  }

  get across() {
    return { title: "truth" };
  }

  get measures() {
    return "guess";
  }

  lines() {
    const { truth, model } = this.view.data.colours;
    const { truth: x } = this.view.data.preview;
    const { epoch, values: y } = this.feed.preview;
    const ends = [Math.min(...x), Math.max(...x)];
    return [
      { name: "where both are the same", version: 0, x: ends, y: ends, line: { color: truth, width: 2, dash: "dot" } },
      {
        name: "guesses",
        version: epoch,
        x,
        y,
        mode: "markers",
        marker: { color: model, size: 5, opacity: 0.7, line: { color: model, width: 0 } },
      },
    ];
  }

  layout() {
    return { ...super.layout(), hovermode: "closest" };
  }

  ranged() {
    return { spread: [this.feed.preview.values], within: this.view.data.preview.truth, reach: 1 };
  }

  sentence() {
    const { truth } = this.view.data.preview;
    const { epoch, values } = this.feed.preview;
    const errors = values.flatMap((value, at) => (value === null ? [] : Math.abs(value - truth[at])));
    if (!errors.length) return `After epoch ${epoch} the guesses aren't numbers any more.`;
    const middle = sum(truth) / truth.length;
    const usual = sum(truth.map((value) => Math.abs(value - middle))) / truth.length;
    const own = `After epoch ${epoch} a guess is off by ${number(sum(errors) / errors.length)} on average`;
    return `${own}; who always says the mean is off by ${number(usual)}.`;
  }

  rows() {
    const rows = this.view.data.preview.truth.map((value, at) => [value, this.feed.preview.values[at]]);
    return { head: ["truth", "guess"], rows };
  }
}

/** What the validation part's examples are taken for as the model stands after the newest epoch. */
export class Confusion extends Snapshot {
  get title() {
    return "Validation part: what is taken for what";
  }

  get lacking() {
    return ["No epoch came to its end, so nothing was told.", "What the model tells will show here after the first epoch."];
  }

  get across() {
    return { title: "said" };
  }

  get measures() {
    return "true";
  }

  /** How often each class, row by row, is taken for each. */
  get counts() {
    const { names } = this.view.data.preview;
    const { values } = this.feed.preview;
    return names.map((_, row) => values.slice(row * names.length, (row + 1) * names.length));
  }

  lines() {
    const { names } = this.view.data.preview;
    const { counts } = this;
    const shares = counts.map((row) => row.map((count) => count / Math.max(1, sum(row))));
    const places = names.map((_, at) => at);
    const [low, high] = this.view.data.colours.scale;
    const cells = names.length <= 12 && { text: counts, texttemplate: "%{text}", textfont: { color: this.view.theme.text } };
    return [
      {
        type: "heatmap",
        version: this.feed.preview.epoch,
        silent: true,
        x: places,
        y: places,
        z: shares,
        ...cells,
        customdata: counts,
        zmin: 0,
        zmax: 1,
        colorscale: [[0, low], [1, high]],
        showscale: false,
        xgap: 2,
        ygap: 2,
        hovertemplate: "%{y} taken for %{x}: %{customdata}<extra></extra>",
      },
    ];
  }

  layout() {
    const layout = super.layout();
    const { names } = this.view.data.preview;
    const axis = { showgrid: false, tickvals: names.map((_, at) => at), ticktext: names.map(short), type: "linear" };
    layout.yaxis.title.standoff = 14;
    Object.assign(layout.xaxis, axis, { nticks: undefined, automargin: true, showspikes: false });
    Object.assign(layout.yaxis, axis, { nticks: undefined, automargin: true, autorange: "reversed", tickformat: "" });
    return { ...layout, hovermode: "closest" };
  }

  range() {
    return {};
  }

  sentence() {
    const { counts } = this;
    const every = sum(counts.flat());
    const right = sum(counts.map((row, at) => row[at]));
    const shown = `${Math.round((100 * right) / Math.max(1, every))} %`;
    return `After epoch ${this.feed.preview.epoch} the model tells ${shown} of ${every.toLocaleString("en")} right.`;
  }

  rows() {
    const { names } = this.view.data.preview;
    return { head: ["true", ...names], rows: this.counts.map((row, at) => [names[at], ...row]) };
  }
}

/** What the model wrote after the newest epoch, each token in the colour of how likely the model held it. */
export class Writing {
  constructor(view) {
    this.view = view;
    this.caption = element("figcaption", {});
    this.prose = element("div", { className: "unroll-writing", role: "img", ariaLabel: this.title });
    this.empty = element("div", { className: "unroll-empty" });
    const head = element("div", { className: "unroll-head" }, element("h4", { textContent: this.title }));
    const stage = element("div", { className: "unroll-stage" }, this.prose, this.empty);
    const named = { className: "unroll-chart", ariaLabel: this.title };
    this.figure = element("figure", named, head, stage, this.caption);
  }

  get title() {
    return "What it writes";
  }

  draw() {
    const said = this.view.feed.preview;
    this.empty.hidden = said !== null;
    this.prose.hidden = said === null;
    set(this.caption, said ? `After epoch ${said.epoch}. The dice always fall the same: what changes is the model.` : "");
    const over = ENDED.has(this.view.feed.latest?.status);
    if (!said) return set(this.empty, over ? "No epoch came to its end, so nothing was written." : WRITING_AWAITED);
    if (!this.stale && said === this.drawn) return;
    this.stale = false;
    this.drawn = said;
    this.prose.replaceChildren(...said.texts.map((text, at) => this.token(text, said.values[at])));
    const written = said.texts.join("");
    this.prose.ariaLabel = `${this.title}: ${written}`;
    this.prose.classList.toggle("unroll-list", written.length < LIST * written.split("\n").length);
  }

  token(textContent, chance) {
    const [, background, word] = this.view.data.preview.shades.find(([least]) => chance >= least);
    const span = element("span", { textContent, title: `${number(100 * chance)} %: ${word}` });
    span.style.background = background;
    return span;
  }

  remove() {}
}

/** Characters of a line on average, below which lines stand in columns. */
const LIST = 25;

const WRITING_AWAITED = "The first lines will show here after the first epoch.";

/** Texts of the validation part, the right answers, and what was written after the newest epoch. */
export class Answers {
  stale = true;
  epoch = 0;

  constructor(view) {
    this.view = view;
    this.caption = element("figcaption", {});
    this.body = element("tbody", {});
    const { names } = view.data.preview;
    const heads = [names[0], names[1], "What it writes"].map((name) => element("th", { textContent: name }));
    const table = element("table", {}, element("thead", {}, element("tr", {}, ...heads)), this.body);
    this.figure = element(
      "figure",
      { className: "unroll-chart unroll-wide", ariaLabel: "Answers to the validation part" },
      element("div", { className: "unroll-head" }, element("h4", { textContent: "Its answers" })),
      element("div", { className: "unroll-answers", tabIndex: 0 }, table),
      this.caption,
    );
  }

  remove() {}

  draw() {
    const { preview, latest } = this.view.feed;
    if (!preview) {
      const over = ENDED.has(latest?.status);
      set(this.caption, over ? "No epoch came to its end." : "Its first answers come after the first epoch.");
    } else set(this.caption, this.sentence(preview));
    const epoch = preview?.epoch ?? 0;
    if (!this.stale && epoch === this.epoch) return;
    [this.stale, this.epoch] = [false, epoch];
    const { sources, truths } = this.view.data.preview;
    const rows = sources.map((source, at) => this.row(source, truths[at], preview?.texts[at]));
    this.body.replaceChildren(...rows);
  }

  row(source, truth, text) {
    const cells = [source, truth].map((cell) => element("td", { textContent: cell }));
    return element("tr", {}, ...cells, element("td", {}, ...this.compared(text, truth)));
  }

  /** What was written, token by token; what doesn't stand in its place is marked. */
  compared(text, truth) {
    if (text === undefined) return [];
    const between = this.view.data.preview.level === "word" ? " " : "";
    const [written, right] = [text, truth].map((cell) => (cell === "" ? [] : cell.split(between)));
    return written.flatMap((token, at) => [
      at ? between : "",
      token === right[at] ? token : element("mark", { textContent: token }),
    ]);
  }

  sentence({ epoch, values }) {
    const share = values?.length ? `${percent(values[0])} of the answers that are watched` : "no answer";
    return `After epoch ${epoch}, ${share} are exactly right. What stands in the wrong place is marked.`;
  }
}
