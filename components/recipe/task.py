"""What is asked of the model."""

import math
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from components.recipe.base import Name, RecipePart

Transform = Literal["none", "log", "difference", "seasonal_difference"]
Scaling = Literal["standard", "minmax", "none"]
Side = Literal["left", "right"]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
"""its two letters after ISO 3166-1"""
Season = Annotated[int, Field(ge=2, le=10_000)]
"""steps after which something repeats"""
Filters = Annotated[int, Field(ge=0, le=512)]
"""short patterns that a convolutional network beside the model looks for (Karim et al., 2018); 0: none"""
Kernel = Annotated[int, Field(ge=0, le=100)]
"""steps that a convolution in front of the model sees at a time; 0: as many as it moves on by, and where that
is 1 there is no convolution"""
Stride = Annotated[int, Field(ge=1, le=100)]
"""steps that it moves on by: so many become one for the model (Sainath et al., 2015)"""
Embedding = Annotated[int, Field(ge=1, le=512)]
"""numbers that stand for each token"""
LabelSmoothing = Annotated[float, Field(ge=0, le=0.5)]
"""share of the probability that the loss wants for all classes or tokens alike, not for the right one
(Szegedy et al., 2016)"""
TokenKind = Literal["word", "character", "byte_pair"]
"""what a text is cut into: words and marks, characters, or subwords by byte-pair encoding (Sennrich, Haddow
and Birch, 2016)"""
ForecastBase = Literal["none", "last", "season", "classical", "pretrained", "combination"]
TextBase = Literal["none", "tfidf", "tfidf_both"]
Pooling = Literal["last", "mean_max"]
"""what is made of the states of all steps: the last one, or what attention makes of all; or mean and maximum
over the steps (Howard and Ruder, 2018), beside what attention makes of them"""
Transfer = Literal["forecast", "states", "weights"]
WindowScaling = Literal["none", "standard", "affine"]
Strategy = Literal["direct", "recursive", "decoder"]
Loss = Literal["mse", "mae", "huber", "quantile", "gaussian", "student_t", "negative_binomial"]


class Forecast(RecipePart):
    """Continue a series: from `window` past steps, the next `horizon` values of the target."""

    kind: Literal["forecast"] = "forecast"
    target: Name
    covariates: tuple[Name, ...] = ()
    """other columns whose past the model may also look at"""
    known: tuple[Name, ...] = ()
    """other columns that are known ahead, as a planned price is: the model also sees their steps to come"""
    together: Annotated[tuple[Name, ...], Field(max_length=100)] = ()
    """other columns that are series of the same kind: the one model learns to forecast them too"""
    static: Annotated[tuple[Name, ...], Field(max_length=20)] = ()
    """what never changes in a series, such as the country of a shop: the model is told it of each"""
    calendar: bool = False
    """whether the model is told the hour, the weekday and the time of year of every step, past and to come"""
    holidays: Country | None = None
    """whose holidays it is told of"""
    fourier: Annotated[tuple[Season, ...], Field(max_length=3)] = ()
    """seasons of which the model is told, of every step, past and to come, how far they have come round"""
    window: Annotated[int, Field(ge=1, le=5000)] = 48
    """past steps that the model sees"""
    segment: Annotated[int, Field(ge=1, le=1000)] = 1
    """steps of the window that the model reads as one: Lin et al. (2023); of a Transformer, they are the
    patches of Nie et al. (2023)"""
    horizon: Annotated[int, Field(ge=1, le=1000)] = 12
    """steps ahead that it forecasts at once"""
    transform: Transform = "none"
    season: Season | None = None
    """steps after which the series repeats; None where it doesn't"""
    scaling: Scaling = "standard"
    window_scaling: WindowScaling = "none"
    """whether each window is brought to mean 0 and deviation 1 of its own, and the forecast back (Kim et al.,
    2022); affine: with a learnt factor and shift besides"""
    base: ForecastBase = "none"
    """what the forecast starts from, and the model's output is added to: nothing, the last value, that of the
    same time last season, averaged exponential smoothing, the forecast of the pretrained network, or the mean
    of both pretrained networks and Theta"""
    transfer: Transfer = "forecast"
    """what a forecast that starts from the pretrained network takes over: its forecast alone, to which the
    model's own output is added; what it read of the series besides, as features; or all its weights, which
    are learnt on"""
    strategy: Strategy = "direct"
    """how it gets to several steps: all at once, one by one with each fed back, or by a second recurrent
    layer that goes over the steps ahead (Sutskever, Vinyals and Le, 2014)"""
    members: Annotated[int, Field(ge=1, le=5)] = 1
    """networks that differ only in their seeds, and are trained side by side: the forecast is their median"""
    loss: Loss = "mse"
    level: Annotated[float, Field(ge=0.5, le=0.99)] = 0.8
    """share of the values to come that the band round a forecast shall hold"""
    lower_bound: float | None = None
    """what neither a forecast nor its interval goes below, as 0 where things are counted; None: no bound"""
    upper_bound: float | None = None
    """what neither a forecast nor its interval goes above, as 100 of percentages; None: there is none"""
    passes: Annotated[int, Field(ge=0, le=500)] = 0
    """forecasts with dropout at work of which a band is made (Gal and Ghahramani, 2016); 0: there is none"""

    @model_validator(mode="after")
    def _check_columns_and_season(self) -> Self:
        if self.transform == "seasonal_difference" and self.season is None:
            raise ValueError(
                "seasonal differencing needs a seasonal period; set one or choose another transform"
            )
        if self.base == "season" and self.season is None:
            raise ValueError(
                "starting from last season needs a seasonal period; set one or start from the last value"
            )
        if self.target in self.inputs:
            raise ValueError(f"the target “{self.target}” can't also be a covariate")
        if {self.target, *self.inputs} & {*self.together} or len({*self.together}) != len(self.together):
            raise ValueError("another series of the panel can't also be the target or a covariate")
        if len(set(self.inputs)) != len(self.inputs):
            raise ValueError("a covariate is named twice")
        if len(set(self.static)) != len(self.static):
            raise ValueError("a static feature is named twice")
        if len(set(self.fourier)) != len(self.fourier):
            raise ValueError("a season of the Fourier features is named twice")
        if None not in (self.lower_bound, self.upper_bound) and self.bounds[0] >= self.bounds[1]:
            raise ValueError("the lower bound must be below the upper bound")
        return self

    @property
    def bounds(self) -> tuple[float, float]:
        """What a forecast lies between; infinite where there is no bound."""
        return (
            -math.inf if self.lower_bound is None else self.lower_bound,
            math.inf if self.upper_bound is None else self.upper_bound,
        )

    @property
    def transferred(self) -> Transfer:
        """What is really taken over: of another start than the pretrained network its forecast alone."""
        return self.transfer if self.base == "pretrained" else "forecast"

    @property
    def series(self) -> tuple[str, ...]:
        """Columns that are forecast, the target first."""
        return (self.target, *self.together)

    @property
    def inputs(self) -> tuple[str, ...]:
        """Columns that the model sees beside the target: those known ahead stand last."""
        return self.covariates + self.known


