// @ts-check
// The loss as sound: who can't watch the curve, or looks elsewhere, hears it fall.

/** @import { RunHistory } from "./run_history.js" */

import { element } from "./dom.js";
import { finite, median } from "./statistics.js";

const FIRST_PITCH = 660; // hertz, of the first loss
const OCTAVES_PER_DECADE = 1.5; // that the pitch falls while the loss falls to a tenth
const PITCHES = { lowest: 110, highest: 1760 };
const DIVERGED_PITCH = 65; // a growl: lower than any loss that is a number
const VOLUME = 0.12;

/**
 * The pitch of a loss in hertz: the smaller the loss, the lower.
 *
 * @param {number | null} loss null where it is no number
 * @param {number} first the loss that training began with
 */
export function lossPitch(loss, first) {
  if (loss === null) return DIVERGED_PITCH;
  // A likelihood's loss may fall below zero, where there are no tenths.
  const decades = loss > 0 && first > 0 ? Math.log10(loss / first) : (loss - first) / (Math.abs(first) || 1);
  const pitch = FIRST_PITCH * 2 ** (OCTAVES_PER_DECADE * decades);
  return Math.min(Math.max(pitch, PITCHES.lowest), PITCHES.highest);
}

/** A switch, and while it is on a short tone for what is new: the training loss, and longer the validation loss. */
export class LossSound {
  /** @type {AudioContext | null} */
  #audio = null;
  #heard = { steps: 0, epochs: 0 };

  constructor() {
    this.button = element("button", {
      type: "button",
      className: "unroll-sound",
      role: "switch",
      ariaChecked: "false",
      textContent: "Hear the loss",
      title: "A short tone for the training loss, a long one for the validation loss: lower pitch, lower loss.",
      onclick: () => this.#toggle(),
    });
  }

  get isOn() {
    return this.#audio !== null;
  }

  #toggle() {
    if (this.#audio) this.stop();
    else this.#audio = new AudioContext();
    this.button.ariaChecked = String(this.isOn);
  }

  stop() {
    this.#audio?.close();
    this.#audio = null;
  }

  /**
   * Sound what has come since the last time.
   *
   * @param {Pick<RunHistory, "loss" | "epochs">} history
   */
  play({ loss, epochs }) {
    const { steps, epochs: ended } = this.#heard;
    this.#heard = { steps: loss.length, epochs: epochs.length };
    const first = finite(loss)[0];
    if (!this.isOn || first === undefined) return;
    const news = loss.slice(steps);
    const level = news.includes(null) ? null : median(finite(news));
    if (news.length) this.#sound(lossPitch(level, first), level === null ? "square" : "sine", 0.12);
    const end = epochs.length > ended ? epochs.at(-1) : undefined;
    if (end) this.#sound(lossPitch(end.validation, first), "triangle", 0.35);
  }

  /**
   * @param {number} pitch in hertz
   * @param {OscillatorType} type
   * @param {number} seconds
   */
  #sound(pitch, type, seconds) {
    const audio = /** @type {AudioContext} */ (this.#audio);
    const [tone, volume] = [audio.createOscillator(), audio.createGain()];
    tone.type = type;
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(VOLUME, audio.currentTime);
    volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + seconds);
    tone.connect(volume).connect(audio.destination);
    tone.start();
    tone.stop(audio.currentTime + seconds);
  }
}
