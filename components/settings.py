"""The server's own settings, read from `UNROLL_…` variables; each has a default that just works."""

from functools import cache
from pathlib import Path
from typing import Annotated

import platformdirs
from pydantic import BeforeValidator, Field, StringConstraints
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


def _data_folder() -> Path:
    return platformdirs.user_data_path("unroll", appauthor=False)


def _split(text: object) -> object:
    return text.split() if isinstance(text, str) else text


Origin = Annotated[str, StringConstraints(pattern=r"^https?://(\*\.)?[\w.-]+(:\d+)?$")]
Origins = Annotated[tuple[Origin, ...], NoDecode, BeforeValidator(_split)]


class Settings(BaseSettings):
    """Where things live and what one run may use."""

    model_config = SettingsConfigDict(env_prefix="UNROLL_", frozen=True, use_attribute_docstrings=True)

    scheduler: str | None = None
    """address of a Dask scheduler, as `tcp://host:8786`, or `tls://…`; None: start workers on this machine"""
    workers: int | None = Field(default=None, ge=1)
    """workers to start on this machine; None: one a core less one, at least one"""
    database: str = Field(default_factory=lambda: f"sqlite:///{_data_folder() / 'runs.sqlite'}")
    """SQLAlchemy URL of the store of runs"""
    artifacts: str = Field(default_factory=lambda: str(_data_folder() / "artifacts"))
    """folder or fsspec URL of checkpoints, results, models, uploads, fetched files and quotes"""
    cache: Path = Field(default_factory=lambda: _data_folder() / "cache")
    """folder of what may be lost at any time"""
    fetch: bool = True
    """whether visitors may have the server fetch data from the web, share prices included"""
    web: str | None = None
    """address that stands in for the web, such as a cache of its own: what would be asked of
    `https://host/path` is asked of `address/host/path`; None: ask the web itself"""
    yahoo: str | None = None
    """address that stands in for Yahoo Finance: what it would ask of `https://host/path` is asked of
    `address/host/path`; None: ask Yahoo itself"""
    run_seconds: float = Field(default=3600, gt=0)
    """longest that a run may train"""
    run_memory: int = Field(default=4 * 2**30, gt=0)
    """most memory, in bytes, that the process of a run may hold"""
    pause_seconds: float = Field(default=900, gt=0)
    """longest pause before a run makes room for others"""
    checkpoint_bytes: int = Field(default=2**30, gt=0)
    """bytes that the checkpoints of a run may take together; beyond, its oldest are deleted"""
    visitor_runs: int = Field(default=10, gt=0)
    """runs, backtests and checks of seeds that a visitor may have in line or in training at once"""
    visitor_bytes: int = Field(default=2 * 2**30, gt=0)
    """bytes that the files of a visitor may take together"""
    visitor_questions: int = Field(default=120, gt=0)
    """questions to workers that a visitor may ask within a minute"""
    keep_days: float = Field(default=365, gt=0)
    """days after which runs that nobody pinned are deleted, and files that no run learns from"""
    disk: int = Field(default=20 * 2**30, gt=0)
    """bytes that all of it may take together; beyond, the oldest is deleted"""
    upload_bytes: int = Field(default=500 * 2**20, gt=0)
    """largest file that a visitor may bring"""
    table_bytes: int = Field(default=500 * 2**20, gt=0)
    """most memory, in bytes, that what a file holds may take once it is read"""
    read_memory: int = Field(default=2 * 2**30, gt=0)
    """most memory, in bytes, that the process which reads a file may hold"""
    read_seconds: float = Field(default=60, gt=0)
    """longest that reading a file may take"""
    origins: Origins = ()
    """other addresses that the app's pages come from, as `https://host`, where a proxy hides which host was
    asked; separated by spaces"""
    frame_ancestors: Origins = ()
    """sites whose pages may show the app in a frame, as `https://host` or `https://*.host`; separated by
    spaces"""
    metrics: bool = False
    """whether anyone may read Streamlit's metrics at `/_stcore/metrics`"""


@cache
def settings() -> Settings:
    """Return the settings of this process, read once."""
    return Settings()
