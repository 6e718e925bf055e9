"""A trained model as one Keras model that takes and gives the data's own numbers or texts."""

from collections.abc import Sequence

import keras
import numpy as np
from keras import ops

from components.data.tokenizers.subword_vocabulary import SubwordVocabulary
from components.data.tokenizers.text_vocabulary import TextVocabulary
from components.data.transforms import Scaler
from components.models.ensemble import to_functional
from components.models.head_spec import HeadSpec, start_width, state_width
from components.models.text_lookup import tfidf_logits, token_codes
from components.models.tfidf_start import TfidfWeights
from components.models.window_scaling import count_mean, point_forecast
from components.recipe import Forecast, Side


def export_forecaster(
    forecaster: keras.Model,
    task: Forecast,
    scaler: Scaler,
    lag: int,
    lowest: float,
    ahead: int = 0,
) -> keras.Model:
    """Put the transform and the scaling into the model, in plain Keras layers and operations.

    Args:
        forecaster: (batch, window, features) → (batch, horizon), or (batch, horizon, numbers) for several
            numbers that make a forecast, in scaled units.
        task: names the transform, and by its loss what the numbers mean.
        scaler: as fitted on the training set.
        lag: rows that the transform needs before the window.
        lowest: what lies below it is read as this, as `components.data.transforms.log_floor` gives it.
        ahead: of the numbers of a row, how many are known ahead: the last ones.

    Returns:
        A model (batch, lag + window, features) → (batch, horizon): rows of the table, oldest first,
        the target in the first column, the covariates after it in the recipe's order, then what
        `components.data.calendar.features` and `components.data.fourier.features` tell, then, of several
        series, what
        `components.tasks.forecasting.static_features.numbers` tells and a 1 in the place of this one;
        forecasts in the target's own units. Where something is known ahead, or the forecast starts from
        another, it takes that as well: `ahead`, (batch, horizon, ahead + start + states), the start in the
        target's own units, and last what the pretrained network made of the series. It loads with
        `keras.models.load_model` alone.
    """
    features = len(scaler.offset)
    rows = keras.Input((lag + task.window, features), name="rows")
    target = rows[:, :, :1]
    changed = ops.concatenate([_transform(target, task, lag, lowest), rows[:, lag:, 1:]], axis=-1)
    scaling = keras.layers.Normalization(
        mean=scaler.offset.astype(np.float32),
        variance=np.square(scaler.scale).astype(np.float32),
        name="scaling",
    )
    plain = to_functional(forecaster)
    given, entering = rows, scaling(changed)
    start, states = start_width(task), state_width(task)
    if ahead + start:
        to_come = keras.Input((task.horizon, ahead + start + states), name="ahead")
        known = slice(features - ahead, features)
        offsets = [*scaler.offset[known], *[scaler.offset[0]] * start, *[0.0] * states]
        scales = [*scaler.scale[known], *[scaler.scale[0]] * start, *[1.0] * states]
        scaling_ahead = keras.layers.Normalization(
            mean=np.array(offsets, np.float32),
            variance=np.square(scales).astype(np.float32),
            name="scaling_ahead",
        )
        told = to_come
        if start and task.transform == "log":
            before, own, after = ops.split(to_come, [ahead, ahead + start], axis=-1)
            told = ops.concatenate([before, ops.log(ops.maximum(own, lowest)), after], axis=-1)
        given, entering = [rows, to_come], [entering, scaling_ahead(told)]
    scaled = point_forecast(plain(entering), HeadSpec.of(task))
    back = keras.layers.Rescaling(float(scaler.scale[0]), float(scaler.offset[0]), name="unscaling")(scaled)
    if task.loss == "negative_binomial":
        back = count_mean(back, float(scaler.scale[0]))
    forecast = _inverse_transform(back, target[:, task.window :, 0], task)
    return keras.Model(given, _within_bounds(forecast, task), name="unroll")


def export_fine_tuned(forecaster: keras.Model, task: Forecast, scaler: Scaler) -> keras.Model:
    """Bring what a pretrained network that learnt on forecasts to the units of the series.

    Args:
        forecaster: as `components.models.pretrained.fine_tuning.build_fine_tuned` gives it.
        task: names the transform, and by its loss what the numbers mean.
        scaler: as fitted on the training set.

    Returns:
        A model of the same five inputs, which are the twelve baselines' and so come from
        `ForecastProblem.inputs_at`, to (batch, horizon) in the target's own units.
    """
    scaled = point_forecast(forecaster.outputs[0], HeadSpec.of(task))
    back = keras.layers.Rescaling(float(scaler.scale[0]), float(scaler.offset[0]), name="unscaling")(scaled)
    forecast = ops.exp(back) if task.transform == "log" else back
    return keras.Model(forecaster.inputs, _within_bounds(forecast, task), name="unroll")


def _transform(target: keras.KerasTensor, task: Forecast, lag: int, lowest: float) -> keras.KerasTensor:
    match task.transform:
        case "log":
            return ops.log(ops.maximum(target, lowest))
        case "difference" | "seasonal_difference":
            return target[:, lag:] - target[:, :-lag]
    return target


