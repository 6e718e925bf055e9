"""Finds the columns that say when each row was."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from components.data.cleaning.doctor.date_reading import (
    DateReading,
    choose_order,
    choose_rhythm,
    read_dates,
)
from components.data.cleaning.doctor.finding import (
    Finding,
    Fix,
    TableCase,
    count_clause,
    count_phrase,
    first_positions,
    quote_cell,
    quote_names,
    verb_form,
)
from components.data.cleaning.doctor.time_candidates import TimeCandidate
from components.data.cleaning.steps import apply_step
from components.data.cleaning.steps.step_description import CALENDARS
from components.data.parsing import number_parsing
from components.recipe import DropColumns, SetTime

_MOST_OFFERS = 3
_COMPARED_ROWS = 1000  # by which two columns of times are told to say the same


def find_time_columns(case: TableCase, found: list[TimeCandidate]) -> Iterator[Finding]:
    """Yield which columns are the time, and how they are written."""
    if not found:
        return
    best, *rivals = found
    reading = read_dates(case.frame, best)
    # A time that a better one contains is no rival, nor is one that says the same.
    rivals = [one for one in rivals if not set(one.columns) & set(best.columns)]
    same = [one for one in rivals if _says_the_same(case.frame, reading.step, one)]
    rivals = [one for one in rivals if one not in same]
    others = tuple(_time_fix(case.frame, rival) for rival in rivals[: _MOST_OFFERS - 1])
    if reading.may_be_turned:
        yield _turned_finding(case, reading, others)
    elif len(reading.orders) > 1:
        yield _order_finding(case, reading, others)
    elif reading.zones_are_mixed:
        yield _zone_finding(case, reading, others)
    elif len(reading.calendars) > 1:
        yield _calendar_finding(case, reading, others)
    else:
        yield _time_finding(case, best, reading, rivals, others)
        if same:
            yield _same_time_finding(same)


def _says_the_same(frame: pd.DataFrame, step: SetTime, other: TimeCandidate) -> bool:
    """Return whether two times differ at most by a zone's offset."""
    some = frame.iloc[:: max(1, len(frame) // _COMPARED_ROWS)]
    one = apply_step(some[list(step.columns)], step).index
    two = apply_step(some[list(other.columns)], SetTime(columns=other.columns, parts=other.parts)).index
    apart = (two - one).to_numpy()
    apart = apart[~np.isnat(apart)]
    whole = other.parts[0] in {"decimal_month", "decimal_year"}
    return bool(
        len(apart) > 1
        and (np.abs(apart) <= (np.timedelta64(16, "D") if whole else np.timedelta64(14, "h"))).all()
        and (whole or len(np.unique(apart)) <= 2)
    )


def _same_time_finding(same: list[TimeCandidate]) -> Finding:
    columns = tuple(dict.fromkeys(column for one in same for column in one.columns))
    return Finding(
        key="same time",
        severity="must",
        sentence=f"{quote_names(columns)} {verb_form(columns, 'repeats', 'repeat')} the time.",
        columns=columns,
        fixes=(Fix(f"Leave {verb_form(columns, 'it', 'them')} out", DropColumns(columns=columns)),),
        choice="clear",
    )


def _time_finding(
    case: TableCase,
    best: TimeCandidate,
    reading: DateReading,
    rivals: list[TimeCandidate],
    others: tuple[Fix, ...],
) -> Finding:
    step = reading.step
    times = apply_step(case.frame[list(step.columns)], step).index
    unread = np.asarray(times.isna())
    it = verb_form(step.columns, "it", "them")
    sentence = f"{_time_clause(step)}. Without {it}, the rows are only numbered."
    first = case.frame[step.columns[0]]
    empty = number_parsing.is_missing(first) if first.dtype == "str" else first.isna().to_numpy()
    wrong = unread & ~empty
    if wrong.any():
        at = int(np.argmax(wrong))
        shown = " ".join(str(case.frame[column].iloc[at]) for column in step.columns)
        sentence += (
            f" {count_phrase(int(wrong.sum()), 'cell')} can't be read as a time, the first in "
            f"{case.describe_row(at)}: "
            f"{quote_cell(shown)}."
        )
    sentence += "".join(f" {remark}" for remark in reading.remarks)
    if rivals:
        sentence += f" {quote_names([rival.columns[0] for rival in rivals])} could be the time too."
    without = Fix(f"Leave {it} out and number the rows", DropColumns(columns=step.columns))
    return Finding(
        key="time",
        severity="must" if best.text else "should",
        sentence=sentence,
        columns=step.columns,
        rows=first_positions(wrong),
        fixes=(
            Fix(f"Use {quote_names(step.columns)} as the time", step),
            *(Fix(label, other) for label, other in reading.other_steps),
            *others,
            *([without] if len(case.frame.columns) > len(step.columns) else []),
        ),
        choice="clear"
        if best.clear and not wrong.any() and not rivals and not reading.other_steps
        else "usual",
    )


def _order_finding(case: TableCase, reading: DateReading, others: tuple[Fix, ...]) -> Finding:
    columns = case.frame[list(reading.step.columns)]
    readings = [reading.in_order(order) for order in reading.orders]
    times = [apply_step(columns, one).index.to_numpy() for one in readings]
    chosen, why = choose_rhythm(times)
    if chosen == 1:
        readings.reverse()
        times.reverse()
    dated = (~np.isnat(times)).sum(axis=0)
    at = int(np.argmax(np.where(times[0] != times[1], dated, -1)))  # the first that is a date either way
    shown = str(columns.iloc[at, 0]).strip()
    first = "day" if readings[0].order == "day_first" else "month"
    question = why.format(way=f"With the {first} first", only=f"Only with the {first} first")
    offers = [Fix(f"{shown} is {_long_date(one[at])}", way) for one, way in zip(times, readings, strict=True)]
    return Finding(
        key="day or month",
        severity="must",
        sentence=(
            f"{_time_clause(reading.step)}, but {quote_cell(shown)} in {case.describe_row(at)} can be read "
            f"with the day or the month first, and so can every other date. {question}"
        ),
        columns=reading.step.columns,
        rows=(at,),
        fixes=(*offers, *others),
        choice="open" if chosen is None else "usual",
    )


def _turned_finding(case: TableCase, reading: DateReading, others: tuple[Fix, ...]) -> Finding:
    """A spreadsheet took some texts for dates of the other order, and left those that can be none."""
    step = reading.step
    columns = case.frame[list(step.columns)]
    readings = [step.model_copy(update={"turned": turned}) for turned in (True, False)]
    times = [apply_step(columns, one).index.to_numpy() for one in readings]
    chosen, why = choose_order(times)
    if chosen == 1:
        readings.reverse()
        times.reverse()
    turned = np.flatnonzero(times[0] != times[1])
    at, text = int(turned[0]), str(columns.iloc[int(np.argmax(reading.ambiguous)), 0]).strip()
    shown = str(columns.iloc[at, 0]).strip()
    question = why.format(way="That way", only=f"Only if it is {_long_date(times[0][at])}")
    return Finding(
        key="day and month exchanged",
        severity="must",
        sentence=(
            f"{_time_clause(step)}, in two notations: {quote_cell(text)}, and {quote_cell(shown)} "
            f"in {case.describe_row(at)}. No day "
            "after the 12th is written like the latter, as where a spreadsheet took the month for the day: "
            f"is that {_long_date(times[0][at])}, or {_long_date(times[1][at])}? {question}"
        ).rstrip(),
        columns=step.columns,
        rows=first_positions(times[0] != times[1]),
        fixes=(
            *(
                Fix(f"{shown} is {_long_date(one[at])}", way)
                for one, way in zip(times, readings, strict=True)
            ),
            *others,
        ),
        choice="open" if chosen is None else "usual",
    )


def _zone_finding(case: TableCase, reading: DateReading, others: tuple[Fix, ...]) -> Finding:
    step, named, bare = reading.step, reading.zoned, reading.unzoned
    with_zone, without = int(np.argmax(named)), int(np.argmax(bare))
    column = case.frame[step.columns[0]]
    return Finding(
        key="time zones",
        severity="must",
        sentence=(
            f"In {quote_names(step.columns)}, {quote_cell(column.iloc[with_zone])} in "
            f"{case.describe_row(with_zone)} names its time zone, but {quote_cell(column.iloc[without])} in "
            f"{case.describe_row(without)} doesn't. In all, "
            f"{count_clause(int(bare.sum()), 'time', 'has', 'have')} no zone. Which zone should apply?"
        ),
        columns=step.columns,
        rows=first_positions(bare),
        fixes=(
            Fix("Read them as UTC", step),
            Fix("Ignore the zones: all show the same clock", step.model_copy(update={"zone": "clock"})),
            *others,
        ),
        choice="open",
    )


def _calendar_finding(case: TableCase, reading: DateReading, others: tuple[Fix, ...]) -> Finding:
    columns = case.frame[list(reading.step.columns)]
    readings = [reading.step.model_copy(update={"calendar": calendar}) for calendar in reading.calendars]
    times = [apply_step(columns, one).index.to_numpy() for one in readings]
    at = int(np.argmax(~np.isnat(times[0])))
    shown = " ".join(str(cell).removesuffix(".0").strip() for cell in columns.iloc[at])
    return Finding(
        key="calendar",
        severity="must",
        sentence=(
            f"{_time_clause(reading.step)}, but {quote_cell(shown)} in {case.describe_row(at)} may belong to "
            "more than one calendar. Which is it?"
        ),
        columns=reading.step.columns,
        rows=(at,),
        fixes=(
            *(
                Fix(f"{CALENDARS[way.calendar]}: {shown} is {_long_date(one[at])}", way)
                for one, way in zip(times, readings, strict=True)
            ),
            *others,
        ),
        choice="open" if "gregorian" in reading.calendars else "usual",
    )


def _time_fix(frame: pd.DataFrame, candidate: TimeCandidate) -> Fix:
    step = read_dates(frame, candidate).step
    return Fix(f"Use {quote_names(step.columns)} as the time", step)


def _time_clause(step: SetTime) -> str:
    verb = verb_form(step.columns, "holds", "hold")
    return f"{quote_names(step.columns)} {verb} the time of each row"


def _long_date(time: np.datetime64) -> str:
    if np.isnat(time):  # such as a day in a year that is too early
        return "not a date"
    day = pd.Timestamp(time)
    return f"{day.day} {day:%B %Y}"
