"""The Data page: a dataset is chosen, uploaded, recorded or generated, and shown."""

from collections.abc import Mapping
from pathlib import PurePath
from tempfile import TemporaryFile

import pandas as pd
import streamlit as st
from pydantic import ValidationError
from streamlit.delta_generator import DeltaGenerator

from components.data import NO_PREPARATION
from components.data.datasets import Kind, Series, require_series
from components.data.isolation.reading import prestart
from components.data.readers.formats import ENDINGS
from components.data.readers.train_test_pair import is_training_set
from components.data.sources import upload
from components.data.sources.sample_info import SampleInfo
from components.data.sources.samples import SAMPLES
from components.data.sources.synthetic import GENERATORS, Generator, Parameter
from components.data.tables.raw_table import RawTable
from components.errors import RecipeError, UnrollError
from components.glossary import explain
from components.recipe import (
    MOST_COLUMNS,
    DatasetReference,
    Generated,
    Preparation,
    Quotes,
    Recipe,
    Sample,
    Upload,
)
from components.settings import settings
from components.tasks import suggest_recipe
from components.ui.address import change_address
from components.ui.boundary import boundary, fragment, show_error
from components.ui.data import (
    cleaning,
    cleaning_report,
    import_notes,
    quotes,
    recorder,
    table_shape,
    views,
    web_files,
)
from components.ui.data.cleaning import TableState, preparation_parameter
from components.ui.data.dataset_charts import show_dataset_charts, show_unready_chart
from components.ui.data.own_files import accept_file, show_own_files, store_file
from components.ui.data.use import show_dataset_use, show_series_use, show_train_button
from components.ui.data.views.common import show_facts
from components.ui.dataset_cache import content_of, dataset_of, reference_adapter
from components.ui.experiments import cards_on
from components.ui.formatting import count, escape
from components.ui.navigation import Page, open_page
from components.ui.process_memory import free_upload
from components.ui.widgets.chart_display import index_column_config
from components.ui.widgets.live_charts import preload_scripts

_ADDRESS = "dataset"
_PREPARATION = "preparation"
_LAST_ADDRESS = "data.followed"
_LINK_ERROR = "data.broken_link"
_UPLOAD = "data.upload"
_RECORDING = "data.recorded"
_SOURCES = {
    "sample": "Samples",
    "upload": "Upload",
    "web": "Fetch",
    "record": "Record",
    "yahoo": "Share prices",
    "generated": "Generate",
}
_FROM_WEB = ("web", "yahoo")
_DEFAULT_SAMPLE = Sample(name=next(iter(SAMPLES)))
_LENGTH_LABELS: dict[Kind, str] = {
    "series": "Rows",
    "sequences": "Sequences",
    "recordings": "Recordings",
    "texts": "Texts",
    "pairs": "Pairs",
}
_MAX_LENGTH = 5000  # by the slider; a link may ask for more
_MAX_ROWS = 1000  # in the table; a browser that is sent all of a long series gets slow
_MAX_CHARACTERS = 100  # of a text in it
_CSV_EXAMPLE = "date,visitors,sunshine\n2024-01-01,1204,3.1\n2024-01-02,1388,5.0\n2024-01-03,1291,4.4\n"


def show_data() -> None:
    """Load the dataset that the address names, and show the page."""
    # Only when the whole page runs: after a press inside, the browser's address may lag behind.
    try:
        _load_address()
    except UnrollError as error:
        st.session_state[_LINK_ERROR] = error
    _show_page()


@fragment
def _show_page() -> None:
    """Show the choice of a dataset on one side, and the dataset on the other."""
    broken = st.session_state.pop(_LINK_ERROR, None)
    if broken:
        show_error(broken)
    origin, found, use = st.container(key="data-steps").columns([11, 19, 10], gap="medium")
    reference = None
    with origin, boundary():
        _show_step(1, "Where it comes from")
        reference = _choose_dataset(_choose_source())
    with use:
        _show_step(3, "What will be used")
        used = st.container(key="data-use")
    with found, boundary():
        _show_step(2, "What was found")
        if reference is None:
            used.caption("Choose data first.")
            _show_empty_state()
        else:
            _update_address(reference)
            _show_dataset(reference, used)


def _show_step(number: int, title: str) -> None:
    """Head a step on the way to a training."""
    st.header(f":blue-badge[{number}] {title}", anchor=False)


# --- Choosing ----------------------------------------------------------------------------------------


