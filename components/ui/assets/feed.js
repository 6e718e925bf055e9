// @ts-check
// One poller for a run, which fetches what is new for all charts that draw it.

/** @import { RunUpdate } from "./points.d.ts" */
/** @import { FeedView } from "./types.d.ts" */

import { RunHistory } from "./run_history.js";

export const PERIOD = 250; // milliseconds between two questions while the run goes on
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

/** The history of one run, shared by all that show it. */
export class Feed {
  /**
   * The feed of a run.
   *
   * @param {string} run
   */
  static of(run) {
    let feed = feeds.get(run);
    if (!feed) feeds.set(run, (feed = new Feed(run)));
    return feed;
  }

  #isActive = false;
  #isUrgent = false; // somebody wants an answer without a pause
  #drawingTime = 0;
  /** @type {() => void} ends the pause between two questions */
  #endPause = () => {};

  /** @param {string} run */
  constructor(run) {
    this.run = run;
    this.url = new URL(`../../api/runs/${run}/points`, import.meta.url);
    /** @type {Set<FeedView>} */
    this.views = new Set();
    this.history = new RunHistory();
    /** @type {"" | "lost" | "gone"} the server can't be reached, or it knows no such run */
    this.trouble = "";
    this.wake = this.wake.bind(this);
  }

  /** @param {FeedView} view */
  join(view) {
    this.views.add(view);
  }

  /** @param {FeedView} view */
  leave(view) {
    this.views.delete(view);
    if (!this.views.size) feeds.delete(this.run);
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
      this.#isUrgent = false;
      const points = await this.#ask();
      failures = points ? 0 : failures + 1;
      if (this.#isUrgent) continue;
      if (this.trouble === "gone" || (points && END_STATUSES.has(points.status))) break;
      const pause = points ? pollInterval(points, document.hidden, this.#drawingTime) : retryInterval(failures);
      await this.#pause(begin + pause - performance.now());
    }
    document.removeEventListener("visibilitychange", this.wake);
    this.#isActive = false;
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

  /** Ask once; return the answer, null where there was none. */
  async #ask() {
    const query = this.history.query();
    this.url.search = `since=${query.since}&generation=${query.generation}`;
    /** @type {RunUpdate} */
    let points;
    try {
      const response = await fetch(this.url, { signal: AbortSignal.timeout(TIMEOUT) });
      if (!response.ok) return this.#fail(response.status === 404 ? "gone" : "lost");
      points = await response.json();
    } catch {
      return this.#fail("lost");
    }
    const replaces = this.history.merge(points, query);
    this.trouble = "";
    const begin = performance.now();
    for (const view of this.views) view.update(replaces);
    this.#drawingTime = performance.now() - begin;
    return points;
  }

  /** @param {"lost" | "gone"} trouble */
  #fail(trouble) {
    this.trouble = trouble;
    for (const view of this.views) view.update(false);
    return null;
  }
}
