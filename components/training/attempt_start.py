"""How an attempt at a run begins: what is known of the attempts before, and what it is for."""

from dataclasses import dataclass
from typing import Literal

Aim = Literal["whole", "train", "evaluate"]
"""What a run is to do: train and be measured, or one of both alone."""

TRIAL_REASON = (
    "Training is done. As a trial of a search, this run was compared with the others on the validation set."
)
"""What is said of a run that isn't measured when its training is done."""


@dataclass(frozen=True)
class StoredProgress:
    """How much of a run's past is in the store: what was said later has to be said again, or done again."""

    step: int = 0
    """the last update that is there"""
    checkpoint: int = -1
    """step of the newest state that was announced there, and so all that was said before it is there; -1
    where none was"""


@dataclass(frozen=True)
class AttemptStart:
    """How an attempt begins."""

    stored: StoredProgress | None = None
    """None: nobody keeps what the run says"""
    is_recovery: bool = False
    """whether it goes on because its worker was lost, and so as it was: paused if it was paused"""
    only_evaluate: bool = False
    """whether its newest state is measured, and nothing more is learnt"""
    only_train: bool = False
    """whether it isn't measured: the test set isn't looked at"""


NEW_RUN = AttemptStart()
