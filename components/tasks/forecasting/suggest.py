"""A first recipe for a series, read off its training set alone, and in plain words why it is so."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from components.data import analysis, series_traits, time_axis
from components.data.datasets import Series
from components.data.splits.time_split import TimeSplit, time_split
from components.data.target_choice import likely_target
from components.data.transforms import transform_lag
from components.recipe import (
    Forecast,
    ForecastBase,
    Loss,
    Preparation,
    Recipe,
    Recurrent,
    Training,
    Transform,
)
from components.recipe.model import Model
from components.tasks.forecasting.bounds import ProposedBounds, proposed_bounds
from components.tasks.forecasting.contest import Contest, contest
from components.tasks.forecasting.intermittent import is_intermittent

_LONGEST_SEASON = 60  # a window of two longer ones would be slow to read and hard to remember
_LONGEST_WINDOW = 2 * _LONGEST_SEASON  # but for as long as what is to be told
_MOST_STARTED = 10_000  # rows, at each of which a start has to be forecast: a thousand take about a second
_MOST_ROWS = 20_000  # the last of the training set, by which it is judged: enough, and quick
_STEPS_WITHOUT_SEASON = 12
_UPDATES = 2500  # about what a small model needs
_MOST_EPOCHS = 200
_EPOCHS_TO_THE_END = 90
_SHORT_SEASON = 24  # of which a window may hold three
_FEW_STRETCHES = 5  # validation sets of fewer horizons say little of when to stop
_FEW_EXAMPLES, _MANY_EXAMPLES = 400, 2000
_MOST_SERIES = 100  # that the recipe allows beside the target
_TURNS = 2  # years of which the next can be told
_ROWS_A_YEAR = 40  # of fewer, the window holds a year, and with it all that the calendar says


@dataclass(frozen=True)
class Reason:
    """Why a setting was proposed.

    Attributes:
        fields: of the recipe, dotted, that it is about.
        sentence: for people.
    """

    fields: tuple[str, ...]
    sentence: str


@dataclass(frozen=True)
class Suggestion:
    """What is proposed.

    Attributes:
        recipe: the settings.
        network: the same with a network that is trained, also where that isn't proposed.
        reasons: why they are so.
        contest: that decided what the forecast starts from, where there was one.
    """

    recipe: Recipe
    network: Recipe
    reasons: tuple[Reason, ...]
    contest: Contest | None = None

    def shared_reasons(self, recipe: Recipe) -> tuple[str, ...]:
        """Return the reasons of the settings that a recipe has in common with this one."""
        return tuple(
            reason.sentence
            for reason in self.reasons
            if all(_value(recipe, field) == _value(self.recipe, field) for field in reason.fields)
        )


def suggestion(
    dataset: Series, preparation: Preparation, target: str | None = None, horizon: int | None = None
) -> Suggestion:
    """Propose a recipe that is right first time for most series.

    Nothing but the training set is looked at, and how many rows and columns there are.

    Args:
        dataset: what to forecast.
        preparation: how it is cleaned and divided.
        target: the column; None: the likeliest one.
        horizon: steps ahead that are wanted; None: that is proposed too.
    """
    whole = time_split(dataset.rows, preparation)
    # A dataset that knows the unit of its first column says by that which one is to be forecast.
    likely = dataset.columns[0] if dataset.unit else likely_target(_tested(dataset, whole).iloc[whole.train])
    target = target or likely
    target_why = _target_reason(dataset, likely)
    together = _together(dataset, target)
    table, own = dataset.table, {name: dataset.complete_rows((name,)) for name in (target, *together)}
    dataset, parts = dataset.trim((target,)), whole.within(own[target])
    rows, index = parts.train.stop, dataset.table.index[: parts.train.stop]
    values = dataset.table[target].to_numpy(np.float64)[:rows][-_MOST_ROWS:]
    season, season_why = _season(values, index, dataset.season)
    short = season if season and season <= _LONGEST_SEASON else None
    room = min(parts.validation.stop - parts.validation.start, parts.test.stop - parts.test.start)
    horizon = horizon or max(1, min(short or _STEPS_WITHOUT_SEASON, room, rows // 3))
    transform, transform_why = _transform(values, short)
    if transform == "log" and (table[list(together)].iloc[: whole.test.start] <= 0).to_numpy().any():
        transform, transform_why = "none", ()
    window = _window(short, horizon, rows)
    learnt = np.log(values) if transform == "log" else values
    base, base_why = _base(learnt, window, horizon, short)
    if short and base == "last":
        # Seasons that tell less than the last value does aren't worth remembering several of: in a panel of
        # jobs, straight lines through one year came closer to the end of the training set (mean error 2.7
        # of a month's change) than through two (2.9) or three (3.3).
        window = min(window, max(short, horizon))
    loss, loss_why = _loss(learnt)
    is_demand = is_intermittent(values)
    if is_demand:
        transform, transform_why, base, base_why = "none", (), "none", ()
        loss, loss_why = _demand_loss(values)
    every = [values, *(_known(table[name], whole.train) for name in together)]
    is_started = not is_demand and sum(map(len, every)) <= _MOST_STARTED
    favourite = _favourite(values, season)
    tried = (
        contest(every, horizon, season, bool(short and window >= short), favourite) if is_started else None
    )
    if is_started:
        base = (tried.winner.base if tried else None) or favourite
        transform, transform_why = "none", ()
        base_why = (Reason(("task.base",), tried.sentence if tried else _TOO_FEW_TO_COMPARE),)
        if base in ("pretrained", "combination"):
            loss, loss_why = "quantile", (Reason(("task.loss",), _QUANTILES_WHY),)
    limits, limits_why = _bounds(table[[target, *together]].iloc[whole.train], target, dataset)
    calendar, calendar_why = _calendar(index)
    fourier, fourier_why = ((), ()) if calendar else _fourier(values, index)
    together = _long_enough(own, together, whole, window + horizon + (short or 0))
    together_why = _together_reason(together)
    task = Forecast(
        target=target,
        together=together,
        calendar=calendar,
        fourier=fourier,
        window=window,
        horizon=horizon,
        season=season,
        transform=transform,
        base=base,
        window_scaling="standard" if base != "none" or calendar or fourier else "none",
        loss=loss,
        lower_bound=limits.lower,
        upper_bound=limits.upper,
    )
    examples = (rows - transform_lag(task) - window - horizon + 1) * len(task.series)
    model, training, learning_why = _learning(examples, stretches=room / horizon)
    recipe = network = Recipe(
        dataset=dataset.reference, preparation=preparation, task=task, model=model, training=training
    )
    if is_started and examples < _FEW_EXAMPLES:
        recipe, learning_why = without_training(network), (_untrained_reason(examples),)
    whys = (
        target_why,
        together_why,
        season_why,
        transform_why,
        base_why,
        (_window_reason(index, task, short),),
        calendar_why,
        fourier_why,
        loss_why,
        limits_why,
        learning_why,
    )
    return Suggestion(recipe, network, tuple(reason for why in whys for reason in why), tried)


_QUANTILES_WHY = "The pretrained network forecasts quantiles, so the quantile loss is used."


_TOO_FEW_TO_COMPARE = (
    "The training set is too short to compare what a forecast may start from, so it starts from the mean of "
    "the pretrained networks and Theta."
)


def without_training(recipe: Recipe) -> Recipe:
    """Return a recipe whose forecast is its start alone."""
    return recipe.model_copy(update={"training": recipe.training.model_copy(update={"epochs": 0})})


def with_training(recipe: Recipe, examples: int, stretches: float) -> Recipe:
    """Return a recipe whose forecast is its start alone with the training that a search begins with.

    A search chooses by the validation set, however small, so each of its trials does too: it keeps its best
    weights, which are the start's own where nothing that it learnt lasts.

    Args:
        recipe: that trains nothing.
        examples: windows to learn from.
        stretches: horizons that fit into the validation set one after the other.
    """
    _, training, _ = _learning(examples, stretches)
    return recipe.model_copy(update={"training": training.model_copy(update={"weights": "best"})})


def _untrained_reason(examples: int) -> Reason:
    many = f"{max(0, examples):,} training {'window' if examples == 1 else 'windows'}"
    return Reason(
        ("training.epochs",),
        f"With only {many} a network would learn more noise than pattern, so there is no training: the "
        "forecast is its start. Raise the epochs to train all the same.",
    )


def _value(recipe: Recipe, field: str) -> object:
    section, name = field.split(".")
    return getattr(getattr(recipe, section), name, None)


def _together(dataset: Series, target: str) -> tuple[str, ...]:
    """Return the other series of one kind."""
    others = (name for name in dataset.columns if name != target) if dataset.is_panel else ()
    return tuple(others)[:_MOST_SERIES]


def _tested(dataset: Series, parts: TimeSplit) -> pd.DataFrame:
    """Return the columns that go on to the end of the test set; all where none does."""
    whole = [name for name in dataset.columns if dataset.complete_rows((name,)).stop == parts.test.stop]
    return dataset.table[whole or list(dataset.columns)]


def _target_reason(dataset: Series, target: str) -> tuple[Reason, ...]:
    if dataset.is_panel or len(dataset.columns) == 1:
        return ()
    why = f"Of the {len(dataset.columns)} columns, “{target}” is most likely what you want to forecast."
    return (Reason(("task.target",), why),)


def _long_enough(
    own: dict[str, slice], together: tuple[str, ...], parts: TimeSplit, need: int
) -> tuple[str, ...]:
    """Return the series that have so many rows before the test set, where they may be new; of those that end
    early, the ones that have them in the training set."""
    lengths = {
        name: parts.within(own[name]).test.start
        if own[name].stop == parts.test.stop
        else parts.within(own[name]).train.stop
        for name in together
    }
    return tuple(name for name in together if lengths[name] >= need)


def _together_reason(together: tuple[str, ...]) -> tuple[Reason, ...]:
    why = f"The table holds {len(together) + 1} related series, so one global model learns them all."
    return (Reason(("task.together",), why),) if together else ()


def _season(values: np.ndarray, index: pd.Index, usual: int | None) -> tuple[int | None, tuple[Reason, ...]]:
    """Return the season from the values; where they don't, take the one that is usual for such data."""
    found = analysis.season(values, time_axis.likely_seasons(index))
    season = found or (usual if usual and 2 * usual <= len(values) else None)
    if season is None:
        return None, (Reason(("task.season",), "The series has no seasonality."),)
    steps = _steps(index, season)
    why = "The series repeats every" if found else "Series like this usually repeat every"
    return season, (Reason(("task.season",), f"{why} {season} {steps}."),)


