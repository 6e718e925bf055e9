"""Texts on a page: how long, which words, which classes, and what a model would read of them."""

import numpy as np
import pandas as pd
import streamlit as st

from components.charts.examples import class_balance, frequent_tokens, length_histogram
from components.data.cleaning.doctor import Finding
from components.data.cleaning.doctor.texts import examine_texts
from components.data.datasets import Texts
from components.data.tokenizers.token_stats import (
    TokenStats,
    first_texts,
    portion_sentence,
    token_stats,
)
from components.data.tokenizers.tokenizer import (
    PAD,
    SPECIAL,
    UNKNOWN,
    TokenLevel,
    natural_level,
    pad_sequences,
    tokenize,
)
from components.glossary import explain
from components.recipe import Preparation
from components.ui.data.views.common import choose_level, control_key, show_findings
from components.ui.dataset_cache import cached
from components.ui.formatting import TOKEN_LEVELS, count, escape, number
from components.ui.widgets.chart_display import show_chart

_MOST_ROWS = 1000  # in the table
_MAX_CHARACTERS = 400  # characters of a text in the table
_MAX_TOKEN = 40  # characters of a token: one may be as long as a text
_MAX_ENCODED = 100_000  # characters of a text that is shown as the model reads it
_BEGINNING_LENGTH = 1500  # characters of a corpus that are shown
_EXCERPT_LENGTH = 300  # characters of a corpus that are taken as an example
_MAX_PADDING = 1000
_DEFAULT_QUANTILE = 0.95  # of the texts that the first padding length leaves whole
_DEFAULT_VOCABULARY = 2000
_MAX_NAMED = 8
_PREPARATION = Preparation()


def show_texts(dataset: Texts) -> None:
    """Draw lengths, tokens and classes of texts, and how a model reads one of them."""
    reference = dataset.reference.model_dump_json()
    show_findings(_findings(dataset, reference))
    if portion := portion_sentence(first_texts(dataset.texts), dataset.texts):
        st.caption(f":material/info: {portion}")
    level = choose_level(dataset, "Token level", natural_level(dataset.texts))
    lower = st.toggle(
        "Lower case",
        key=control_key(dataset, "lower"),
        help="Turns “The” into “the”, so that both are the same token and the model has less to learn.",
    )
    studied = _token_stats(dataset, reference, level, lower)
    unit = TOKEN_LEVELS[level].lower()
    if not dataset.is_corpus:
        padding = _choose_padding(dataset, studied, unit)
        show_chart(
            length_histogram(studied.lengths, what="texts", unit=unit, cut=padding), key="data-lengths"
        )
    else:
        padding = 0
    if studied.training:
        total = sum(studied.training.values())
        what = "words and punctuation marks" if level == "word" else unit
        frequent = [(_shorten(token), number) for token, number in studied.frequent[:_MOST_ROWS]]
        show_chart(frequent_tokens(frequent, total, what=what), key="data-frequent")
    if dataset.classes:
        show_chart(
            class_balance(dataset.classes.names, dataset.classes.counts, what="texts"), key="data-balance"
        )
    if len(studied.training) > 1:
        _show_encoding(dataset, studied, padding, unit)
    _show_beginning(dataset) if dataset.is_corpus else _show_table(dataset)


def _token_stats(dataset: Texts, reference: str, level: TokenLevel, lower: bool) -> TokenStats:
    return cached(
        f"tokens {reference} {level} {lower}",
        lambda: token_stats(first_texts(dataset.texts), dataset, _PREPARATION, level, lower),
        lambda stats: [tuple(stats.training), tuple(stats.test), stats.lengths],
    )


@st.cache_resource(max_entries=16, show_spinner=False)
def _findings(_dataset: Texts, reference: str) -> tuple[Finding, ...]:
    return examine_texts(_dataset, _PREPARATION)


def _choose_padding(dataset: Texts, studied: TokenStats, unit: str) -> int:
    longest = min(_MAX_PADDING, max(2, int(studied.lengths.max())))
    usual = int(np.quantile(studied.lengths, _DEFAULT_QUANTILE))
    return st.slider(
        f"Padded length ({unit})",
        1,
        longest,
        value=min(max(1, usual), longest),
        key=control_key(dataset, f"padding.{studied.level}"),
        help="All texts of a batch need the same length: shorter ones are padded, longer ones are cut.",
    )


