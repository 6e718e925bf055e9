"""Which column of a table people most likely want forecast, and which only say whose row it is, or when."""

import re

import numpy as np
import pandas as pd

_ID_NAME = re.compile(
    r"\A(?:.*[_\s-])?(?:ids?|nr|no|num|number|key|code|store|shop|item|sku|product|dept|department|station|sensor|"
    r"site|region|state|country|county|city|city_name|location|series|series_name|ticker|symbol|meter|customer|"
    r"client|user|device|machine|group|cat|category|family|airport|plant|branch|entity|zone|district|filiale|"
    r"land|stadt|artikel|kunde|magasin|tienda|zip|postcode)(?:[_\s-]?(?:id|nr|no|num|code))?",
    re.IGNORECASE,
)
# The words of a name that say what it is, once it is taken apart.
_WANTED = (
    frozenset(("y", "target", "label", "ot", "endog")),
    frozenset(
        (
            *("value", "values", "wert", "valeur", "valor", "sales", "demand", "umsatz", "absatz", "ventes"),
            *("ventas", "close", "price", "preis", "prix", "load", "consumption", "verbrauch", "revenue"),
            *("passengers", "visitors", "count", "cnt", "quantity", "qty", "amount", "total", "traffic"),
            *("power", "energy", "production", "generation", "temperature", "temp", "rate", "index"),
            *("cases", "deaths", "arrivals", "orders", "units", "rides", "trips", "views", "level", "flow"),
        )
    ),
)
_BESIDE = frozenset(
    (
        *(
            "open",
            "high",
            "low",
            "volume",
            "dividends",
            "splits",
            "vwap",
            "forecast",
            "predicted",
            "capacity",
        ),
        *(
            "min",
            "max",
            "std",
            "stdev",
            "error",
            "stderr",
            "cv",
            "lower",
            "upper",
            "flag",
            "quality",
            "weight",
        ),
        *(
            "previous",
            "prev",
            "lag",
            "change",
            "pct",
            "diff",
            "ahead",
            "interpolated",
            "promo",
            "onpromotion",
        ),
    )
)
_TIME_PARTS = frozenset(
    (
        *("year", "month", "week", "day", "hour", "minute", "second", "quarter", "weekday", "dayofweek"),
        *(
            "doy",
            "dow",
            "dayofyear",
            "weekofyear",
            "holiday",
            "weekend",
            "isholiday",
            "season",
            "jahr",
            "monat",
        ),
        *(
            "monat",
            "tag",
            "decimal",
            "stunde",
            "annee",
            "mois",
            "jour",
            "heure",
            "time",
            "date",
            "timestamp",
            "step",
        ),
        *("t", "epoch"),
    )
)
_LOOKED_AT = 1_000_000  # rows, the last of them: a series may begin late
_YEARS = (1000, 3000)
_EVEN = 0.02  # years that the steps of decimal years differ by, at most
_PLACES = frozenset(("lat", "latitude", "lon", "lng", "long", "longitude", "elevation", "altitude"))


def is_id_name(name: str) -> bool:
    """Return whether a column is named like what tells things apart: a shop, a station, an id.

    Example:
        >>> [is_id_name(name) for name in ("store", "unique_id", "StationNr", "wind")]
        [True, True, True, False]
    """
    return bool(_ID_NAME.fullmatch(_with_underscores(name)))


def likely_target(table: pd.DataFrame) -> str:
    """Return the column of numbers that people most likely want forecast.

    By its name and by what is in it: a counter, an identifier, a part of the date, a flag, or what never
    changes is chosen only where there is nothing else. Of columns that are as likely, it is the first.

    Args:
        table: (rows, columns) of float64; at least one column.
    """
    return max(table.columns, key=lambda column: _likelihood(column, table[column].to_numpy()))


def _likelihood(name: str, values: np.ndarray) -> int:
    words = set(filter(None, re.split(r"[^a-z0-9]+", _with_underscores(name).casefold().replace("_", " "))))
    score = 0
    if not words or re.fullmatch(r"(unnamed.*|column ?\d*|index|#)", name.strip(), re.IGNORECASE):
        score -= 2
    for rank, wanted in enumerate(_WANTED):
        if words & wanted:
            score += 3 - rank
            break
    score -= 2 * bool({word.rstrip("0123456789") for word in words} & _BESIDE)
    if is_id_name(name):
        score -= 20
    if (words & _TIME_PARTS and not words & _WANTED[1]) or words & _PLACES:
        score -= 20
    return score - _worthless(values)


def _worthless(values: np.ndarray) -> int:
    """Return how little there is to forecast: nothing where it is a measurement."""
    there = values[-_LOOKED_AT:]
    there = there[np.isfinite(there)]
    if len(there) < 2 or there.min() == there.max():
        return 60
    steps = np.diff(there)
    if len(there) > 2 and (steps == steps[0]).all():
        return 50
    if there.min() >= _YEARS[0] and there.max() < _YEARS[1] and (steps > 0).all() and np.ptp(steps) < _EVEN:
        return 50  # years and parts of them
    if len(np.unique(there[:10_000])) <= 2 and np.isin(there, (there.min(), there.max())).all():
        return 30
    kinds = np.unique(there[:10_000])
    falls = steps < 0
    if (kinds == np.floor(kinds)).all() and falls.any() and (steps[~falls] == 1).all():
        return 25  # counts up, and begins again
    return 0


def _with_underscores(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", str(name)).strip()
