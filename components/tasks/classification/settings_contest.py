"""A contest among settings that classify: a rule without training, and networks of several kinds.

Each example of the training and the validation set is predicted once, by who hasn't seen it
(`components.tasks.classification.contest_errors`), and balanced accuracy decides.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from components.data.datasets import Dataset, Sequences, Texts
from components.data.tokenizers.subword_tokenizer import SubwordLevel
from components.data.tokenizers.text_vocabulary import text_level
from components.data.tokenizers.tokenizer import TokenLevel
from components.errors import UnrollError
from components.recipe import ClassifySequences, ClassifyTexts, Recipe, Recurrent, TextBase
from components.tasks.classification.classify_sequences import ClassifySequencesTask
from components.tasks.classification.classify_texts import ClassifyTextsTask
from components.tasks.classification.contest_errors import (
    class_errors,
    contest_data,
    contest_updates,
    step_seconds,
)
from components.tasks.classification.suggest import at_level
from components.tasks.classification.task import ClassificationTask
from components.tasks.classification.tfidf import NGRAMS
from components.tasks.classification.token_counts import text_lengths, tokens_of_texts
from components.tasks.forecasting.significance import FEWEST_ORIGINS, diebold_mariano
from components.tasks.settings_contest import ContestInProgress, ContestWords, Entrant, winning_place

SECONDS, SECONDS_OF_FEW = 27.0, 50.0
"""That all of it may take, by a guess of each part, of many examples and of few, which are dealt to folds."""
_SECONDS_TO_BUILD = 1.6
_SECONDS_OF_RULE, _SECONDS_PER_GRAM = 0.3, 1.2e-6
_SECONDS_PER_CHARACTER = 1.2e-6  # of subwords that are learnt and cut
_MOST_SECONDS_OF_RULE = 5.0  # else it isn't tried
_OFTEN_CUT = 0.1  # share of the texts
_SHORT = 0.9  # quantile of the lengths that half as many tokens have to reach
_LEVELS: dict[SubwordLevel, str] = {"word": "words", "byte_pair": "subwords", "character": "characters"}
_BASES: dict[TextBase, str] = {
    "none": "start from nothing",
    "tfidf": "start from TF-IDF",
    "tfidf_both": "start from TF-IDF of words and characters",
}
_FEWEST_EXAMPLES = 10
_STEPS_LEFT = 40  # about as many as a stride leaves to read
_LEAST_STRIDE, _MOST_STRIDE = 2, 50


class ClassificationContest(ContestInProgress):
    """Names the settings of a classification that are to be tried.

    Args:
        task: that is suggested for.
        dataset: the examples.
        proposed: what is suggested by their sizes alone.
    """

    _name = ""
    """what examples are called"""

    def __init__(self, task: ClassificationTask[Any], dataset: Sequences | Texts, proposed: Recipe):
        self._task, self._dataset = task, dataset
        try:
            data = contest_data(dataset, proposed.preparation)
        except UnrollError:  # so few that they can't be divided
            self._data = None
        else:
            self._data = data if len(data.predicted) >= _FEWEST_EXAMPLES else None
        super().__init__(proposed)

    def rules(self) -> list[Recipe]:
        """Return what needs no training, which comes first."""
        return []

    def rounds(self) -> Sequence[Callable[[Recipe], list[Recipe]]]:
        """Return what is varied of whoever leads, one after the other."""
        return (self._strides, _pooling, _directions, _convolutions, _regularised, _smoothed, _sizes, _rates)

    def entrants(self) -> Iterator[Entrant]:
        """Yield the rules, then networks."""
        if self._data is None:
            return
        yield from self.able(self.rules(), are_rules=not self.can_take_rules)
        yield from self.able([self.proposed])
        for vary in self.rounds():
            leader = self.leading_network()
            if leader is None:
                return
            yield from self.able(vary(leader))

    def leading_network(self) -> Recipe | None:
        """Return the simplest network that chance can't tell from the best: from it, more can be tried."""
        networks = [(one, trial) for one, trial in self.tried if one.is_network]
        if not networks:
            return None
        networks.sort(key=lambda one: self.complexity(one[0]))
        trials = [trial for _, trial in networks]
        return networks[winning_place(range(len(trials)), trials, self.chance)][0].recipe

    can_take_rules = False
    """whether a rule can be had as settings without training"""

    @property
    def most_seconds(self) -> float:
        """How long all of it may take, by the guesses."""
        assert self._data is not None
        return SECONDS if len(self._data.parts) == 1 else SECONDS_OF_FEW

    def guessed_seconds(self, recipe: Recipe) -> float:
        """Return how long settings take to try, about."""
        assert self._data is not None
        if not recipe.training.epochs:
            return _SECONDS_OF_RULE
        updates = len(self._data.parts) * contest_updates(self._task, recipe, self._data)
        # Some are guessed to take much longer than others; each still has to learn something.
        return _SECONDS_TO_BUILD + updates * step_seconds(self._task, recipe, self._data)

    def is_unable(self, recipe: Recipe) -> bool:
        """Return whether it can't be trained."""
        return bool(self._task.issues(recipe, self._dataset))

    def complexity(self, entrant: Entrant) -> tuple[float, int]:
        """Order settings: rules, and networks by the time that a step takes; of equals, the earlier."""
        assert self._data is not None
        is_network, place = entrant.is_network, [one.label for one, _ in self.tried].index(entrant.label)
        return (step_seconds(self._task, entrant.recipe, self._data) if is_network else 0.0, place)

    def can_tell(self, many: int) -> bool:
        """Return whether so many examples can tell a lead from chance."""
        return many >= FEWEST_ORIGINS

    def chance(self, differences: np.ndarray) -> float | None:
        """Return how often chance alone makes such differences, by the paired t-test."""
        return diebold_mariano(differences, 1)[1]

    def words(self, many: int) -> ContestWords:
        """Return what it calls so many examples."""
        assert self._data is not None
        if len(self._data.parts) == 1:
            return ContestWords(f"On {many:,} {self._name} of the validation set", self._name, self._name)
        each = f"On {many:,} {self._name}, each left out of the training once"
        return ContestWords(each, self._name, self._name)

    def _strides(self, leader: Recipe) -> list[Recipe]:
        """Have a convolution make what is long shorter; each step sees half of those beside it, too."""
        task, width = _class_task(leader), self._task.width(leader, self._dataset)
        stride = min(_MOST_STRIDE, round(width / _STEPS_LEFT))
        if stride < _LEAST_STRIDE or task.stride > 1:
            return []
        return [_changed(leader, kernel=2 * stride, stride=stride)]


