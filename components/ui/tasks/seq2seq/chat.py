"""The task of chatting on the pages: a real chat window on a toy."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import streamlit as st

from components.charts.alignment import alignment
from components.data.datasets import Pairs
from components.data.tokenizers.subword_tokenizer import SubwordLevel
from components.data.tokenizers.tokenizer import END
from components.glossary import explain
from components.recipe import Chat, Recipe
from components.runs.store import Run
from components.tasks import chat
from components.tasks.seq2seq.chat import Reply, Utterance
from components.tasks.seq2seq.result import AnswersResult
from components.ui.boundary import boundary
from components.ui.dataset_cache import dataset_of
from components.ui.formatting import count, escape
from components.ui.recipe_form.form_fields import RecipeForm
from components.ui.tasks.ask_model import ask_model
from components.ui.tasks.inspection import InspectionTerms
from components.ui.tasks.seq2seq.page import (
    LEVEL_PHRASES,
    Seq2SeqPage,
    level_control,
    longest_control,
    lower_control,
    note_unknown,
    shared_control,
    show_neighbours,
    vocabulary_control,
)
from components.ui.widgets.chart_display import show_chart

_CLOSES = set(".,!?;:…)’'”%")  # signs that stand close to the word before them
_HEIGHT = 520  # of the window, in pixels


@dataclass(frozen=True)
class _Turn:
    """What was said, and all portions of the reply."""

    text: str
    portions: tuple[Reply, ...]

    @property
    def tokens(self) -> tuple[str, ...]:
        return tuple(token for portion in self.portions for token in portion.tokens)

    @property
    def weights(self) -> np.ndarray:
        return np.concatenate([portion.weights for portion in self.portions if len(portion.weights)])


class ChatPage(Seq2SeqPage):
    """What pages show of chatting."""

    title = "Chat"
    description = (
        "Learn from pairs of messages and replies, then chat. A toy: it knows nothing but these pairs."
    )
    icon = ":material/forum:"
    inspection = InspectionTerms("Test message", "Token of the reply", "Enter a message")
    essential_fields = ("task.level", "task.vocabulary")
    task = chat

    def essential_controls(self, panel: RecipeForm, dataset: Pairs) -> None:
        """Draw what a beginner chooses: what texts are cut into, and how many tokens it knows."""
        level_control(panel)
        vocabulary_control(panel)

    def data_controls(self, panel: RecipeForm, dataset: Pairs) -> None:
        """Draw what is left out, and what is the same to the model."""
        longest_control(panel)
        shared_control(panel)
        lower_control(panel)

    def recipe_line(self, recipe: Recipe, dataset: Pairs) -> str:
        """Return what is asked, in Markdown."""
        level = LEVEL_PHRASES[recipe.require_task(Chat).level]
        return f"Replies to messages, {level}"

    def show_answers(self, result: AnswersResult) -> None:
        """Say that it's a toy, and draw its answers."""
        st.info(
            "It has read its training pairs and nothing else. It doesn't understand words, forgets "
            "earlier messages, and may say anything.",
            title="This is a toy",
            icon=":material/toys:",
        )
        super().show_answers(result)

    def ask_model(self, run: Run) -> None:
        """Chat: each reply streams in as it is written, and shows where it comes from."""
        dataset = self.task.pairs(dataset_of(run.recipe.dataset, run.recipe.preparation))
        turns: list[_Turn] = st.session_state.setdefault(f"chat-{run.id}", [])
        level = run.recipe.require_task(Chat).level
        with st.container(horizontal=True, vertical_alignment="bottom"):
            temperature = st.slider(
                "Temperature",
                0.0,
                2.0,
                0.5,
                step=0.1,
                key="chat-temperature",
                help=explain("Temperature"),
            )
            st.button(
                "New chat",
                icon=":material/restart_alt:",
                key="chat-anew",
                disabled=not turns,
                on_click=turns.clear,
            )
        window = st.container(height=_HEIGHT)
        text = st.chat_input(f"Say something, such as “{dataset.sources[0]}”", key="chat-said")
        with window:
            if not turns and not text:
                st.caption("No messages yet. This is a toy: it only knows its training pairs.")
            for number, turn in enumerate(turns):
                _show(turn, level, dataset.names, number)
            if text:
                _reply(run, text, temperature, level, dataset.names, turns)


def _reply(
    run: Run, text: str, temperature: float, level: SubwordLevel, names: tuple[str, str], turns: list[_Turn]
) -> None:
    with st.chat_message("user"):
        st.markdown(escape(text))
    portions: list[Reply] = []
    with st.chat_message("assistant"), boundary():
        # Each time another seed: who says the same twice may hear something else.
        words = _stream_reply(run, Utterance(text, temperature, seed=len(turns)), portions)
        st.write_stream(_join_tokens(words, level))
        turn = _Turn(text, tuple(portions))
        turns.append(turn)
        _explain_reply(turn, names, len(turns) - 1)


def _show(turn: _Turn, level: SubwordLevel, names: tuple[str, str], number: int) -> None:
    with st.chat_message("user"):
        st.markdown(escape(turn.text))
    with st.chat_message("assistant"):
        st.markdown("".join(_join_tokens(iter(turn.tokens), level)))
        _explain_reply(turn, names, number)


def _stream_reply(run: Run, said: Utterance, portions: list[Reply]) -> Iterator[str]:
    """Have the model write a reply portion by portion; give its tokens as they come."""
    while not (portions and portions[-1].is_whole):
        so_far = tuple(code for portion in portions for code in portion.codes)
        answer = ask_model(run, Utterance(said.text, said.temperature, said.seed, so_far)).value
        portions.append(answer)
        yield from answer.tokens


def _join_tokens(tokens: Iterator[str], level: SubwordLevel) -> Iterator[str]:
    """Write tokens as people do, in Markdown that shows them as they are; nothing at all as an ellipsis."""
    nothing = True
    for token in tokens:
        if token == END:
            break
        begins_word = token.startswith(" ") if level == "byte_pair" else level == "word"
        space = begins_word and not nothing and token not in _CLOSES
        nothing = False
        yield f"{' ' if space else ''}{escape(token) or token}"
    if nothing:
        yield "…"


def _explain_reply(turn: _Turn, names: tuple[str, str], number: int) -> None:
    """Show what a reply comes from: memory or invention, the pairs most like it, and where it looked."""
    last, first = turn.portions[-1], turn.portions[0]
    if last.training_copies:
        st.caption(
            ":material/memory: Memorised: exactly this reply appears in "
            f"{count(last.training_copies, 'training pair')}."
        )
    else:
        st.caption(":material/lightbulb: New: no training pair has exactly this reply.")
    fold = st.expander("Where does it come from?", on_change="rerun", key=f"chat-behind-{number}")
    if not fold.open:
        return
    with fold:
        note_unknown(first.source, first.known)
        st.markdown("**Most similar training pairs**")
        show_neighbours(first.neighbours, names)
        if turn.weights.any():
            show_chart(alignment(first.source, turn.tokens, turn.weights), key=f"chat-attention-{number}")


PAGE = ChatPage()
