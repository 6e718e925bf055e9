"""Cleaning steps: what is done to a table as it came until it is numbers in order of time, one step each.

A cleaning step says all that it does, so that it does the same again: what was found in the data when it was
chosen stands in its fields. `components.data.cleaning.steps` makes them.
"""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from components.recipe.base import LONGEST_NAME, MOST_COLUMNS, MOST_NAMED_COLUMNS, RecipePart

Column = Annotated[str, Field(max_length=LONGEST_NAME)]
"""as it came: it may be empty, as in tables whose first column only numbers the rows"""
Unit = Annotated[str, Field(pattern=r"^[^\d\s.,()+−–-][^\d()+−–-]{0,19}$")]
Columns = Annotated[tuple[Column, ...], Field(min_length=1, max_length=MOST_NAMED_COLUMNS)]
MOST_SERIES = 100
"""Series that can be learnt together."""
MOST_WORDS = 20
"""Words of a column that become a column of 0 and 1 each."""

TimeUnit = Literal["millisecond", "second", "minute", "hour", "day", "business_day", "week", "month", "year"]
Count = Annotated[int, Field(ge=1, le=10_000)]

# --- What the cells mean ---------------------------------------------------------------------------

TimePart = Literal[
    "date",  # a date, with or without its time of day, as people and programs write it
    "digits",  # 20200131, 202001, 202001311530
    "decimal_year",  # 2020.5 is the middle of 2020
    "decimal_month",  # the same, and only the month is meant
    "unix_seconds",  # since 1970, UTC
    "unix_milliseconds",
    "unix_microseconds",
    "unix_nanoseconds",
    "serial_days",  # a spreadsheet's own count: 1 is 1 January 1900
    "year_week",  # 202001 is the first week of 2020
    "year_day",  # 2020366 is its last day
    "year_dot_month",  # 2020.01 is January, and so 2020.1 is October
    "month_dot_year",  # 1.2020
    "year",
    "half",
    "quarter",
    "month",
    "week",  # of ISO 8601
    "day_of_year",
    "day",
    "time",  # a time of day
    "hour",
    "counted_hour",  # 1 is the first hour of the day; a day on which clocks go back has 25
    "counted_half_hour",  # likewise, 1 to 48, or 50
    "minute",
    "second",
]
Calendar = Literal["gregorian", "buddhist", "minguo", "persian", "islamic"]
_LEADING_PARTS = {
    "date",
    "digits",
    "decimal_year",
    "decimal_month",
    "unix_seconds",
    "unix_milliseconds",
    "unix_microseconds",
    "unix_nanoseconds",
    "serial_days",
    "year_week",
    "year_day",
    "year_dot_month",
    "month_dot_year",
    "year",
}
_CLOCK_PARTS = {"time", "hour", "counted_hour", "counted_half_hour", "minute", "second"}
_FINER_PARTS = {
    "year": {"half", "quarter", "month", "week", "day_of_year", "day"} | _CLOCK_PARTS,
    "date": _CLOCK_PARTS,
    "digits": _CLOCK_PARTS,
    "year_day": _CLOCK_PARTS,
    "serial_days": _CLOCK_PARTS,
}


class SetTime(RecipePart):
    """Take columns for the time of each row. They leave the table and become its index."""

    kind: Literal["set_time"] = "set_time"
    columns: Annotated[tuple[Column, ...], Field(min_length=1, max_length=7)]
    parts: Annotated[tuple[TimePart, ...], Field(min_length=1, max_length=7)] = ("date",)
    """what each column holds"""
    order: Literal["day_first", "month_first", "year_first"] = "day_first"
    """how 01/02/03 is read; a year of four digits is known wherever it stands"""
    zone: Literal["utc", "clock"] = "utc"
    """of times with an offset such as +02:00: turned to UTC, or as the clock showed them"""
    calendar: Calendar = "gregorian"
    """that the years, months and days belong to"""
    first_year: Annotated[int, Field(ge=1, le=9900)] = 1969
    """of the hundred years that two digits may mean: of 1969, 69 is 1969 and 68 is 2068"""
    turned: bool = False
    """whether day and month changed places where the year stands first, as a spreadsheet does that takes
    03/04/2020 for 4 March; only where the day is 12 or less"""

    @model_validator(mode="after")
    def _check_columns(self) -> Self:
        first, *others = self.parts
        if len(self.parts) != len(self.columns) or len(set(self.columns)) < len(self.columns):
            raise ValueError("each time column needs exactly one part, such as the year or the hour")
        if first not in _LEADING_PARTS or not set(others) <= _FINER_PARTS.get(first, set()):
            raise ValueError(f"these parts don't make up a date or a time: {', '.join(self.parts)}")
        if len(set(others)) < len(others):
            raise ValueError("two columns hold the same part of the date or time")
        return self


