"""How close forecasts of the M3 competition's series come (Makridakis and Hibon, 2000).

The series aren't ours to ship. `.bench/m3/`, or the folder that the environment names as `UNROLL_M3`, has to
hold `monthly.jsonl`, `quarterly.jsonl` and `yearly.jsonl`: an object a line, with `id`, `season`, `horizon`
and `values`, the last `horizon` of which are forecast. All series are forecast zero-shot, a sample of them by
the classical methods and by what the product suggests, trained the whole way.
"""

import json
import os
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from components.models.pretrained.forecaster import apply, load_weights, read_context
from components.tasks.forecasting import baselines
from components.tasks.forecasting.classical import classical
from components.tasks.forecasting.metrics import mase
from components.tasks.forecasting.shrinkage import shrink
from tests.benchmarks import readme_sections
from tests.benchmarks.forecast_questions import Question
from tests.benchmarks.ledger import ROOT, Ledger
from tests.benchmarks.measurement import Measurement
from tests.benchmarks.suggested_recipe import suggested_recipe, train_forecaster

FOLDER = Path(os.environ.get("UNROLL_M3", ROOT / ".bench" / "m3"))
SAMPLES = {"monthly": 60, "quarterly": 30, "yearly": 40}
SEED = 7
ZERO_SHOT_BOUNDS = {"monthly": 0.81, "quarterly": 1.04, "yearly": 2.50}
SUGGESTED_BOUNDS = {"monthly": 0.80, "quarterly": 0.85}
_PORTION = 50


@dataclass(frozen=True)
class M3Series:
    """A series of the competition."""

    kind: str
    name: str
    season: int
    horizon: int
    values: tuple[float, ...]

    @property
    def known(self) -> np.ndarray:
        """What may be looked at."""
        return np.array(self.values[: -self.horizon])

    def mase(self, forecast: np.ndarray) -> float:
        """Return the error of a forecast, in that of repeating the last season within what is known."""
        truth = np.array(self.values[-self.horizon :])
        return float(mase(truth, np.asarray(forecast), self.known, self.season))


@dataclass(frozen=True)
class ZeroShotErrors:
    """MASE of some series, by method, and the share of values within the 80 % interval."""

    errors: dict[str, list[float]]
    coverage: list[float]
    seconds: list[float]


@dataclass(frozen=True)
class SeriesErrors:
    """MASE of one series, by method, and what the suggestion took."""

    errors: dict[str, float]
    seconds: float


def measure(ledger: Ledger) -> Iterator[Measurement]:
    """Forecast everything zero-shot first, then the samples, monthly, quarterly and yearly in turn."""
    rows: list[Measurement] = []
    for part in (_zero_shot, _sampled):
        for kind in SAMPLES:
            for row in part(ledger, kind):
                rows.append(row)
                yield row
    if not ledger.is_cut_off:
        readme_sections.write_section("m3", _section(rows))


def _section(rows: Sequence[Measurement]) -> str:
    """Return two tables: of all series zero-shot, and of the samples the whole way."""
    every = {kind: f"all {len(series_of(kind))} {kind}" for kind in SAMPLES}
    sampled = {kind: f"{many} {kind}" for kind, many in SAMPLES.items()}
    return "\n".join(
        [
            f"{readme_sections.machine_sentence()}. Mean MASE of the last horizon; in brackets its standard "
            "error. Zero-shot, all series:",
            "",
            *_table(rows, every),
            "",
            "The whole way, by what the product suggests for a sample of them:",
            "",
            *_table(rows, sampled),
            "",
            *(
                f"- {row.name}: {row.value:.3g} {row.unit}"
                + (f" ({row.compared_with} {bound:g})" if bound else "")
                for row in rows
                if not row.name.startswith("mean MASE")
                for bound in [row.compared_value]
            ),
        ]
    )


def _table(rows: Sequence[Measurement], sets: dict[str, str]) -> Iterator[str]:
    """Yield the lines of a table of mean errors, a method a row."""
    cells: dict[str, dict[str, Measurement]] = {}
    for row in rows:
        for kind, words in sets.items():
            if row.name.startswith("mean MASE of ") and row.name.endswith(f", {words} series"):
                method = row.name.removeprefix("mean MASE of ").removesuffix(f", {words} series")
                cells.setdefault(method, {})[kind] = row
    yield f"| | {' | '.join(words.removeprefix('all ') for words in sets.values())} |"
    yield f"| --- | {' | '.join('---' for _ in sets)} |"
    best = {kind: min(of[kind].value for of in cells.values()) for kind in sets}
    for method, of in cells.items():
        shown = []
        for kind in sets:
            row = of[kind]
            mark = "**" if row.value == best[kind] else ""
            shown.append(f"{mark}{row.value:.3f}{mark} (±{(row.high - row.low) / 2:.3f})")
        yield f"| {method} | {' | '.join(shown)} |"


def series_of(kind: str) -> list[M3Series]:
    """Return all series of a kind, in the order of the file."""
    lines = (FOLDER / f"{kind}.jsonl").read_text().splitlines()
    return [
        M3Series(kind, row["id"], int(row["season"] or 1), int(row["horizon"]), tuple(row["values"]))
        for row in map(json.loads, lines)
    ]


