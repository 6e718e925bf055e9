"""What can't work where a series is to be forecast, said before any training."""

import numpy as np
import pandas as pd

from components.data import calendar
from components.data.datasets import Series
from components.data.splits.time_split import TimeSplit, time_split
from components.data.transforms import transform_lag
from components.models.head_spec import HeadSpec, start_width
from components.models.pretrained.features import AHEAD_WIDTH, CANDIDATES, HISTORY_WIDTH, LONGEST_HISTORY
from components.recipe import Forecast, Preparation, Recipe, Recurrent
from components.tasks.forecasting.problem import own_rows_of
from components.tasks.issue import Issue

MOST_FED_BACK = 100
"""Steps that may be forecast one by one: the exported model has a layer for each."""
MOST_STARTED = 50_000
"""Rows, of all series together, at which a start may be forecast: a thousand take about a second."""
MOST_ATTENTION = 2 * 2**30
"""Bytes that additive attention may need for one batch."""


MOST_TUNING_RATE = 1e-3
"""Learning rate of weights that are learnt on."""
MOST_TUNING_BYTES = 2**28
"""Of what the pretrained network reads at every row."""
MOST_SAMPLED_VALUES = 20_000_000
"""MC samples × test windows × horizon: so many take some minutes on one core."""


def issues(recipe: Recipe, dataset: Series) -> tuple[Issue, ...]:
    """Return what in a recipe can't work on a series."""
    task, known = recipe.require_task(Forecast), set(dataset.columns)
    if task.target not in known:
        return (Issue("task.target", f"There is no column “{task.target}” in {dataset.title}."),)
    named = {"covariates": task.covariates, "known": task.known, "together": task.together}
    for field, names in ((f"task.{name}", columns) for name, columns in named.items()):
        unknown = [name for name in names if name not in known]
        if unknown:
            return (Issue(field, f"There is no column “{unknown[0]}” in {dataset.title}."),)
    unknown = [name for name in task.static if name not in dataset.static_features.columns]
    if unknown:
        return (Issue("task.static", f"There is no static feature “{unknown[0]}” in {dataset.title}."),)
    late = _unequal_length_issue(recipe, dataset)
    if late is not None:
        return (late,)
    together = _panel_issue(recipe, dataset, time_split(dataset.rows, recipe.preparation))
    whole = dataset
    dataset, parts = own_rows_of(task, whole, recipe.preparation)
    return tuple(
        issue
        for issue in (
            together,
            _calendar_issue(task, dataset),
            _transform_issue(recipe, dataset, parts),
            _season_issue(recipe, parts),
            _bounds_issue(task, whole, recipe.preparation),
            _fourier_issue(task, parts),
            _window_issue(recipe, parts),
            _segment_issue(task),
            _horizon_issue(recipe, parts),
            _attention_issue(recipe),
            _base_issue(task),
            _fine_tuning_issue(recipe, dataset),
            _start_issue(task, dataset),
            _strategy_issue(recipe),
            _counts_issue(task, dataset),
            _difference_issue(task),
            _dropout_issue(recipe),
            _evaluation_issue(recipe, parts),
            _epochs_issue(recipe),
        )
        if issue
    )


def _unequal_length_issue(recipe: Recipe, dataset: Series) -> Issue | None:
    """Refuse a series that is too short for a window where it begins late or ends early.

    A target needs one in the training set, and has to go on into the test set. Another series that does so
    may be new: it is forecast by what is learnt from the others, and needs a window before the test set.
    """
    task, parts = recipe.require_task(Forecast), time_split(dataset.rows, recipe.preparation)
    for name in task.series:
        own = dataset.complete_rows((name, *task.inputs))
        if own == slice(0, dataset.rows):
            continue
        is_target, tested = name == task.target, max(0, own.stop - parts.test.start)
        is_learnt = is_target or tested < task.horizon
        left = parts.within(own).train.stop if is_learnt else parts.within(own).test.start
        if left < transform_lag(task) + task.window + task.horizon:
            where = "are in the training set" if is_learnt else "come before the test set"
            return Issue(
                "task.target" if is_target else "task.together",
                f"“{name}” {'starts late' if own.start else 'ends early'}: only {left} of its rows {where}, "
                f"too few for a window of {task.window} and a horizon of {task.horizon} steps. Leave it out, "
                "or shorten the window.",
            )
        if is_target and tested < task.horizon:
            return Issue(
                "task.target",
                f"“{name}” ends early: {tested or 'none'} of its rows are in the test set, too few to test a "
                f"horizon of {task.horizon} steps. Choose another target; “{name}” can still be learnt "
                "together with it.",
            )
    return None


