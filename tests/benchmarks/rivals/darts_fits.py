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
    """Fit an LSTM of its with its own defaults on the series between 0 and 1, as its guide does."""
    horizon, window, values = asked["horizon"], asked["window"], np.array(asked["values"])
    began = time.perf_counter()
    scaler = Scaler()
    series = scaler.fit_transform(TimeSeries.from_values(values)).astype(np.float32)
    if asked["model"] == "RNNModel":
        longer = {"training_length": window + horizon}
        examples = len(values) - window - horizon
    else:
        longer = {"output_chunk_length": horizon}
        examples = len(values) - window - horizon + 1
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
    said = scaler.inverse_transform(model.predict(horizon)).values().ravel().tolist()
    return {"forecast": said, "seconds": time.perf_counter() - began}


warnings.simplefilter("ignore")
logging.disable(logging.WARNING)
out, sys.stdout = sys.stdout, sys.stderr
for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), file=out, flush=True)