def _load_address() -> None:
    """Load the dataset that the address names, or a sample where it names none.

    Raises:
        UnrollError: if the address names nothing that can be loaded.
    """
    there = (st.query_params.get(_ADDRESS), st.query_params.get(_PREPARATION))
    followed = st.session_state.get(_LAST_ADDRESS)
    if followed and (there[0] is None or there == followed):
        return
    _select_dataset(_DEFAULT_SAMPLE, Preparation())
    if there[0] is None:
        return
    try:
        reference = reference_adapter.validate_json(there[0])
        preparation = Preparation.model_validate_json(there[1] or "{}")
    except ValidationError:
        raise RecipeError(
            "This link doesn't name a dataset.", where="link", remedy="Copy it again, to its very end."
        ) from None
    try:
        content_of(reference)
    except UnrollError:
        if isinstance(reference, Upload) and reference.origin is not None:
            st.session_state["data.source"] = "web"
            web_files.set_address(reference.origin)
            st.session_state[_LAST_ADDRESS] = there
        raise
    _select_dataset(reference, preparation)


def _select_dataset(reference: DatasetReference, preparation: Preparation) -> None:
    st.session_state[_LAST_ADDRESS] = _address_values(reference, preparation)
    cleaning.set_preparation(reference, preparation)
    st.session_state["data.source"] = reference.source
    match reference:
        case Sample():
            st.session_state["data.sample"] = reference.name
        case Upload(origin=None):
            st.session_state[_UPLOAD] = reference
        case Upload():
            st.session_state["data.source"] = "web"
            web_files.set_file(reference)
        case Quotes():
            quotes.set_quotes(reference)
        case Generated():
            st.session_state["data.generator"] = reference.name
            st.session_state["data.length"] = reference.length
            st.session_state["data.seed"] = reference.seed
            for name, value in reference.parameters.items():
                st.session_state[f"data.{reference.name}.{name}"] = float(value)


def _update_address(reference: DatasetReference) -> None:
    written = _address_values(reference, cleaning.preparation_of(reference))
    st.session_state[_LAST_ADDRESS] = written
    if written != (st.query_params.get(_ADDRESS), st.query_params.get(_PREPARATION)):
        change_address(dict(zip((_ADDRESS, _PREPARATION), written, strict=True)))


def _address_values(reference: DatasetReference, preparation: Preparation) -> tuple[str, str | None]:
    """Return dataset and preparation as the address holds them; None for the default preparation."""
    return reference.model_dump_json(), preparation_parameter(preparation)


def _choose_source() -> str | None:
    offered = tuple(name for name in _SOURCES if settings().fetch or name not in _FROM_WEB)
    return st.segmented_control(
        "Source",
        offered,
        key="data.source",
        format_func=lambda name: _SOURCES.get(name, name),
        required=True,
        wrap=True,
        persist_state="session",
    )


def _choose_dataset(source: str | None) -> DatasetReference | None:
    match source:
        case "upload":
            return _refine(_upload_file())
        case "web":
            return _refine(web_files.choose_file())
        case "record":
            st.session_state[_RECORDING] = recorder.record_words() or st.session_state.get(_RECORDING)
            return st.session_state[_RECORDING]
        case "yahoo":
            return quotes.choose_quotes()
        case "generated":
            return _choose_generator()
    return _choose_sample()


def _choose_title(label: str, options: Mapping[str, SampleInfo | Generator], key: str) -> str:
    """Draw the choice of something by its title, and return its name."""
    return st.selectbox(
        label,
        tuple(options),
        key=key,
        format_func=lambda name: options[name].title if name in options else name,
        persist_state="session",
    )


def _choose_sample() -> Sample:
    name = _choose_title("Dataset", SAMPLES, "data.sample")
    if name in SAMPLES:
        st.caption(SAMPLES[name].description)
    return Sample(name=name)


