// @ts-check
// The replay of a training that is over: its charts as they stood after any step, at any speed.

/** @import { PreviewPoint } from "./points.d.ts" */

import { element, setText } from "./dom.js";
import { DRAWING_SHARE, END_STATUSES } from "./feed.js";
import { formatInteger } from "./formatting.js";
import { RunHistory } from "./run_history.js";

const SECONDS = 20; // that a whole training takes at the usual speed
const SPEEDS = [0.25, 0.5, 1, 2, 4, 10];
const PERIOD = 80; // milliseconds between two pictures

/**
 * A run's history up to a step, as it was known then.
 *
 * @param {RunHistory} whole
 * @param {number} step
 * @param {PreviewPoint[]} previews what the task showed of itself, in the order of epochs
 */
export function historyAt(whole, step, previews) {
  const past = new RunHistory();
  const count = whole.steps.filter((made) => made <= step).length;
  for (const name of /** @type {const} */ (["steps", "loss", "lossMeans", "before", "beforeMeans", "after"])) {
    Object.assign(past, { [name]: whole[name].slice(0, count) });
  }
  past.layers = whole.layers.map((norms) => norms.slice(0, count));
  past.epochs = whole.epochs.filter((end) => end.step <= step);
  past.clock = whole.clock.filter((point) => point.step <= step);
  past.marks = whole.marks.filter((mark) => mark.step <= step);
  past.through = whole.through.filter((look) => look.step <= step);
  [past.sources, past.timeSteps] = [whole.sources, whole.timeSteps];
  const epoch = past.epochs.at(-1)?.epoch ?? -1;
  past.preview = previews.filter((preview) => preview.epoch <= epoch).at(-1) ?? null;
  past.latest = whole.latest && { ...whole.latest, step: past.steps.at(-1) ?? 0, epoch: Math.max(0, epoch) };
  return past;
}

/** What plays a run: a button, the step that is shown, and the speed. */
export class Replay {
  /** @type {RunHistory | null} as it stood at the step that is shown; null while that is the end */
  history = null;
  #whole = new RunHistory();
  #step = 0;
  #wanted = 1; // speed
  #isPlaying = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {Promise<PreviewPoint[]> | undefined} */
  #previews;

  /**
   * @param {string} run
   * @param {boolean} isOver whether the run is known to be: then its place is kept before anything else is known
   * @param {(goesBack: boolean) => void} draw draws what `history` has become
   */
  constructor(run, isOver, draw) {
    this.url = new URL(`../../api/runs/${run}/previews`, import.meta.url);
    this.draw = draw;
    this.button = element("button", { type: "button", className: "unroll-play", onclick: () => this.#toggle() });
    this.slider = element("input", { type: "range", ariaLabel: "Training step", step: "1", min: "0" });
    this.slider.oninput = () => this.#jump(Number(this.slider.value));
    this.label = element("span", { className: "unroll-replay-step" });
    const options = SPEEDS.map((speed) => element("option", { value: String(speed), textContent: `${speed}×` }));
    this.speed = element("select", { ariaLabel: "Speed", title: "Speed" }, ...options);
    this.speed.value = "1";
    this.speed.onchange = () => (this.#wanted = Number(this.speed.value));
    const properties = { className: "unroll-replay", role: "group", ariaLabel: "Replay of the training" };
    this.root = element("div", { ...properties, hidden: !isOver }, this.button, this.slider, this.label, this.speed);
    this.#label();
  }

  /**
   * Take in all that is known of the run; only what is over can be replayed.
   *
   * @param {RunHistory} whole
   */
  show(whole) {
    if (!whole.latest) return;
    this.#whole = whole;
    const isOver = END_STATUSES.has(whole.latest.status) && whole.steps.length > 1;
    this.root.hidden = !isOver;
    if (!isOver) this.#end();
    this.slider.max = String(this.#last);
    if (!this.history) this.slider.value = this.slider.max;
    this.#label();
  }

  remove() {
    clearTimeout(this.#timer);
  }

  get #last() {
    return this.#whole.steps.at(-1) ?? 0;
  }

  #label() {
    setText(this.button, this.#isPlaying ? "❚❚ Pause" : "▶ Replay the training");
    const step = this.history ? Math.round(this.#step) : this.#last;
    setText(this.label, `step ${formatInteger(step)} of ${formatInteger(this.#last)}`);
  }

  async #toggle() {
    if (this.#isPlaying) {
      this.#isPlaying = false;
      clearTimeout(this.#timer);
      this.#label();
      return;
    }
    this.#isPlaying = true;
    await this.#jump(this.history ? this.#step : 0);
    this.#next(performance.now());
  }

  /** @param {number} since when the step that is shown was drawn */
  #next(since) {
    clearTimeout(this.#timer);
    if (!this.#isPlaying) return;
    const spent = performance.now() - since;
    this.#timer = setTimeout(async () => {
      const now = performance.now();
      const step = this.#step + (this.#last * this.#wanted * (now - since)) / (1000 * SECONDS);
      if (step >= this.#last) return this.#end();
      await this.#jump(step);
      this.#next(now);
    }, Math.max(PERIOD, spent / DRAWING_SHARE));
  }

  /** @param {number} step */
  async #jump(step) {
    const previews = await this.#load();
    const goesBack = !this.history || step < this.#step;
    this.#step = step;
    this.history = historyAt(this.#whole, step, previews);
    this.slider.value = String(step);
    this.#label();
    this.draw(goesBack);
  }

  /** Show the run as it ended. */
  #end() {
    clearTimeout(this.#timer);
    this.#isPlaying = false;
    if (!this.history) return;
    this.history = null;
    this.slider.value = this.slider.max;
    this.#label();
    this.draw(true);
  }

  /** What the task showed of itself; nothing where it can't be had now. */
  #load() {
    this.#previews ??= fetch(this.url).then(
      (response) => (response.ok ? response.json() : []),
      () => {
        this.#previews = undefined; // the next try asks again
        return [];
      },
    );
    return this.#previews;
  }
}
