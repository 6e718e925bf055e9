"""The compatibility set: links, recipes as JSON, a database of runs and their files, as they once were.

`set/` was made once by `make_set.py` and stays as it is. All that its tests use of the product is named here.
"""

import io
import json
import shutil
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from components import data
from components.data.transforms import transform_lag
from components.engine import model_server
from components.engine.extra_trainings import read_result as found_further
from components.engine.extra_trainings import seed_file
from components.models.sampling import SamplingOptions
from components.recipe import Recipe
from components.runs.store import RunStore
from components.settings import settings
from components.storage import Folder
from components.tasks import task_of
from components.tasks.classification.classify_texts import TextInput
from components.tasks.forecasting.backtest import Backtest, Part
from components.tasks.forecasting.seeds import Seed
from components.tasks.forecasting.task import ForecastInputs
from components.tasks.language_model.generate import GenerationRequest
from components.tasks.result_file import pack, unpack
from components.tasks.seq2seq.chat import Utterance
from components.tasks.seq2seq.translate import TextToTranslate
from components.tasks.sequences import SequenceInput
from components.training.control import CommandQueue
from components.training.limits import Budget, Limits

NOISE = 1e-14
"""A share: numbers of runs once had digits behind their ninth that differed from one processor to another."""
SET = Path(__file__).parent / "set"
RESULT, MODEL = "result.npz", "model.keras"
DATABASE, ARTIFACTS = "runs.sqlite", "artifacts"
LIMITS = Limits(600, 2**40, 600)
BACKTEST = Backtest(folds=2, refit=False)
OTHER_SEED = 7


# --- The files of the set ----------------------------------------------------------------------------


def read_set(name: str) -> Any:
    """Return the content of one of the set's JSON files."""
    return json.loads((SET / f"{name}.json").read_text(encoding="utf-8"))


def unpack_set(to: Path) -> Path:
    """Unpack the database and the artifacts into a folder, and return the database's path.

    The artifacts go where this process's settings expect them; as ids are random, nothing is overwritten.
    """
    with tarfile.open(SET / "files.tar.xz") as bundle:
        bundle.extractall(to, filter="data")
    shutil.copytree(to / ARTIFACTS, settings().artifacts, dirs_exist_ok=True)
    return to / DATABASE


def run_folder(run_id: str, artifacts: str | None = None) -> Folder:
    """Return the folder of a run's files."""
    return Folder(artifacts or settings().artifacts).folder("runs").folder(run_id)


# --- What things mean, as plain values ---------------------------------------------------------------


def data_facts(recipe: Recipe) -> dict[str, Any]:
    """Return what tells a recipe's data from any other: sizes, names, sums of numbers, texts."""
    dataset = data.load(recipe.dataset, recipe.preparation)
    facts: dict[str, Any] = {"kind": dataset.kind, "size": dataset.size}
    match dataset.kind:
        case "series":
            table = dataset.table
            facts |= {
                "columns": list(table.columns),
                "first": str(table.index[0]),
                "last": str(table.index[-1]),
            }
            facts["sums"] = [float(total) for total in np.nansum(table.to_numpy(np.float64), axis=0)]
            facts["traits"] = {
                str(name): [str(one) for one in held] for name, held in dataset.static_features.items()
            }
        case "sequences" | "recordings":
            steps = np.arange(1, len(dataset.values) + 1) / len(dataset.values)
            facts |= {"channels": list(dataset.channels), "steps": len(dataset.values)}
            facts["sums"] = (steps @ dataset.values.astype(np.float64)).tolist()
        case "texts":
            facts |= {"first": dataset.texts[0], "last": dataset.texts[-1]}
            facts["classes"] = list(dataset.classes.names) if dataset.classes else []
        case "pairs":
            facts |= {"first": [dataset.sources[0], dataset.targets[0]]}
            facts["last"] = [dataset.sources[-1], dataset.targets[-1]]
    return facts


def measures(result: Any) -> dict[str, float]:
    """Return the numbers of every score of a result, the model's and the simple rules', by their names."""
    return {
        f"{score.name}.{field}": value
        for score in result.scores
        for field, value in vars(score).items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    }


def read_result(recipe: Recipe, run_id: str) -> Any:
    """Return a run's result as its task's class."""
    return unpack(run_folder(run_id).read(RESULT), task_of(recipe).result_class)


