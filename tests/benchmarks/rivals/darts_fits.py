"""Forecasts with Darts, in its own environment: a question a line on stdin, an answer a line."""

import json
import logging
import math
import sys
import time
import warnings

import numpy as np
from darts import TimeSeries
from darts.dataprocessing.transformers import Scaler
from darts.models import BlockRNNModel, RNNModel

MODELS = {"RNNModel": RNNModel, "BlockRNNModel": BlockRNNModel}
BATCH = 32  # its default


def answer(asked: dict) -> dict:
    """Fit one LSTM of its on all series with its own defaults, each between 0 and 1, as its guide does."""
    horizon, window, columns = asked["horizon"], asked["window"], np.array(asked["values"])
    began = time.perf_counter()
    scaler = Scaler()
    series = [one.astype(np.float32) for one in scaler.fit_transform([*map(TimeSeries.from_values, columns)])]
    rows = columns.shape[1]
    if asked["model"] == "RNNModel":
        longer = {"training_length": window + horizon}
        examples = len(columns) * (rows - window - horizon)
    else:
        longer = {"output_chunk_length": horizon}
        examples = len(columns) * (rows - window - horizon + 1)
    model = MODELS[asked["model"]](
        model="LSTM",
        input_chunk_length=window,
        n_epochs=math.ceil(asked["updates"] / math.ceil(examples / BATCH)),
        batch_size=BATCH,
        random_state=asked["seed"],
        pl_trainer_kwargs={
            "accelerator": "cpu",
            "enable_progress_bar": False,
            "enable_model_summary": False,
            "logger": False,
        },
        **longer,
    )
    model.fit(series)
    said = [one.values().ravel().tolist() for one in scaler.inverse_transform(model.predict(horizon, series))]
    return {"forecast": said, "seconds": time.perf_counter() - began}


warnings.simplefilter("ignore")
logging.disable(logging.WARNING)
out, sys.stdout = sys.stdout, sys.stderr
for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), file=out, flush=True)
