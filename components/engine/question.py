"""A question that a worker is answering."""

import logging
import time
from typing import TYPE_CHECKING, Generic, TypeVar

from components.errors import RunError, UnrollError

if TYPE_CHECKING:
    from distributed import Future

T = TypeVar("T")

logger = logging.getLogger(__name__)


class Question(Generic[T]):
    """A question that a worker is answering.

    Args:
        asked: the call.
        timeout: seconds to wait for the answer, from now on.
    """

    def __init__(self, asked: "Future[T | UnrollError]", timeout: float):
        self._asked, self._until = asked, time.monotonic() + timeout

    @property
    def is_over(self) -> bool:
        """Whether `answer` returns or raises at once."""
        return self._asked.done() or time.monotonic() > self._until

    def answer(self) -> T:
        """Wait for the answer.

        Raises:
            UnrollError: as the function does that was called.
            RunError: if there is no answer in time, or none at all.
        """
        try:
            answer = self._asked.result(max(0.0, self._until - time.monotonic()))
        except TimeoutError:
            self.withdraw()
            raise RunError("The worker took too long to answer.", remedy="Try again in a moment.") from None
        except Exception:
            logger.exception("A worker gave no answer")
            raise RunError("The worker didn't answer.", remedy="Try again in a moment.") from None
        if isinstance(answer, UnrollError):
            raise answer
        return answer

    def withdraw(self) -> None:
        """Ask no longer: an answer that hasn't been begun isn't."""
        self._asked.cancel()
