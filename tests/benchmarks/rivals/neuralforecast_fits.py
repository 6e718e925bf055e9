"""Forecasts with NeuralForecast, in its own environment: a question a line on stdin, an answer a line."""

import json
import logging
import sys
import time
import warnings
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
from neuralforecast import NeuralForecast
from neuralforecast.models import GRU, LSTM, NHITS
from neuralforecast.utils import AirPassengersDF

MODELS = {"LSTM": LSTM, "GRU": GRU, "NHITS": NHITS}


def answer(asked: dict) -> dict:
    """Fit a model on all series with its own defaults and forecast once; or give a series that lies here."""
    if "series" in asked:
        return {"values": series(asked["series"])}
    horizon, columns = asked["horizon"], asked["values"]
    table = pd.concat(
        pd.DataFrame({"unique_id": f"{place:04}", "ds": range(len(values)), "y": values})
        for place, values in enumerate(columns)
    )
    began = time.perf_counter()
    model = MODELS[asked["model"]](
        h=horizon,
        input_size=asked["window"],
        max_steps=asked["updates"],
        random_seed=asked["seed"],
        scaler_type="robust",
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        accelerator="cpu",
    )
    forecaster = NeuralForecast(models=[model], freq=1)
    forecaster.fit(table)
    said = forecaster.predict()[asked["model"]].to_numpy().reshape(len(columns), horizon)
    return {"forecast": said.tolist(), "seconds": time.perf_counter() - began}


def series(name: str) -> list[float]:
    """Return the airline's passengers, or monthly sunspots: both lie in packages of this environment."""
    if name == "airline":
        return AirPassengersDF["y"].tolist()
    package = find_spec("pmdarima")  # whose file is all that is wanted of it
    assert package and package.submodule_search_locations
    place = Path(package.submodule_search_locations[0])
    return np.loadtxt(place / "datasets" / "data" / "sunspots.txt.gz").ravel().tolist()


warnings.simplefilter("ignore")
logging.disable(logging.WARNING)
out, sys.stdout = sys.stdout, sys.stderr
for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), file=out, flush=True)
