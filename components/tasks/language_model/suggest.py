"""A first recipe for a language model."""

from components.data.datasets import Texts
from components.data.splits.stateful_batches import windows_per_stream
from components.recipe import ModelLanguage, Optimizer, Preparation, Recipe, Recurrent, Training
from components.tasks.language_model.sizes import sizes

_SMALL = 300_000  # characters of a text that many streams would leave too short
_TOKENS = 8_000_000  # that a model reads of a long text: about three minutes of two cores
_UPDATES = 2500  # of a model of a short text
_FEWEST, _MOST = 5, 60  # epochs


def suggest(dataset: Texts, preparation: Preparation) -> Recipe:
    """Size batch, window, model and training to a text.

    A short text is soon known by heart, so its model is small. That of a long one learns more from many
    updates than from large batches: of Shakespeare's plays, an LSTM with 64 streams of 100 characters came to
    a validation loss of 1.81 nats in the time in which this came to 1.63.
    """
    characters = int(dataset.characters.sum())
    long = characters >= _SMALL
    batch, window = (32, 64) if long else (16, 32)
    while batch > 1 and characters * min(preparation.validation, preparation.test) < 2 * batch * window:
        batch, window = max(1, batch // 2), max(4, window // 2)
    recipe = Recipe(
        dataset=dataset.reference,
        preparation=preparation,
        task=ModelLanguage(level="character", window=window),
        model=Recurrent(kind="gru" if long else "lstm", units=256 if long else 64, dropout=0.2),
        optimizer=Optimizer(
            kind="adamw", learning_rate=0.004 if long else 0.005, schedule="cosine", weight_decay=0.01
        ),
    )
    updates_per_epoch = max(1, windows_per_stream(sizes(recipe, dataset).parts[0], batch, window))
    updates = _TOKENS // (batch * window) if long else _UPDATES
    epochs = max(_FEWEST, min(_MOST, updates // updates_per_epoch))
    return recipe.model_copy(update={"training": Training(batch=batch, epochs=epochs, patience=5)})
