"""A trained encoder–decoder as one Keras model that takes texts."""

import keras
from keras import ops

from components.data.tokenizers.subword_vocabulary import SubwordVocabulary
from components.data.tokenizers.text_vocabulary import TextVocabulary
from components.data.tokenizers.tokenizer import SPECIAL, START
from components.models.text_lookup import is_parted_by_spaces


def export_seq2seq(
    translator: keras.Model,
    sources: TextVocabulary,
    answers: TextVocabulary,
) -> keras.Model:
    """Put the vocabularies into the model, in plain Keras layers and operations.

    Keras can cut a text into characters as we do, but not into words and signs, nor into subwords; and it has
    no loop in which a whole answer could be written. So the model gives the chances of the next token.

    Args:
        translator: a text and its answer so far, both in codes → logits. Where it takes answers of a fixed
            length, as an unrolled one does, longer ones are cut.
        sources: the vocabulary of what is read.
        answers: the vocabulary of what is written.

    Returns:
        A model of `text` and `answer_so_far`, (batch,) strings each, the latter empty to begin with. Of words
        both take texts whose tokens, as `components.data.tokenizers.tokenizer.tokenize` cuts them, stand
        apart by spaces; of
        characters they take texts as they are; of subwords the pieces into which the SentencePiece models of
        both sides cut a text with a space before it, ▁ for a space in them, apart by spaces. Where capitals
        don't count, all has to be in small letters.
        It gives `next_token`, (batch,), the most probable token as a string, `<end>` where the answer is
        whole; `chances`, (batch, tokens), of each token; and `tokens`, (batch, tokens), what these are. It
        loads with `keras.saving.load_model` alone.
    """
    text = keras.Input((), dtype="string", name="text")
    answer = keras.Input((), dtype="string", name="answer_so_far")
    places = translator.inputs[1].shape[1]
    read = _codes(sources, "text_vocabulary")(text)
    written = _codes(answers, "answer_vocabulary", None if places is None else places - 1)(answer)
    # Of what is read there is a token at least, and of what is written perhaps none.
    start = ops.full_like(read[:, :1], SPECIAL.index(START))
    begun = ops.concatenate([start, written], axis=1)
    logits = translator([read, begun])
    last = ops.sum(ops.cast(ops.not_equal(begun, 0), "int32"), axis=1) - 1
    newest = ops.take_along_axis(logits, last[:, None, None], axis=1)[:, 0]
    names = keras.layers.StringLookup(
        vocabulary=_spelled(answers), num_oov_indices=0, invert=True, name="token_names"
    )
    chances = ops.softmax(newest, axis=-1)
    ranks = ops.zeros_like(chances, dtype="int32") + ops.arange(len(answers), dtype="int32")
    outputs = {"next_token": names(ops.argmax(newest, axis=-1)), "chances": chances, "tokens": names(ranks)}
    return keras.Model({"text": text, "answer_so_far": answer}, outputs, name="unroll")


def _codes(vocabulary: TextVocabulary, name: str, length: int | None = None) -> keras.Layer:
    """Make the layer that gives the codes of texts: those of our own vocabulary, by its order."""
    return keras.layers.TextVectorization(
        standardize=None,
        split="whitespace" if is_parted_by_spaces(vocabulary) else "character",
        output_sequence_length=length,
        vocabulary=_spelled(vocabulary)[2:],
        name=name,
    )


def _spelled(vocabulary: TextVocabulary) -> list[str]:
    """Return the tokens as they are written where spaces part them."""
    return list(vocabulary.pieces if isinstance(vocabulary, SubwordVocabulary) else vocabulary.tokens)
