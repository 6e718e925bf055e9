"""A sensible first recipe for any series."""

from components.data.dataset import Series
from components.recipe import Forecast, Preparation, Recipe, Recurrent, Training

_LONGEST_SEASON = 60  # a window of two longer ones would be slow to read and hard to remember
_UPDATES = 2500  # about what a small model needs
_BATCH = 32
_USUAL = Preparation()


def suggest(dataset: Series, target: str | None = None, preparation: Preparation = _USUAL) -> Recipe:
    """Size window, horizon and training to a dataset.

    Args:
        dataset: what to forecast.
        target: the column to forecast; None: the first.
        preparation: how it is mended and divided.
    """
    test = int(dataset.rows * preparation.test)
    train = int(dataset.rows * (1 - preparation.validation - preparation.test))
    season = dataset.season if dataset.season and 2 * dataset.season <= train else None
    short = season if season and season <= _LONGEST_SEASON else None
    horizon = max(1, min(short or 12, test // 2))
    window = max(1, min(2 * short if short else 48, train // 3))
    epochs = max(20, min(200, _UPDATES * _BATCH // max(1, train)))
    return Recipe(
        dataset=dataset.reference,
        preparation=preparation,
        task=Forecast(target=target or dataset.columns[0], window=window, horizon=horizon, season=season),
        model=Recurrent(kind="lstm", units=32),
        training=Training(batch=_BATCH, epochs=epochs),
    )