def _transform(values: np.ndarray, season: int | None) -> tuple[Transform, tuple[Reason, ...]]:
    if series_traits.has_growing_swings(values, season if season and season > 3 else _STEPS_WITHOUT_SEASON):
        why = (
            "The seasonal swings grow with the level, so the model learns the logarithm, in which "
            "they are even."
        )
        return "log", (Reason(("task.transform",), why),)
    return "none", ()


def _base(
    values: np.ndarray, window: int, horizon: int, season: int | None
) -> tuple[ForecastBase, tuple[Reason, ...]]:
    """Choose the baseline that follows the training set best: the model then learns what to change."""
    if len(values) < window + horizon:
        return "none", ()
    best = series_traits.naive_errors(
        values, window, horizon, season if season and season <= window else None
    ).best
    reasons = {
        "none": "The series stays close to its mean, so the model forecasts its values directly.",
        "last": (
            "Of the naive forecasts, repeating the last value is best, so the model starts from it "
            "and learns the difference."
        ),
        "season": (
            "Of the naive forecasts, repeating the last season is best, so the model starts from it "
            "and learns the difference."
        ),
    }
    return best, (Reason(("task.base",), reasons[best]),)


def _loss(values: np.ndarray) -> tuple[Loss, tuple[Reason, ...]]:
    if series_traits.has_jumps(values):
        why = (
            "The series has sudden jumps, so the loss is the absolute error, which weighs large errors less."
        )
        return "mae", (Reason(("task.loss",), why),)
    return "mse", ()