# --- Tokens and codes --------------------------------------------------------------------------------


def _show_encoding(dataset: Texts, studied: TokenStats, padding: int, unit: str) -> None:
    st.markdown("**Tokens and codes**")
    known = len(studied.training) + len(SPECIAL)
    size = known
    if known > len(SPECIAL) + 2:
        size = st.slider(
            "Vocabulary",
            len(SPECIAL) + 1,
            known,
            value=min(known, _DEFAULT_VOCABULARY),
            key=control_key(dataset, f"vocabulary.{studied.level}.{studied.lower}"),
            help=f"{explain('Vocabulary')} It keeps the {unit} that are most frequent in the training set. "
            f"{len(SPECIAL)} of them stand for padding, unknown {unit}, the start and the end.",
        )
    vocabulary = studied.vocabulary(size)
    unknown, total = studied.unknown(vocabulary), sum(studied.test.values())
    if total:
        share = 100 * sum(times for _, times in unknown) / total
        st.caption(_unknown_sentence([word for word, _ in unknown], share, unit))
    text = _choose_text(dataset)
    pieces = tokenize(text, studied.level, lower=studied.lower)
    codes = vocabulary.encode(text)
    length = len(codes) if dataset.is_corpus else padding
    (row,) = pad_sequences([codes], length)
    read = [vocabulary.tokens[code] for code in row]
    st.dataframe(
        pd.DataFrame(
            {
                "token": [*map(_shorten, pieces[:length]), *[""] * (length - len(pieces))],
                "as the model reads it": list(map(_shorten, read)),
                "code": row,
            },
            index=pd.RangeIndex(1, length + 1, name="number"),
        ),
        height=280,
        alt="The tokens of a text, as written, as the model reads them, and their codes",
    )
    sentence = (
        f"{count(len(pieces), unit.removesuffix('s'))}; of those shown, {read.count(UNKNOWN):,} unknown"
    )
    if not dataset.is_corpus:
        lost = max(0, len(pieces) - length)
        sentence += f"; {read.count(PAD):,} × padding {escape(PAD)}, {lost:,} cut off"
    st.caption(f"{sentence}.")


def _unknown_sentence(unknown: list[str], share: float, unit: str) -> str:
    if not unknown:
        return f"This vocabulary knows all {unit} of the test set."
    named = ", ".join(f"“{escape(_shorten(word))}”" for word in unknown[:_MAX_NAMED])
    return (
        f"{number(share)}% of the {unit} of the test set aren't in this vocabulary and become "
        f"{escape(UNKNOWN)}, such as {named}."
    )


def _choose_text(dataset: Texts) -> str:
    if dataset.is_corpus:
        return dataset.texts[0][:_EXCERPT_LENGTH]
    number_ = st.number_input(
        "Text", 1, dataset.size, key=control_key(dataset, "chosen"), help="Its number in the table below."
    )
    text = dataset.texts[number_ - 1]
    st.markdown(f"> {escape(text[:_BEGINNING_LENGTH])}" if text.strip() else "> *empty*")
    return text[:_MAX_ENCODED]


def _shorten(token: str) -> str:
    return token if len(token) <= _MAX_TOKEN else f"{token[:_MAX_TOKEN]}…"


# --- The texts themselves ------------------------------------------------------------------------------


def _show_beginning(dataset: Texts) -> None:
    st.markdown("**Beginning of the text**")
    with st.container(height=320):
        st.text(dataset.texts[0][:_BEGINNING_LENGTH])


def _show_table(dataset: Texts) -> None:
    st.markdown("**Texts**")
    shown = dataset.texts[:_MOST_ROWS]
    table = pd.DataFrame(
        {"text": [text if len(text) <= _MAX_CHARACTERS else f"{text[:_MAX_CHARACTERS]}…" for text in shown]},
        index=pd.RangeIndex(1, len(shown) + 1, name="number"),
    )
    if dataset.classes:
        table.insert(0, "class", [dataset.classes.names[code] for code in dataset.classes.codes[:_MOST_ROWS]])
    st.dataframe(table, height=360, alt=f"The texts of {dataset.title}")
    if dataset.size > _MOST_ROWS:
        st.caption(f"The first {count(_MOST_ROWS, 'text')} of {dataset.size:,}.")