def _inverse_transform(
    forecast: keras.KerasTensor, newest: keras.KerasTensor, task: Forecast
) -> keras.KerasTensor:
    """Undo the transform of (batch, horizon); `newest` are the (batch, lag) last values of the target."""
    match task.transform:
        case "log":
            return ops.exp(forecast)
        case "difference":
            return newest + ops.cumsum(forecast, axis=1)
        case "seasonal_difference":
            season = newest.shape[1]
            seasons = -(-task.horizon // season)
            filled = ops.pad(forecast, ((0, 0), (0, seasons * season - task.horizon)))
            changes = ops.cumsum(ops.reshape(filled, (-1, seasons, season)), axis=1)
            levels = ops.reshape(changes + newest[:, None], (-1, seasons * season))
            return levels[:, : task.horizon]
    return forecast


def _within_bounds(forecast: keras.KerasTensor, task: Forecast) -> keras.KerasTensor:
    if task.lower_bound is not None:
        forecast = ops.maximum(forecast, task.lower_bound)
    return forecast if task.upper_bound is None else ops.minimum(forecast, task.upper_bound)


# --- Classifiers -------------------------------------------------------------------------------------


def export_sequence_classifier(
    classifier: keras.Model, names: Sequence[str], scaler: Scaler | None, longest: int, cut: Side
) -> keras.Model:
    """Put cutting, scaling and the names of the classes into a model of sequences.

    Args:
        classifier: (batch, T, channels), scaled and filled up with NaN → logits.
        names: of the classes.
        scaler: as fitted on the training set; None where nothing is scaled.
        longest: steps that are read.
        cut: the side on which longer sequences lose steps.

    Returns:
        A model of numbers as they are, (batch, T, channels), filled up with NaN on any side, that gives
        `class`, (batch,) strings, and `probabilities`, (batch, classes).
    """
    given, outputs = _raw_input_and_outputs(classifier, scaler, longest, cut)
    return keras.Model(given, _class_outputs(outputs, names), name="unroll")


def export_sequence_regressor(
    measurer: keras.Model, answer: Scaler, scaler: Scaler | None, longest: int, cut: Side
) -> keras.Model:
    """Put cutting and both scalings into a model of sequences that tells a number.

    Args:
        measurer: (batch, T, channels), scaled and filled up with NaN → the scaled number, (batch, 1).
        answer: what the number was scaled by.
        scaler, longest, cut: as of `export_sequence_classifier`.

    Returns:
        A model of numbers as they are, (batch, T, channels), filled up with NaN on any side, that gives the
        number in its own units, (batch,).
    """
    given, outputs = _raw_input_and_outputs(measurer, scaler, longest, cut)
    back = keras.layers.Rescaling(float(answer.scale[0]), float(answer.offset[0]), name="unscaling")
    return keras.Model(given, back(outputs)[:, 0], name="unroll")


def _raw_input_and_outputs(
    model: keras.Model, scaler: Scaler | None, longest: int, cut: Side
) -> tuple[keras.KerasTensor, keras.KerasTensor]:
    """Return an input of raw numbers, and what a model makes of them once they are cut and scaled."""
    channels = model.input_shape[-1]
    given = keras.Input((None, channels), name="sequences")
    kept = _read_mask(ops.logical_not(ops.isnan(given[..., 0])), longest, cut)
    values = given
    if scaler is not None:
        values = keras.layers.Normalization(
            mean=scaler.offset.astype(np.float32),
            variance=np.square(scaler.scale).astype(np.float32),
            name="scaling",
        )(given)
    values = ops.where(kept[..., None], values, float("nan"))
    return given, model(values)


def export_text_classifier(
    classifier: keras.Model,
    names: Sequence[str],
    vocabulary: TextVocabulary,
    longest: int,
    cut: Side,
    start: TfidfWeights | None = None,
) -> keras.Model:
    """Put the vocabulary, cutting, what it starts from and the names of the classes into a model of texts.

    Args:
        classifier: (batch, T) codes, filled up with 0, beside the logits that it starts from, if it does so
            → logits.
        names: of the classes.
        vocabulary: as fitted on the training set.
        longest: tokens that are read.
        cut: the side on which longer texts lose tokens.
        start: the linear model that it starts from.

    Returns:
        A model of (batch,) strings that gives what `export_sequence_classifier` does. Of words it takes
        texts whose tokens, as `components.data.tokenizers.tokenizer.tokenize` cuts them, stand apart by
        spaces. Of characters it takes texts as they are. Of subwords it takes the pieces into which their
        SentencePiece model cuts a text with a space before each word, ▁ for a space in them, apart by spaces;
        what it starts from counts words, so it then takes `subwords` and `words`, (batch,) strings each, the
        latter as it takes texts of words. Where capitals don't count, words and subwords have to be in small
        letters.
    """
    counts_words = start is not None and isinstance(vocabulary, SubwordVocabulary)
    given = keras.Input((), dtype="string", name="subwords" if counts_words else "texts")
    known = token_codes(given, vocabulary, "vocabulary")
    kept = _read_mask(ops.not_equal(known, 0), longest, cut)
    inputs, read = given, ops.where(kept, known, 0)
    if start is not None:
        words = given
        if counts_words:
            words = keras.Input((), dtype="string", name="words")
            inputs = {"subwords": given, "words": words}
        read = [read, tfidf_logits(words, start)]
    return keras.Model(inputs, _class_outputs(classifier(read), names), name="unroll")


def _read_mask(present: keras.KerasTensor, longest: int, cut: Side) -> keras.KerasTensor:
    """Return which of the steps that are there are read: the first or the last of each row."""
    place = ops.cumsum(ops.cast(present, "int32"), axis=1)
    if cut == "left":
        last = place[:, -1:]
        return ops.logical_and(present, place > last - longest)
    return ops.logical_and(present, place <= longest)


def _class_outputs(logits: keras.KerasTensor, names: Sequence[str]) -> dict[str, keras.KerasTensor]:
    if logits.shape[-1] == 1:
        second = ops.sigmoid(logits)
        shares = ops.concatenate([1 - second, second], axis=-1)
    else:
        shares = ops.softmax(logits, axis=-1)
    look_up = keras.layers.StringLookup(
        vocabulary=list(names), num_oov_indices=0, invert=True, name="class_names"
    )
    return {"class": look_up(ops.argmax(shares, axis=-1)), "probabilities": shares}
