"""The one family of errors that a person can cause: what is wrong, where, and what to do."""

import errno


class UnrollError(Exception):
    """An error whose message is written for the person at the screen.

    Args:
        what: what is wrong, one plain sentence.
        where: the place: a file, a row, a column, a field of the recipe.
        remedy: what to do about it, one plain sentence.
    """

    def __init__(self, what: str, *, where: str = "", remedy: str = ""):
        self.what, self.where, self.remedy = what, where, remedy
        super().__init__(" ".join(part for part in (f"{where}: {what}" if where else what, remedy) if part))

    def __reduce__(self) -> tuple[object, ...]:
        """Keep the three parts when the error crosses from a worker to the app."""
        return (_rebuild, (type(self), self.what, self.where, self.remedy))


def _rebuild(kind: type[UnrollError], what: str, where: str, remedy: str) -> UnrollError:
    return kind(what, where=where, remedy=remedy)


class RecipeError(UnrollError):
    """A recipe names something unknown or impossible."""


class DataError(UnrollError):
    """A dataset cannot be read, or not be used in the way that was asked."""


class RunError(UnrollError):
    """A run cannot be found, started or controlled."""


class SearchError(UnrollError):
    """A search for runs can't be read."""


class LimitError(RunError):
    """A run outlived the time or the memory that the server grants."""


class StorageError(RunError):
    """A disk or a database doesn't take or give what it should, through no fault of the visitor's."""


DISK_REMEDY = "Delete runs or files that you no longer need, or tell the person who runs the server."

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def disk_error(error: OSError) -> StorageError | None:
    """Return what is wrong with a disk, in plain words; None where something else is wrong."""
    if error.errno in _FULL:
        return StorageError(
            "The disk of this server is full.", remedy="Delete runs or files that aren't needed."
        )
    # Object stores refuse without a number.
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return StorageError(
            "This server may not write to its own folder.", remedy="Tell the person who runs the server."
        )
    return None
