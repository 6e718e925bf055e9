"""Every message and command arrives as it was sent."""

import math
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from components.training.events import (
    Checkpoint,
    Command,
    EpochEnd,
    Event,
    Mark,
    Pause,
    Resume,
    Rewind,
    Rollback,
    SetClip,
    SetLearningRate,
    SingleStep,
    Snapshot,
    Status,
    Steps,
    Stop,
    TrainingStart,
    command_adapter,
    event_adapter,
)

NUMBERS = st.integers(0, 2**40)
FINITE = st.floats(allow_nan=False, allow_infinity=False)
LOSSES = st.floats(allow_nan=False)
SOME = st.lists(LOSSES, max_size=5).map(tuple)

MESSAGES = st.one_of(
    st.builds(
        TrainingStart,
        parameters=NUMBERS,
        layers=st.lists(st.text(), max_size=4).map(tuple),
        steps_per_epoch=NUMBERS,
        clip=st.none() | FINITE,
    ),
    st.builds(
        Steps,
        first=NUMBERS,
        losses=SOME,
        before=SOME,
        after=SOME,
        layers=st.lists(SOME, max_size=3).map(tuple),
        learning_rate=FINITE,
        seconds=FINITE,
    ),
    st.builds(
        EpochEnd,
        epoch=NUMBERS,
        step=NUMBERS,
        training=LOSSES,
        validation=LOSSES,
        best=st.booleans(),
        snapshot=st.builds(Snapshot, SOME, st.lists(st.text(), max_size=3).map(tuple)),
    ),
    st.builds(Checkpoint, step=NUMBERS, epoch=NUMBERS),
    st.builds(Rollback, step=NUMBERS),
    st.builds(Mark, step=NUMBERS, what=st.sampled_from(["learning_rate", "clip", "rewound"]), value=FINITE),
    st.builds(
        Status,
        status=st.sampled_from(["running", "paused", "finished", "stopped", "failed", "interrupted"]),
        reason=st.text(),
    ),
)
COMMANDS = st.one_of(
    st.builds(Pause),
    st.builds(Resume),
    st.builds(SingleStep),
    st.builds(Stop),
    st.builds(Rewind, step=NUMBERS),
    st.builds(SetLearningRate, value=st.floats(0, 10, exclude_min=True)),
    st.builds(SetClip, value=st.floats(0, 1e6, exclude_min=True)),
)


@given(MESSAGES)
def test_a_message_survives_pickle_and_plain_data(message: Event) -> None:
    assert pickle.loads(pickle.dumps(message)) == message
    assert event_adapter.validate_python(event_adapter.dump_python(message)) == message


@given(COMMANDS)
def test_a_command_survives_json(command: Command) -> None:
    assert command_adapter.validate_json(command_adapter.dump_json(command)) == command


def test_a_loss_that_is_not_a_number_survives() -> None:
    steps = Steps(
        first=1,
        losses=(math.nan, math.inf),
        before=(math.inf, math.nan),
        after=(1.0, math.nan),
        layers=(),
        learning_rate=0.1,
        seconds=0.2,
    )
    arrived = event_adapter.validate_python(event_adapter.dump_python(steps))
    assert isinstance(arrived, Steps)
    assert math.isnan(arrived.losses[0])
    assert arrived.losses[1] == math.inf


@pytest.mark.parametrize("count", [1, 2, 17])
def test_the_last_step_is_counted_from_the_first(count: int) -> None:
    steps = Steps(
        first=11,
        losses=(0.5,) * count,
        before=(1.0,) * count,
        after=(1.0,) * count,
        layers=(),
        learning_rate=0.1,
        seconds=0.2,
    )
    assert steps.last == 10 + count


@pytest.mark.parametrize("value", [0, -1, 11, math.nan, math.inf])
def test_an_impossible_learning_rate_is_no_command(value: float) -> None:
    with pytest.raises(ValidationError):
        SetLearningRate(value=value)


@pytest.mark.parametrize("value", [0, -1, 2e6, math.nan, math.inf])
def test_an_impossible_clip_is_no_command(value: float) -> None:
    with pytest.raises(ValidationError):
        SetClip(value=value)


def test_an_unknown_command_is_refused() -> None:
    with pytest.raises(ValidationError, match="erase"):
        command_adapter.validate_python({"kind": "erase"})
