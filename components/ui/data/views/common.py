"""What the views of all kinds of datasets share."""

from collections.abc import Iterable
from typing import get_args

import streamlit as st

from components.data.cleaning.doctor import Finding
from components.data.datasets import Dataset
from components.data.tokenizers.tokenizer import TokenLevel
from components.ui.formatting import TOKEN_LEVELS, escape, source_link

_ICONS = {
    "must": ":red[:material/error:]",
    "should": ":orange[:material/warning:]",
    "note": ":material/info:",
}


def show_facts(dataset: Dataset) -> None:
    """Show the facts of a dataset, and where it comes from."""
    st.markdown("**About this dataset**")
    st.table({escape(fact.label): escape(fact.value) for fact in dataset.facts()}, border="horizontal")
    if link := source_link(dataset.provenance.url):
        st.caption(link)


def show_findings(findings: Iterable[Finding]) -> None:
    """Show what the data doctor found, the worst first."""
    order = tuple(_ICONS)
    for finding in sorted(findings, key=lambda finding: order.index(finding.severity)):
        st.markdown(f"{_ICONS[finding.severity]} {escape(finding.sentence)}")


def choose_level(dataset: Dataset, label: str, default: TokenLevel) -> TokenLevel:
    """Let a person choose the tokens that texts are cut into."""
    return st.segmented_control(
        label,
        get_args(TokenLevel),
        key=control_key(dataset, "level"),
        default=default,
        required=True,
        format_func=TOKEN_LEVELS.__getitem__,
    )


def control_key(dataset: Dataset, name: str) -> str:
    """Return the key of a control that belongs to one dataset."""
    return f"data.{name}.{dataset.reference.model_dump_json()}"