def _refuse_gaps(kernel: int, stride: int) -> None:
    """Refuse a convolution that passes over steps.

    Raises:
        ValueError: if it sees fewer steps than it moves on by.
    """
    if 0 < kernel < stride:
        raise ValueError(
            f"a convolution that sees {kernel} steps and moves on by {stride} skips the rest; choose "
            f"a size of {stride} or more, or 0 for exactly {stride}"
        )


class ClassifySequences(RecipePart):
    """Classify a sequence of numbers, whatever its length."""

    kind: Literal["classify_sequences"] = "classify_sequences"
    longest: Annotated[int, Field(ge=1, le=5000)] = 500
    """steps that the model reads at most; longer sequences are cut"""
    cut: Side = "left"
    """the side on which longer sequences lose steps: left is where they begin"""
    scaling: Scaling = "standard"
    """of each channel"""
    balanced: bool = False
    """whether rare classes count as much as frequent ones"""
    filters: Filters = 0
    pooling: Pooling = "last"
    kernel: Kernel = 0
    stride: Stride = 1
    label_smoothing: LabelSmoothing = 0.0

    @model_validator(mode="after")
    def _check_stride(self) -> Self:
        _refuse_gaps(self.kernel, self.stride)
        return self


class RegressSequences(RecipePart):
    """Predict a number from a sequence of numbers, whatever its length."""

    kind: Literal["measure_sequences"] = "measure_sequences"
    longest: Annotated[int, Field(ge=1, le=5000)] = 500
    """steps that the model reads at most; longer sequences are cut"""
    cut: Side = "left"
    """the side on which longer sequences lose steps: left is where they begin"""
    scaling: Scaling = "standard"
    """of each channel"""
    answer: Scaling = "standard"
    """of the number that is to be told"""
    filters: Filters = 0


