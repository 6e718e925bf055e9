// Generated from components.runs.live_updates.RunUpdate by `make types`; schema 515f260aec13d859.

/**
 * What is new of a run, and how it stands.
 *
 * A page that asks for the first time sends `since=0`. Later it sends the `since` and `generation`
 * of the last reply, and adds what it gets to what it has. Where the reply's `generation` isn't the
 * one it sent, the run went back: it drops all that it has, since the reply holds everything anew.
 */
export interface RunUpdate {
  generation: number;
  /**
   * to be sent with the next question. It is no step: an epoch's end and a mark come after the step
   * that they belong to, and would be missed by who has that step already
   */
  since: number;
  status: string;
  reason: string;
  /**
   * runs that wait before this one, if it waits
   */
  ahead: number;
  /**
   * how long it will still wait, if it waits and that can be estimated
   */
  wait_seconds: number | null;
  step: number;
  epoch: number;
  /**
   * 0 until the run has begun
   */
  steps_total: number;
  epochs_total: number;
  steps_per_second: number | null;
  seconds_left: number | null;
  learning_rate: number | null;
  clip: number | null;
  layer_names: string[];
  steps: number[];
  /**
   * none where it wasn't kept
   */
  clock: ClockPoint[];
  loss: (number | null)[];
  /**
   * one a step of `steps`, where these are thinned: the mean over the steps that it stands for
   */
  loss_means: (number | null)[] | null;
  before: (number | null)[];
  /**
   * the same of `before`
   */
  before_means: (number | null)[] | null;
  after: (number | null)[];
  /**
   * norms of each layer's gradient, one list a layer, aligned with `steps`
   */
  layers: (number | null)[][];
  epochs: EpochPoint[];
  marks: Mark[];
  checkpoints: Checkpoint[];
  /**
   * the newest, if it is new
   */
  preview: PreviewPoint | null;
  /**
   * what the gradients of `through` are by
   */
  through_rows: string[];
  /**
   * time steps that they are of
   */
  through_length: number;
  through: GradientPoint[];
  death: DivergencePoint | null;
}
/**
 * How many seconds a run had trained by the end of a step.
 */
export interface ClockPoint {
  step: number;
  seconds: number;
}
/**
 * The losses of an epoch; None where they are no numbers.
 */
export interface EpochPoint {
  epoch: number;
  step: number;
  training: number | null;
  validation: number | null;
  best: boolean;
  /**
   * the task's own, the larger the better
   */
  score: number | null;
}
/**
 * Something was changed by hand after this step.
 */
export interface Mark {
  kind?: "mark";
  step: number;
  what: "learning_rate" | "clip" | "rewound";
  value: number;
}
/**
 * A state of the run was kept, to rewind to.
 */
export interface Checkpoint {
  kind?: "checkpoint";
  step: number;
  epoch: number;
}
/**
 * What the task showed of itself at the end of an epoch.
 */
export interface PreviewPoint {
  epoch: number;
  values: (number | null)[];
  texts: string[];
}
/**
 * How much each time step weighed in the loss after some update; None where it is no number.
 */
export interface GradientPoint {
  step: number;
  /**
   * one list a row, oldest time step first
   */
  norms: (number | null)[][];
  /**
   * one a row: first steps over last steps
   */
  ratios: (number | null)[];
}
/**
 * How the loss stopped being a number.
 */
export interface DivergencePoint {
  step: number;
  blamed: number;
  weight: string;
  norm: number | null;
  usual: number | null;
  epoch: number;
  batch: number;
}