def _panel_issue(recipe: Recipe, dataset: Series, parts: TimeSplit) -> Issue | None:
    task = recipe.require_task(Forecast)
    if not task.together:
        return _static_feature_issue(task)
    if task.loss == "negative_binomial":
        return Issue(
            "task.loss",
            "A global model scales every series, but a loss for counts needs unscaled counts. Choose "
            "another loss.",
        )
    if task.base != "none" and task.transform in {"difference", "seasonal_difference"}:
        return Issue(
            "task.transform",
            "In a global model, a change of zero is a different number for each series. Choose "
            "another transform, or start from nothing.",
        )
    values = dataset.table[list(task.together)].iloc[: parts.test.start]
    if task.transform == "log" and values.min().min() <= 0:
        name = str(values.min().idxmin())
        return Issue(
            "task.transform",
            f"The logarithm needs values above zero, and “{name}” has others. Choose another transform.",
        )
    return None


def _static_feature_issue(task: Forecast) -> Issue | None:
    if not task.static:
        return None
    return Issue(
        "task.static",
        "Static features tell several series apart, but only one is forecast. Choose other "
        "series to forecast too, or leave the static features out.",
    )


def _calendar_issue(task: Forecast, dataset: Series) -> Issue | None:
    if not isinstance(dataset.table.index, pd.DatetimeIndex) and (task.calendar or task.holidays):
        field = "task.calendar" if task.calendar else "task.holidays"
        return Issue(field, "The rows have no dates or times, so there is no calendar. Turn this off.")
    if task.holidays and task.holidays not in calendar.countries():
        return Issue(
            "task.holidays",
            f"The holidays of “{task.holidays}” aren't available here. Choose another country.",
        )
    return None


def _transform_issue(recipe: Recipe, dataset: Series, parts: TimeSplit) -> Issue | None:
    values = dataset.table[recipe.require_task(Forecast).target].to_numpy(np.float64)[parts.train]
    if recipe.require_task(Forecast).transform == "log" and values.min() <= 0:
        return Issue(
            "task.transform",
            "The logarithm needs values above zero, but the lowest in the training set is "
            f"{values.min():g}. Choose another transform.",
        )
    return None


def _season_issue(recipe: Recipe, parts: TimeSplit) -> Issue | None:
    season, rows = recipe.require_task(Forecast).season, parts.train.stop
    if season and season >= rows:
        return Issue(
            "task.season",
            f"A season of {season} steps doesn't fit into the training set, which has {rows} rows. "
            "Choose a shorter one.",
        )
    return None


def _bounds_issue(task: Forecast, dataset: Series, preparation: Preparation) -> Issue | None:
    """Refuse bounds that the training set contradicts; what comes after it isn't known before."""
    train = time_split(dataset.rows, preparation).train
    for name in task.series:
        values = dataset.table[name].to_numpy(np.float64)[train]
        values = values[np.isfinite(values)]  # none of a series that is new
        low, high = (float(values.min()), float(values.max())) if len(values) else task.bounds
        if low < task.bounds[0]:
            return Issue(
                "task.lower_bound",
                f"In the training set “{name}” is as low as {low:g}, which is below this bound. Choose a "
                "lower one, or none.",
            )
        if high > task.bounds[1]:
            return Issue(
                "task.upper_bound",
                f"In the training set “{name}” is as high as {high:g}, which is above this bound. Choose a "
                "higher one, or none.",
            )
    return None


def _fourier_issue(task: Forecast, parts: TimeSplit) -> Issue | None:
    longest = max(task.fourier, default=0)
    if longest < parts.train.stop:
        return None
    return Issue(
        "task.fourier",
        f"A season of {longest} steps doesn't fit into the training set, which has {parts.train.stop} rows. "
        "Leave it out.",
    )


def _window_issue(recipe: Recipe, parts: TimeSplit) -> Issue | None:
    task, lost = recipe.require_task(Forecast), transform_lag(recipe.require_task(Forecast))
    room = parts.train.stop - lost - task.horizon
    if task.window > room:
        lost_words = f" ({lost} of them are lost to differencing)" if lost else ""
        advice = f"Choose at most {room} steps." if room > 0 else "Choose a shorter horizon first."
        return Issue(
            "task.window",
            f"A window of {task.window} and a horizon of {task.horizon} steps don't fit into the "
            f"training set, which has {parts.train.stop} rows{lost_words}. {advice}",
        )
    return None