def _demand_loss(values: np.ndarray) -> tuple[Loss, tuple[Reason, ...]]:
    """Return the loss of a series that is mostly zero: that of counts, or the squared error."""
    zeros = f"{np.mean(values == 0):.0%} of the values are 0"
    if (values == np.round(values)).all():
        why = f"{zeros} and all are counts, so the loss is that of the negative binomial distribution."
        return "negative_binomial", (Reason(("task.loss",), why),)
    why = f"{zeros}, so the loss is the squared error: an absolute error would reward always forecasting 0."
    return "mse", (Reason(("task.loss",), why),)


def _favourite(values: np.ndarray, season: int | None) -> ForecastBase:
    """Return what to start from unless another start is clearly better.

    Prices go like a random walk, and whatever drifts away from the last one has to show that it's right.
    """
    return "last" if season is None and series_traits.is_random_walk(values) else "combination"


def _known(column: pd.Series, train: slice) -> np.ndarray:
    """Return the values of a series in the training set, from its first on."""
    values = column.to_numpy(np.float64)[train]
    return values[np.isfinite(values)][-_MOST_ROWS:]


def _bounds(
    training: pd.DataFrame, target: str, dataset: Series
) -> tuple[ProposedBounds, tuple[Reason, ...]]:
    """Return what the training set of all series shows that forecasts may not go beyond."""
    found = proposed_bounds(training.to_numpy().ravel(), target, dataset.column_unit(target))
    fields = ("task.lower_bound", "task.upper_bound")
    return found, (Reason(fields, found.sentence),) if found.sentence else ()