class SetRegularTimes(RecipePart):
    """Give rows without times their own: the first one, and the others evenly after it."""

    kind: Literal["set_regular_times"] = "set_regular_times"
    start: datetime
    """of the first row, as the clock shows it"""
    count: Count = 1
    unit: TimeUnit
    """a row comes every `count` of these"""


class StandardTime(RecipePart):
    """Turn the clock times of a zone with daylight saving into its standard time, all year round."""

    kind: Literal["standard_time"] = "standard_time"
    zone: Annotated[str, Field(pattern=r"^[A-Za-z_]{1,40}(/[A-Za-z_]{1,40}){0,2}$")]
    """its name in the time zone database, such as Europe/Berlin"""


class ReadNumbers(RecipePart):
    """Read text as numbers. Cells that are none become missing."""

    kind: Literal["read_numbers"] = "read_numbers"
    columns: Columns
    decimal: Literal[".", ","] = "."
    thousands: Literal["", ",", ".", " ", "'"] = ""
    """what parts thousands; a space means spaces of any width"""
    units: Annotated[tuple[Unit, ...], Field(max_length=20)] = ()
    """what may stand before or after a number, such as € or %"""
    magnitudes: bool = False
    """whether K, M, B and T after a number stand for thousand, million, billion and trillion"""
    footnotes: bool = False
    """whether marks such as * and (p) after a number, and < or ~ before it, are passed over"""

    @model_validator(mode="after")
    def _check_marks(self) -> Self:
        if self.decimal == self.thousands:
            raise ValueError("the decimal mark can't also be the thousands separator")
        return self


Words = Annotated[tuple[Column, ...], Field(min_length=1, max_length=MOST_WORDS)]


class ReadFlags(RecipePart):
    """Read words such as True and False as 1 and 0. Cells that say neither become missing."""

    kind: Literal["read_flags"] = "read_flags"
    columns: Columns
    yes: Words
    """words that are 1, in lower case"""
    no: Words
    """words that are 0, in lower case"""


class OneHot(RecipePart):
    """Give each word of a column a column of its own: 1 in the rows that hold it, 0 in the others."""

    kind: Literal["one_hot"] = "one_hot"
    column: Column
    values: Words
    """the words, in the order of their columns"""


class FillDown(RecipePart):
    """Repeat a cell in the empty ones below it, as where cells were merged."""

    kind: Literal["fill_down"] = "fill_down"
    columns: Columns


class TreatAsMissing(RecipePart):
    """Treat certain numbers as missing, such as −999 where nothing was measured."""

    kind: Literal["treat_as_missing"] = "treat_as_missing"
    columns: Columns
    values: Annotated[tuple[float, ...], Field(min_length=1, max_length=100)]


class StaticFeature(RecipePart):
    """A column that never changes within a series, such as the country of a shop."""

    column: Column
    of: Annotated[tuple[Column, ...], Field(min_length=1, max_length=MOST_SERIES)]
    """what it says of each series, in their order"""


class SpreadColumn(RecipePart):
    """Bring series that stand under each other side by side: each value of a column gets its own columns.

    Rows need times, or a column that counts the steps of each series.
    """

    kind: Literal["spread_column"] = "spread_column"
    column: Column
    others: Annotated[tuple[Column, ...], Field(max_length=5)] = ()
    """columns that tell the series apart together with it; a value then joins their cells by “ · ”"""
    values: Annotated[tuple[Column, ...], Field(min_length=1, max_length=MOST_SERIES)]
    """those that are kept"""
    steps: Column | None = None
    """the column that counts the steps of each series, where rows have no times"""
    number: Column | None = None
    """the one column that the series are made of; None: each other column makes one a value"""
    traits: Annotated[tuple[StaticFeature, ...], Field(max_length=20)] = ()
    """columns that leave the table, because they say the same in all rows of a series"""

    @model_validator(mode="after")
    def _check_columns(self) -> Self:
        keys = [self.column, *self.others]
        named = [*keys, *(trait.column for trait in self.traits if trait.column not in keys)]
        named += [column for column in (self.steps, self.number) if column is not None]
        if len(set(named)) < len(named) or len({trait.column for trait in self.traits}) < len(self.traits):
            raise ValueError("a column is named twice")
        if any(len(trait.of) != len(self.values) for trait in self.traits):
            raise ValueError("a static feature needs exactly one value for each series")
        return self


