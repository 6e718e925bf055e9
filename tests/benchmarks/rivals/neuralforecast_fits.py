"""Forecasts with NeuralForecast, in its own environment: a question a line on stdin, an answer a line."""

import json
import logging
import sys
import time
import warnings

import pandas as pd
from neuralforecast import NeuralForecast
from neuralforecast.models import GRU, LSTM, NHITS
from neuralforecast.utils import AirPassengersDF

MODELS = {"LSTM": LSTM, "GRU": GRU, "NHITS": NHITS}


def answer(asked: dict) -> dict:
    """Fit a model with its own defaults and forecast once; or give the airline series, which it ships."""
    if "airline" in asked:
        return {"values": AirPassengersDF["y"].tolist()}
    horizon, values = asked["horizon"], asked["values"]
    table = pd.DataFrame({"unique_id": "a", "ds": range(len(values)), "y": values})
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
    said = forecaster.predict()[asked["model"]].tolist()
    return {"forecast": said, "seconds": time.perf_counter() - began}


warnings.simplefilter("ignore")
logging.disable(logging.WARNING)
out, sys.stdout = sys.stdout, sys.stderr
for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), file=out, flush=True)
