"""What Unroll is, in two sentences."""

import streamlit as st


def show_welcome() -> None:
    """Greet a visitor."""
    st.title("Watch a network learn to see what comes next")
    st.markdown(
        "Unroll is a laboratory for neural networks that read sequences: pick a series or a text, press "
        "**Train**, and watch an LSTM, a GRU or a Transformer learn it live, step by step. "
        "Whatever it forecasts, tells or writes is held against simple rules that cost nothing, so you see "
        "whether the network really learnt something.",
        width=760,
    )
    st.space("small")
