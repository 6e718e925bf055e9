"""The datasets that ship with Unroll, each with its source and licence."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

import pandas as pd

from components.data.datasets import Dataset, Kind, Provenance, Series
from components.data.sources.recordings_samples import RECORDINGS_SAMPLES
from components.data.sources.sample_info import FILES, SampleInfo
from components.data.sources.text_samples import TEXT_SAMPLES
from components.errors import DataError
from components.recipe import Sample


@dataclass(frozen=True, kw_only=True)
class SeriesSample(SampleInfo):
    """A table that ships, as CSV: its first column is the date, the second the target.

    Attributes:
        target: the column to forecast unless people say otherwise.
        unit: unit of the target.
        season: rows after which it repeats; None where it doesn't.
        is_panel: whether its columns are series of one kind, in the same unit.
        static_features: what never changes in each of these: by the name of a trait, what it says of each.
    """

    kind: ClassVar[Kind] = "series"

    target: str
    unit: str
    season: int | None
    is_panel: bool = False
    static_features: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def read(self, reference: Sample) -> Series:
        """Read the table."""
        return Series(
            reference=reference,
            title=self.title,
            table=pd.read_csv(FILES / self.file, index_col=0, parse_dates=[0]).astype("float64"),
            provenance=self.provenance,
            season=self.season,
            unit=self.unit,
            is_panel=self.is_panel,
            static_features=pd.DataFrame(self.static_features, dtype="str"),
            notes=self.notes,
        )


def load(reference: Sample) -> Dataset:
    """Read a sample.

    Raises:
        DataError: if there is none of that name.
    """
    info = SAMPLES.get(reference.name)
    if info is None:
        raise DataError(
            f"There is no sample “{reference.name}”.",
            where="dataset",
            remedy=f"Use one of these: {', '.join(SAMPLES)}.",
        )
    return info.read(reference)


_GOODS = ("mining and logging", "construction", "durable goods", "nondurable goods")
_SERVICES = (
    "education and health",
    "wholesale trade",
    "retail trade",
    "transport and warehouses",
    "utilities",
    "information",
    "finance",
    "professional and business services",
    "leisure and hospitality",
    "other services",
)
_SECTORS = {
    **dict.fromkeys(_GOODS, "goods"),
    **dict.fromkeys(_SERVICES, "services"),
    "government": "government",
}

SERIES_SAMPLES: dict[str, SeriesSample] = {
    "sunspots": SeriesSample(
        title="Sunspots",
        file="sunspots.csv",
        description="Sunspots, yearly means since 1700. Their number rises and falls about every 11 years.",
        target="sunspots",
        unit="spots",
        season=11,
        provenance=Provenance(
            "US National Geophysical Data Center, via statsmodels",
            "Public domain",
            "http://www.ngdc.noaa.gov/stp/solar/solarda3.html",
        ),
    ),
    "co2": SeriesSample(
        title="CO₂ over Mauna Loa",
        file="co2.csv",
        description=(
            "Carbon dioxide in the air over Hawaii, weekly from 1958 to 2001: a yearly cycle on a rising "
            "trend. 59 weeks without a measurement are interpolated linearly."
        ),
        target="co2",
        unit="ppm",
        season=52,
        provenance=Provenance(
            "C. D. Keeling and T. P. Whorf, Scripps Institution of Oceanography and CDIAC (2004), via "
            "statsmodels",
            "Public domain",
            "http://cdiac.ornl.gov/trends/co2/sio-keel-flask/sio-keel-flaskmlo_c.html",
        ),
        notes=(
            "59 of 2,284 weeks have no measurement, the last of them in 1985; they are interpolated linearly "
            "and rounded to 0.01 ppm.",
        ),
    ),
    "el_nino": SeriesSample(
        title="El Niño sea temperature",
        file="el_nino.csv",
        description=(
            "Sea surface temperature off Peru, monthly from 1950 to 2010. Every few years El Niño warms the "
            "water."
        ),
        target="temperature",
        unit="°C",
        season=12,
        provenance=Provenance(
            "US National Weather Service, ERSST.V3B, Niño 1+2, via statsmodels",
            "Public domain",
            "http://www.cpc.ncep.noaa.gov/data/indices/",
        ),
        notes=("The source has a row for each year and a column for each month; here, each month is a row.",),
    ),
    "electrical_equipment": SeriesSample(
        title="Electrical equipment",
        file="electrical_equipment.csv",
        description=(
            "Sales of electrical equipment makers in the euro area, monthly from 1995 to 2016. Summer dips "
            "and the crisis of 2008 stand out."
        ),
        target="turnover",
        unit="index, 100 in 2010",
        season=12,
        provenance=Provenance(
            "Eurostat, series STS.M.I7.W.TOVT.NS0016.4.000, via statsmodels", "Public domain"
        ),
    ),
    "us_macro": SeriesSample(
        title="US economy",
        file="us_macro.csv",
        description=(
            "Gross domestic product of the United States, quarterly from 1959 to 2009, with eleven other "
            "figures, such as spending, prices, interest rates and unemployment."
        ),
        target="gdp",
        unit="billion dollars of 2005",
        season=4,
        provenance=Provenance(
            "Federal Reserve Bank of St. Louis and US Bureau of Labor Statistics, via statsmodels",
            "Public domain",
            "http://research.stlouisfed.org/fred2/",
        ),
        notes=(
            "Most columns are seasonally adjusted by the source.",
            "The columns have plainer names than in the source.",
        ),
    ),
    "seattle_weather": SeriesSample(
        title="Seattle weather",
        file="seattle_weather.csv",
        description=(
            "Daily maximum temperature in Seattle from 2012 to 2015, with the minimum, precipitation and "
            "wind."
        ),
        target="temp_max",
        unit="°C",
        season=365,
        provenance=Provenance(
            "US National Oceanic and Atmospheric Administration (NOAA), via vega-datasets",
            "Public domain",
            "https://www.weather.gov/disclaimer",
        ),
    ),
    "us_jobs": SeriesSample(
        title="Jobs by industry",
        file="us_jobs.csv",
        description=(
            "The number of jobs in fifteen US industries, monthly from 2006 to 2015: a crisis and a slow "
            "recovery. A panel of fifteen series."
        ),
        target="education and health",
        unit="thousand jobs",
        season=None,
        is_panel=True,
        # As the Bureau divides them: https://www.bls.gov/iag/tgs/iag_index_naics.htm
        static_features={"sector": _SECTORS},
        provenance=Provenance(
            "US Bureau of Labor Statistics, Current Employment Statistics, via vega-datasets",
            "Public domain",
            "https://www.bls.gov/ces/",
        ),
        notes=(
            "All columns are seasonally adjusted by the source.",
            "The totals of the source are left out, so that each job is counted in one industry only. The "
            "names are plainer than in the source.",
        ),
    ),
    "share_prices": SeriesSample(
        title="IBM share price",
        file="share_prices.csv",
        description=(
            "The daily closing price of an IBM share from 2000 to 2013, and the volume traded. Nobody has "
            "found a lasting pattern in it."
        ),
        target="close",
        unit="US dollars",
        season=None,
        provenance=Provenance(
            "Quandl WIKI Prices, via bokeh-sampledata",
            "Public domain, as declared by Quandl",
            "https://web.archive.org/web/20150411011214/https://www.quandl.com/data/WIKI",
        ),
        notes=("Prices are those of the day, not adjusted for dividends.",),
    ),
}

SAMPLES: dict[str, SampleInfo] = {**SERIES_SAMPLES, **TEXT_SAMPLES, **RECORDINGS_SAMPLES}
