"""A finished run as a file: what it said comes out as it went in, short numbers aside."""

import io
import math
import zipfile

import numpy as np
import pytest

from components.runs.run_archive import (
    RunArchive,
    pack_archive,
    read_events,
    shorten_numbers,
    unpack_archive,
)
from components.training.events import EpochEnd, GradientThroughTime, Mark, Status, Steps, TrainingStart
from tests.runs.sample_events import RECIPE, TRAINING_START, epoch_end, gradient, steps

BLEW_UP = steps(21, 23, losses=(1 / 3, math.inf, math.nan))


@pytest.fixture
def told(store, say, run_id):
    looks = [gradient(step) for step in range(60)]
    mark = Mark(step=12, what="learning_rate", value=0.01)
    parts = steps(1, 10), epoch_end(1), steps(11, 20), epoch_end(2), mark, BLEW_UP, *looks
    say(TRAINING_START, *parts, Status(status="finished"))
    return read_events(store, run_id)


def kinds(events, kind):
    return [event for event in events if isinstance(event, kind)]


def test_what_a_run_said_is_told_again_in_fewer_words(told):
    assert kinds(told, TrainingStart) == [TRAINING_START]
    (said,) = kinds(told, Steps)
    assert (said.first, said.last, said.seconds) == (1, 23, 0.0)
    assert said.losses[:20] == pytest.approx([1 / step for step in range(1, 21)])
    assert said.losses[21] == math.inf and math.isnan(said.losses[22])
    assert [len(layer) for layer in said.layers] == [23, 23]
    assert [end.epoch for end in kinds(told, EpochEnd)] == [1, 2]
    looked = [look.step for look in kinds(told, GradientThroughTime)]
    assert len(looked) == 40 and (looked[0], looked[-1]) == (0, 59)


def test_a_file_holds_it_all(told):
    files = {"checkpoint.npz": b"weights", "result.npz": b"numbers"}
    content = pack_archive(RunArchive("Toys", RECIPE, 1.7e9, told, files))
    archive = unpack_archive(content)
    assert (archive.title, archive.recipe, archive.created) == ("Toys", RECIPE, 1.7e9)
    assert list(archive.files.items()) == list(files.items()), "in the order in which they are to be written"
    for before, after in zip(told, archive.events, strict=True):
        assert type(after) is type(before)
        rounded, full = after.model_dump_json(), before.model_dump_json()
        assert len(rounded) <= len(full)
    (before,), (after,) = kinds(told, Steps), kinds(archive.events, Steps)
    np.testing.assert_allclose(after.losses, before.losses, rtol=1e-4)
    assert content == pack_archive(RunArchive("Toys", RECIPE, 1.7e9, told, files)), (
        "and always in the same bytes"
    )


def test_nothing_in_it_is_compressed_twice_or_by_pickle(told):
    content = pack_archive(RunArchive("Toys", RECIPE, 1.7e9, told, {}))
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert file.namelist() == ["run.json"]
        assert file.infolist()[0].compress_type == zipfile.ZIP_LZMA


def test_short_numbers_are_off_by_one_part_in_a_hundred_thousand_at_most():
    values = (np.random.default_rng(1).lognormal(0, 20, 2000) * np.array([1.0, -1.0] * 1000)).reshape(20, -1)
    odd = np.array([[0.0, -0.0, np.inf, -np.inf, np.nan]])
    made = {"a": values, "b": values.astype(np.float32), "e": odd}
    made |= {"c": np.arange(6).reshape(2, 3), "d": np.array("text"), "f": values[0]}
    file = io.BytesIO()
    np.savez(file, **made)
    with np.load(io.BytesIO(shorten_numbers(file.getvalue()))) as short:
        np.testing.assert_allclose(short["a"], values, rtol=1e-5)
        assert {name: short[name].dtype for name in made} == {name: made[name].dtype for name in made}
        for name in "cdf":
            np.testing.assert_array_equal(short[name], made[name])
        np.testing.assert_array_equal(short["e"], odd)
        assert (short["a"].view(np.int64) & (2**36 - 1) == 0).all(), "which leaves zeros to be compressed"
