"""What Unroll is, in three sentences."""

import streamlit as st

from components.glossary import explain

_TERMS = ("Simple RNN", "LSTM", "GRU", "Transformer", "Baseline")


def show_welcome() -> None:
    """Show what Unroll is."""
    st.title("Watch a neural network learn sequences")
    st.markdown(
        "Unroll is a laboratory for sequence models. Pick a time series or a text, press **Train**, and "
        "watch an RNN, an LSTM, a GRU or a Transformer learn it step by step. Every result stands beside "
        "simple baselines, so you can see whether the network has really learnt anything.",
        width=760,
        help="\n\n".join(f"**{term}**: {explain(term)}" for term in _TERMS),
    )
    st.space("small")
