"""Countries by their codes."""

from components.data.sources.web.countries import country_choice, country_codes, country_names


def test_codes_and_names_go_together() -> None:
    names = country_names()
    assert len(names) == 195
    assert (names["DEU"], names["USA"], names["ZAF"], names["KOR"]) == (
        "Germany",
        "United States",
        "South Africa",
        "South Korea",
    )
    assert all(len(code) == 3 and code.isupper() for code in names)


def test_a_choice_stands_for_one_or_several() -> None:
    options = country_choice().options
    assert next(iter(options)) == "WLD"
    assert country_codes("WLD") == ("WLD",)
    assert country_codes("DEU") == ("DEU",)
    assert len(country_codes("g20")) == 19
    assert all(code in country_names() for code in country_codes("g20"))