class Unpivot(RecipePart):
    """Turn a wide table long: each cell below a time that stands in the header becomes a row.

    All columns but those named here are taken for times.
    """

    kind: Literal["unpivot"] = "unpivot"
    ids: Annotated[tuple[Column, ...], Field(max_length=MOST_NAMED_COLUMNS)] = ()
    """columns that say whose row it is"""
    left_out: Annotated[tuple[Column, ...], Field(max_length=MOST_NAMED_COLUMNS)] = ()
    """columns that are neither, such as the total of a row"""
    time: Column = "time"
    """the new column of what stood in the header"""
    number: Column = "value"
    """the new column of what stood in the cells"""

    @model_validator(mode="after")
    def _check_columns(self) -> Self:
        if len({*self.ids, self.time, self.number}) < len(self.ids) + 2:
            raise ValueError("a column is named twice")
        return self


class DropColumns(RecipePart):
    """Leave columns out."""

    kind: Literal["drop_columns"] = "drop_columns"
    columns: Columns


class KeepColumns(RecipePart):
    """Leave all columns out but some."""

    kind: Literal["keep_columns"] = "keep_columns"
    columns: Annotated[tuple[Column, ...], Field(min_length=1, max_length=MOST_COLUMNS)]


# --- Which rows there are --------------------------------------------------------------------------


class DropUntimed(RecipePart):
    """Leave out the rows whose time is missing."""

    kind: Literal["drop_untimed"] = "drop_untimed"


class DropTotals(RecipePart):
    """Leave out the rows of years and quarters that stand among those of months or days."""

    kind: Literal["drop_totals"] = "drop_totals"
    column: Column
    """the column of the times, still as text"""
    periods: Annotated[tuple[Literal["year", "half", "quarter"], ...], Field(min_length=1, max_length=3)]
    """of the rows that are left out"""


class DropRows(RecipePart):
    """Leave out the rows that hold certain words in a column."""

    kind: Literal["drop_rows"] = "drop_rows"
    column: Column
    values: Annotated[tuple[Column, ...], Field(min_length=1, max_length=100)]


class SortRows(RecipePart):
    """Put the rows in order of time; those of the same time keep the order that they have."""

    kind: Literal["sort_rows"] = "sort_rows"


class DropRepeats(RecipePart):
    """Make one row of those that have the same time. Sums and means pass over what is missing."""

    kind: Literal["drop_repeats"] = "drop_repeats"
    how: Literal["first", "last", "mean", "sum"] = "first"


class RoundTimes(RecipePart):
    """Move each time to the nearest round one, where clocks were a little early or late."""

    kind: Literal["round_times"] = "round_times"
    count: Count = 1
    unit: Literal["millisecond", "second", "minute", "hour", "day"]


class AddMissingTimes(RecipePart):
    """Add an empty row for every time that is left out. The other rows stay what they are."""

    kind: Literal["add_missing_times"] = "add_missing_times"
    count: Count = 1
    unit: TimeUnit
    """a row is meant to come every `count` of these, from the first row on"""


class Resample(RecipePart):
    """Make one row for every stretch of time. Where nothing was measured the row is empty.

    Stretches begin at the round clock time, months and years at their first day, weeks on Mondays; a row
    bears the time at which its stretch begins.
    """

    kind: Literal["resample"] = "resample"
    count: Count = 1
    unit: TimeUnit
    how: Literal["mean", "sum", "first", "last", "min", "max"] = "mean"


# --- What is missing -------------------------------------------------------------------------------


class FillMissing(RecipePart):
    """Fill what is missing; what is missing before a column's first value is left out with its rows.

    interpolate: on a straight line between the neighbours; forward: with the last value before.
    Nothing is taken from a later part of the split: there, `interpolate` too fills forward.
    drop: leaves out every row in which something is missing.
    """

    kind: Literal["fill_missing"] = "fill_missing"
    columns: Columns | None = None
    """None: all"""
    how: Literal["interpolate", "forward", "drop"] = "interpolate"
    begins: Literal["together", "own", "unequal", "first"] = "together"
    """own: a column may begin after the first row, and what is before stays missing; all end with the first
    one that does, so that nothing is made up there either. unequal: a column may begin and end when it does,
    and only what lies between is filled. first: what is before a column's first value is that value"""


CleaningStep = Annotated[
    SetTime
    | SetRegularTimes
    | StandardTime
    | ReadNumbers
    | ReadFlags
    | OneHot
    | FillDown
    | TreatAsMissing
    | Unpivot
    | SpreadColumn
    | DropColumns
    | KeepColumns
    | DropTotals
    | DropRows
    | DropUntimed
    | SortRows
    | DropRepeats
    | RoundTimes
    | AddMissingTimes
    | Resample
    | FillMissing,
    Field(discriminator="kind"),
]
