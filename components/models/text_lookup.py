"""Texts to token IDs, and to the logits of a linear model, inside an exported model: plain Keras layers.

Keras can cut a text into characters as we do, but not into words and signs, nor into subwords: their tokens
have to stand apart by spaces.
"""

import keras
import numpy as np
from keras import ops

from components.data.tokenizers.subword_vocabulary import SubwordVocabulary
from components.data.tokenizers.text_vocabulary import TextVocabulary
from components.data.tokenizers.tokenizer import PAD
from components.models.tfidf_start import TfidfBlock, TfidfWeights


def token_codes(texts: keras.KerasTensor, vocabulary: TextVocabulary, name: str) -> keras.KerasTensor:
    """Return the IDs of the tokens of texts, (batch, T) int32, filled up with 0, at least one of it.

    Args:
        texts: (batch,) strings.
        vocabulary: of the tokens; a space in a subword is written ▁.
        name: of the layer that looks them up.
    """
    spelled, codes = _spellings(vocabulary)
    look_up = keras.layers.TextVectorization(
        standardize=None,
        split="whitespace" if is_parted_by_spaces(vocabulary) else "character",
        vocabulary=spelled,
        name=name,
    )
    table = keras.layers.Embedding(
        len(codes), 1, embeddings_initializer="zeros", trainable=False, name=f"{name}_codes"
    )
    table.build((None, None))
    table.set_weights([np.array(codes, np.float32)[:, None]])
    # One that is filled in stands behind all, since there may be texts without any token.
    return ops.pad(ops.cast(table(look_up(texts))[..., 0], "int32"), ((0, 0), (0, 1)))


def tfidf_logits(texts: keras.KerasTensor, start: TfidfWeights) -> keras.KerasTensor:
    """Return the logits of a linear model on TF-IDF, (batch, outputs).

    Args:
        texts: (batch,) strings.
        start: the linear model.
    """
    parts = [_block_logits(texts, block) for block in start.blocks]
    together = parts[0] if len(parts) == 1 else keras.layers.Add(name="linear_model")(parts)
    return together + ops.convert_to_tensor(start.intercept.astype(np.float32))


def _block_logits(texts: keras.KerasTensor, block: TfidfBlock) -> keras.KerasTensor:
    """Return what one level adds to the logits."""
    level, given = block.tokens.level, texts
    if level == "character":
        # Keras makes only some capitals small, so the characters are looked up, and spelled anew.
        spell = keras.layers.StringLookup(
            vocabulary=list(block.tokens.tokens[2:]), mask_token=PAD, invert=True, name="spelling"
        )
        given = spell(token_codes(texts, block.tokens, "characters"))
    count = keras.layers.TextVectorization(
        standardize=None,
        split=None if level == "character" else "whitespace",
        ngrams=block.longest,
        output_mode="tf_idf",
        vocabulary=list(block.grams),
        idf_weights=block.rarity,
        name=f"tfidf_of_{level}s",
    )
    # What isn't known is counted first.
    rows = keras.layers.UnitNormalization(name=f"unit_length_of_{level}s")(count(given)[:, 1:])
    line = keras.layers.Dense(
        block.coefficients.shape[1], use_bias=False, trainable=False, name=f"linear_model_of_{level}s"
    )
    line.build((None, len(block.grams)))
    line.set_weights([block.coefficients.astype(np.float32)])
    return line(rows)


def is_parted_by_spaces(vocabulary: TextVocabulary) -> bool:
    """Return whether tokens are words or subwords, which Keras can't find in a text."""
    return isinstance(vocabulary, SubwordVocabulary) or vocabulary.level == "word"


def _spellings(vocabulary: TextVocabulary) -> tuple[list[str], list[int]]:
    """Return all spellings of the known tokens, and the code of each place of Keras' own table of them.

    Keras' table begins with nothing and the unknown, as ours does; capitals stand in it beside small letters.
    """
    if isinstance(vocabulary, SubwordVocabulary):
        return list(vocabulary.pieces[2:]), list(range(len(vocabulary)))
    codes = {piece: code for code, piece in enumerate(vocabulary.tokens) if piece != PAD and code > 1}
    if vocabulary.lower:
        # One character may be several when small, as the Turkish İ is: then it is no one token.
        every = (chr(number) for number in range(0x110000) if not 0xD800 <= number < 0xE000)
        if vocabulary.level == "character":
            codes |= {sign: codes[sign.lower()] for sign in every if sign.lower() in codes}
    return list(codes), [0, 1, *codes.values()]
