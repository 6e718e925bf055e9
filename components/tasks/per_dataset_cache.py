"""What is worked out of a dataset once, though its pages ask at every turn."""

import threading
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from components.data.datasets import Dataset

Kind = TypeVar("Kind", bound=Dataset)
P = ParamSpec("P")
T = TypeVar("T")

MOST = 8
"""Answers that are remembered of a dataset: of so many ways to ask for them."""


def cached_per_dataset(function: Callable[Concatenate[Kind, P], T]) -> Callable[Concatenate[Kind, P], T]:
    """Remember what a function makes of a dataset, as long as somebody else holds the dataset.

    Args:
        function: of a dataset and of hashable values; what it gives must not hold the dataset.
    """
    known: WeakKeyDictionary[Dataset, dict[object, T]] = WeakKeyDictionary()
    lock = threading.Lock()

    @wraps(function)
    def ask(dataset: Kind, *how: P.args, **named: P.kwargs) -> T:
        asked = (*how, *named.items())
        with lock:
            answers = known.setdefault(dataset, {})
            if asked in answers:
                return answers[asked]
        answer = function(dataset, *how, **named)
        with lock:
            answers[asked] = answer
            if len(answers) > MOST:
                del answers[next(iter(answers))]
        return answer

    return ask
