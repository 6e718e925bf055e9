"""What several models write of the same beginning with the same seed, or answer to the same text."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from components.charts.token_text import token_text
from components.glossary import explain
from components.models.sampling import SamplingOptions
from components.runs.store import Run
from components.tasks.language_model.generate import LONGEST_PROMPT, GenerationRequest
from components.tasks.language_model.token_probabilities import Token
from components.tasks.seq2seq.translate import TextToTranslate
from components.ui.boundary import boundary, fragment
from components.ui.compare.effect import ComparedRun
from components.ui.formatting import escape
from components.ui.tasks.ask_model import ask_model
from components.ui.tasks.language_model.writing import write_text
from components.ui.widgets.chart_display import show_caption

Pairs = Sequence[tuple[Run, ComparedRun]]

_SHORTEST, _USUAL, _LONGEST = 20, 200, 1000  # tokens
_BEAMS = 4
_LONGEST_TEXT = 500


@fragment
def show_texts_beside(pairs: Pairs) -> None:
    """Have each model write, with the same prompt, temperature and seed, and show the texts."""
    with st.form("compare-write", border=True):
        prompt = st.text_area(
            "Prompt",
            key="compare.prompt",
            max_chars=LONGEST_PROMPT,
            height=80,
            placeholder="Empty: starts on a new line",
        )
        with st.container(horizontal=True, vertical_alignment="bottom"):
            temperature = st.slider(
                "Temperature",
                0.0,
                2.0,
                0.8,
                0.05,
                key="compare.temperature",
                width=240,
                help=explain("Temperature"),
            )
            length = st.slider(
                "Length, in tokens",
                _SHORTEST,
                _LONGEST,
                _USUAL,
                10,
                key="compare.length",
                width=240,
            )
            seed = st.number_input(
                "Seed",
                0,
                2**31 - 1,
                0,
                key="compare.seed",
                width=140,
                help=f"{explain('seed')} All models have the same one, so only they differ.",
            )
            pressed = st.form_submit_button("Generate", type="primary", icon=":material/edit_note:")
    written: dict[str, tuple[str, tuple[Token, ...]]] = st.session_state.setdefault("compare.written", {})
    request = GenerationRequest(prompt, length, SamplingOptions(temperature), seed)
    for run, one in pairs:
        st.subheader(escape(one.name), anchor=False)
        place = st.empty()
        with boundary():
            if pressed:
                place.caption("Loading the model…")
                written[run.id] = (prompt, ())
                for tokens in write_text(run, request):
                    written[run.id] = (prompt, tokens)
                    place.html(token_text(tokens, prompt).html)
            if run.id not in written:
                place.caption("Nothing yet: press Generate.")
                continue
            own_prompt, tokens = written[run.id]
            drawing = token_text(tokens, own_prompt)
            place.html(drawing.html)
            show_caption(drawing.sentence, drawing.table, key=f"compare-written-{run.id}")


@fragment
def show_translations_beside(pairs: Pairs) -> None:
    """Have each model translate the same text, and show the best of its answers."""
    with (
        st.form("compare-translate", border=True),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        text = st.text_input("Text", key="compare.text", max_chars=_LONGEST_TEXT, width="stretch")
        pressed = st.form_submit_button("Translate", type="primary", icon=":material/translate:")
    if not (pressed and text.strip()):
        st.caption("Every model answers the same text by beam search.")
        return
    answers = {}
    for run, one in pairs:
        with boundary():
            candidates = ask_model(run, TextToTranslate(text, _BEAMS)).value.candidates
            answers[one.name] = candidates[0].text if candidates else "–"
    st.dataframe(
        pd.DataFrame({"Run": list(answers), "Translation": list(answers.values())}),
        hide_index=True,
        alt="The translation of each model",
    )
