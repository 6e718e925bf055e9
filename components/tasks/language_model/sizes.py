"""What a text comes to, counted without a worker."""

from dataclasses import dataclass

from components.data.datasets import Dataset, Texts
from components.data.splits.corpus import build_corpus
from components.data.tokenizers.subword_tokenizer import SubwordLevel, SubwordTokenizer, min_byte_pair_tokens
from components.recipe import ModelLanguage, Preparation, Recipe
from components.tasks.per_dataset_cache import cached_per_dataset

MOST_CHARACTERS = 20_000_000
"""Of a text to learn from."""
_LOOKED_AT = 200_000  # characters that byte pairs are learnt from to guess how many a text will have


@dataclass(frozen=True)
class Sizes:
    """What a text comes to: tokens of each part, the vocabulary, and the least that byte pairs need."""

    parts: tuple[int, int, int]
    vocabulary: int
    fewest: int


def is_too_long(dataset: Texts) -> bool:
    """Return whether a text is too long to learn from."""
    return dataset.characters.sum() > MOST_CHARACTERS


def sizes(recipe: Recipe, dataset: Dataset) -> Sizes:
    """Return what a text comes to, cut as a recipe says; of byte pairs about that."""
    assert isinstance(dataset, Texts)
    task = recipe.require_task(ModelLanguage)
    return _count(dataset, recipe.preparation, task.level, task.vocabulary)


@cached_per_dataset
def _count(dataset: Texts, preparation: Preparation, level: SubwordLevel, most: int) -> Sizes:
    """Count the tokens of each part, for one way of cutting a dataset."""
    found = build_corpus(dataset, preparation)
    fewest = min_byte_pair_tokens(found.train)
    texts = (found.train, found.validation, found.test)
    if level == "byte_pair":
        if most < fewest:
            return Sizes((len(texts[0]), len(texts[1]), len(texts[2])), most, fewest)
        # The whole would take a second and much memory of whoever only looks at it.
        looked_at = found.train[:_LOOKED_AT]
        lexicon = SubwordTokenizer.fit(looked_at, level, most=most)
        share = lexicon.count(looked_at) / max(1, len(looked_at))
        train, validation, test = (round(share * len(text)) for text in texts)
        vocabulary = len(lexicon) if len(looked_at) == len(found.train) else most
        return Sizes((train, validation, test), vocabulary, fewest)
    lexicon = SubwordTokenizer.fit(found.train, level, most=most)
    train, validation, test = map(lexicon.count, texts)
    return Sizes((train, validation, test), len(lexicon), fewest)
