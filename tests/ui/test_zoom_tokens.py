"""What a browser may ask the detail of, and for how long."""

import gc
import re

import pandas as pd

from components.ui.zoom_tokens import ZoomTokens


def table() -> pd.DataFrame:
    return pd.DataFrame({"value": [1.0, 2.0]})


def test_a_token_stands_for_columns_of_one_table_and_stays() -> None:
    offers, one, other = ZoomTokens(), table(), table()
    token = offers.token_for(one, ("value",))
    assert re.fullmatch("[0-9a-f]{32}", token)
    found = offers.find(token)
    assert found and found[0] is one and found[1] == ("value",)
    assert offers.token_for(one, ("value",)) == token
    assert len({token, offers.token_for(other, ("value",)), offers.token_for(one, ())}) == 3
    assert offers.find("0" * 32) is None


def test_what_is_used_stays_and_what_is_not_goes() -> None:
    now = 0.0
    offers, one, other = ZoomTokens(seconds=10, clock=lambda: now), table(), table()
    used, unused = offers.token_for(one, ()), offers.token_for(other, ())
    now = 8
    assert offers.find(used)
    now = 16
    assert offers.find(unused) is None
    assert offers.find(used)
    assert offers.token_for(other, ()) != unused


def test_the_longest_unused_makes_room() -> None:
    offers, tables = ZoomTokens(most=2), [table(), table(), table()]
    first, second = (offers.token_for(made, ()) for made in tables[:2])
    offers.find(first)
    third = offers.token_for(tables[2], ())
    assert [offers.find(token) is not None for token in (first, second, third)] == [True, False, True]


def test_an_offer_keeps_no_table_alive() -> None:
    offers, one = ZoomTokens(), table()
    token = offers.token_for(one, ())
    assert offers.find(token)
    del one
    gc.collect()
    assert offers.find(token) is None
