"""What can be done to the runs that are chosen in the table."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from urllib.parse import urljoin

import streamlit as st

from components.engine.engine import engine
from components.runs.catalog import LONGEST_NOTE, LONGEST_TAG, LONGEST_TITLE, CatalogEntry, RunLabels
from components.ui.boundary import boundary
from components.ui.formatting import count
from components.ui.navigation import Page, page_button
from components.ui.routes import MOST_COMPARED
from components.ui.runs.undo import make_change
from components.ui.visitor import visitor

_SHARED = "runs.shared"


def show_actions(chosen: Sequence[CatalogEntry], are_own: bool) -> None:
    """Draw what can be done to the chosen runs, or say how to choose some.

    Args:
        chosen: those that are ticked.
        are_own: whether the visitor's own runs are listed; less can be done to those of others.
    """
    if not chosen:
        with st.container(horizontal=True, vertical_alignment="center"):
            # As high as what takes its place, so that the table stays where it is while it is ticked.
            st.button("Compare", icon=":material/compare_arrows:", disabled=True, key="compare-none")
            able = (
                "compare, rename, tag, share, archive or delete them"
                if are_own
                else "compare them, share them or add them to your own"
            )
            st.caption(f"Tick runs to {able}.", width="content")
        return
    own = [entry for entry in chosen if entry.owner == visitor()]
    with st.container(horizontal=True, vertical_alignment="center", key="run-actions"):
        st.markdown(f"**{count(len(chosen), 'run')}**", width="content")
        if len(chosen) == 1:
            page_button(Page.TRAIN, "See the training", ":material/model_training:", run=chosen[0].id)
        elif len(chosen) <= MOST_COMPARED:
            page_button(
                Page.COMPARE,
                "Compare",
                ":material/compare_arrows:",
                primary=True,
                runs=",".join(entry.id for entry in chosen),
            )
        else:
            st.caption(f"At most {MOST_COMPARED} runs can be compared.", width="content")
        if own:
            _show_label_buttons(own)
        _show_sharing(chosen)
        if len(own) < len(chosen):
            _show_keeping([entry for entry in chosen if entry.owner != visitor()])


def _show_label_buttons(own: Sequence[CatalogEntry]) -> None:
    with st.popover("Rename" if len(own) == 1 else "Tag", icon=":material/edit:", key="edit-runs"):
        (_show_editor_of_one if len(own) == 1 else _show_editor_of_many)(own)
    are_pinned = all(entry.labels.pinned for entry in own)
    are_archived = all(entry.labels.archived for entry in own)
    _label_button(
        own,
        "Unpin" if are_pinned else "Pin",
        ":material/keep_off:" if are_pinned else ":material/keep:",
        "unpinned" if are_pinned else "pinned",
        lambda labels: replace(labels, pinned=not are_pinned),
    )
    _label_button(
        own,
        "Bring back" if are_archived else "Archive",
        ":material/unarchive:" if are_archived else ":material/archive:",
        "brought back" if are_archived else "archived",
        lambda labels: replace(labels, archived=not are_archived),
    )
    st.button(
        "Delete",
        icon=":material/delete:",
        key="delete-runs",
        help="Deletes the runs with their results, models and checkpoints. Runs in progress are stopped.",
        on_click=delete_runs,
        args=([entry.id for entry in own],),
    )


def delete_runs(run_ids: Sequence[str]) -> None:
    """Delete runs of the visitor's own; the page Runs offers to undo it."""
    make_change(
        f"{count(len(run_ids), 'run')} deleted.",
        partial(engine().delete_runs, run_ids, visitor()),
        partial(engine().restore_runs, run_ids, visitor()),
    )


def _label_button(
    own: Sequence[CatalogEntry], label: str, icon: str, done: str, change: Callable[[RunLabels], RunLabels]
) -> None:
    words = f"{count(len(own), 'run')} {done}."
    st.button(label, icon=icon, key=f"label-{done}", on_click=_relabel, args=(own, change, words))


def _relabel(own: Sequence[CatalogEntry], change: Callable[[RunLabels], RunLabels], words: str) -> None:
    before = {entry.id: entry.labels for entry in own}

    def do() -> None:
        engine().set_labels({run_id: change(labels) for run_id, labels in before.items()}, visitor())

    make_change(words, do, partial(engine().set_labels, before, visitor()))