def packed_again(result: Any) -> bytes:
    """Return the file that a result would be kept in now."""
    return pack(result)


def answer(recipe: Recipe, run_id: str) -> list[Any]:
    """Return what a run's model answers to a question that stays the same, by its checkpoint's weights."""
    asked, says = _QUESTIONS[recipe.task.kind]
    found = model_server.predict(run_id, recipe.to_json(), settings().artifacts, asked(recipe))
    return [found.epoch, says(found.value)]


def extra_errors(run_id: str) -> list[float]:
    """Return the errors that a backtest's fold and a training from another seed left in a run's folder."""
    artifacts = settings().artifacts
    part: Part = found_further(run_id, artifacts, f"backtest-{BACKTEST.name}-0.npz", Part)
    seed: Seed = found_further(run_id, artifacts, seed_file(OTHER_SEED), Seed)
    return [seed.score.mae, *(error for fold in part.folds for error in fold.errors().values())]


def _newest_rows(recipe: Recipe) -> ForecastInputs:
    """Return the newest rows of a forecast's own table: what it needs to forecast what comes next."""
    task, table = recipe.task, data.load(recipe.dataset, recipe.preparation).table
    assert task.kind == "forecast"
    rows = transform_lag(task) + task.window
    return ForecastInputs(table[[task.target, *task.inputs]].to_numpy(np.float64)[-rows:])


def _steps(recipe: Recipe) -> SequenceInput:
    """Return eight steps of numbers for as many channels as a recipe's sequences have."""
    channels = len(data.load(recipe.dataset, recipe.preparation).channels)
    return SequenceInput(np.cos(np.arange(8 * channels, dtype=np.float32)).reshape(8, channels))


def words(recipe: Recipe) -> str:
    """Return a text of a recipe's own data."""
    dataset = data.load(recipe.dataset, recipe.preparation)
    return dataset.sources[3] if dataset.kind == "pairs" else dataset.texts[0][:30]


_QUESTIONS: dict[str, tuple[Callable[[Recipe], Any], Callable[[Any], Any]]] = {
    "forecast": (_newest_rows, lambda said: np.asarray(said).tolist()),
    "classify_sequences": (_steps, lambda told: told.probabilities.tolist()),
    "measure_sequences": (_steps, lambda measured: float(measured.number)),
    "classify_texts": (
        lambda recipe: TextInput(words(recipe)),
        lambda read: read.prediction.probabilities.tolist(),
    ),
    "model_language": (
        lambda recipe: GenerationRequest(words(recipe), 8, SamplingOptions(temperature=0)),
        lambda written: [[token.text, token.chance] for token in written.tokens],
    ),
    "translate": (
        lambda recipe: TextToTranslate(words(recipe), 2),
        lambda found: [[one.text, one.chance] for one in found.candidates],
    ),
    "chat": (
        lambda recipe: Utterance(words(recipe), 0.0, 0, most=6),
        lambda reply: list(reply.tokens),
    ),
}
"""Of each task, what its model is asked, and what of its answer is compared."""


# --- Models, as Keras alone loads them ---------------------------------------------------------------


def outputs(model: Any, given: dict[str, Any]) -> dict[str, Any]:
    """Return what a Keras model gives, by the names of its outputs.

    Args:
        model: loaded.
        given: by the names of its inputs, as nested lists.
    """
    import tensorflow as tf

    if isinstance(model.input, dict):
        inputs: Any = {name: tf.constant(values) for name, values in given.items()}
    else:
        inputs = [tf.constant(given[one.name]) for one in model.inputs]
        inputs = inputs[0] if len(inputs) == 1 else inputs
    said = model(inputs, training=False)
    said = said if isinstance(said, dict) else {"": said}
    return {name: _plain(np.asarray(value)) for name, value in said.items()}


def _plain(values: np.ndarray) -> Any:
    if values.dtype.kind == "O":
        return np.char.decode(values.astype("S"), "utf-8").tolist()
    return values.tolist()


