"""A dataset on a page: choosing it, bringing it, making it, and looking at it."""

import pandas as pd
import streamlit as st
from pydantic import ValidationError

from components.data import UNTOUCHED
from components.data.dataset import Kind, Series, series_of
from components.data.samples import SAMPLES
from components.data.synthetic import GENERATORS, Generator, Parameter
from components.data.upload import ENDINGS, store
from components.errors import RecipeError, UnrollError
from components.recipe import DatasetReference, Generated, Preparation, Quotes, Recipe, Sample, Upload
from components.ui import datasets, mending, notes, quotes, recorder
from components.ui.boundary import boundary, fragment
from components.ui.boundary import show as show_error
from components.ui.datasets import shape
from components.ui.datasets.common import facts
from components.ui.figures import index_config
from components.ui.gallery import CARDS
from components.ui.live import load_ahead
from components.ui.loading import accept, came, dataset_of, other_of, references, sheets_of
from components.ui.mending import Examined, address_of
from components.ui.pictures import picture_of_unfinished, pictures
from components.ui.places import Place, go
from components.ui.suggestion import suggest
from components.ui.thrift import forget
from components.ui.words import count, escape

_ADDRESS = "dataset"
_PREPARED = "preparation"
_FOLLOWED = "data.followed"
_BROKEN = "data.broken_link"
_UPLOAD = "data.upload"
_RECORDED = "data.recorded"
_SOURCES = {
    "sample": "Ready-made",
    "upload": "Your own file",
    "record": "Your voice",
    "yahoo": "Share prices",
    "generated": "Make one",
}
_FIRST = Sample(name=next(iter(SAMPLES)))
_COUNTED: dict[Kind, str] = {
    "series": "Rows",
    "sequences": "Sequences",
    "recordings": "Recordings",
    "texts": "Texts",
    "pairs": "Pairs",
}
_MOST_MADE = 5000  # by the slider; a link may ask for more
_MOST_ROWS = 1000  # in the table; a browser that is sent all of a long series gets slow
_EXAMPLE = "date,visitors,sunshine\n2024-01-01,1204,3.1\n2024-01-02,1388,5.0\n2024-01-03,1291,4.4\n"


def workbench() -> None:
    """Take up the dataset that the address names, and let a person choose and look."""
    # Only when the whole page runs: after a press inside, the browser's address may lag behind.
    try:
        _follow_address()
    except UnrollError as error:
        st.session_state[_BROKEN] = error
    _choose_and_look()


@fragment
def _choose_and_look() -> None:
    """Choose a dataset on one side, look at it on the other."""
    broken = st.session_state.pop(_BROKEN, None)
    if broken:
        show_error(broken)
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
            _look_at(reference)


# --- Choosing ----------------------------------------------------------------------------------------


def _follow_address() -> None:
    """Take up the dataset that the address names, and begin with a sample where it names none.

    Raises:
        UnrollError: if the address names nothing that can be loaded.
    """
    there = (st.query_params.get(_ADDRESS), st.query_params.get(_PREPARED))
    followed = st.session_state.get(_FOLLOWED)
    if followed and (there[0] is None or there == followed):
        return
    _hold(_FIRST, Preparation())
    if there[0] is None:
        return
    try:
        reference = references.validate_json(there[0])
        preparation = Preparation.model_validate_json(there[1] or "{}")
    except ValidationError:
        raise RecipeError(
            "This link doesn't name a dataset.", where="link", remedy="Copy it again, to its very end."
        ) from None
    if other_of(reference) is None:
        came(reference)
    _hold(reference, preparation)


def _hold(reference: DatasetReference, preparation: Preparation) -> None:
    st.session_state[_FOLLOWED] = _written(reference, preparation)
    mending.hold(reference, preparation)
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
    written = _written(reference, mending.preparation_of(reference))
    st.session_state[_FOLLOWED] = written
    for name, value in zip((_ADDRESS, _PREPARED), written, strict=True):
        if value is None:
            st.query_params.pop(name, None)
        elif st.query_params.get(name) != value:
            st.query_params[name] = value


def _written(reference: DatasetReference, preparation: Preparation) -> tuple[str, str | None]:
    """Write what is looked at as the address does; nothing is said of what is as usual."""
    return reference.model_dump_json(), address_of(preparation)


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
        case "record":
            st.session_state[_RECORDED] = recorder.recorded() or st.session_state.get(_RECORDED)
            return st.session_state[_RECORDED]
        case "yahoo":
            return quotes.chosen()
        case "generated":
            return _made()
    return _sample()


def _sample() -> Sample:
    name = st.selectbox(
        "Dataset",
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
        "A table or texts: CSV, Excel, JSON, .txt, .ts…",
        type=[ending.removeprefix(".") for ending in ENDINGS],
        key="data.file",
        help="Names of columns on top, then a row for each step in time. A column may hold the times; the "
        "others hold numbers. Other files are read as what they are: plain text, .ts files of the UCR/UEA "
        "archive, a .zip of texts in a folder for each class, or of WAV files in a folder for each word. "
        "A file may also come packed, as .zip or .gz.",
    )
    st.caption("Your file stays on this server under a random name that only your links hold.")
    load_ahead()
    if file is not None and file.file_id != st.session_state.get("data.file_id"):
        st.session_state["data.file_id"] = file.file_id
        st.session_state[_UPLOAD] = None
        try:
            stored = store(file, file.name)
        finally:
            forget(file, "data.file")
        st.session_state[_UPLOAD] = accept(stored)
    held: Upload | None = st.session_state.get(_UPLOAD)
    if held is not None and other_of(held.model_copy(update={"shape": None})) is None:
        _sheet(held)
        held = st.session_state[_UPLOAD]
        st.session_state[_UPLOAD] = held.model_copy(update={"shape": shape.chosen(held)})
    return st.session_state.get(_UPLOAD)