class Transcribe(RecipePart):
    """Write down the words of a recording, however many there are and wherever they stand."""

    kind: Literal["transcribe"] = "transcribe"
    segment: Annotated[int, Field(ge=1, le=10)] = 3
    """frames of the spectrogram that the model reads as one, by which the convolution in front moves on"""
    kernel: Kernel = 0
    """frames that this convolution sees at a time; 0: those of a segment"""
    scaling: Scaling = "standard"
    """of each band of frequencies"""
    beams: Annotated[int, Field(ge=1, le=100)] = 10
    """transcripts that are followed at the same time when the test set is transcribed; 1 is the greedy
    search"""

    @model_validator(mode="after")
    def _check_kernel(self) -> Self:
        _refuse_gaps(self.kernel, self.segment)
        return self


class ClassifyTexts(RecipePart):
    """Classify a text, for example by its sentiment."""

    kind: Literal["classify_texts"] = "classify_texts"
    level: TokenKind = "word"
    lower: bool = True
    """whether capitals count as small letters"""
    vocabulary: Annotated[int, Field(ge=10, le=50_000)] = 2000
    """tokens that the model knows at most; the others are all the same to it"""
    embedding: Embedding = 32
    longest: Annotated[int, Field(ge=1, le=2000)] = 50
    """tokens that the model reads at most; longer texts are cut"""
    cut: Side = "right"
    """the side on which longer texts lose tokens"""
    pad: Side = "right"
    """the side on which shorter texts are filled up; the model passes over what is filled in"""
    balanced: bool = False
    """whether rare classes count as much as frequent ones"""
    filters: Filters = 0
    pooling: Pooling = "last"
    kernel: Kernel = 0
    stride: Stride = 1
    label_smoothing: LabelSmoothing = 0.0
    word_dropout: Annotated[float, Field(ge=0, le=0.9)] = 0.0
    """share of the tokens that are left out at random while it learns"""
    base: TextBase = "none"
    """what the model's logits are added to: nothing; those of logistic regression on TF-IDF of the tokens, of
    subwords the words that they are pieces of; or of words and of up to four characters in a row together"""

    @model_validator(mode="after")
    def _check_stride(self) -> Self:
        _refuse_gaps(self.kernel, self.stride)
        return self


class ModelLanguage(RecipePart):
    """Foretell the next token of a text from all before it, and so write."""

    kind: Literal["model_language"] = "model_language"
    level: TokenKind = "character"
    vocabulary: Annotated[int, Field(ge=2, le=32_000)] = 2000
    """tokens that the model knows at most"""
    embedding: Embedding = 64
    """of a tied one, as many as the model has units"""
    tied: bool = False
    """whether the embedding gives the logits too (Press and Wolf, 2017)"""
    window: Annotated[int, Field(ge=1, le=1000)] = 50
    """tokens that are read between two updates; a Transformer sees no more than these"""


class _PairTask(RecipePart):
    """What tasks that learn from pairs of texts have in common."""

    level: TokenKind = "word"
    """of both sides"""
    lower: bool = False
    """whether capitals count as small letters"""
    vocabulary: Annotated[int, Field(ge=10, le=50_000)] = 8000
    """tokens of each side that the model knows at most; the others are all the same to it"""
    shared: bool = False
    """whether both sides have one vocabulary, of their tokens together"""
    longest: Annotated[int, Field(ge=1, le=1000)] = 60
    """tokens of a text at most; pairs with a longer one are left out"""
    tied: bool = False
    """whether the embedding of the answer's tokens gives the logits too (Press and Wolf, 2017), and where the
    vocabulary is shared is that of the text's tokens besides"""
    input_feeding: bool = False
    """whether a recurrent decoder with attention gets at each step what attention found at the one before
    (Luong, Pham and Manning, 2015)"""
    copy_unknown: bool = False
    """whether the model learns where it doesn't know a word, and what it attends to is then put there (Luong,
    Sutskever et al., 2015): words that the training set has once count as unknown"""
    label_smoothing: LabelSmoothing = 0.0


class Translate(_PairTask):
    """Write the answer to a text, as a translation."""

    kind: Literal["translate"] = "translate"
    beams: Annotated[int, Field(ge=1, le=10)] = 1
    """answers that are followed at the same time when the test set is answered; 1 is the greedy search"""


class Chat(_PairTask):
    """Answer what is said, as in a talk."""

    kind: Literal["chat"] = "chat"
    lower: bool = True


def _default_to_forecast(task: Any) -> Any:
    """Return a task without a kind as a forecast, once the only task."""
    return {"kind": "forecast", **task} if isinstance(task, dict) and "kind" not in task else task


Task = Annotated[
    Forecast
    | ClassifySequences
    | RegressSequences
    | Transcribe
    | ClassifyTexts
    | ModelLanguage
    | Translate
    | Chat,
    Field(discriminator="kind"),
    BeforeValidator(_default_to_forecast),
]
