"""Where the sequences come from."""

from datetime import date
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AwareDatetime, Field, field_validator, model_validator

from components.recipe.base import MOST_COLUMNS, Name, RecipePart, Slug


class Sample(RecipePart):
    """A dataset that ships with Unroll."""

    source: Literal["sample"] = "sample"
    name: Slug
    """its key in `components.data.sources.samples`"""


class AsTexts(RecipePart):
    """A table's rows as texts."""

    kind: Literal["texts"] = "texts"
    text: Name
    """the column that holds them"""
    label: Name | None = None
    """the column that holds their classes"""
    group: Name | None = None
    """the column of what a row is from, such as a speaker or a customer: each stays in one set"""
    split: Name | None = None
    """the column that says which set a row is for: train, validation or test"""


class AsPairs(RecipePart):
    """A table's rows as pairs of texts."""

    kind: Literal["pairs"] = "pairs"
    source: Name
    """the column of what is given"""
    target: Name
    """the column of what is to be written"""
    group: Name | None = None
    """the column of what a row is from, such as a speaker or a customer: each stays in one set"""
    split: Name | None = None
    """the column that says which set a row is for: train, validation or test"""


class AsSequences(RecipePart):
    """A long table's rows as the steps of many sequences."""

    kind: Literal["sequences"] = "sequences"
    id: Name
    """the column that tells which sequence a row belongs to"""
    time: Name | None = None
    """the column that puts a sequence's steps in order; None: they stay in the order of the rows"""
    channel: Name | None = None
    """the column that names the channel of a row's one number; None: a row holds all channels of a step"""
    label: Name | None = None
    """the column of the sequence's class, the same in all of its rows"""
    group: Name | None = None
    """the column of what a sequence is from, the same in all of its rows: each group stays in one set"""
    split: Name | None = None
    """the column that says which set a sequence is for, the same in all of its rows: train, validation or
    test"""
    columns: Annotated[tuple[Name, ...], Field(min_length=1, max_length=MOST_COLUMNS)]
    """the channels, or the one that holds the numbers of all"""

    @model_validator(mode="after")
    def _check_columns(self) -> Self:
        if self.channel is not None and len(self.columns) > 1:
            raise ValueError(
                "if one column names the channels, exactly one other column must hold their values"
            )
        return self


class AsRows(RecipePart):
    """A table's rows as sequences: the cells of each, from left to right, are its steps."""

    kind: Literal["rows"] = "rows"
    label: Name | None = None
    """the column that holds their classes"""
    group: Name | None = None
    """the column of what a row is from, such as a speaker or a customer: each stays in one set"""
    split: Name | None = None
    """the column that says which set a row is for: train, validation or test"""
    left_out: Annotated[tuple[Name, ...], Field(max_length=20)] = ()
    """columns that are neither, such as a number of the row; those of words are never steps"""


TableKind = Annotated[AsTexts | AsPairs | AsSequences | AsRows, Field(discriminator="kind")]


TableEnd = Literal["above", "below"]
"""of a table in its sheet"""
MOST_HEADER_ROWS = 5
"""Rows at the top of a table that may name its columns."""


class Origin(RecipePart):
    """Where on the web a file was fetched, and what it was then: enough to fetch it again and compare."""

    address: Annotated[str, Field(max_length=2000, pattern=r"^https?://\S+$")]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    """of the file's bytes"""
    fetched: AwareDatetime

    @field_validator("address")
    @classmethod
    def _check_address(cls, address: str) -> str:
        parts = urlsplit(address)  # a ValueError says what is wrong with it, as does one of the port's
        if not parts.hostname or parts.port == 0:
            raise ValueError("an address names a host, and no port or one from 1 on")
        return address


class Upload(RecipePart):
    """A file that a visitor brought, or had fetched from the web."""

    source: Literal["upload"] = "upload"
    id: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    """random, so who has it was given it; of a fetched file, the beginning of its hash"""
    name: Name
    """the file's own name, for people to read; never used as a path"""
    sheet: Name | None = None
    """which one of a workbook; None: the first that has a table"""
    keep: Annotated[tuple[TableEnd, ...], Field(max_length=2)] = ()
    """where rows belong to the table that look like titles and notes; these are left out otherwise"""
    header: Annotated[int, Field(ge=0, le=MOST_HEADER_ROWS)] | None = None
    """rows of the table that name its columns; None: as many as it seems to have"""
    uneven: Literal["fill", "drop"] | None = None
    """what becomes of rows with too few or too many cells: what is missing is empty, or they are left out;
    None: short ones are filled, long ones left out"""
    shape: TableKind | None = None
    """what its table is read as; None: a series"""
    origin: Origin | None = None
    """where it was fetched; None: a visitor brought it"""

    @model_validator(mode="after")
    def _check_origin(self) -> Self:
        if self.origin is not None and not self.origin.sha256.startswith(self.id):
            raise ValueError("the id of a fetched file is the beginning of its hash")
        return self

    @property
    def plain(self) -> Self:
        """The same file without a shape: its table as it came."""
        return self.model_copy(update={"shape": None})


class Generated(RecipePart):
    """A series made by a formula."""

    source: Literal["generated"] = "generated"
    name: Slug
    """its key in `components.data.sources.synthetic`"""
    length: Annotated[int, Field(ge=50, le=100_000)] = 1000
    parameters: dict[Slug, float] = Field(default_factory=dict)
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0


# Yahoo's own: AAPL, BRK-B, ^GSPC, EURUSD=X, 0700.HK, M&M.NS.
Symbol = Annotated[str, Field(pattern=r"^[A-Z0-9^][A-Z0-9.^=&-]{0,19}$")]
Period = Literal["1d", "5d", "1mo", "3mo", "6mo", "1y", "2y", "5y", "10y", "ytd", "max"]
Interval = Literal["1m", "5m", "15m", "1h", "1d", "1wk", "1mo"]


class Quotes(RecipePart):
    """Prices of shares, funds, currencies or indices, kept as they were when they were fetched."""

    source: Literal["yahoo"] = "yahoo"
    id: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    """of what is kept"""
    tickers: Annotated[tuple[Symbol, ...], Field(min_length=1, max_length=10)]
    period: Period = "1y"
    """how far back from the day on which they were fetched"""
    interval: Interval = "1d"
    """time from one row to the next"""
    adjusted: bool = True
    """whether dividends are taken out of the prices, as splits always are"""
    fetched: date
    """the day, in UTC"""

    @model_validator(mode="after")
    def _check_tickers(self) -> Self:
        if len(set(self.tickers)) != len(self.tickers):
            raise ValueError("a symbol is named twice")
        return self


DatasetReference = Annotated[Sample | Upload | Generated | Quotes, Field(discriminator="source")]