def _window(season: int | None, horizon: int, rows: int) -> int:
    """Return how far to look back: over two seasons or three, if as many windows are left as each is long."""
    room = max(1, (rows - horizon) // 2)
    if season is None:
        return max(1, min(3 * horizon, max(horizon, _LONGEST_WINDOW), room))
    seasons = 3 if season <= _SHORT_SEASON and 3 * season <= room else 2
    return max(1, min(seasons * season, room))


def _window_reason(index: pd.Index, task: Forecast, season: int | None) -> Reason:
    sentence = f"The model looks {task.window} {_steps(index, task.window)} back and {task.horizon} ahead"
    if season and task.window % season == 0:
        seasons = {1: "one season", 2: "two seasons", 3: "three seasons"}[task.window // season]
        sentence += f": {seasons} to forecast the next one" if task.horizon == season else f": {seasons}"
    return Reason(("task.window", "task.horizon"), f"{sentence}.")


def _calendar(index: pd.Index) -> tuple[bool, tuple[Reason, ...]]:
    """Return the calendar where years come round in the training set and their days or weeks are many."""
    if not isinstance(index, pd.DatetimeIndex) or len(index) < 2:
        return False, ()
    years = (index[-1] - index[0]) / pd.Timedelta(days=365.25)
    if years < _TURNS or len(index) / years < _ROWS_A_YEAR:
        return False, ()
    why = "The training set spans several years, so the model gets the calendar of past and future steps."
    return True, (Reason(("task.calendar",), why),)


def _fourier(values: np.ndarray, index: pd.Index) -> tuple[tuple[int, ...], tuple[Reason, ...]]:
    """Return the seasons where there are several: a window seldom holds more than the shortest."""
    every = analysis.seasons(values, time_axis.likely_seasons(index))
    if len(every) < 2:
        return (), ()
    steps = " and ".join(f"{season:,}" for season in every[-2:])
    listed = ", ".join([*(f"{season:,}" for season in every[:-2]), steps])
    why = (
        f"The series repeats every {listed} {_steps(index, every[-1])}, so Fourier features tell the model "
        "how far it has come in each of these seasons."
    )
    return every, (Reason(("task.fourier",), why),)


def _learning(examples: int, stretches: float) -> tuple[Model, Training, tuple[Reason, ...]]:
    """Size model and training.

    Args:
        examples: windows to learn from.
        stretches: horizons that fit into the validation set one after the other.
    """
    fields = ("model.kind", "model.units", "model.dropout")
    if stretches < _FEW_STRETCHES:
        # What early stopping would go by is hardly more than one forecast: chance, and a bad adviser.
        why = Reason(
            (*fields, "training.patience", "training.weights"),
            "The validation set holds too few forecasts to decide when to stop, so training runs to "
            "its end, with a small GRU and a high dropout against overfitting.",
        )
        training = Training(batch=16, epochs=_EPOCHS_TO_THE_END, patience=None, weights="last")
        return Recurrent(kind="gru", units=16, dropout=0.5), training, (why,)
    units = 16 if examples < _FEW_EXAMPLES else 32
    batch = 16 if examples < _FEW_EXAMPLES else 32 if examples < _MANY_EXAMPLES else 64
    epochs = max(15, min(_MOST_EPOCHS, _UPDATES * batch // max(1, examples)))
    why = Reason(
        fields,
        f"{examples:,} training windows are enough for a GRU with {units} units and some dropout.",
    )
    training = Training(batch=batch, epochs=epochs, patience=max(8, epochs // 5))
    return Recurrent(kind="gru", units=units, dropout=0.3), training, (why,)


def _steps(index: pd.Index, many: int) -> str:
    """Return the word for rows: months where one comes every month."""
    word = time_axis.frequency(index).removeprefix("every ")
    word = word if word.isalpha() and word not in {"unevenly", "numbered"} else "step"
    return word if many == 1 else f"{word}s"