def _segment_issue(task: Forecast) -> Issue | None:
    if task.window % task.segment == 0:
        return None
    fewer = task.window - task.window % task.segment
    window = f"{fewer} or {fewer + task.segment}" if fewer else str(task.segment)
    return Issue(
        "task.segment",
        f"A window of {task.window} steps isn't a whole number of segments of {task.segment}. Choose a "
        f"window of {window} steps, or other segments.",
    )


def _horizon_issue(recipe: Recipe, parts: TimeSplit) -> Issue | None:
    named = {"validation": parts.validation, "test": parts.test}
    name, part = min(named.items(), key=lambda item: item[1].stop - item[1].start)
    rows = part.stop - part.start
    horizon = recipe.require_task(Forecast).horizon
    if horizon > rows:
        return Issue(
            "task.horizon",
            f"A horizon of {horizon} steps doesn't fit into the {name} set, which has {rows} rows. "
            f"Forecast at most {rows} steps, or make that set larger.",
        )
    return None


def _attention_issue(recipe: Recipe) -> Issue | None:
    model, task = recipe.model, recipe.require_task(Forecast)
    if not isinstance(model, Recurrent) or model.attention != "additive":
        return None
    width = model.units * (2 if model.bidirectional else 1)
    need = 4 * recipe.training.batch * task.horizon * task.window * width
    if need > MOST_ATTENTION:
        return Issue(
            "model.attention",
            f"Additive attention of this size needs {need / 2**30:.0f} GB for each training step. "
            "Choose dot-product attention, or a shorter window or horizon.",
        )
    return None


def _base_issue(task: Forecast) -> Issue | None:
    if task.base == "last" and task.transform == "seasonal_difference":
        return Issue(
            "task.base",
            "With seasonal differencing the model doesn't see the last value. Start from the last "
            "season, or choose another transform.",
        )
    if start_width(task) and task.transform in {"difference", "seasonal_difference"}:
        return Issue(
            "task.base",
            "What the forecast starts from already knows trend and season, so there is nothing to "
            "difference. Choose no transform or the logarithm, or start from the last value.",
        )
    if start_width(task) and task.strategy == "recursive":
        return Issue(
            "task.base",
            "A recursive forecast makes one step at a time, but this start is a forecast of all steps. "
            "Choose a direct forecast, or start from the last value.",
        )
    if task.base == "season" and task.transform != "seasonal_difference" and task.window < (task.season or 0):
        return Issue(
            "task.base",
            f"A window of {task.window} steps is shorter than a season of {task.season}. Make it "
            f"{task.season} steps or more, or start from the last value.",
        )
    return None


def _fine_tuning_issue(recipe: Recipe, dataset: Series) -> Issue | None:
    """Refuse what a pretrained network that learns on with all its weights can't do."""
    task = recipe.require_task(Forecast)
    if task.transferred != "weights":
        return None
    rows = dataset.rows * len(task.series)
    by_step = task.horizon * (AHEAD_WIDTH["stack"] + CANDIDATES["stack"])
    field = message = ""
    if recipe.optimizer.learning_rate > MOST_TUNING_RATE:
        field, message = (
            "optimizer.learning_rate",
            "At this learning rate the pretrained network would forget what it knows. Choose at most "
            f"{MOST_TUNING_RATE:g}; 0.0003 is usual.",
        )
    elif task.inputs or task.calendar or task.holidays or task.fourier:
        field, message = (
            "task.transfer",
            "The pretrained network reads the target alone. Leave out the other columns, the calendar and "
            "the Fourier features, or transfer its states instead.",
        )
    elif HeadSpec.of(task).numbers > 1 and task.loss != "quantile":
        field, message = (
            "task.transfer",
            "The pretrained network forecasts quantiles, not the parameters of a distribution. Choose the "
            "quantile, absolute, squared or Huber loss, or transfer its states instead.",
        )
    elif task.members > 1:
        field, message = (
            "task.members",
            "All members would be the same: the weights of a pretrained network are given. Choose 1.",
        )
    elif task.passes:
        field, message = (
            "task.passes",
            "The pretrained network has no dropout, so all MC samples would be the same. Set them to 0.",
        )
    elif 4 * rows * (LONGEST_HISTORY * HISTORY_WIDTH["stack"] + by_step) > MOST_TUNING_BYTES:
        field, message = (
            "task.transfer",
            f"What the pretrained network reads at {rows:,} rows would take too much memory. Transfer its "
            "states instead.",
        )
    return Issue(field, message) if message else None


