"""Names that people give to columns of times, in a few languages, without accents."""

from components.recipe.cleaning import TimePart

PART_NAMES: dict[TimePart, frozenset[str]] = {
    "year": frozenset(("year", "yr", "yyyy", "jahr", "annee", "an", "ano", "anno", "jaar", "rok", "ar")),
    "quarter": frozenset(("quarter", "qtr", "q", "quartal", "trimestre", "trim", "kwartaal")),
    "month": frozenset(
        ("month", "mon", "mo", "mm", "monat", "mois", "mes", "mese", "maand", "manad", "mnth")
    ),
    "day": frozenset(
        ("day", "dd", "dy", "mday", "dom", "tag", "jour", "dia", "giorno", "dag", "day_of_month")
    ),
    "hour": frozenset(("hour", "hr", "hh", "stunde", "std", "heure", "hora", "ora", "uur", "hours", "time")),
    "minute": frozenset(("minute", "min", "minuto", "minuut", "mn", "minutes")),
    "second": frozenset(("second", "sec", "seconds", "sekunde", "ss", "segundo", "secondo")),
}
"""the names of a column that holds a part of the time, and nothing else"""

TIME_WORDS = frozenset(
    (
        *("date", "datum", "fecha", "data", "dato", "datetime", "timestamp", "time", "zeit"),
        *("zeitpunkt", "zeitstempel", "tid", "temps", "tiempo", "tempo", "when", "ds", "ts", "day"),
        *("tag", "jour", "dia", "giorno", "dag", "month", "monat", "mois", "mes", "mese", "maand"),
        *("manad", "year", "jahr", "annee", "ano", "anno", "jaar", "rok", "yr", "yyyy", "period"),
        *("periode", "periodo", "quarter", "quartal", "trimestre", "week", "woche", "semaine"),
        *("semana", "settimana", "epoch", "unix", "utc"),
    )
)
"""words that speak of time wherever they stand in a name"""