def _upload_file() -> Upload | None:
    file = st.file_uploader(
        "Table or text: CSV, Excel, JSON, .txt, .ts…",
        type=[ending.removeprefix(".") for ending in ENDINGS],
        key="data.file",
        help="A table has column names in its first row and then one row per time step. One column may hold "
        "the times; the others hold numbers. Also accepted: plain text, the UCR/UEA archive's .ts, .tsv and "
        ".txt, a .zip with a folder of texts for each class, and a .zip with a folder of recordings (WAV, "
        "FLAC, OGG) for each word, with the words in their names, or with a table of transcripts (columns "
        "“file” and “text”, perhaps “speaker”). Any file may be compressed as .zip or .gz. A training set "
        "(“train” in its name) can be followed by its test set; a .zip may hold both.",
    )
    st.caption(
        "Your file is stored on this server under a random name. Only someone with your link can open it."
    )
    preload_scripts()
    prestart()
    if file is not None and file.file_id != st.session_state.get("data.file_id"):
        st.session_state["data.file_id"] = file.file_id
        st.session_state[_UPLOAD] = None
        try:
            stored = store_file(file, file.name)
        finally:
            free_upload(file, "data.file")
        st.session_state[_UPLOAD] = accept_file(stored)
    _add_test_set()
    show_own_files()
    return st.session_state.get(_UPLOAD)


def _add_test_set() -> None:
    """Offer to add its test set to a file that is a training set by its name."""
    training: Upload | None = st.session_state.get(_UPLOAD)
    if training is None or not is_training_set(training.name):
        return
    key = f"data.test_set.{training.id}"
    file = st.file_uploader(
        "Its test set",
        type=[PurePath(training.name).suffix.removeprefix(".")],
        key=key,
        help="Models then learn from the first file and are tested on this one, as its makers meant it. "
        "Without it, some examples of the first file are kept for the test.",
    )
    if file is None:
        return
    try:
        with TemporaryFile() as packed:
            name = upload.pack_with_test_set(training, file, file.name, packed)
            stored = store_file(packed, name)
    finally:
        free_upload(file, key)
    st.session_state[_UPLOAD] = accept_file(stored)
    st.rerun()


def _refine(file: Upload | None) -> Upload | None:
    """Let a person choose how a file is read: which sheet of it, and as what."""
    if file is None:
        return None
    read = _choose_sheet(file)
    read = read.model_copy(update={"shape": table_shape.choose_shape(read)})
    _replace_upload(read)
    return read


def _choose_sheet(upload: Upload) -> Upload:
    """Let a person choose among the sheets of a workbook, and return the file with the one that is read."""
    sheets = _sheets(upload.plain.model_copy(update={"sheet": None, "keep": ()}).model_dump_json())
    if len(sheets) < 2:
        return upload
    chosen = st.selectbox(
        "Sheet",
        sheets,
        index=sheets.index(upload.sheet) if upload.sheet in sheets else None,
        key=f"data.sheet.{upload.id}",
        placeholder="The first sheet with a table",
    )
    if chosen is None or chosen == upload.sheet:
        return upload
    return upload.model_copy(update={"sheet": chosen, "keep": (), "shape": None})


@st.cache_data(max_entries=64, show_spinner=False)
def _sheets(reference: str) -> tuple[str, ...]:
    return upload.sheet_names(Upload.model_validate_json(reference))


def _replace_upload(reference: Upload) -> None:
    """Replace the file by the same one, read in another way."""
    if reference.origin is None:
        st.session_state[_UPLOAD] = reference
    else:
        web_files.set_file(reference)


def _choose_generator() -> Generated:
    name = _choose_title("Formula", GENERATORS, "data.generator")
    generator = GENERATORS[name]
    parameters = dict(_parameter_controls(name, generator))
    st.session_state.setdefault("data.length", 1000)
    st.session_state.setdefault("data.seed", 0)
    most = max(_MAX_LENGTH, st.session_state["data.length"])
    length = st.slider(
        _LENGTH_LABELS[generator.kind], 50, most, step=50, key="data.length", persist_state="session"
    )
    seed = st.number_input(
        "Seed",
        0,
        2**31 - 1,
        key="data.seed",
        help=f"{explain('Seed')} Another one gives another dataset of the same kind.",
        persist_state="session",
    )
    return Generated(name=name, length=length, parameters=parameters, seed=seed)


def _parameter_controls(name: str, generator: Generator) -> list[tuple[str, float]]:
    values = []
    for parameter in generator.parameters:
        key = f"data.{name}.{parameter.name}"
        st.session_state.setdefault(key, float(parameter.default))
        if parameter.is_switch:
            values.append((parameter.name, _parameter_switch(parameter, key)))
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


def _parameter_switch(parameter: Parameter, key: str) -> float:
    st.session_state[key] = bool(st.session_state[key])
    return float(st.toggle(parameter.label, key=key, help=parameter.help, persist_state="session"))


# --- Dataset -----------------------------------------------------------------------------------------


