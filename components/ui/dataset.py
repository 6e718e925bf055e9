"""A dataset on a page: choosing it, bringing it, making it, and looking at it."""

import pandas as pd
import streamlit as st
from pydantic import TypeAdapter, ValidationError

from components.charts.series import series
from components.data import UNTOUCHED, load
from components.data.dataset import Dataset
from components.data.samples import SAMPLES
from components.data.synthetic import GENERATORS, Generator
from components.data.upload import ENDINGS, keep
from components.errors import RecipeError
from components.recipe import DatasetReference, Generated, Preparation, Quotes, Sample, Upload
from components.ui import quotes
from components.ui.boundary import boundary, fragment
from components.ui.figures import show
from components.ui.gallery import CARDS
from components.ui.places import Place, go
from components.ui.suggestion import suggest
from components.ui.words import count, escape

_ADDRESS = "dataset"
_FOLLOWED = "data.followed"
_UPLOAD = "data.upload"
_SOURCES = {
    "sample": "Ready-made",
    "upload": "Your own file",
    "yahoo": "Share prices",
    "generated": "Make one",
}
_FIRST = Sample(name=next(iter(SAMPLES)))
_MOST_ROWS = 1000  # in the table; a browser that is sent all of a long series gets slow
_DRAWN_AT_FIRST = 3
_EXAMPLE = "date,visitors,sunshine\n2024-01-01,1204,3.1\n2024-01-02,1388,5.0\n2024-01-03,1291,4.4\n"
_references: TypeAdapter[DatasetReference] = TypeAdapter(DatasetReference)


@st.cache_resource(max_entries=16, show_spinner=False)
def _loaded(reference: str, preparation: str) -> Dataset:
    return load(_references.validate_json(reference), Preparation.model_validate_json(preparation))


def dataset_of(reference: DatasetReference, preparation: Preparation = UNTOUCHED) -> Dataset:
    """Load a dataset, or give it again: nothing changes one in place, so all visitors share it.

    Raises:
        DataError: if it can't be loaded, or a mend of the preparation can't be made.
    """
    # Without mends, how it will be divided makes no difference.
    mends = preparation if preparation.mends else UNTOUCHED
    return _loaded(reference.model_dump_json(), mends.model_dump_json())


@fragment
def workbench() -> None:
    """Choose a dataset on one side, look at it on the other."""
    with boundary():
        _follow_address()
    source = _source()
    controls, view = st.columns([1, 2], gap="large")
    reference = None
    with controls, boundary():
        reference = _chosen(source)
    with view, boundary():
        if reference is None:
            _nothing_yet()
        else:
            _keep_in_address(reference)
            _look_at(dataset_of(reference))


# --- Choosing ----------------------------------------------------------------------------------------


def _follow_address() -> None:
    """Take up the dataset that the address names, and begin with a sample where it names none.

    Raises:
        UnrollError: if the address names nothing that can be loaded.
    """
    there = st.query_params.get(_ADDRESS)
    if _FOLLOWED in st.session_state and there in (None, st.session_state[_FOLLOWED]):
        return
    _hold(_FIRST)
    if there is None:
        return
    try:
        reference = _references.validate_json(there)
    except ValidationError:
        raise RecipeError(
            "This link doesn't name a dataset.", where="link", remedy="Copy it again, to its very end."
        ) from None
    dataset_of(reference)
    _hold(reference)


def _hold(reference: DatasetReference) -> None:
    st.session_state[_FOLLOWED] = reference.model_dump_json()
    st.session_state["data.source"] = reference.source
    match reference:
        case Sample():
            st.session_state["data.sample"] = reference.name
        case Upload():
            st.session_state[_UPLOAD] = reference
        case Quotes():
            quotes.hold(reference)
        case Generated():
            st.session_state["data.generator"] = reference.name
            st.session_state["data.length"] = reference.length
            st.session_state["data.seed"] = reference.seed
            for name, value in reference.parameters.items():
                st.session_state[f"data.{reference.name}.{name}"] = float(value)


def _keep_in_address(reference: DatasetReference) -> None:
    written = reference.model_dump_json()
    st.session_state[_FOLLOWED] = written
    if st.query_params.get(_ADDRESS) != written:
        st.query_params[_ADDRESS] = written


def _source() -> str | None:
    return st.segmented_control(
        "Where from",
        tuple(_SOURCES),
        key="data.source",
        format_func=lambda name: _SOURCES.get(name, name),
        required=True,
        wrap=True,
        persist_state="session",
    )


def _chosen(source: str | None) -> DatasetReference | None:
    match source:
        case "upload":
            return _uploaded()
        case "yahoo":
            return quotes.chosen()
        case "generated":
            return _made()
    return _sample()