def sample_of(kind: str) -> list[M3Series]:
    """Return the series that are forecast the whole way."""
    every = series_of(kind)
    return [every[place] for place in pd.Series(range(len(every))).sample(SAMPLES[kind], random_state=SEED)]


# --- Without training -----------------------------------------------------------------------------------


def _zero_shot(ledger: Ledger, kind: str) -> Iterator[Measurement]:
    every = series_of(kind)
    portions = [every[begin : begin + _PORTION] for begin in range(0, len(every), _PORTION)]
    found = list(
        ledger.pieces(ZeroShotErrors, portions, _forecast_portion, lambda some: f"{kind} from {some[0].name}")
    )
    if len(found) < len(portions):
        return
    for method in found[0].errors:
        errors = [error for one in found for error in one.errors[method]]
        bound = ZERO_SHOT_BOUNDS[kind] if method == "pretrained" else None
        yield _mean(f"{method}, all {len(every)} {kind} series", errors, bound)
    held = statistics.mean(share for one in found for share in one.coverage)
    yield Measurement.of(f"coverage of the pretrained network, {kind}", [100 * held], "%", "its level", 80)
    seconds = [second for one in found for second in one.seconds]
    yield Measurement.of(f"seconds of a zero-shot forecast, {kind}", seconds, "s", "at most", 0.2)


def _forecast_portion(some: list[M3Series]) -> ZeroShotErrors:
    errors: dict[str, list[float]] = {}
    coverage, seconds = [], []
    for one in some:
        known, truth = one.known, np.array(one.values[-one.horizon :])
        began = time.perf_counter()
        reading = read_context(known[None], one.season, one.horizon)
        stack = apply(load_weights("stack"), reading.features("stack"))
        seconds.append(time.perf_counter() - began)
        pure = apply(load_weights("pure"), reading.features("pure")).median[0]
        said = {
            "pretrained": stack.median[0],
            "pretrained, recurrence alone": pure,
            "mean of both and Theta": (stack.median[0] + pure + reading.theta[0]) / 3,
            "averaged smoothing": reading.averaged_smoothing[0],
            "seasonal naive": baselines.seasonal_naive(
                known, np.array([len(known) - 1]), one.horizon, one.season
            )[0],
        }
        for method, forecast in said.items():
            errors.setdefault(method, []).append(one.mase(forecast))
        low, high = stack.quantiles[0, :, 0], stack.quantiles[0, :, -1]
        coverage.append(float(((truth >= low) & (truth <= high)).mean()))
    return ZeroShotErrors(errors, coverage, seconds)


# --- The whole way --------------------------------------------------------------------------------------


def _sampled(ledger: Ledger, kind: str) -> Iterator[Measurement]:
    sample = sample_of(kind)
    found = list(ledger.pieces(SeriesErrors, sample, _forecast_series, lambda one: one.name))
    if len(found) < len(sample):
        return
    errors = {method: [one.errors[method] for one in found] for method in found[0].errors}
    for method, values in errors.items():
        bound = SUGGESTED_BOUNDS.get(kind) if method == "suggested" else None
        yield _mean(f"{method}, {len(sample)} {kind} series", values, bound)
    own = np.array(errors["suggested"])
    best = np.min([errors[name] for name in ("ETS", "ARIMA", "Theta")], axis=0)
    worse = 100 * float((own > np.array(errors["seasonal naive"])).mean())
    behind = 100 * float((own > 1.05 * best).mean())
    yield Measurement.of(f"suggested worse than seasonal naive, {kind}", [worse], "%", "at most", 15)
    yield Measurement.of(
        f"suggested over 5 % worse than the best classical, {kind}", [behind], "%", "at most", 50
    )
    yield Measurement.of(
        f"seconds to a suggested forecast, {kind}", [one.seconds for one in found], "s", "at most", 6
    )


def _forecast_series(one: M3Series) -> SeriesErrors:
    values = np.array(one.values)
    last = np.array([len(one.known) - 1])
    naive = baselines.seasonal_naive(one.known, last, one.horizon, one.season)[0]
    said = {"seasonal naive": naive}
    season = one.season if one.season > 1 else None
    labels = {"ets": "ETS", "arima": "ARIMA", "theta": "Theta"}
    for found in classical(values, len(one.known), last, one.horizon, season):
        if found.name in labels:
            said[labels[found.name]] = naive if found.forecasts is None else found.forecasts[0]
    said["mean of ETS, ARIMA and Theta"] = np.mean([said[name] for name in labels.values()], axis=0)
    began = time.perf_counter()
    question = Question(one.name, pd.DataFrame({"value": values}), season, one.horizon)
    trained = train_forecaster(*suggested_recipe(question))
    shrink(trained.problem, trained.loop.outputs, trained.built.model)
    said["suggested"] = trained.newest()[0]
    seconds = time.perf_counter() - began
    return SeriesErrors({method: one.mase(forecast) for method, forecast in said.items()}, seconds)


def _mean(name: str, errors: list[float], bound: float | None) -> Measurement:
    """Return a mean MASE; its lowest and highest are a standard error away."""
    mean, spread = statistics.mean(errors), statistics.stdev(errors) / len(errors) ** 0.5
    return Measurement(
        name=f"mean MASE of {name}",
        value=mean,
        unit="MASE",
        compared_with="to reach at most" if bound else "nothing",
        compared_value=bound,
        low=mean - spread,
        high=mean + spread,
        rounds=len(errors),
    )
