"""A first recipe for a language model."""

from components.data.datasets import Texts
from components.data.splits.stateful_batches import windows_per_stream
from components.recipe import ModelLanguage, Optimizer, Preparation, Recipe, Recurrent, Training
from components.tasks.language_model.sizes import sizes

_SMALL = 300_000  # characters of a text that many streams would leave too short
_UPDATES = 2500
_FEWEST, _MOST = 5, 60  # epochs


def suggest(dataset: Texts, preparation: Preparation) -> Recipe:
    """Size batch, window and training to a text."""
    characters = int(dataset.characters.sum())
    batch, window = (50, 50) if characters >= _SMALL else (16, 32)
    while batch > 1 and characters * min(preparation.validation, preparation.test) < 2 * batch * window:
        batch, window = max(1, batch // 2), max(4, window // 2)
    recipe = Recipe(
        dataset=dataset.reference,
        preparation=preparation,
        task=ModelLanguage(level="character", window=window),
        model=Recurrent(kind="lstm", units=128 if characters >= _SMALL else 64),
        optimizer=Optimizer(learning_rate=0.002 if characters >= _SMALL else 0.005),
    )
    updates_per_epoch = max(1, windows_per_stream(sizes(recipe, dataset).parts[0], batch, window))
    epochs = max(_FEWEST, min(_MOST, _UPDATES // updates_per_epoch))
    return recipe.model_copy(update={"training": Training(batch=batch, epochs=epochs, patience=5)})