class TextContest(ClassificationContest):
    """A contest among settings that classify texts."""

    _name = "texts"
    can_take_rules = True

    def __init__(self, dataset: Texts, proposed: Recipe):
        self._texts = dataset
        super().__init__(ClassifyTextsTask(), dataset, proposed)

    def rules(self) -> list[Recipe]:
        """Return linear models on TF-IDF, the proposed level's first."""
        own = text_level(self.proposed.require_task(ClassifyTexts).level)
        levels: list[TokenLevel] = sorted(NGRAMS, key=lambda level: level != own)
        untrained = self.proposed.training.model_copy(update={"epochs": 0})
        found = []
        for level in levels:
            read = at_level(self.proposed, self._texts, level)
            bases = ("tfidf_both", "tfidf") if level == "word" else ("tfidf",)
            found += [_changed(read, base=base).model_copy(update={"training": untrained}) for base in bases]
        return [one for one in found if self._rule_seconds(one) <= _MOST_SECONDS_OF_RULE]

    def rounds(self) -> Sequence[Callable[[Recipe], list[Recipe]]]:
        """Return what is varied of whoever leads, one after the other: of many texts only the first ones."""
        strides, pooling, *rest = super().rounds()
        return (self._levels, pooling, _starts, self._lengths, strides, *rest)

    def guessed_seconds(self, recipe: Recipe) -> float:
        """Return how long settings take to try, about."""
        if not recipe.training.epochs:
            return self._rule_seconds(recipe)
        guess = super().guessed_seconds(recipe)
        if recipe.require_task(ClassifyTexts).level == "byte_pair" and not self._has_subwords:
            guess += _SECONDS_PER_CHARACTER * self._characters
        return guess

    @property
    def _has_subwords(self) -> bool:
        """Whether subwords have been learnt, which is done once for all that read them."""
        return any(one.recipe.require_task(ClassifyTexts).level == "byte_pair" for one, _ in self.tried)

    @property
    def _characters(self) -> int:
        assert self._data is not None
        texts = self._data.dataset
        assert isinstance(texts, Texts)
        return int(texts.characters.sum())

    def label(self, recipe: Recipe) -> str:
        """Return how settings differ from those that were proposed."""
        task = recipe.require_task(ClassifyTexts)
        if not recipe.training.epochs:
            counted = "words and characters" if task.base == "tfidf_both" else _LEVELS[task.level]
            return f"No network: TF-IDF of {counted}"
        proposed, parts = self.proposed, list[str]()
        if task.level != proposed.require_task(ClassifyTexts).level:
            parts.append(_LEVELS[task.level])
            proposed = at_level(proposed, self._texts, task.level)
        known = proposed.require_task(ClassifyTexts)
        if task.longest != known.longest:
            parts.append(f"up to {task.longest} tokens")
        if task.base != known.base:
            parts.append(_BASES[task.base])
        if task.word_dropout != known.word_dropout:
            parts.append(f"word dropout {task.word_dropout:.0%}")
        return _network_label([*parts, *_common_parts(recipe, proposed)])

    def _levels(self, leader: Recipe) -> list[Recipe]:
        own = leader.require_task(ClassifyTexts).level
        return [at_level(leader, self._texts, level) for level in _LEVELS if level != own]

    def _lengths(self, leader: Recipe) -> list[Recipe]:
        """Read more where many texts are cut, less where few need all of it."""
        task = leader.require_task(ClassifyTexts)
        lengths = tokens_of_texts(leader, self._texts)
        if (lengths > task.longest).mean() > _OFTEN_CUT:
            return [_changed(leader, longest=min(2000, 2 * task.longest))]
        if task.longest > 1 and np.quantile(lengths, _SHORT) <= task.longest // 2:
            return [_changed(leader, longest=task.longest // 2)]
        return []

    def _rule_seconds(self, recipe: Recipe) -> float:
        assert self._data is not None
        task, texts = recipe.require_task(ClassifyTexts), self._data.dataset
        assert isinstance(texts, Texts)
        counted = tuple(NGRAMS) if task.base == "tfidf_both" else (text_level(task.level),)
        grams = sum(NGRAMS[level] * float(text_lengths(self._texts, level).mean()) for level in counted)
        return _SECONDS_OF_RULE + _SECONDS_PER_GRAM * grams * texts.size


class SequenceContest(ClassificationContest):
    """A contest among settings that classify sequences of numbers."""

    _name = "sequences"

    def __init__(self, dataset: Sequences, proposed: Recipe):
        super().__init__(ClassifySequencesTask(), dataset, proposed)

    def rules(self) -> list[Recipe]:
        """Return the nearest neighbour, which is no settings: a recipe without training stands for it."""
        untrained = self.proposed.training.model_copy(update={"epochs": 0})
        return [self.proposed.model_copy(update={"training": untrained})]

    def label(self, recipe: Recipe) -> str:
        """Return how settings differ from those that were proposed."""
        if not recipe.training.epochs:
            return "No network: the nearest neighbour"
        return _network_label(_common_parts(recipe, self.proposed))


def begin_contest(dataset: Texts | Sequences, proposed: Recipe) -> ClassificationContest:
    """Return a contest about a dataset, at its beginning.

    Args:
        dataset: texts or sequences with classes.
        proposed: what is suggested by their sizes alone.
    """
    if isinstance(dataset, Texts):
        return TextContest(dataset, proposed)
    return SequenceContest(dataset, proposed)


def try_classification(recipe: Recipe, dataset: Dataset) -> np.ndarray:
    """Return the errors of settings on each example, as `class_errors` does."""
    if isinstance(dataset, Texts):
        return class_errors(ClassifyTextsTask(), recipe, dataset)
    assert isinstance(dataset, Sequences)
    return class_errors(ClassifySequencesTask(), recipe, dataset)


# --- What is varied -------------------------------------------------------------------------------------


def _starts(leader: Recipe) -> list[Recipe]:
    task = leader.require_task(ClassifyTexts)
    others = [base for base in _BASES if base != task.base]
    return [_changed(leader, base=base) for base in others]


def _pooling(leader: Recipe) -> list[Recipe]:
    """Sum the states up otherwise: by mean and maximum, by attention, or by the last one."""
    task, model = _class_task(leader), leader.model
    other = _changed(leader, pooling="last" if task.pooling == "mean_max" else "mean_max")
    if not isinstance(model, Recurrent) or model.attention != "none":
        return [other]
    return [other, _with_model(_changed(leader, pooling="last"), attention="additive")]


def _directions(leader: Recipe) -> list[Recipe]:
    if not isinstance(leader.model, Recurrent):
        return []
    return [_with_model(leader, bidirectional=not leader.model.bidirectional)]


def _convolutions(leader: Recipe) -> list[Recipe]:
    """Put a convolution in front, and one beside or none."""
    task = _class_task(leader)
    kernel = 3 if isinstance(task, ClassifyTexts) else 8
    beside = _changed(leader, filters=0 if task.filters else 64)
    if task.stride > 1:  # what is long was tried without one in front
        return [beside]
    return [_changed(leader, kernel=0 if task.kernel else kernel), beside]


def _regularised(leader: Recipe) -> list[Recipe]:
    more = _with_model(leader, dropout=0.5 if leader.model.dropout < 0.5 else 0.2)
    if not isinstance(leader.task, ClassifyTexts):
        return [more]
    return [more, _changed(leader, word_dropout=0.0 if leader.task.word_dropout else 0.2)]


def _smoothed(leader: Recipe) -> list[Recipe]:
    return [_changed(leader, label_smoothing=0.0 if _class_task(leader).label_smoothing else 0.1)]


def _sizes(leader: Recipe) -> list[Recipe]:
    units = leader.model.units
    return [_with_model(leader, units=other) for other in (max(1, units // 2), min(1024, 2 * units))]


def _rates(leader: Recipe) -> list[Recipe]:
    rate = leader.optimizer.learning_rate
    return [
        leader.model_copy(
            update={"optimizer": leader.optimizer.model_copy(update={"learning_rate": round(other, 6)})}
        )
        for other in (2.5 * rate, rate / 2.5)
    ]


def _class_task(recipe: Recipe) -> ClassifyTexts | ClassifySequences:
    assert isinstance(recipe.task, ClassifyTexts | ClassifySequences)
    return recipe.task


def _changed(recipe: Recipe, **settings: object) -> Recipe:
    return recipe.model_copy(update={"task": recipe.task.model_copy(update=settings)})


def _with_model(recipe: Recipe, **settings: object) -> Recipe:
    return recipe.model_copy(update={"model": recipe.model.model_copy(update=settings)})


# --- How it is called -----------------------------------------------------------------------------------


def _network_label(parts: Sequence[str]) -> str:
    return f"Network: {', '.join(parts) if parts else 'as proposed'}"


def _common_parts(recipe: Recipe, proposed: Recipe) -> list[str]:
    """Return how settings differ in what texts and sequences have in common."""
    task, known, parts = _class_task(recipe), _class_task(proposed), list[str]()
    model, usual = recipe.model, proposed.model
    if task.pooling != known.pooling:
        parts.append("mean and maximum of the states" if task.pooling == "mean_max" else "the last state")
    if isinstance(model, Recurrent) and isinstance(usual, Recurrent):
        if model.attention != usual.attention:
            parts.append("no attention" if model.attention == "none" else "attention")
        if model.bidirectional != usual.bidirectional:
            parts.append("both directions" if model.bidirectional else "one direction")
    if (task.kernel, task.stride) != (known.kernel, known.stride):
        steps = "tokens" if isinstance(task, ClassifyTexts) else "steps"
        in_front = f"a convolution of {task.kernel or task.stride} {steps} in front"
        in_front += f" with a stride of {task.stride}" if task.stride > 1 else ""
        parts.append(in_front if task.kernel or task.stride > 1 else "no convolution in front")
    if task.filters != known.filters:
        parts.append(f"{task.filters} convolution filters" if task.filters else "no convolution beside it")
    if model.dropout != usual.dropout:
        parts.append(f"dropout {model.dropout:.0%}")
    if task.label_smoothing != known.label_smoothing:
        parts.append(f"label smoothing {task.label_smoothing:.0%}")
    if model.units != usual.units:
        parts.append(f"{model.units} units")
    if recipe.optimizer.learning_rate != proposed.optimizer.learning_rate:
        parts.append(f"learning rate {recipe.optimizer.learning_rate:g}")
    return parts