def _show_editor_of_one(own: Sequence[CatalogEntry]) -> None:
    entry = own[0]
    with st.form(f"edit-{entry.id}", border=False):
        title = st.text_input("Title", entry.labels.title, max_chars=LONGEST_TITLE)
        tags = _tag_field(entry.labels.tags)
        note = st.text_area("Note", entry.labels.note, max_chars=LONGEST_NOTE, help="Only you can read it.")
        if st.form_submit_button("Save", type="primary"):
            _relabel(
                own,
                lambda labels: replace(labels, title=title or "", tags=tuple(tags), note=note or ""),
                "1 run changed.",
            )
            st.rerun()


def _show_editor_of_many(own: Sequence[CatalogEntry]) -> None:
    shared = tuple(tag for tag in own[0].labels.tags if all(tag in entry.labels.tags for entry in own))
    with st.form("edit-many", border=False):
        tags = _tag_field(shared)
        if st.form_submit_button("Save", type="primary"):

            def change(labels: RunLabels) -> RunLabels:
                kept = [tag for tag in labels.tags if tag not in shared or tag in tags]
                return replace(labels, tags=tuple(dict.fromkeys([*kept, *tags])))

            _relabel(own, change, f"{count(len(own), 'run')} tagged.")
            st.rerun()


def _tag_field(tags: Sequence[str]) -> list[str]:
    chosen = st.multiselect(
        "Tags",
        list(tags),
        list(tags),
        accept_new_options=True,
        placeholder="Type a tag",
        help=f"Up to {LONGEST_TAG} characters each. Only you can see them. Find them by “tag:baseline”.",
    )
    return [tag.strip()[:LONGEST_TAG] for tag in chosen if tag.strip()]


def _show_sharing(chosen: Sequence[CatalogEntry]) -> None:
    with st.popover("Share", icon=":material/share:", key="share-runs"):
        with st.form("share", border=False):
            title = st.text_input("Title of the collection", max_chars=LONGEST_TITLE)
            if st.form_submit_button("Make a link", type="primary"):
                with boundary():
                    ids = [entry.id for entry in chosen]
                    made = engine().store.catalog.add_collection(visitor(), title or "", ids)
                    st.session_state[_SHARED] = made.id
        if made_id := st.session_state.get(_SHARED):
            st.caption("Anyone with this link sees these runs, but only what each run's own link shows.")
            st.code(
                urljoin(st.context.url or "", f"runs?collection={made_id}"), language=None, wrap_lines=True
            )


def _show_keeping(others: Sequence[CatalogEntry]) -> None:
    catalog, me = engine().store.catalog, visitor()
    kept = [entry.id for entry in others if catalog.is_kept(entry.id, me)]
    new = [entry.id for entry in others if entry.id not in kept]
    if new:
        st.button(
            "Add to my runs",
            icon=":material/bookmark_add:",
            key="keep-runs",
            on_click=make_change,
            args=(f"{count(len(new), 'run')} added.", partial(_keep, new), partial(_forget, new)),
        )
    else:
        st.button(
            "Remove from my runs",
            icon=":material/bookmark_remove:",
            key="forget-runs",
            on_click=make_change,
            args=(f"{count(len(kept), 'run')} removed.", partial(_forget, kept), partial(_keep, kept)),
        )


def show_keep_button(run_id: str) -> None:
    """Draw a button that lists somebody else's run among the visitor's own, or no longer."""
    is_kept = engine().store.catalog.is_kept(run_id, visitor())
    st.button(
        "Remove from my runs" if is_kept else "Add to my runs",
        icon=":material/bookmark_remove:" if is_kept else ":material/bookmark_add:",
        key="keep-run",
        on_click=_forget if is_kept else _keep,
        args=([run_id],),
    )


def _keep(run_ids: Sequence[str]) -> None:
    for run_id in run_ids:
        engine().store.run(run_id)  # it may be gone by now
        engine().store.catalog.keep(run_id, visitor())


def _forget(run_ids: Sequence[str]) -> None:
    for run_id in run_ids:
        engine().store.catalog.forget(run_id, visitor())
