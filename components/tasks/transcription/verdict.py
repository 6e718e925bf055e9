"""The plain words on whether a model transcribes better than what costs nothing."""

import numpy as np

from components.tasks.transcription.result import TranscriptScore

_DRAWS = 2000  # of test recordings, to see how far chance alone moves a difference
_OVERFITTING_GAP = 0.1  # of the word error rate, from the training set to the test set


def wer_gain_interval(one: np.ndarray, other: np.ndarray, words: np.ndarray) -> tuple[float, float]:
    """Return by how much one word error rate is below another on other recordings of the same kind.

    The paired bootstrap over recordings (Bisani and Ney, 2004) → the ends of the middle 95 % of the
    differences.

    Args:
        one, other: (N,) wrong words of each recording.
        words: (N,) that were said in each.
    """
    counts = np.random.default_rng(0).multinomial(len(words), np.full(len(words), 1 / len(words)), _DRAWS)
    gains = counts @ (other - one) / (counts @ words)
    low, high = np.quantile(gains, [0.025, 0.975])
    return float(low), float(high)


def verdict(
    model: TranscriptScore, best: TranscriptScore, gain: tuple[float, float], training: float, groups: bool
) -> tuple[str, bool]:
    """Return whether the model beat the best of the baselines: in plain words, and as yes or no.

    Args:
        model: its score.
        best: that of the baseline with the lowest word error rate.
        gain: as `wer_gain_interval` gives it for the model and that one.
        training: the model's word error rate on recordings that it learnt from.
        groups: whether the voices of the test set are in no other set.
    """
    low, high = gain
    where = "in voices that it has never heard" if groups else "on the test set"
    own = (
        f"Its word error rate {where} is {model.wer:.1%}: {model.exact:.0%} of the recordings are "
        "transcribed without an error"
    )
    rule = f"the best baseline, “{best.label}”, has {best.wer:.1%}"
    if low > 0:
        sentence = f"The model beats the baselines. {own}; {rule}."
    elif high < 0:
        sentence = (
            f"The model doesn't beat the baselines. {own}; {rule}. Train it longer, or on more recordings."
        )
    else:
        sentence = (
            f"It isn't clear whether the model beats the baselines. {own}; {rule}. The 95% interval of the "
            f"difference is {_signed(-high)} to {_signed(-low)} percentage points."
        )
    if model.wer - training > _OVERFITTING_GAP:
        sentence += f" On the training set its word error rate is {training:.1%}: it overfits."
    return sentence, low > 0


def _signed(share: float) -> str:
    return f"{100 * share:+.1f}".replace("-", "−")
