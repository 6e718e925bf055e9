// @ts-check
// The status of a run: what it is doing, how far it is, how fast it goes and how long it will take.

/** @import { RunUpdate } from "./points.d.ts" */
/** @import { RunHistory } from "./run_history.js" */

import { element, setText } from "./dom.js";
import { END_STATUSES } from "./feed.js";
import { formatCount, formatDuration, formatInteger, formatNumber } from "./formatting.js";

const ANNOUNCEMENT_PERIOD = 10_000; // milliseconds between two announcements, so that they can be heard to their end

/** @type {Record<string, string>} */
export const STATUS_NAMES = {
  waiting: "Waiting",
  running: "Training",
  paused: "Paused",
  finished: "Finished",
  stopped: "Stopped",
  failed: "Failed",
  interrupted: "Interrupted",
};

const TROUBLES = { "": "", lost: "Connection lost, retrying…", gone: "This run no longer exists." };

/** The status of a run, with its progress: written, and said to whom a screen reader reads the page. */
export class RunStatus {
  #announced = -Infinity; // when the last announcement was made

  constructor() {
    this.badge = element("span", { className: "unroll-badge" });
    this.note = element("span", {});
    this.barFill = element("div", {});
    const progress = { className: "unroll-bar", role: "progressbar", ariaLabel: "Progress" };
    this.bar = element("div", progress, this.barFill);
    this.facts = element("div", { className: "unroll-facts" });
    this.trouble = element("div", { className: "unroll-trouble", hidden: true });
    const status = element("div", { className: "unroll-status-line", role: "status" });
    status.append(this.badge, this.note, this.trouble);
    this.line = element("div", { className: "unroll-status-line" }, status);
    this.announcement = element("div", { className: "unroll-visually-hidden", ariaLive: "polite" });
    this.root = element(
      "div",
      { className: "unroll-status" },
      this.line,
      this.bar,
      this.facts,
      this.announcement,
    );
  }

  /**
   * @param {Pick<RunHistory, "latest" | "epochs">} history
   * @param {"" | "lost" | "gone"} trouble
   */
  show({ latest: run, epochs }, trouble) {
    this.trouble.hidden = !trouble;
    setText(this.trouble, TROUBLES[trouble]);
    if (!run) return;
    const { status } = run;
    setText(this.badge, STATUS_NAMES[status] ?? status);
    this.badge.dataset.status = status;
    setText(this.note, statusNote(run));
    this.bar.hidden = END_STATUSES.has(status) || status === "waiting";
    const percent = 100 * progressOf(run);
    this.barFill.style.width = `${percent}%`;
    this.bar.ariaValueNow = String(Math.round(percent));
    this.facts.replaceChildren(...statusFacts(run).map((textContent) => element("span", { textContent })));
    this.#announce(progressSentence(run, epochs.at(-1)?.validation));
  }

  /** @param {string} sentence */
  #announce(sentence) {
    const now = performance.now();
    if (!sentence || now - this.#announced < ANNOUNCEMENT_PERIOD || sentence === this.announcement.textContent) return;
    this.#announced = now;
    this.announcement.textContent = sentence;
  }
}

/**
 * How far a run that goes on is, for who hears it; nothing before the end of its first epoch.
 *
 * @param {Pick<RunUpdate, "status" | "epoch" | "epochs_total">} run
 * @param {number | null | undefined} validation loss of the newest epoch
 */
export function progressSentence({ status, epoch, epochs_total }, validation) {
  if (status !== "running" || validation === undefined) return "";
  return `epoch ${formatInteger(epoch)} of ${formatInteger(epochs_total)}, validation loss ${formatNumber(validation)}`;
}

/**
 * The share of its steps that a run has made.
 *
 * @param {Pick<RunUpdate, "step" | "steps_total">} run
 */
export const progressOf = ({ step, steps_total }) => (steps_total ? Math.min(1, step / steps_total) : 0);

/**
 * What the badge alone doesn't show.
 *
 * @param {Pick<RunUpdate, "status" | "reason" | "ahead" | "wait_seconds" | "step">} run
 */
export function statusNote({ status, reason, ahead, wait_seconds, step }) {
  const why = reason ? `${reason} ` : "";
  const wait = wait_seconds ? ` Estimated wait: up to ${formatDuration(wait_seconds)}.` : "";
  if (status === "waiting" && ahead) {
    return `${why}${formatCount(ahead, "run")} ${ahead === 1 ? "is" : "are"} ahead in the queue.${wait}`;
  }
  if (status === "waiting") return `${why}Next in the queue: starts when a worker is free.${wait}`;
  if (status === "running" && !step) return "Preparing the data and the model.";
  return reason;
}

/**
 * How far a run is, how fast it goes and how long it will take; nothing before its first step.
 *
 * @param {RunUpdate} run
 * @returns {string[]}
 */
export function statusFacts(run) {
  const { status, step, epoch, steps_per_second, seconds_left, learning_rate } = run;
  if (step === 0) return [];
  const facts = [
    `${formatInteger(epoch)} of ${formatCount(run.epochs_total, "epoch")}`,
    `${formatInteger(step)} of ${formatCount(run.steps_total, "step")}`,
  ];
  if (status === "running") {
    if (steps_per_second) facts.push(`${formatNumber(steps_per_second)} steps per second`);
    if (seconds_left !== null && seconds_left > 0) facts.push(`up to ${formatDuration(seconds_left)} left`);
  }
  if (learning_rate !== null) facts.push(`learning rate ${formatNumber(learning_rate)}`);
  return facts;
}
