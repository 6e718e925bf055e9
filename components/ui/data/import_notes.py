"""Notes on how a file was read, with a click that has it read in another way."""

from collections.abc import Callable, Sequence

import streamlit as st

from components.data.tables.import_choice import ImportChoice, ImportOption
from components.data.tables.raw_table import RawTable
from components.data.tables.table_bounds import MarginRows
from components.errors import DataError
from components.recipe import DatasetReference, Upload
from components.ui import boundary
from components.ui.data import cleaning
from components.ui.dataset_cache import content_of
from components.ui.formatting import escape

_ERROR = "data.keep_failed"


def show_import_notes(
    reference: DatasetReference,
    notes: Sequence[str],
    table: RawTable | None,
    replace_upload: Callable[[Upload], None],
) -> None:
    """Show the notes on a dataset, and let a person have its file read in another way.

    Args:
        reference: of the dataset.
        notes: on it, in plain sentences.
        table: that it was made of, which says what some of the notes are about; None where there was none.
        replace_upload: goes on with another reference.
    """
    failed = st.session_state.pop(_ERROR, None)
    if failed:
        boundary.show_error(failed)
    undoable = {cut.sentence: cut for cut in table.margins} if table else {}
    guessed = {choice.sentence: choice for choice in table.choices} if table else {}
    with st.container(gap="xsmall"):
        for note in notes:
            cut = undoable.get(note)
            if cut is not None and isinstance(reference, Upload):
                _show_cut(reference, cut, replace_upload)
            elif note in guessed and isinstance(reference, Upload):
                _show_choice(reference, guessed[note], replace_upload)
            else:
                st.caption(f":material/info: {escape(note)}")


def _show_cut(reference: Upload, cut: MarginRows, replace_upload: Callable[[Upload], None]) -> None:
    them = "it" if cut.rows == 1 else "them"
    with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="small"):
        st.caption(f":material/content_cut: {escape(cut.sentence)}", width="stretch")
        st.button(
            f"Remove {them}" if cut.kept else f"Keep {them}",
            key=f"data.keep.{cut.end}",
            type="tertiary",
            icon=":material/content_cut:" if cut.kept else ":material/undo:",
            help=f"Reads the table without {them}." if cut.kept else f"Reads {them} as part of the table.",
            on_click=_toggle_cut,
            args=(reference, cut, replace_upload),
        )


def _show_choice(reference: Upload, choice: ImportChoice, replace_upload: Callable[[Upload], None]) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(f":material/rule: {escape(choice.sentence)}")
        for option in choice.options:
            st.button(
                option.label,
                key=f"data.import.{option.header}.{option.uneven}",
                type="tertiary",
                icon=":material/swap_horiz:",
                help="Reads the file again in this way.",
                on_click=_take_option,
                args=(reference, option, replace_upload),
            )


def _take_option(reference: Upload, option: ImportOption, replace_upload: Callable[[Upload], None]) -> None:
    """Read the file in the other way, if it can be read so."""
    changed = {"header": option.header, "uneven": option.uneven}
    update = {name: value for name, value in changed.items() if value is not None}
    _read_again(reference, reference.model_copy(update=update | {"shape": None}), replace_upload)


def _toggle_cut(reference: Upload, cut: MarginRows, replace_upload: Callable[[Upload], None]) -> None:
    """Read the file the other way, if it can be read so."""
    others = tuple(end for end in reference.keep if end != cut.end)
    wanted = reference.model_copy(update={"keep": others if cut.kept else (*others, cut.end)})
    _read_again(reference, wanted, replace_upload)


def _read_again(reference: Upload, wanted: Upload, replace_upload: Callable[[Upload], None]) -> None:
    try:
        content_of(wanted)
    except DataError as error:
        st.session_state[_ERROR] = error
    else:
        cleaning.copy_preparation(reference, wanted)
        replace_upload(wanted)