def _start_issue(task: Forecast, dataset: Series) -> Issue | None:
    """Refuse a start of a series so long that to forecast from its every row would take minutes."""
    if start_width(task) and dataset.rows * len(task.series) > MOST_STARTED:
        return Issue(
            "task.base",
            f"This start is forecast from each of {dataset.rows * len(task.series):,} rows, which takes "
            f"too long for more than {MOST_STARTED:,}. Start from the last value or the last season.",
        )
    return None


def _strategy_issue(recipe: Recipe) -> Issue | None:
    task = recipe.require_task(Forecast)
    if task.strategy == "decoder" and not isinstance(recipe.model, Recurrent):
        return Issue(
            "task.strategy",
            "Only recurrent models have a decoder here. Choose a direct forecast, or an LSTM.",
        )
    if task.strategy != "recursive":
        return None
    if task.horizon > MOST_FED_BACK:
        return Issue(
            "task.strategy",
            f"A recursive forecast can have at most {MOST_FED_BACK} steps, and the horizon is "
            f"{task.horizon}. Choose a direct forecast.",
        )
    if HeadSpec.of(task).numbers > 1:
        return Issue(
            "task.strategy",
            "A recursive forecast can feed back only one number, and this loss predicts several. "
            "Choose a direct forecast, or the squared, absolute or Huber error.",
        )
    return None


def _counts_issue(task: Forecast, dataset: Series) -> Issue | None:
    if task.loss != "negative_binomial":
        return None
    if task.transform != "none":
        return Issue(
            "task.loss",
            "The negative binomial distribution needs counts, which can't be transformed. Choose no "
            "transform, or another loss.",
        )
    values = dataset.table[task.target].to_numpy(np.float64)
    odd = values[(values < 0) | (values != np.round(values))]
    if odd.size:
        return Issue(
            "task.loss",
            "The negative binomial distribution needs counts (0, 1, 2 and so on), and the data "
            f"contains {odd[0]:g}. Choose another loss.",
        )
    return None


def _difference_issue(task: Forecast) -> Issue | None:
    """Refuse quantiles of changes that add up: the quantile of a sum is not the sum of quantiles."""
    if HeadSpec.of(task).numbers == 1:
        return None
    if task.transform == "difference" or (
        task.transform == "seasonal_difference" and task.horizon > (task.season or 0)
    ):
        return Issue(
            "task.transform",
            "The uncertainty of a sum can't be computed from that of each change. Choose another "
            "transform; starting from the last value does much the same.",
        )
    return None


def _epochs_issue(recipe: Recipe) -> Issue | None:
    if recipe.training.epochs == 0 and recipe.require_task(Forecast).base == "none":
        return Issue(
            "training.epochs",
            "Without training and without a start there is no forecast. Train for an epoch at least, or "
            "choose what the forecast starts from.",
        )
    return None


def _dropout_issue(recipe: Recipe) -> Issue | None:
    if recipe.require_task(Forecast).passes and not recipe.model.dropout:
        return Issue(
            "task.passes",
            "Without dropout all MC samples are the same. Give the model some dropout, or set the MC "
            "samples to 0.",
        )
    return None


def _evaluation_issue(recipe: Recipe, parts: TimeSplit) -> Issue | None:
    """Bound how long the evaluation takes: each MC sample forecasts the whole test set once more."""
    task = recipe.require_task(Forecast)
    windows = max(1, parts.test.stop - parts.test.start - task.horizon + 1)
    values = task.passes * windows * task.horizon
    if values <= MOST_SAMPLED_VALUES:
        return None
    fitting = MOST_SAMPLED_VALUES // (windows * task.horizon)
    remedy = f"Choose at most {fitting:,} MC samples" if fitting else "Set the MC samples to 0"
    return Issue(
        "task.passes",
        f"The evaluation would draw {values / 1e6:,.0f} million values ({task.passes} MC samples of "
        f"{windows:,} test windows, {task.horizon} steps each). The limit is "
        f"{MOST_SAMPLED_VALUES / 1e6:.0f} million, which take some minutes. {remedy}, or a smaller test set.",
    )
