"""What a worker does before its first run: load TensorFlow and train something tiny, so that Train is quick.

An outside cluster's workers take it as `dask worker … --preload components.engine.preload`.
"""

import logging
import tempfile

import curl_cffi  # noqa: F401 - fetches quotes; it takes TensorFlow's own curl for its own unless it comes first
import tensorflow as tf

from components.recipe import Forecast, Generated, Preparation, Recipe, Training
from components.storage import Folder
from components.training.control import CommandQueue
from components.training.limits import Budget, Limits

# So short that ETS and ARIMA are left out beside it: to import them would take seconds more.
WARM_UP_RECIPE = Recipe(
    dataset=Generated(name="sine", length=50),
    preparation=Preparation(validation=0.3, test=0.4),
    task=Forecast(target="value", window=4, horizon=2),
    training=Training(epochs=1),
)

# The same seed gives the same run. This has to be said before the first operation.
tf.config.experimental.enable_op_determinism()


def warm_up() -> None:
    """Do the whole work of a run once: TensorFlow prepares each thing when it first needs it."""
    try:
        from components.engine.train_job import run_job  # noqa: PLC0415 - what is wrong with it is said at the first run

        with tempfile.TemporaryDirectory() as folder:
            budget = Budget(Limits(60, 2**40, 60))
            run_job(WARM_UP_RECIPE, lambda message: None, CommandQueue(), Folder(folder), budget)
    except Exception:
        logging.getLogger(__name__).exception("A worker couldn't warm up")


warm_up()
