"""What was loaded is kept as far as it fits, and what is shared is counted once."""

import tracemalloc
from threading import Barrier, Thread

import numpy as np
import pandas as pd
import pytest

from components.errors import DataError
from components.ui.sized_cache import SizedCache

ROWS = 100_000
SIZE = 8 * ROWS


def table(columns: int = 1) -> pd.DataFrame:
    return pd.DataFrame(np.ones((columns, ROWS)).T)


def get(shelf: SizedCache, key: str, columns: int = 1) -> pd.DataFrame:
    return shelf.get(key, lambda: table(columns), lambda found: [found])


def test_it_is_made_once():
    shelf = SizedCache(10 * SIZE)
    assert get(shelf, "a") is get(shelf, "a") is not get(shelf, "b")


def test_what_was_used_least_lately_goes_first():
    shelf = SizedCache(3 * SIZE)
    a, b = get(shelf, "a"), get(shelf, "b")
    assert get(shelf, "a") is a
    get(shelf, "c")
    assert shelf.size <= 3 * SIZE
    assert get(shelf, "a") is a and get(shelf, "b") is not b


def test_the_newest_stays_however_large_it_is():
    shelf = SizedCache(SIZE)
    get(shelf, "a")
    large = get(shelf, "b", columns=5)
    assert get(shelf, "b", columns=5) is large and shelf.size > 5 * SIZE


def test_tables_that_share_their_numbers_count_once():
    shelf, raw = SizedCache(10 * SIZE), table(3)
    raw.insert(0, "t", pd.date_range("2020", periods=ROWS, freq="s"))
    shelf.put("raw", raw, [raw])
    alone = shelf.size
    mended = raw.drop(columns="t").set_axis(pd.DatetimeIndex(raw["t"].to_numpy(), copy=False), axis=0)
    shelf.put("mended", mended, [mended, raw])
    assert shelf.size < 1.05 * alone


def test_texts_count():
    shelf, texts = SizedCache(SIZE), pd.DataFrame({"word": ["a rather long word"] * ROWS})
    shelf.put("a", texts, [texts])
    assert shelf.size > 18 * ROWS
    shelf.put("b", texts, [texts.copy(deep=False)])
    assert shelf.size < 2 * 18 * ROWS + 10 * ROWS


def test_what_fails_is_not_kept():
    def fail() -> pd.DataFrame:
        raise ValueError

    shelf = SizedCache(SIZE)
    with pytest.raises(ValueError, match=r"^$"):
        shelf.get("a", fail, lambda found: [found])
    assert get(shelf, "a") is not None


def test_two_who_ask_at_once_get_the_same():
    shelf, found, start = SizedCache(10 * SIZE), [], Barrier(4)

    def ask() -> None:
        start.wait()
        found.append(get(shelf, "a"))

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4 and all(one is found[0] for one in found)


def test_nothing_is_kept_of_what_could_not_be_loaded():
    def fail() -> pd.DataFrame:
        raise DataError("It can't be read.")

    shelf = SizedCache(SIZE)
    tracemalloc.start()
    try:
        for number in range(100):
            with pytest.raises(DataError):
                shelf.get(f"{number}{'x' * 200_000}", fail, lambda found: [found])
        assert tracemalloc.get_traced_memory()[0] < 2_000_000
    finally:
        tracemalloc.stop()
    assert shelf.size == 0


def test_long_names_count():
    shelf = SizedCache(2 * SIZE)
    for number in range(100):
        shelf.put(f"{number}{'x' * 200_000}", number, [])
    assert shelf.size <= 2 * SIZE
