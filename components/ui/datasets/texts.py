"""Texts on a page: how long, which words, which classes, and what a model would read of them."""

import numpy as np
import pandas as pd
import streamlit as st

from components.charts.examples import balance, frequent, lengths
from components.data.dataset import Texts
from components.data.doctor import Finding
from components.data.doctor.texts import examine_texts
from components.data.study import MOST_CHARACTERS, Study, looked_at, study
from components.data.text import PAD, SPECIAL, UNKNOWN, Level, padded, tokens
from components.recipe import Preparation
from components.ui.datasets.common import key_of, level_chosen, say
from components.ui.figures import show
from components.ui.words import LEVELS, count, escape, number

_MOST_ROWS = 1000  # in the table
_MOST_SHOWN = 400  # characters of a text in the table
_BEGINNING = 1500  # characters of a corpus that are shown
_STRETCH = 300  # characters of a corpus that are taken as an example
_LONGEST_PADDING = 1000
_USUAL_SHARE = 0.95  # of the texts that the first padding length leaves whole
_USUAL_VOCABULARY = 2000
_NAMED = 8
_PREPARATION = Preparation()


def look_at(dataset: Texts) -> None:
    """Draw what texts are like, and what becomes of one on its way into a model."""
    reference = dataset.reference.model_dump_json()
    say(_findings(dataset, reference))
    if dataset.characters.sum() > MOST_CHARACTERS:
        st.caption(f":material/info: The pictures show the first {MOST_CHARACTERS:,} characters only.")
    level = level_chosen(dataset, "Read it as", "word")
    lower = st.toggle(
        "Capitals count as small letters",
        key=key_of(dataset, "lower"),
        help="Then “The” and “the” are one word, and a model has less to learn.",
    )
    studied = _studied(dataset, reference, level, lower)
    unit = LEVELS[level].lower()
    if not dataset.is_corpus:
        padding = _padding(dataset, studied, unit)
        show(lengths(studied.lengths, what="texts", unit=unit, cut=padding), key="data-lengths")
    else:
        padding = 0
    if studied.training:
        total = sum(studied.training.values())
        what = "words and signs" if level == "word" else unit
        show(frequent(studied.frequent[:_MOST_ROWS], total, what=what), key="data-frequent")
    if dataset.classes:
        show(balance(dataset.classes.names, dataset.classes.counts, what="texts"), key="data-balance")
    if len(studied.training) > 1:
        _as_a_model_reads_it(dataset, studied, padding, unit)
    _beginning(dataset) if dataset.is_corpus else _table(dataset)


@st.cache_resource(max_entries=16, show_spinner=False)
def _studied(_dataset: Texts, reference: str, level: Level, lower: bool) -> Study:
    return study(looked_at(_dataset), _dataset, _PREPARATION, level, lower)


@st.cache_resource(max_entries=16, show_spinner=False)
def _findings(_dataset: Texts, reference: str) -> tuple[Finding, ...]:
    return examine_texts(_dataset, _PREPARATION)


def _padding(dataset: Texts, studied: Study, unit: str) -> int:
    longest = min(_LONGEST_PADDING, max(2, int(studied.lengths.max())))
    usual = int(np.quantile(studied.lengths, _USUAL_SHARE))
    return st.slider(
        f"Padding length, in {unit}",
        1,
        longest,
        value=min(max(1, usual), longest),
        key=key_of(dataset, f"padding.{studied.level}"),
        help="Texts of one batch have to be equally long: shorter ones are filled up, longer ones cut.",
    )


# --- What a model reads --------------------------------------------------------------------------------


def _as_a_model_reads_it(dataset: Texts, studied: Study, padding: int, unit: str) -> None:
    st.markdown("**What a model would read**")
    known = len(studied.training) + len(SPECIAL)
    size = known
    if known > len(SPECIAL) + 2:
        size = st.slider(
            "Vocabulary",
            len(SPECIAL) + 1,
            known,
            value=min(known, _USUAL_VOCABULARY),
            key=key_of(dataset, f"vocabulary.{studied.level}.{studied.lower}"),
            help=f"How many {unit} the model knows, those that are most frequent in the training part. "
            f"{len(SPECIAL)} of them stand for padding, an unknown one, the start and the end.",
        )
    vocabulary = studied.vocabulary(size)
    unknown, total = studied.unknown(vocabulary), sum(studied.test.values())
    if total:
        share = 100 * sum(times for _, times in unknown) / total
        st.caption(_about_unknown([word for word, _ in unknown], share, unit))
    text = _chosen(dataset)
    pieces = tokens(text, studied.level, lower=studied.lower)
    codes = vocabulary.encode(text)
    length = len(codes) if dataset.is_corpus else padding
    (row,) = padded([codes], length)
    read = [vocabulary.known[code] for code in row]
    st.dataframe(
        pd.DataFrame(
            {
                "as written": [*pieces[:length], *[""] * (length - len(pieces))],
                "as read": read,
                "code": row,
            },
            index=pd.RangeIndex(1, length + 1, name="place"),
        ),
        height=280,
        alt="The tokens of a text, as written, as the model reads them, and their codes",
    )
    said = f"{count(len(pieces), unit.removesuffix('s'))}, {read.count(UNKNOWN):,} of those shown unknown"
    if not dataset.is_corpus:
        lost = max(0, len(pieces) - length)
        said += f"; {read.count(PAD):,} places filled up with {escape(PAD)}, {lost:,} cut off"
    st.caption(f"{said}.")


def _about_unknown(unknown: list[str], share: float, unit: str) -> str:
    if not unknown:
        return f"This vocabulary knows all {unit} of the test part."
    named = ", ".join(f"“{escape(word)}”" for word in unknown[:_NAMED])
    return (
        f"{number(share)} % of the {unit} of the test part aren’t in this vocabulary and become "
        f"{escape(UNKNOWN)}, such as {named}."
    )


def _chosen(dataset: Texts) -> str:
    if dataset.is_corpus:
        return dataset.texts[0][:_STRETCH]
    number_ = st.number_input(
        "Text", 1, dataset.size, key=key_of(dataset, "chosen"), help="By its place in the table below."
    )
    text = dataset.texts[number_ - 1]
    st.markdown(f"> {escape(text[:_BEGINNING])}" if text.strip() else "> *empty*")
    return text


# --- The texts themselves ------------------------------------------------------------------------------


def _beginning(dataset: Texts) -> None:
    st.markdown("**How it begins**")
    with st.container(height=320):
        st.text(dataset.texts[0][:_BEGINNING])


def _table(dataset: Texts) -> None:
    st.markdown("**Its texts**")
    shown = dataset.texts[:_MOST_ROWS]
    table = pd.DataFrame(
        {"text": [text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…" for text in shown]},
        index=pd.RangeIndex(1, len(shown) + 1, name="place"),
    )
    if dataset.classes:
        table.insert(0, "class", [dataset.classes.names[code] for code in dataset.classes.codes[:_MOST_ROWS]])
    st.dataframe(table, height=360, alt=f"The texts of {dataset.title}")
    if dataset.size > _MOST_ROWS:
        st.caption(f"The first {count(_MOST_ROWS, 'text')} of {dataset.size:,}.")
