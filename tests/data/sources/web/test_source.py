"""What every source promises."""

import pytest

from components.data.sources.web.fetch import SOURCES, source_of
from components.data.sources.web.public_address import parse_address
from components.data.sources.web.source import Source

NAMED = [source for source in SOURCES.values() if source.search_label]


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_a_source_says_what_it_has_and_on_what_terms(source: Source) -> None:
    assert source.name and source.description.endswith(".")
    assert source.licence


@pytest.mark.parametrize("source", NAMED, ids=lambda source: source.name)
def test_examples_are_addresses_that_the_source_knows(source: Source) -> None:
    assert source.examples
    chosen = {choice.name: next(iter(choice.options)) for choice in source.choices()}
    for example in source.examples:
        address = source.address(example, chosen)
        assert source_of(address) is source
        assert parse_address(address).scheme == "https"
        assert source_of(source.latest(address)) is source


@pytest.mark.parametrize("source", NAMED, ids=lambda source: source.name)
def test_no_source_takes_another_hosts_address(source: Source) -> None:
    assert not source.knows("https://example.org/wiki/series/ebooks/11")
    assert not source.knows("not an address")
