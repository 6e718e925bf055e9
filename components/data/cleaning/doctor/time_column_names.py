"""Names that people give to columns of times, in a few languages, without accents.

Words are parted by a space, whatever stands between them in the file.
"""

from components.recipe.cleaning import TimePart

PART_NAMES: dict[TimePart, frozenset[str]] = {
    "date": frozenset(
        (
            *("date", "datum", "fecha", "dato", "datetime", "date time", "ds", "trade date", "trading date"),
            *("order date", "invoice date", "sale date", "sales date", "period end", "month end"),
        )
    ),
    "year": frozenset(
        (
            *(
                "year",
                "yr",
                "yyyy",
                "jahr",
                "annee",
                "an",
                "ano",
                "anno",
                "jaar",
                "rok",
                "ar",
                "years",
                "sal",
            ),
            *("calendar year", "fiscal year", "fy", "iso year", "reference year", "vuosi"),
        )
    ),
    "half": frozenset(("half", "half year", "halbjahr", "semester", "semestre", "hy", "h")),
    "quarter": frozenset(
        (
            *("quarter", "qtr", "q", "quartal", "trimestre", "trim", "kwartaal", "kvartal", "period"),
            *("quarter of year", "fiscal quarter"),
        )
    ),
    "month": frozenset(
        (
            *(
                "month",
                "mon",
                "mo",
                "mm",
                "monat",
                "mois",
                "mes",
                "mese",
                "maand",
                "manad",
                "mnth",
                "miesiac",
            ),
            *("month name", "month number", "month no", "month num", "maned", "period", "date month"),
        )
    ),
    "week": frozenset(
        (
            *("week", "wk", "kw", "woche", "kalenderwoche", "semaine", "semana", "settimana", "uge", "vecka"),
            *("iso week", "isoweek", "week number", "weeknumber", "week no", "week num", "weeknum", "weekno"),
            *("week of year", "weekofyear", "epi week", "epiweek", "cw", "calendar week", "yearweek"),
            *("year week", "yyyyww", "yrwk"),
        )
    ),
    "day": frozenset(
        (
            *("day", "dd", "dy", "mday", "dom", "tag", "jour", "dia", "giorno", "dag", "day of month"),
            *("dayofmonth", "date day of month"),
        )
    ),
    "day_of_year": frozenset(
        (
            *("doy", "yday", "day of year", "dayofyear", "day of the year", "julian day", "julian", "jday"),
            *("ordinal day", "year day", "yearday", "day number", "day", "jour de l annee", "tag des jahres"),
        )
    ),
    "hour": frozenset(
        (
            *("hour", "hr", "hh", "stunde", "std", "heure", "hora", "ora", "uur", "hours", "time", "he"),
            *("hour ending", "hour beginning", "hour of day", "hour end", "delivery hour", "trading hour"),
            *("godzina", "timme", "time of day", "hour number"),
        )
    ),
    "counted_half_hour": frozenset(("settlement period", "sp", "half hour", "halfhour", "trading period")),
    "minute": frozenset(("minute", "min", "minuto", "minuut", "mn", "minutes")),
    "second": frozenset(("second", "sec", "seconds", "sekunde", "ss", "segundo", "secondo")),
}
"""the names of a column that holds a part of the time, and nothing else"""

TIME_WORDS = frozenset(
    (
        *("date", "datum", "fecha", "data", "dato", "datetime", "timestamp", "time", "zeit", "uhrzeit"),
        *("zeitpunkt", "zeitstempel", "tid", "temps", "tiempo", "tempo", "when", "ds", "ts", "day"),
        *("tag", "jour", "dia", "giorno", "dag", "month", "monat", "mois", "mes", "mese", "maand"),
        *("manad", "year", "jahr", "annee", "ano", "anno", "jaar", "rok", "yr", "yyyy", "period"),
        *("periode", "periodo", "quarter", "quartal", "trimestre", "week", "woche", "semaine", "yearmonth"),
        *("semana", "settimana", "epoch", "unix", "utc", "heure", "hora", "ora", "tijd", "clock", "yyyymm"),
        *("yyyymmdd", "yearweek", "yyyyww", "doy", "hour", "mtu"),
    )
)
"""words that speak of time wherever they stand in a name"""
