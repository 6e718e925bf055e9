// @ts-check
// One poller for a run, or for several side by side, which fetches what is new for all charts that draw them.

/** @import { RunUpdate } from "./points.d.ts" */
/** @import { FeedView } from "./types.d.ts" */

import { RunHistory } from "./run_history.js";

const PERIOD = 250; // milliseconds between two questions while the run goes on
const FIRST_PERIOD = 60; // the same while the first point is about to come
const STANDING_PERIOD = 1000; // the same while the run is paused, or waits for others to end
const HIDDEN_PERIOD = 5000; // the same while the tab is hidden
export const DRAWING_SHARE = 1 / 3; // of the time: a slow machine gets fewer pictures, not a page that sticks
const TIMEOUT = 10_000; // the longest pause between two tries after the connection is lost, and for one answer
export const END_STATUSES = new Set(["finished", "stopped", "failed", "interrupted"]);

/**
 * Milliseconds until the next question, after an answer.
 *
 * @param {Pick<RunUpdate, "status" | "ahead" | "wait_seconds" | "step">} latest
 * @param {boolean} hidden whether the tab is
 * @param {number} drawingTime milliseconds that the last drawing took
 */
export function pollInterval({ status, ahead, wait_seconds: wait, step }, hidden, drawingTime) {
  if (hidden) return HIDDEN_PERIOD;
  const stands = status === "paused" || (status === "waiting" && (ahead > 0 || (wait ?? 0) > 1));
  const isFirst = step === 0 && !stands && (status === "running" || status === "waiting");
  return Math.max(isFirst ? FIRST_PERIOD : stands ? STANDING_PERIOD : PERIOD, drawingTime / DRAWING_SHARE);
}

/**
 * Milliseconds until the next try, after failures.
 *
 * @param {number} failures in a row
 */
export const retryInterval = (failures) => Math.min(PERIOD * 2 ** failures, TIMEOUT);

/** @type {Map<string, Feed>} */
const feeds = new Map();

/** The histories of one run, or of several that are drawn together, shared by all that show them. */
export class Feed {
  /**
   * The feed of runs.
   *
   * @param {string[]} runs
   */
  static of(...runs) {
    const key = runs.join();
    let feed = feeds.get(key);
    if (!feed) feeds.set(key, (feed = new Feed(runs)));
    return feed;
  }

  #isActive = false;
  #isUrgent = false; // somebody wants an answer without a pause, and of all runs
  #drawingTime = 0;
  /** @type {() => void} ends the pause between two questions */
  #endPause = () => {};

  /** @param {string[]} runs */
  constructor(runs) {
    this.runs = runs;
    /** @type {Set<FeedView>} */
    this.views = new Set();
    this.histories = runs.map(() => new RunHistory());
    /** @type {("" | "lost" | "gone")[]} of each run: the server can't be reached, or it knows no such run */
    this.troubles = runs.map(() => "");
    this.wake = this.wake.bind(this);
  }

  /** @param {FeedView} view */
  join(view) {
    this.views.add(view);
  }

  /** @param {FeedView} view */
  leave(view) {
    this.views.delete(view);
    if (!this.views.size) feeds.delete(this.runs.join());
    this.#endPause();
  }

  /** Ask at once, and go on asking if it had ended. */
  wake() {
    this.#isUrgent = true;
    this.#endPause();
    if (!this.#isActive) this.#poll();
  }

  async #poll() {
    this.#isActive = true;
    document.addEventListener("visibilitychange", this.wake);
    for (let failures = 0; this.views.size; ) {
      const begin = performance.now();
      const asked = this.#isUrgent ? [...this.runs.keys()] : this.#unfinished;
      this.#isUrgent = false;
      failures = (await this.#ask(asked)) ? 0 : failures + 1;
      if (this.#isUrgent) continue;
      const { histories } = this;
      const unfinished = this.#unfinished.flatMap((at) => histories[at].latest ?? []);
      if (!this.#unfinished.length) break;
      const pauses = unfinished.map((latest) => pollInterval(latest, document.hidden, this.#drawingTime));
      await this.#pause(begin + (failures ? retryInterval(failures) : Math.min(...pauses)) - performance.now());
    }
    document.removeEventListener("visibilitychange", this.wake);
    this.#isActive = false;
  }

  /** The places of the runs that more can come from. */
  get #unfinished() {
    return [...this.runs.keys()].filter((at) => {
      return this.troubles[at] !== "gone" && !END_STATUSES.has(this.histories[at].latest?.status ?? "");
    });
  }

  /**
   * @param {number} milliseconds
   * @returns {Promise<void>}
   */
  #pause(milliseconds) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, Math.max(0, milliseconds));
      this.#endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /**
   * Ask once what is new of some of the runs; return whether there was an answer.
   *
   * @param {number[]} asked their places
   */
  async #ask(asked) {
    const queries = asked.map((at) => this.histories[at].query());
    /** @type {(RunUpdate | null)[]} */
    let answers;
    try {
      const response = await fetch(this.#address(asked, queries), { signal: AbortSignal.timeout(TIMEOUT) });
      if (!response.ok) return this.#fail(response.status === 404 ? "gone" : "lost");
      answers = [await response.json()].flat();
    } catch {
      return this.#fail("lost");
    }
    let replaces = false;
    asked.forEach((at, place) => {
      const points = answers[place];
      this.troubles[at] = points ? "" : "gone";
      if (points && this.histories[at].merge(points, queries[place])) replaces = true;
    });
    const begin = performance.now();
    for (const view of this.views) view.update(replaces);
    this.#drawingTime = performance.now() - begin;
    return true;
  }

  /**
   * @param {number[]} asked
   * @param {{ since: number, generation: number }[]} queries
   */
  #address(asked, queries) {
    const [{ since, generation }] = queries;
    const one = `runs/${this.runs[0]}/points?since=${since}&generation=${generation}`;
    const several = asked.map((at, place) => {
      return `run=${this.runs[at]}.${queries[place].since}.${queries[place].generation}`;
    });
    return new URL(`../../api/${this.runs.length === 1 ? one : `points?${several.join("&")}`}`, import.meta.url);
  }

  /** @param {"lost" | "gone"} trouble */
  #fail(trouble) {
    this.troubles.fill(trouble);
    for (const view of this.views) view.update(false);
    return false;
  }
}