def _sheet(held: Upload) -> None:
    """Let a person choose among the sheets of a workbook."""
    sheets = sheets_of(held)
    if len(sheets) < 2:
        return
    chosen = st.selectbox(
        "Sheet",
        sheets,
        index=sheets.index(held.sheet) if held.sheet in sheets else None,
        key=f"data.sheet.{held.id}",
        placeholder="The first with a table",
    )
    if chosen is not None and chosen != held.sheet:
        _take(held.model_copy(update={"sheet": chosen, "keep": (), "shape": None}))


def _take(reference: Upload) -> None:
    """Go on with a file that is read in another way."""
    st.session_state[_UPLOAD] = reference


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
    most = max(_MOST_MADE, st.session_state["data.length"])
    length = st.slider(
        _COUNTED[generator.kind], 50, most, step=50, key="data.length", persist_state="session"
    )
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
        if parameter.is_switch:
            values.append((parameter.name, _switch(parameter, key)))
            continue
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


def _switch(parameter: Parameter, key: str) -> float:
    st.session_state[key] = bool(st.session_state[key])
    return float(st.toggle(parameter.label, key=key, help=parameter.help, persist_state="session"))


# --- Looking -----------------------------------------------------------------------------------------


def _nothing_yet() -> None:
    if st.session_state["data.source"] == "yahoo":
        quotes.nothing_yet()
    elif st.session_state["data.source"] == "record":
        st.info(
            "Record some words, each several times, and they appear here as pictures of their sound.",
            title="Nothing recorded yet",
            icon=":material/mic:",
        )
    else:
        _no_file_yet()


def _no_file_yet() -> None:
    st.info(
        "Bring a file, and it appears here as a chart and as a table. This is what one looks like inside:",
        title="No file yet",
        icon=":material/upload_file:",
    )
    st.code(_EXAMPLE, language="csv")


def _look_at(reference: DatasetReference) -> None:
    other = other_of(reference)
    if other is not None:
        in_shape = isinstance(reference, Upload) and reference.shape is not None
        st.subheader(escape(other.title), anchor=False)
        notes.say(reference, other.notes, came(reference).cuts if in_shape else (), _take)
        datasets.look_at(other)
        return
    found = mending.examined(reference)
    if not found.diagnosis.table_is_ready:
        _look_at_unfinished(reference, found)
        return
    dataset = series_of(dataset_of(reference, mending.preparation_of(reference), found.diagnosis.frame_after))
    st.subheader(escape(dataset.title), anchor=False)
    mending.doctor(reference, found)
    said = dataset.notes if not found.mends else found.raw.notes
    notes.say(reference, said, found.raw.cuts, _take)
    pictures(dataset, found)
    if _train_button(found):
        go(Place.TRAIN, recipe=_recipe_for(dataset).to_url())
    about, table = st.columns(2, gap="large")
    with about:
        facts(dataset)
    with table:
        _table(dataset.table, "Its numbers", dataset.title)


def _look_at_unfinished(reference: DatasetReference, found: Examined) -> None:
    """Show a table that needs a person's decisions before it is a dataset."""
    title = reference.name if isinstance(reference, Upload) else reference.source
    st.subheader(escape(title), anchor=False)
    mending.doctor(reference, found)
    notes.say(reference, found.raw.notes, found.raw.cuts, _take)
    _train_button(found)
    picture_of_unfinished(found.diagnosis.frame_after, key="data-unfinished")
    _table(found.diagnosis.frame_after, "As it stands now", title)


def _train_button(found: Examined) -> bool:
    why_not = mending.reason_not_ready(found)
    with st.container(horizontal=True, vertical_alignment="center"):
        pressed = st.button(
            "Train on this",
            type="primary",
            icon=":material/model_training:",
            key="data-train",
            disabled=why_not is not None,
        )
        if why_not:
            st.caption(why_not, width="stretch")
    return pressed


def _recipe_for(dataset: Series) -> Recipe:
    preparation = mending.preparation_of(dataset.reference)
    ready = (card.recipe for card in CARDS if card.recipe.dataset == dataset.reference)
    recipe = next(ready, None) or suggest(dataset, preparation=preparation)
    # A card's own way of dividing stays, unless a person chose another.
    return recipe if preparation == UNTOUCHED else recipe.model_copy(update={"preparation": preparation})


def _table(table: pd.DataFrame, heading: str, title: str) -> None:
    st.markdown(f"**{heading}**")
    first = table.head(_MOST_ROWS)
    st.dataframe(
        first,
        height=360,
        column_config=index_config(first.index),
        alt=f"The rows of {title}",
    )
    if len(table) > _MOST_ROWS:
        st.caption(f"The first {count(_MOST_ROWS, 'row')} of {len(table):,}.")