def _show_empty_state() -> None:
    if st.session_state["data.source"] == "yahoo":
        quotes.show_empty_state()
    elif st.session_state["data.source"] == "web":
        web_files.show_empty_state()
    elif st.session_state["data.source"] == "record":
        st.info(
            "Record at least two words several times each. Their spectrograms appear here.",
            title="No recordings yet",
            icon=":material/mic:",
        )
    else:
        _show_upload_hint()


def _show_upload_hint() -> None:
    st.info(
        "Upload a file to see it as a chart and as a table. A CSV file looks like this:",
        title="No file yet",
        icon=":material/upload_file:",
    )
    st.code(_CSV_EXAMPLE, language="csv")


def _show_dataset(reference: DatasetReference, used: DeltaGenerator) -> None:
    """Show what was found, and where it belongs, in `used`, what of it will be used."""
    there = content_of(reference)
    if not isinstance(there, RawTable | Series):
        st.subheader(escape(there.title), anchor=False)
        import_notes.show_import_notes(reference, there.notes, _table(reference), _replace_upload)
        with used:
            show_dataset_use(there)
        views.show_dataset(there)
        return
    found = cleaning.table_state(reference)
    if not found.diagnosis.table_is_ready:
        with used:
            show_train_button(found)
        _show_unready_table(reference, found)
        return
    dataset = require_series(
        dataset_of(reference, cleaning.preparation_of(reference), found.diagnosis.cleaned_frame)
    )
    st.subheader(escape(dataset.title), anchor=False)
    cleaning.show_data_doctor(reference, found)
    cleaning_report.show_report(reference, found)
    notes = dataset.notes if not found.steps else found.raw.notes
    import_notes.show_import_notes(reference, notes, found.raw, _replace_upload)
    with used:
        pressed = show_series_use(dataset, found)
    show_dataset_charts(dataset, found)
    if pressed:
        open_page(Page.TRAIN, recipe=_first_recipe(dataset).to_url())
    about, table = st.columns(2, gap="medium")
    with about:
        show_facts(dataset)
    with table:
        _show_table(dataset.table, "Values", dataset.title)


def _table(reference: DatasetReference) -> RawTable | None:
    """Return the table that a dataset was made of, if it was."""
    table = content_of(reference.plain) if isinstance(reference, Upload) and reference.shape else None
    return table if isinstance(table, RawTable) else None


def _show_unready_table(reference: DatasetReference, state: TableState) -> None:
    """Show a table that needs a person's decisions before it is a dataset."""
    title = reference.name if isinstance(reference, Upload) else reference.source
    st.subheader(escape(title), anchor=False)
    cleaning.show_data_doctor(reference, state)
    cleaning_report.show_report(reference, state)
    import_notes.show_import_notes(reference, state.raw.notes, state.raw, _replace_upload)
    show_unready_chart(state.diagnosis.cleaned_frame)
    _show_table(state.diagnosis.cleaned_frame, "Current state", title)


def _first_recipe(dataset: Series) -> Recipe:
    preparation = cleaning.preparation_of(dataset.reference)
    ready = (card.recipe for card in cards_on(dataset.reference))
    recipe = next(ready, None) or suggest_recipe(dataset, preparation=preparation)
    # A card's own way of dividing stays, unless a person chose another.
    return recipe if preparation == NO_PREPARATION else recipe.model_copy(update={"preparation": preparation})


def _short_texts(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with the beginnings of its texts: one may fill megabytes, and all go to the browser."""
    return pd.DataFrame(
        {
            at: column.str.slice(0, _MAX_CHARACTERS) if column.dtype == "str" else column
            for at, (_, column) in enumerate(table.items())
        },
        index=table.index,
    ).set_axis(table.columns, axis=1)


def _show_table(table: pd.DataFrame, heading: str, title: str) -> None:
    st.markdown(f"**{heading}**")
    first = _short_texts(table.iloc[:_MAX_ROWS, :MOST_COLUMNS])
    st.dataframe(
        first,
        height=360,
        column_config=index_column_config(first.index),
        alt=f"The rows of {title}",
    )
    if len(table) > _MAX_ROWS:
        st.caption(f"The first {count(_MAX_ROWS, 'row')} of {len(table):,}.")
    if len(table.columns) > MOST_COLUMNS:
        st.caption(f"The first {count(MOST_COLUMNS, 'column')} of {len(table.columns):,}.")
