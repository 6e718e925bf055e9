"""Tables that steps are taken on."""

import numpy as np
import pandas as pd

from components.data.cleaning.steps import clean_table
from components.recipe import CleaningStep, Preparation, SetTime

HALVES = Preparation(validation=0.25, test=0.25)
NAN = np.nan


def raw_frame(**columns) -> pd.DataFrame:
    """Return a table as it comes from a file."""
    frame = pd.DataFrame(columns)
    texts = [name for name in frame if frame[name].dtype.kind not in "fM"]
    whole = [name for name in texts if pd.api.types.is_integer_dtype(frame[name])]
    return frame.astype({name: "float64" if name in whole else "str" for name in texts})


def timed_frame(times, **columns) -> pd.DataFrame:
    return clean_table(raw_frame(t=times, **columns), [SetTime(columns=("t",))], HALVES)


def clean(frame: pd.DataFrame, *steps: CleaningStep) -> pd.DataFrame:
    before = frame.copy(deep=True)
    table = clean_table(frame, steps, HALVES)
    pd.testing.assert_frame_equal(frame, before)  # it is never changed in place
    return table