def train(recipe: Recipe, folder: Folder) -> list[Any]:
    """Train a recipe, from the newest checkpoint in the folder on, and return what the training said.

    Nothing but its numbers is wanted, so nothing is evaluated.
    """
    from components.engine.train_job import problem_and_model
    from components.training.loop import Loop
    from components.training.session import Session

    problem, built = problem_and_model(recipe)
    heard: list[Any] = []
    Session(Loop(built.model, problem, recipe), heard.append, CommandQueue(), folder, Budget(LIMITS)).train()
    return heard


# --- Runs, as the store gives them -------------------------------------------------------------------


def run_facts(store: RunStore, run_id: str) -> dict[str, Any]:
    """Return all that the store says of a run, as plain values; numbers that are none are None."""
    run, points = store.run(run_id), store.points(run_id)
    return {
        "title": run.title,
        "status": run.status,
        "reason": run.reason,
        "recipe": json.loads(run.recipe.to_json()),
        "created": run.created.isoformat(),
        "ended": run.ended and run.ended.isoformat(),
        "generation": run.generation,
        "step": run.step,
        "epoch": run.epoch,
        "steps_per_epoch": run.steps_per_epoch,
        "parameters": run.parameters,
        "layers": list(run.layers),
        "clip": run.clip,
        "learning_rate": run.learning_rate,
        "death": run.death and [run.death.step, run.death.blamed, run.death.weight],
        "steps": points.steps,
        "loss": points.loss,
        "norm_before_clipping": points.before,
        "norm_after_clipping": points.after,
        "norms_of_layers": points.layers,
        "epochs": [
            [end.epoch, end.step, _finite(end.training), _finite(end.validation), end.best]
            for end in store.epochs(run_id)
        ],
        "previews": [[list(end.snapshot.numbers), list(end.snapshot.texts)] for end in store.epochs(run_id)],
        "marks": [[mark.step, mark.what, mark.value] for mark in store.marks(run_id)],
        "checkpoints": [[kept.step, kept.epoch] for kept in store.checkpoints(run_id)],
        "through_time": [
            [seen.step, list(seen.rows), list(seen.ratios), [list(gate) for gate in seen.pressed]]
            for seen in store.through_time(run_id)
        ],
    }


def _finite(number: float) -> float | None:
    return number if np.isfinite(number) else None


# --- Comparing ---------------------------------------------------------------------------------------


def differences(kept: Any, now: Any, rtol: float = 0.0, atol: float = 0.0, at: str = "") -> Iterator[str]:
    """Yield where something isn't what was kept, by its place. What is new since then makes no difference.

    Args:
        kept: of lists, dictionaries by name, texts, numbers, arrays and None.
        now: the same as it is now.
        rtol: how far numbers may lie apart, as a share.
        atol: how far besides, in their own units.
        at: the place.
    """
    if isinstance(kept, dict) and isinstance(now, dict):
        for name, value in kept.items():
            if name in now:
                yield from differences(value, now[name], rtol, atol, f"{at}.{name}")
            else:
                yield f"{at}.{name} is gone"
    elif isinstance(kept, list) and isinstance(now, list) and len(kept) == len(now):
        for place, (value, other) in enumerate(zip(kept, now, strict=True)):
            yield from differences(value, other, rtol, atol, f"{at}[{place}]")
    elif isinstance(kept, np.ndarray) and isinstance(now, np.ndarray):
        if kept.shape != now.shape or pd.Series(kept.ravel()).compare(pd.Series(now.ravel())).size:
            yield f"{at} is another array"
    elif isinstance(kept, float) and isinstance(now, int | float):
        if not np.isclose(now, kept, rtol=rtol, atol=atol, equal_nan=True):
            yield f"{at} was {kept!r} and is {now!r}"
    elif kept != now:
        yield f"{at} was {kept!r} and is {now!r}"


def packed(content: bytes) -> dict[str, Any]:
    """Return what a packed result holds, read by NumPy and JSON alone: arrays stand in their places."""
    with np.load(io.BytesIO(content), allow_pickle=False) as file:
        plain = json.loads(str(file["plain"]))

        def filled(tree: Any) -> Any:
            if isinstance(tree, dict):
                return {name: filled(value) for name, value in tree.items()}
            if isinstance(tree, list):
                return [filled(value) for value in tree]
            return file[tree] if isinstance(tree, str) and tree.startswith("array-") else tree

        return {"result": plain["result"], "tree": filled(plain["tree"])}
