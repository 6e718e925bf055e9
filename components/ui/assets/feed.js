// The numbers of a run: one poller fetches what is new, for all charts that draw it.


export const PERIOD = 250; // milliseconds between two questions while the run goes on
const PERIOD_FIRST = 60; // the same while the first point is about to come
const PERIOD_UNSEEN = 5000; // the same while the tab is hidden
export const SHARE = 1 / 3; // of the time that drawing may take: a slow machine gets fewer pictures, not a page that sticks
export const PATIENCE = 10_000; // the longest pause between two tries after the connection is lost, and for one answer
const MOST_POINTS = 6000; // with more, everything is fetched anew: the server thins it
export const ENDED = new Set(["finished", "stopped", "failed", "interrupted"]);

const feeds = new Map();

/** What is known of one run, shared by all that show it. */
export class Feed {
  static of(run) {
    if (!feeds.has(run)) feeds.set(run, new Feed(run));
    return feeds.get(run);
  }

  constructor(run) {
    this.run = run;
    this.url = new URL(`../../api/runs/${run}/points`, import.meta.url);
    this.views = new Set();
    this.latest = null; // the newest answer, for all that is not a growing list
    this.effort = 0; // milliseconds that the last drawing took
    this.trouble = ""; // "lost" while the server can't be reached, "gone" when it knows no such run
    this.#clear();
    this.wake = this.wake.bind(this);
  }

  #clear() {
    this.steps = [];
    this.loss = [];
    this.before = [];
    this.after = [];
    this.layers = [];
    this.epochs = [];
    this.marks = [];
    this.through = []; // how much each time step weighs in the loss, look by look
    this.rows = []; // what these gradients are by
    this.length = 0; // time steps that they are of
    this.preview = null;
  }

  join(view) {
    this.views.add(view);
    this.wake();
  }

  leave(view) {
    this.views.delete(view);
    if (!this.views.size) feeds.delete(this.run);
    this.#rested?.();
  }

  /** Ask at once, and go on asking if it had ended. */
  wake() {
    this.woken = true;
    this.#rested?.();
    if (!this.going) this.#go();
  }

  #rested; // ends the pause between two questions

  async #go() {
    this.going = true;
    document.addEventListener("visibilitychange", this.wake);
    for (let failures = 0; this.views.size; ) {
      const asked = performance.now();
      this.woken = false;
      failures = (await this.#ask()) ? 0 : failures + 1;
      if (this.woken) continue;
      if (this.trouble === "gone" || (!failures && ENDED.has(this.latest.status))) break;
      const pause = failures ? Math.min(PERIOD * 2 ** failures, PATIENCE) : this.#period();
      await this.#rest(asked + pause - performance.now());
    }
    document.removeEventListener("visibilitychange", this.wake);
    this.going = false;
  }

  #period() {
    if (document.hidden) return PERIOD_UNSEEN;
    const { status, ahead, step } = this.latest;
    const isBeginning = step === 0 && (status === "running" || (status === "waiting" && !ahead));
    return Math.max(isBeginning ? PERIOD_FIRST : PERIOD, this.effort / SHARE);
  }

  #rest(milliseconds) {
    return new Promise((done) => {
      const timer = setTimeout(done, Math.max(0, milliseconds));
      this.#rested = () => (clearTimeout(timer), done());
    });
  }

  /** Ask once; tell whether there was an answer. */
  async #ask() {
    const since = this.steps.length > MOST_POINTS ? 0 : (this.latest?.since ?? 0);
    const generation = this.latest?.generation ?? 0;
    this.url.search = new URLSearchParams({ since, generation });
    let said;
    try {
      const answer = await fetch(this.url, { signal: AbortSignal.timeout(PATIENCE) });
      if (!answer.ok) return this.#tell(answer.status === 404 ? "gone" : "lost");
      said = await answer.json();
    } catch {
      return this.#tell("lost");
    }
    this.#take(said, since === 0 || said.generation !== generation);
    return true;
  }

  #tell(trouble) {
    this.trouble = trouble;
    for (const view of this.views) view.update(false);
    return false;
  }

  #take(said, anew) {
    if (anew) this.#clear();
    for (const name of KEPT) this[name].push(...said[name]);
    if (said.through.length) [this.rows, this.length] = [said.through_rows, said.through_length];
    said.layers.forEach((norms, at) => (this.layers[at] ??= []).push(...norms));
    this.preview = said.preview ?? this.preview;
    this.latest = said;
    this.trouble = "";
    const begun = performance.now();
    for (const view of this.views) view.update(anew);
    this.effort = performance.now() - begun;
  }
}

const KEPT = ["steps", "loss", "before", "after", "epochs", "marks", "through"];
