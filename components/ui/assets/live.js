// The live charts: those of one run, or of several together, where a component of a page stands.

import { Feed, PERIOD, SHARE } from "./feed.js";
import { Layers, Loss, Norms, shareClipped } from "./learning.js";
import { element, hide, plotly, stand, themeOf, withPlotly } from "./page.js";
import { Answers, Confusion, Forecast, Guesses, Writing } from "./snapshots.js";
import { State, STATES } from "./state.js";
import { LayersField, Ratios, Through } from "./through.js";
import { BothNorms, Fates, Losses, Marks, Rates, Weights } from "./together.js";
import { number, percent } from "./words.js";

export { hide };

const CROWDS = { race: [Losses, Marks, Fates, Weights], twins: [Losses, BothNorms, Rates, Fates] };

/** What is drawn of the snapshots that a task takes of itself; the page names which. */
const PREVIEWS = { forecast: Forecast, guesses: Guesses, confusion: Confusion, writing: Writing, answers: Answers };

/** All that is drawn of a run in one place, from the moment it appears until it goes. */
class View {
  constructor(root) {
    this.root = element("div", { className: "unroll-live" });
    root.append(this.root);
  }

  show({ data, setTriggerValue }) {
    const other = data.run !== this.data?.run;
    this.data = data;
    this.tell = setTriggerValue;
    this.known = data.status; // the status for which the page's buttons are drawn
    this.theme = themeOf(this.root);
    if (other) this.#follow();
    this.update(true); // in other colours, perhaps
    this.feed.wake();
    if (window.Plotly) return;
    const lost = () => this.state.show(this.feed.latest, "lost");
    withPlotly(data.plotly, this.root, () => this.update(false), lost);
  }

  #follow() {
    this.leave();
    this.state = new State();
    this.feed = Feed.of(this.data.run);
    const usual = [Loss, Norms, PREVIEWS[this.data.preview?.kind], Layers].filter(Boolean);
    const kinds = this.data.inside ? [Through, LayersField, Ratios, Layers] : usual;
    this.charts = kinds.map((kind) => new kind(this));
    const grid = element("div", { className: "unroll-grid" }, ...this.charts.map((chart) => chart.figure));
    this.root.replaceChildren(this.state.root, grid);
    this.feed.join(this);
  }

  update(anew) {
    const { latest, trouble } = this.feed;
    this.state.show(latest, trouble);
    if (anew) for (const chart of this.charts) chart.stale = true;
    if (!latest) return;
    for (const chart of this.charts) chart.draw();
    if (trouble || latest.status === this.known) return;
    this.known = latest.status;
    this.tell("status", latest.status);
  }

  leave() {
    this.feed?.leave(this);
    for (const chart of this.charts ?? []) chart.remove();
  }

  hide() {
    this.leave();
    this.root.remove();
  }
}

const HEADS = {
  Clipped: "the share of the updates whose gradient was shortened",
  "First ÷ last": "how much the first five time steps weigh in the loss, beside the last five",
  "share explained": "1 is perfect, 0 is no better than always saying the mean",
};

/** All that is drawn of several runs in one place. */
class Crowd {
  constructor(root) {
    this.root = element("div", { className: "unroll-live" });
    root.append(this.root);
  }

  show({ data, setTriggerValue }) {
    const other = data.run !== this.data?.run;
    this.data = data;
    this.tell = setTriggerValue;
    this.known = data.runs.map(({ status }) => status).join();
    this.theme = themeOf(this.root);
    if (other) this.#follow();
    this.stale = true;
    this.draw();
    for (const feed of this.feeds) feed.wake();
    if (!window.Plotly) withPlotly(data.plotly, this.root, () => this.draw());
  }

  #follow() {
    this.leave();
    this.feeds = this.data.runs.map(({ id }) => Feed.of(id));
    this.charts = CROWDS[this.data.kind].map((kind) => new kind(this));
    this.standing = element("div", { className: "unroll-table unroll-standing", tabIndex: 0 });
    const grid = element("div", { className: "unroll-grid" }, ...this.charts.map((chart) => chart.figure));
    this.root.replaceChildren(this.standing, grid);
    for (const feed of this.feeds) feed.join(this);
  }

  /** The charts ask for one run where they mean any: the first that has something to say. */
  get feed() {
    return this.feeds.find(({ latest }) => latest) ?? this.feeds[0];
  }

  /** Each run comes at a time of its own: wait a little, and draw what is new of all at once. */
  update(anew) {
    this.stale ||= anew;
    this.later ??= setTimeout(() => {
      this.later = undefined;
      this.draw();
    }, Math.max(PERIOD / 2, (this.effort ?? 0) / SHARE));
  }

  draw() {
    const begun = performance.now();
    if (this.stale) for (const chart of this.charts) chart.stale = true;
    this.stale = false;
    this.stand();
    if (this.feed.latest) for (const chart of this.charts) chart.draw();
    this.effort = performance.now() - begun;
    const now = this.feeds.map(({ latest }, at) => latest?.status ?? this.data.runs[at].status).join();
    if (now === this.known || this.feeds.some(({ trouble }) => trouble)) return;
    this.known = now;
    this.tell("status", now);
  }

  /** How each run stands, as a table above the charts. */
  stand() {
    const head = ["", "", "Step", "Loss", this.data.score || "Validation loss", "First ÷ last"];
    if (this.data.kind === "twins") head.splice(4, 1, "Clipped");
    const rows = this.data.runs.map((run, at) => this.row(run, this.feeds[at]));
    const cells = head.map((name) => element("th", { textContent: name, title: HEADS[name] ?? "" }));
    this.standing.replaceChildren(
      element("table", {}, element("thead", {}, element("tr", {}, ...cells)), element("tbody", {}, ...rows)),
    );
  }

  row({ name, colour, note, status, clips }, feed) {
    const { steps, loss, before, after, epochs, through, latest } = feed;
    const sign = element("i", {});
    sign.style.background = colour;
    const end = epochs.at(-1);
    const mark = this.data.score ? end?.score : end?.validation;
    const ratio = through.findLast(({ ratios }) => ratios[0] !== null)?.ratios[0];
    const state = latest?.status ?? status;
    const badge = element("span", { className: "unroll-badge", textContent: feed.trouble ? "…" : STATES[state] ?? state });
    badge.dataset.status = state;
    const told = (value) => (value === undefined ? "–" : number(value));
    const third = this.data.kind === "twins" ? this.clipped(clips, before, after) : told(mark);
    const shown = [
      steps.length ? `${steps.at(-1).toLocaleString("en")} of ${latest.steps_total.toLocaleString("en")}` : "–",
      told(loss.at(-1)),
      third,
      told(ratio),
    ];
    const who = element("td", {}, sign, element("b", { textContent: name }), " ", element("small", { textContent: note }));
    return element("tr", {}, who, element("td", {}, badge), ...shown.map((textContent) => element("td", { textContent })));
  }

  clipped(clips, before, after) {
    return clips && before.length ? percent(shareClipped(before, after)) : "–";
  }

  leave() {
    clearTimeout(this.later);
    for (const feed of this.feeds ?? []) feed.leave(this);
    for (const chart of this.charts ?? []) chart.remove();
  }

  hide() {
    this.leave();
    this.root.remove();
  }
}

/** Draw runs where a component stands, or bring what is drawn there up to date; without one, load ahead. */
export function show(component) {
  const { run, runs, plotly: address } = component.data;
  if (run) stand(component, (root) => new (runs ? Crowd : View)(root));
  else plotly(address).catch(() => {});
}
