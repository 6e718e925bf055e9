"""What a finished forecast run leaves: numbers for the Results page, in a file without code."""

import io
import json
from dataclasses import asdict, dataclass, field, fields
from typing import Literal, Self

import numpy as np
import pandas as pd

AttentionRows = Literal["none", "step ahead", "head"]


@dataclass(frozen=True)
class Score:
    """How well one forecaster did on the test part, in the target's own units; percentages in percent.

    A measure that means nothing for this series (a percentage of zero) is None.
    """

    name: str
    """`model`, or the key of a baseline"""
    label: str
    mse: float
    mae: float
    rmse: float
    mape: float | None
    smape: float | None
    mase: float | None


@dataclass(frozen=True)
class ForecastResult:
    """Forecasts from every origin of the test part, beside the baselines' from the same origins.

    N origins, H steps ahead, `rows` rows in the dataset.
    """

    target: str
    unit: str
    scores: tuple[Score, ...]
    """the model's first, then the baselines'"""
    verdict: str
    best_epoch: int
    attention_rows: AttentionRows
    times: pd.Index
    """(rows,) of the whole series"""
    truth: np.ndarray
    """(rows,) the target"""
    test_start: int
    """row of the first value of the test part"""
    origins: np.ndarray
    """(N,) row of the last value that each forecast knows"""
    forecasts: np.ndarray
    """(N, H) the model's"""
    future_times: pd.Index
    """(H,) beyond the end of the data"""
    future: np.ndarray
    """(H,) the model's forecast of them"""
    attention: np.ndarray | None = field(default=None)
    """(steps ahead or heads, window) weights, mean over the test origins; the window's newest step last"""
    baselines: dict[str, np.ndarray] = field(default_factory=dict)
    """label → (N, H)"""

    @property
    def horizon(self) -> int:
        """Steps ahead."""
        return self.forecasts.shape[1]

    def to_bytes(self) -> bytes:
        """Pack everything into one npz file."""
        plain = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in _ARRAYS}
        plain["scores"] = [asdict(score) for score in self.scores]
        plain["baselines"] = list(self.baselines)
        arrays = {
            name: np.asarray(getattr(self, name)) for name in _ARRAYS if getattr(self, name) is not None
        }
        for number, forecasts in enumerate(self.baselines.values()):
            arrays[f"baseline-{number}"] = forecasts
        file = io.BytesIO()
        np.savez_compressed(file, plain=np.array(json.dumps(plain)), **arrays)  # type: ignore[arg-type]
        return file.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        """Read what `to_bytes` gave."""
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            plain = json.loads(str(file["plain"]))
            arrays = {name: file[name] for name in _ARRAYS if name in file.files}
            plain["baselines"] = {
                label: file[f"baseline-{number}"] for number, label in enumerate(plain["baselines"])
            }
        plain["scores"] = tuple(Score(**score) for score in plain["scores"])
        for name in ("times", "future_times"):
            arrays[name] = pd.Index(arrays[name])
        return cls(**plain, **arrays)


_ARRAYS = ("times", "truth", "origins", "forecasts", "future_times", "future", "attention")
