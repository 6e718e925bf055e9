"""The shipped samples equal their origins, and are what their descriptions say."""

import pandas as pd
import pytest

from components import data
from components.data.sources.sample_info import FILES
from components.data.sources.samples import SERIES_SAMPLES
from components.errors import DataError
from components.recipe import Sample

MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
MACRO = {
    "realgdp": "gdp",
    "realcons": "consumption",
    "realinv": "investment",
    "realgovt": "government",
    "realdpi": "income",
    "cpi": "prices",
    "m1": "money",
    "tbilrate": "interest",
    "unemp": "unemployment",
    "pop": "population",
    "infl": "inflation",
    "realint": "real_interest",
}


def with_dates(table: pd.DataFrame, dates) -> pd.DataFrame:
    return table.astype("float64").set_axis(pd.DatetimeIndex(pd.to_datetime(dates), name="date"))


def sunspots() -> pd.DataFrame:
    from statsmodels.datasets import sunspots as origin

    table = origin.load_pandas().data
    years = pd.to_datetime(table["YEAR"].astype(int).astype(str), format="%Y")
    return with_dates(table[["SUNACTIVITY"]].rename(columns={"SUNACTIVITY": "sunspots"}), years)


def co2() -> pd.DataFrame:
    from statsmodels.datasets import co2 as origin

    table = origin.load_pandas().data
    return with_dates(table.interpolate(method="time").round(2), table.index)


def el_nino() -> pd.DataFrame:
    from statsmodels.datasets import elnino as origin

    table = origin.load_pandas().data
    dates = pd.date_range("1950-01-01", periods=12 * len(table), freq="MS")
    return with_dates(pd.DataFrame({"temperature": table[MONTHS].to_numpy().ravel()}), dates)


def electrical_equipment() -> pd.DataFrame:
    from statsmodels.datasets import elec_equip as origin

    table = origin.load_pandas().data
    return with_dates(table.set_axis(["turnover"], axis="columns"), table.index)


def us_macro() -> pd.DataFrame:
    from statsmodels.datasets import macrodata as origin

    table = origin.load_pandas().data
    dates = pd.to_datetime({"year": table["year"], "month": 3 * table["quarter"] - 2, "day": 1})
    return with_dates(table.rename(columns=MACRO)[list(MACRO.values())], dates)


def seattle_weather() -> pd.DataFrame:
    from vega_datasets import local_data

    table = local_data.seattle_weather()
    return with_dates(table[["temp_max", "temp_min", "precipitation", "wind"]], table["date"])


JOBS = {
    "education_and_health_services": "education and health",
    "mining_and_logging": "mining and logging",
    "construction": "construction",
    "durable_goods": "durable goods",
    "nondurable_goods": "nondurable goods",
    "wholesale_trade": "wholesale trade",
    "retail_trade": "retail trade",
    "transportation_and_warehousing": "transport and warehouses",
    "utilities": "utilities",
    "information": "information",
    "financial_activities": "finance",
    "professional_and_business_services": "professional and business services",
    "leisure_and_hospitality": "leisure and hospitality",
    "other_services": "other services",
    "government": "government",
}


def us_jobs() -> pd.DataFrame:
    from vega_datasets import local_data

    table = local_data.us_employment()
    return with_dates(table.rename(columns=JOBS)[list(JOBS.values())], table["month"])


def share_prices() -> pd.DataFrame:
    from bokeh_sampledata.stocks import IBM

    table = pd.DataFrame(IBM)
    return with_dates(table[["close", "volume"]], table["date"])


ORIGINS = {
    origin.__name__: origin
    for origin in (
        sunspots,
        co2,
        el_nino,
        electrical_equipment,
        us_macro,
        seattle_weather,
        us_jobs,
        share_prices,
    )
}


@pytest.mark.parametrize("name", SERIES_SAMPLES)
def test_equals_its_origin(name):
    pd.testing.assert_frame_equal(data.load(Sample(name=name)).table, ORIGINS[name](), check_freq=False)


@pytest.mark.parametrize(
    ("name", "rows", "frequency", "after"),
    [
        ("sunspots", 309, "every year", "2009-01-01"),
        ("co2", 2284, "every week", "2002-01-05"),
        ("el_nino", 732, "every month", "2011-01-01"),
        ("electrical_equipment", 257, "every month", "2016-06-01"),
        ("us_macro", 203, "every quarter", "2009-10-01"),
        ("seattle_weather", 1461, "every day", "2016-01-01"),
        ("us_jobs", 120, "every month", "2016-01-01"),
        ("share_prices", 3270, "every business day", "2013-03-04"),
    ],
)
def test_goes_on_in_its_own_rhythm(name, rows, frequency, after):
    dataset = data.load(Sample(name=name))
    assert (dataset.rows, dataset.frequency) == (rows, frequency)
    assert dataset.future(3)[0] == pd.Timestamp(after)


@pytest.mark.parametrize("name", SERIES_SAMPLES)
def test_says_what_it_is(name):
    info, dataset = SERIES_SAMPLES[name], data.load(Sample(name=name))
    assert dataset.columns[0] == info.target
    assert 3 * (info.season or 1) < dataset.rows
    assert info.description and info.unit and info.provenance.source and info.provenance.licence


def test_jobs_are_series_of_one_kind_that_add_up_to_all_jobs():
    from vega_datasets import local_data

    dataset = data.load(Sample(name="us_jobs"))
    assert dataset.is_panel and {dataset.column_unit(name) for name in dataset.columns} == {"thousand jobs"}
    assert set(dataset.static_features["sector"]) == {"goods", "services", "government"}
    assert set(dataset.static_features.index) == set(dataset.columns)
    together = dataset.table.sum(axis=1).to_numpy()
    assert abs(together - local_data.us_employment()["nonfarm"].to_numpy()).max() < 10


def test_co2_says_how_many_weeks_were_filled_and_when():
    from statsmodels.datasets import co2 as origin

    missing = origin.load_pandas().data["co2"].isna()
    assert f"{missing.sum()} weeks" in SERIES_SAMPLES["co2"].description
    assert f"{missing.sum()} of {len(missing):,} weeks" in SERIES_SAMPLES["co2"].notes[0]
    assert missing[missing].index.max().year == 1985


def test_all_together_are_small():
    assert sum(file.stat().st_size for file in FILES.iterdir()) < 5_000_000


def test_an_unknown_sample_is_said():
    with pytest.raises(DataError, match=r"no sample “moonspots”.*sunspots"):
        data.load(Sample(name="moonspots"))
