"""Each finding of the data doctor is a plain sentence, and each of its fixes has a plain label."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from components.data.cleaning import doctor
from components.data.cleaning.doctor import Finding
from components.data.cleaning.doctor.texts import examine_pairs, examine_texts
from components.data.cleaning.steps.step_description import describe_step
from components.data.datasets import Pairs
from components.recipe import DropColumns, SetTime, SpreadColumn
from tests.data.cleaning.doctor.frames import HOURS, NOISE, examine_frame, raw_frame
from tests.data.cleaning.doctor.test_texts import EVEN, ORIGIN, PLAIN, texts
from tests.dialect import dialect_words, is_sentence

TIMED = SetTime(columns=("t",))
AUTUMN = pd.date_range("2020-10-01", "2020-11-30", freq="h", tz="Europe/Berlin").tz_localize(None)


def spoiled(*places: int, values=None, at=np.nan) -> np.ndarray:
    """Return noise with other values in some places."""
    changed = NOISE.copy() if values is None else values.astype(float)
    changed[list(places)] = at
    return changed


def _panel(**series: np.ndarray) -> tuple[Finding, ...]:
    long = pd.DataFrame(series).stack().rename_axis(["row", "shop"]).rename("x").reset_index()
    frame = raw_frame(t=HOURS[long["row"]], shop=long["shop"], x=long["x"])
    return examine_frame(frame, TIMED, SpreadColumn(column="shop", values=tuple(series))).findings


def _several_targets() -> tuple[Finding, ...]:
    return examine_pairs(Pairs(*ORIGIN, ("hi", "hi", *PLAIN), ("you", "there", *PLAIN)), EVEN)


def _texts(*given: str, labels: list[str] | None = None) -> tuple[Finding, ...]:
    return examine_texts(texts(*given, labels=labels), EVEN)


WALK = np.cumsum(NOISE)
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
YEAR = (*MONTHS, "Annual")
FOUND = [
    *examine_frame(raw_frame(t=HOURS.delete([5, 6, 50]), x=NOISE[:197]), TIMED).findings,
    *examine_frame(raw_frame(t=HOURS[[0, 1, 5, 6, 7, 50]], x=NOISE[:6]), TIMED).findings,
    *examine_frame(
        raw_frame(t=HOURS + pd.to_timedelta(np.arange(200) % 7, unit="s"), x=NOISE), TIMED
    ).findings,
    *examine_frame(raw_frame(t=HOURS[::-1], x=NOISE), TIMED).findings,
    *examine_frame(raw_frame(t=HOURS[[0, 2, 1, 3, 4]], x=NOISE[:5]), TIMED).findings,
    *examine_frame(raw_frame(t=HOURS[[0, 1, 1, 2]], x=[1, 2, 3, 4]), TIMED).findings,
    *examine_frame(raw_frame(t=HOURS[[0, 1, 1, 2]], x=[1, 2, 2, 4]), TIMED).findings,
    *examine_frame(raw_frame(t=AUTUMN, x=np.arange(len(AUTUMN))), TIMED).findings,
    *examine_frame(
        raw_frame(t=HOURS.repeat(2), city=["Rome", "Oslo"] * 200, x=np.arange(400)), TIMED
    ).findings,
    *examine_frame(raw_frame(t=["2020-01-01", "Total"], x=[1, 2]), TIMED).findings,
    *examine_frame(raw_frame(t=["2020-01-01", "2020-01-02", "Total"], x=[1, 2, 3])).findings,
    *examine_frame(raw_frame(t=["2020-01-01T10:00:00+02:00", "2020-01-01T09:00:00"], x=[1, 2])).findings,
    *examine_frame(
        raw_frame(day=pd.date_range("2020-02-01", periods=9, freq="MS").strftime("%m/%d/%Y"))
    ).findings,
    *examine_frame(raw_frame(day=["2021-02-01", "2021-03-01", "13/04/2021"], x=[1, 2, 3])).findings,
    *examine_frame(raw_frame(year=[1397, 1398, 1399], x=[1, 2, 3])).findings,
    *examine_frame(raw_frame(t=HOURS, hour_utc=HOURS - pd.Timedelta("2h"), x=NOISE)).findings,
    *examine_frame(raw_frame(x=NOISE, nothing=[None] * 200)).findings,
    *examine_frame(raw_frame(x=["1,234", "5,678"] * 20)).findings,
    *examine_frame(raw_frame(x=["5 kg", "7 kg", "8 kg", "300 g"] * 5)).findings,
    *examine_frame(raw_frame(x=NOISE, sky=["sun", "rain"] * 100)).findings,
    *examine_frame(raw_frame(name=["ann", "bob", "cid"])).findings,
    *examine_frame(raw_frame(x=NOISE, promo=["yes", "no"] * 100)).findings,
    *examine_frame(raw_frame(x=["1.5", "2.5 (p)", "3.5*", "4.5", "none of it", "5.5", "6.5"] * 3)).findings,
    *examine_frame(raw_frame(x=NOISE, y=spoiled(*range(40)))).findings,
    *examine_frame(raw_frame(land=["a", "b"], **{"1990": [1, 2], "1991": [3, 4], "1992": [5, 6]})).findings,
    *examine_frame(raw_frame(Year=[1990, 1991], **{name: [1, 2] for name in YEAR})).findings,
    *examine_frame(raw_frame(t=["2020", "2020-01", "2020-02"], x=[3, 1, 2])).findings,
    *examine_frame(raw_frame(year=[2020] * 6, m=["Annual", *MONTHS[:5]], x=[9, 1, 2, 3, 4, 5])).findings,
    *examine_frame(
        raw_frame(land=["a", None, "b", None], t=["2020-01-01", "2020-01-02"] * 2, x=[1, 2, 3, 4])
    ).findings,
    *examine_frame(
        raw_frame(t=HOURS.repeat(2), shop=[1, 2] * 200, part=["a", "b"] * 200, x=np.arange(400), y=[1] * 400),
        TIMED,
    ).findings,
    *examine_frame(raw_frame(who=["a"] * 3 + ["b"] * 3, step=[1, 2, 3] * 2, x=[1, 2, 3, 4, 5, 6])).findings,
    *examine_frame(raw_frame(x=[-5.0, 12.0, -999.0, 30.0] * 8)).findings,
    *examine_frame(raw_frame(x=spoiled(3, 4, 90), y=spoiled(7))).findings,
    *examine_frame(raw_frame(x=[np.nan] * 5, y=[np.nan] * 5)).findings,
    *examine_frame(raw_frame(x=NOISE, gappy=np.where(np.arange(200) % 10 == 0, NOISE, np.nan))).findings,
    *examine_frame(raw_frame(x=NOISE, k=[1] * 200)).findings,
    *examine_frame(raw_frame(y=WALK, c=np.roll(WALK, -3), same=2 * WALK), target="y").findings,
    *examine_frame(
        raw_frame(x=spoiled(50, at=80), holiday=1.0 * (np.arange(200) % 50 == 0), No=np.arange(200))
    ).findings,
    *examine_frame(raw_frame(x=np.tile(NOISE[:50], 4))).findings,
    *examine_frame(raw_frame(x=[1, 5, 2])).findings,
    *examine_frame(raw_frame(x=[1, 5, 2]), DropColumns(columns=("gone",))).findings,
    *_panel(a=NOISE, b=spoiled(*range(28)), c=NOISE),
    *_panel(a=NOISE, b=spoiled(*range(100, 200)), c=NOISE),
    *_texts("a", "", *PLAIN, "это текст", "x" * 5000),
    *_texts(*PLAIN, *PLAIN),
    *_texts("good", "good", *PLAIN, labels=["a", "b"] * 51),
    *_texts(*PLAIN, labels=["a"] * 98 + ["b"] * 2),
    *_texts(*PLAIN, labels=["a"] * 100),
    *_texts(*PLAIN[:10], labels=["a"] * 6 + ["b"] * 4),
    *_several_targets(),
]


@pytest.mark.parametrize("finding", FOUND, ids=lambda finding: finding.key)
def test_a_finding_is_a_plain_sentence(finding):
    assert is_sentence(finding.sentence), finding.sentence
    assert not dialect_words(finding.sentence), finding.sentence
    for fix in finding.fixes:
        for label in (fix.label, describe_step(fix.cleaning_step)):
            assert not label.endswith(".") and not dialect_words(label), label


def test_every_kind_of_finding_is_among_them():
    keys = {
        key
        for file in Path(doctor.__file__).parent.glob("*.py")
        for key in re.findall(r'key="([^"]+)"', file.read_text(encoding="utf-8"))
    }
    assert keys == {finding.key for finding in FOUND}
