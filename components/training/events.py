"""What a run says while it goes on, and what can be said to it. Both cross between app and worker."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter


class _Event(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


# --- From the worker to the app --------------------------------------------------------------------


class TrainingStart(_Event):
    """The model stands and its first step is next. Said again by every attempt at the same run."""

    kind: Literal["started"] = "started"
    parameters: int
    layers: tuple[str, ...]
    """names of the layers whose gradient norms are measured, first to last"""
    steps_per_epoch: int
    clip: float | None
    """threshold in force; None where nothing is clipped"""


class Steps(_Event):
    """Consecutive updates, none left out. All sequences are of one length K."""

    kind: Literal["steps"] = "steps"
    first: int
    """number of the first of these updates; the run's first is 1"""
    losses: tuple[float, ...]
    """training loss of each update's batch, in scaled units; may be infinite or NaN"""
    before: tuple[float, ...]
    """global gradient norm before clipping"""
    after: tuple[float, ...]
    """global gradient norm after clipping"""
    layers: tuple[tuple[float, ...], ...]
    """norm before clipping of each layer's gradient: K numbers a layer, in the order of
    `TrainingStart.layers`"""
    learning_rate: float
    """in force at the last of these updates"""
    seconds: float
    """how long these updates took"""

    @property
    def last(self) -> int:
        """Number of the last of these updates."""
        return self.first + len(self.losses) - 1


@dataclass(frozen=True)
class Snapshot:
    """What a task shows of itself after an epoch: what a forecaster forecasts, what a writer writes."""

    numbers: tuple[float, ...] = ()
    texts: tuple[str, ...] = ()
    score: float | None = None
    """one number, the larger the better, where the task has one: its page says what it is"""


class EpochEnd(_Event):
    """One pass over the training windows is done."""

    kind: Literal["epoch"] = "epoch"
    epoch: int
    step: int
    training: float
    """mean training loss of the epoch, in scaled units"""
    validation: float
    """validation loss at its end, in scaled units"""
    best: bool
    """whether no earlier epoch had a lower validation loss"""
    snapshot: Snapshot = Snapshot()
    """how the task stands; its `preview` says what these numbers and texts are"""


class GradientThroughTime(_Event):
    """How much each time step weighs in the loss, and what gates do, as the model stands after an update."""

    kind: Literal["through_time"] = "through_time"
    step: int
    """the update after which it was measured; 0 before the first"""
    length: int
    """time steps that were measured; more than are told are told in stretches of equal length"""
    rows: tuple[str, ...]
    """what the gradient of the loss is by: what goes in, and the states of each recurrent layer"""
    norms: tuple[tuple[float, ...], ...]
    """one list a row: the norm at each time step, oldest first, on a small batch of the validation set"""
    ratios: tuple[float, ...]
    """one a row: the mean norm of the first five steps that are read over that of the last five"""
    pressed: tuple[tuple[str, str, float, float], ...] = ()
    """of gates on the same batch: the layer, the gate's letter or “candidate”, and which shares of its
    time it stands next to the low and next to the high end of its range"""


class Divergence(_Event):
    """The loss stopped being a number: which update did it, and what it was made of."""

    kind: Literal["died"] = "died"
    step: int
    """the first update whose loss is no number"""
    blamed: int
    """the update at which it began: from it on every gradient was a leap"""
    weight: str
    """whose gradient was the largest in it"""
    norm: float
    """of that gradient, before clipping"""
    usual: float
    """the median of that weight's norms before; NaN where there were none"""
    epoch: int
    """of the blamed update"""
    batch: int
    """its number in the epoch; the first is 1"""
    examples: tuple[int, ...]
    """of its batch, by number"""


class Checkpoint(_Event):
    """A state of the run was kept, to rewind to."""

    kind: Literal["checkpoint"] = "checkpoint"
    step: int
    epoch: int


class CheckpointsDiscarded(_Event):
    """The states before this step are no longer kept: together they took too much room."""

    kind: Literal["checkpoints_discarded"] = "checkpoints_discarded"
    step: int


class Rollback(_Event):
    """The run went back: whatever was said of later steps no longer holds."""

    kind: Literal["rewound"] = "rewound"
    step: int


class Mark(_Event):
    """Something was changed by hand after this step."""

    kind: Literal["mark"] = "mark"
    step: int
    what: Literal["learning_rate", "clip", "rewound"]
    value: float


class Heartbeat(_Event):
    """The run lives: it has said nothing else for a while."""

    kind: Literal["heartbeat"] = "heartbeat"


class Evaluation(_Event):
    """What the model came to on the test set, beside the best rule that costs nothing."""

    kind: Literal["evaluation"] = "evaluation"
    measure: str
    """what counts, in a sentence: “mean absolute error”"""
    model: float | None
    """None where it is no number, and so for the others"""
    rule: float | None
    rule_name: str
    larger_is_better: bool
    won: bool
    relative_error: float | None
    """share of the best rule's error that the model still makes"""
    scores: dict[str, float | None]
    """every measure of the model by its field; None where it means nothing"""
    loss: float | None = None
    """of the test set, as the validation loss is measured; None where that wasn't noted"""
    test_set: str = ""
    """a fingerprint of what it was measured on; "" where that wasn't noted"""


class Status(_Event):
    """The run is in another state."""

    kind: Literal["status"] = "status"
    status: Literal["running", "paused", "finished", "stopped", "failed", "interrupted"]
    reason: str = ""
    """one plain sentence for people"""


Event = Annotated[
    TrainingStart
    | Steps
    | EpochEnd
    | GradientThroughTime
    | Divergence
    | Checkpoint
    | CheckpointsDiscarded
    | Rollback
    | Mark
    | Heartbeat
    | Evaluation
    | Status,
    Field(discriminator="kind"),
]
event_adapter: TypeAdapter[Event] = TypeAdapter(Event)


# --- From the app to the worker --------------------------------------------------------------------


class Pause(_Event):
    """Hold after the step in hand."""

    kind: Literal["pause"] = "pause"


class Resume(_Event):
    """Go on."""

    kind: Literal["resume"] = "resume"


class SingleStep(_Event):
    """Make one update, then hold."""

    kind: Literal["one_step"] = "one_step"


class Stop(_Event):
    """End here; what was learnt is kept and evaluated."""

    kind: Literal["stop"] = "stop"


class Rewind(_Event):
    """Go back to the checkpoint of that step, and hold."""

    kind: Literal["rewind"] = "rewind"
    step: int


class SetLearningRate(_Event):
    """Use another learning rate; a schedule goes on from it."""

    kind: Literal["learning_rate"] = "learning_rate"
    value: Annotated[float, Field(gt=0, le=10, allow_inf_nan=False)]


class SetClip(_Event):
    """Use another clipping threshold."""

    kind: Literal["clip"] = "clip"
    value: Annotated[float, Field(gt=0, le=1e6, allow_inf_nan=False)]


Command = Annotated[
    Pause | Resume | SingleStep | Stop | Rewind | SetLearningRate | SetClip, Field(discriminator="kind")
]
command_adapter: TypeAdapter[Command] = TypeAdapter(Command)
