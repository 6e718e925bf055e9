// One line on a run: what it is doing, how far it is, how fast it goes and how long it will take.

import { ENDED } from "./feed.js";
import { element, set } from "./page.js";
import { count, duration, number } from "./words.js";

/** One line: what the run is doing, how far it is, how fast it goes and how long it will take. */
export class State {
  constructor() {
    this.badge = element("span", { className: "unroll-badge" });
    this.note = element("span", {});
    const progress = { className: "unroll-bar", role: "progressbar", ariaLabel: "Progress" };
    this.bar = element("div", progress, element("div", {}));
    this.facts = element("div", { className: "unroll-facts" });
    this.trouble = element("div", { className: "unroll-trouble", hidden: true });
    const said = { className: "unroll-said", role: "status" };
    this.root = element(
      "div",
      { className: "unroll-state" },
      element("div", said, this.badge, this.note, this.trouble),
      this.bar,
      this.facts,
    );
  }

  show(run, trouble) {
    this.trouble.hidden = !trouble;
    set(this.trouble, TROUBLES[trouble] ?? "");
    if (!run) return;
    const { status, step, epoch, steps_total, epochs_total } = run;
    set(this.badge, STATES[status] ?? status);
    this.badge.dataset.status = status;
    set(this.note, explained(run));
    this.bar.hidden = ENDED.has(status) || status === "waiting";
    const share = steps_total ? Math.min(1, step / steps_total) : 0;
    this.bar.firstChild.style.width = `${100 * share}%`;
    this.bar.ariaValueNow = Math.round(100 * share);
    const going = status === "running" && step > 0;
    const facts = [
      step > 0 && `${epoch.toLocaleString("en")} of ${count(epochs_total, "epoch")}`,
      step > 0 && `${step.toLocaleString("en")} of ${count(steps_total, "step")}`,
      going && run.steps_per_second && `${number(run.steps_per_second)} steps a second`,
      going && run.seconds_left > 0 && `up to ${duration(run.seconds_left)} left`,
      step > 0 && run.learning_rate !== null && `learning rate ${number(run.learning_rate)}`,
    ].filter(Boolean);
    this.facts.replaceChildren(...facts.map((fact) => element("span", { textContent: fact })));
  }
}

export const STATES = {
  waiting: "Waiting",
  running: "Training",
  paused: "Paused",
  finished: "Finished",
  stopped: "Stopped",
  failed: "Failed",
  interrupted: "Interrupted",
};

const TROUBLES = { lost: "Connection lost, trying again …", gone: "This run isn't here any more." };

/** Say what the badge alone doesn't. */
function explained({ status, reason, ahead, step }) {
  if (status === "waiting" && ahead) return `${count(ahead, "run")} ${ahead === 1 ? "is" : "are"} ahead in the line.`;
  if (status === "waiting") return "It is next, as soon as a worker is free.";
  if (status === "running" && !step) return "Making the data and the model ready.";
  return reason;
}