def _sample() -> Sample:
    name = st.selectbox(
        "Series",
        tuple(SAMPLES),
        key="data.sample",
        format_func=lambda name: SAMPLES[name].title if name in SAMPLES else name,
        persist_state="session",
    )
    if name in SAMPLES:
        st.caption(SAMPLES[name].description)
    return Sample(name=name)


def _uploaded() -> Upload | None:
    file = st.file_uploader(
        "A table: CSV, Excel, Parquet, JSON…",
        type=[ending.removeprefix(".") for ending in ENDINGS],
        key="data.file",
        help="Names of columns on top, then a row for each step in time. A column may hold the times; the "
        "others hold numbers. A file may also come packed, as .zip or .gz.",
    )
    st.caption("Your file stays on this server under a random name that only your links hold.")
    if file is not None and file.file_id != st.session_state.get("data.file_id"):
        st.session_state["data.file_id"] = file.file_id
        st.session_state[_UPLOAD] = None
        st.session_state[_UPLOAD] = keep(file.getvalue(), file.name)
    return st.session_state.get(_UPLOAD)


def _made() -> Generated:
    name = st.selectbox(
        "Formula",
        tuple(GENERATORS),
        key="data.generator",
        format_func=lambda name: GENERATORS[name].title if name in GENERATORS else name,
        persist_state="session",
    )
    generator = GENERATORS[name]
    parameters = dict(_sliders(name, generator))
    st.session_state.setdefault("data.length", 1000)
    st.session_state.setdefault("data.seed", 0)
    length = st.slider("Rows", 50, 5000, step=50, key="data.length", persist_state="session")
    seed = st.number_input(
        "Seed",
        0,
        2**31 - 1,
        key="data.seed",
        help="Where chance begins: another seed gives another series of the same kind.",
        persist_state="session",
    )
    return Generated(name=name, length=length, parameters=parameters, seed=seed)


def _sliders(name: str, generator: Generator) -> list[tuple[str, float]]:
    values = []
    for parameter in generator.parameters:
        key = f"data.{name}.{parameter.name}"
        st.session_state.setdefault(key, float(parameter.default))
        value = st.slider(
            parameter.label,
            float(parameter.low),
            float(parameter.high),
            step=float(parameter.step),
            format="%g",
            key=key,
            help=parameter.help,
            persist_state="session",
        )
        values.append((parameter.name, value))
    return values


# --- Looking -----------------------------------------------------------------------------------------


def _nothing_yet() -> None:
    if st.session_state["data.source"] == "yahoo":
        quotes.nothing_yet()
    else:
        _no_file_yet()


def _no_file_yet() -> None:
    st.info(
        "Bring a file, and it appears here as a chart and as a table. This is what one looks like inside:",
        title="No file yet",
        icon=":material/upload_file:",
    )
    st.code(_EXAMPLE, language="csv")


def _look_at(dataset: Dataset) -> None:
    st.subheader(escape(dataset.title), anchor=False)
    drawn = dataset.columns[:_DRAWN_AT_FIRST]
    if len(dataset.columns) > 1:
        drawn = tuple(
            st.multiselect(
                "Columns to draw",
                dataset.columns,
                default=drawn,
                key=f"data.drawn.{dataset.reference.model_dump_json()}",
                placeholder="None",
            )
        )
    if drawn:
        unit = dataset.unit if drawn == dataset.columns[:1] else ""
        show(series(dataset.table, drawn, unit=unit), key="data-series")
    for note in dataset.notes:
        st.caption(f":material/info: {escape(note)}")
    if st.button("Train on this", type="primary", icon=":material/model_training:", key="data-train"):
        go(Place.TRAIN, recipe=_recipe_for(dataset).to_url())
    facts, table = st.columns(2, gap="large")
    with facts:
        _facts(dataset)
    with table:
        _table(dataset)


def _recipe_for(dataset: Dataset):
    ready = (card.recipe for card in CARDS if card.recipe.dataset == dataset.reference)
    return next(ready, None) or suggest(dataset)


def _facts(dataset: Dataset) -> None:
    st.markdown("**What it is**")
    st.table({escape(fact.label): escape(fact.value) for fact in dataset.facts()}, border="horizontal")
    if dataset.provenance.url:
        st.caption(f"[Where it comes from]({dataset.provenance.url})")


def _table(dataset: Dataset) -> None:
    st.markdown("**Its numbers**")
    table = dataset.table.head(_MOST_ROWS)
    st.dataframe(
        table,
        height=360,
        column_config={"_index": st.column_config.DatetimeColumn(format=_time_format(table.index))}
        if isinstance(table.index, pd.DatetimeIndex)
        else None,
        alt=f"The rows of {dataset.title}",
    )
    if dataset.rows > _MOST_ROWS:
        st.caption(f"The first {count(_MOST_ROWS, 'row')} of {dataset.rows:,}.")


def _time_format(index: pd.DatetimeIndex) -> str:
    return "YYYY-MM-DD" if (index == index.normalize()).all() else "YYYY-MM-DD HH:mm:ss"
