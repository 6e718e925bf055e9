"""The Recipe: everything needed to repeat an experiment, and its way to and from JSON and a URL."""

import base64
import zlib
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from components.errors import RecipeError

LONGEST_RECIPE = 64 * 1024  # bytes of JSON; a link that unpacks to more is refused, not unpacked


class Part(BaseModel):
    """A piece of a recipe: frozen, and strict about names it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True)


# --- Where the sequences come from -----------------------------------------------------------------

Name = Annotated[str, Field(min_length=1, max_length=200)]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,64}$")]


class Sample(Part):
    """A dataset that ships with Unroll."""

    source: Literal["sample"] = "sample"
    name: Slug
    """its key in `components.data.samples`"""


class Upload(Part):
    """A file that a visitor brought; the id is random, so who has it was given it."""

    source: Literal["upload"] = "upload"
    id: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    name: Name
    """the file's own name, for people to read; never used as a path"""


class Generated(Part):
    """A series made by a formula."""

    source: Literal["generated"] = "generated"
    name: Slug
    """its key in `components.data.synthetic`"""
    length: Annotated[int, Field(ge=50, le=100_000)] = 1000
    parameters: dict[Slug, float] = {}
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0


DatasetReference = Annotated[Sample | Upload | Generated, Field(discriminator="source")]


class Preparation(Part):
    """How a dataset is divided. The parts follow each other in time: training, validation, test."""

    validation: Annotated[float, Field(ge=0.05, le=0.4)] = 0.15
    """share of the rows held back to watch the training and to stop it"""
    test: Annotated[float, Field(ge=0.05, le=0.4)] = 0.15
    """share of the rows that nothing looks at before the results"""


# --- What is asked ---------------------------------------------------------------------------------

Transform = Literal["none", "log", "difference", "seasonal_difference"]
Scaling = Literal["standard", "minmax", "none"]


class Forecast(Part):
    """Continue a series: from `window` past steps, the next `horizon` values of the target."""

    kind: Literal["forecast"] = "forecast"
    target: Name
    covariates: tuple[Name, ...] = ()
    """other columns whose past the model may also look at"""
    window: Annotated[int, Field(ge=1, le=5000)] = 48
    """past steps that the model sees"""
    horizon: Annotated[int, Field(ge=1, le=1000)] = 12
    """steps ahead that it forecasts at once"""
    transform: Transform = "none"
    season: Annotated[int, Field(ge=2, le=10_000)] | None = None
    """steps after which the series repeats; None where it doesn't"""
    scaling: Scaling = "standard"

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.transform == "seasonal_difference" and self.season is None:
            raise ValueError(
                "the seasonal difference needs a season; set season, or choose another transform"
            )
        if self.target in self.covariates:
            raise ValueError(f"the target “{self.target}” can't also be a covariate")
        if len(set(self.covariates)) != len(self.covariates):
            raise ValueError("a covariate is named twice")
        return self


Task = Annotated[Forecast, Field()]


# --- The model -------------------------------------------------------------------------------------

Units = Annotated[int, Field(ge=1, le=1024)]
Layers = Annotated[int, Field(ge=1, le=4)]
Dropout = Annotated[float, Field(ge=0, le=0.9)]


class Recurrent(Part):
    """A stack of recurrent layers, read from the oldest step to the newest."""

    kind: Literal["simple_rnn", "lstm", "gru"] = "lstm"
    units: Units = 32
    layers: Layers = 1
    bidirectional: bool = False
    attention: Literal["none", "additive", "dot"] = "none"
    """additive: Bahdanau et al. (2015); dot: Luong et al. (2015)"""
    dropout: Dropout = 0.0


class Transformer(Part):
    """A Transformer encoder (Vaswani et al., 2017), normalised before each block."""

    kind: Literal["transformer"] = "transformer"
    units: Units = 32
    """width of every token"""
    layers: Layers = 2
    heads: Annotated[int, Field(ge=1, le=16)] = 4
    dropout: Dropout = 0.0

    @model_validator(mode="after")
    def _divisible(self) -> Self:
        if self.units % self.heads:
            raise ValueError(f"{self.units} units can't be shared evenly by {self.heads} heads")
        return self


Model = Annotated[Recurrent | Transformer, Field(discriminator="kind")]


# --- How it learns ---------------------------------------------------------------------------------


class Optimizer(Part):
    """The rule of the updates."""

    kind: Literal["adam", "adamw", "rmsprop", "sgd"] = "adam"
    learning_rate: Annotated[float, Field(gt=0, le=10)] = 0.003
    schedule: Literal["constant", "cosine", "exponential"] = "constant"
    """how the learning rate falls over the training: not, to zero as a half cosine, or to a tenth"""
    momentum: Annotated[float, Field(ge=0, lt=1)] = 0.9
    """of SGD only"""
    weight_decay: Annotated[float, Field(ge=0, le=1)] = 0.004
    """of AdamW only"""


class Clipping(Part):
    """What is done to gradients that are too large.

    `norm` is Keras' `clipnorm`, which clips each tensor on its own; `global_norm` clips all of them
    together, as Pascanu, Mikolov and Bengio (2013) do.
    """

    mode: Literal["none", "value", "norm", "global_norm"] = "global_norm"
    threshold: Annotated[float, Field(gt=0, le=1e6)] = 1.0


class Training(Part):
    """How long, and in what portions."""

    batch: Annotated[int, Field(ge=1, le=4096)] = 32
    epochs: Annotated[int, Field(ge=1, le=10_000)] = 60
    patience: Annotated[int, Field(ge=1, le=1000)] | None = 10
    """epochs without a better validation loss after which it stops early; None: never"""


class Recipe(Part):
    """Everything needed to repeat an experiment."""

    version: Literal[1] = 1
    dataset: DatasetReference
    preparation: Preparation = Preparation()
    task: Task
    model: Model = Recurrent()
    optimizer: Optimizer = Optimizer()
    clipping: Clipping = Clipping()
    training: Training = Training()
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0

    def to_json(self) -> str:
        """Give the whole recipe, defaults included: it means the same when a default moves."""
        return self.model_dump_json()

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Read a recipe.

        Raises:
            RecipeError: naming the field, the value and what is allowed.
        """
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            raise recipe_error(error) from None

    def to_url(self) -> str:
        """Give the recipe as a few hundred letters, digits, `-` and `_`, to paste into a link."""
        packer = zlib.compressobj(9, wbits=-zlib.MAX_WBITS, zdict=_DICTIONARY)
        packed = packer.compress(self.to_json().encode()) + packer.flush()
        return base64.urlsafe_b64encode(packed).decode().rstrip("=")

    @classmethod
    def from_url(cls, text: str) -> Self:
        """Read what `to_url` gave.

        Raises:
            RecipeError: if the text is cut, altered, too large, or no recipe.
        """
        damaged = RecipeError(
            "This link doesn't hold a whole recipe.", where="link", remedy="Copy it again, to its very end."
        )
        try:
            packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
            unpacker = zlib.decompressobj(wbits=-zlib.MAX_WBITS, zdict=_DICTIONARY)
            unpacked = unpacker.decompress(packed, LONGEST_RECIPE)
        except (ValueError, zlib.error):
            raise damaged from None
        if not unpacker.eof:
            raise damaged
        return cls.from_json(unpacked)


def recipe_error(error: ValidationError) -> RecipeError:
    """Turn the first of pydantic's findings into plain words: the field, the value, what is allowed."""
    first = error.errors(include_url=False)[0]
    field, given, context = _field(first["loc"]), first["input"], first.get("ctx", {})
    match first["type"]:
        case "json_invalid":
            return RecipeError("This isn't a whole recipe.", where="recipe", remedy="Copy or save it again.")
        case "missing":
            return RecipeError("This setting is missing.", where=field, remedy="Add it.")
        case "extra_forbidden":
            return RecipeError(
                "There is no such setting.", where=field, remedy="Remove it, or correct its name."
            )
        case "value_error":
            sentence = str(context["error"])
            return RecipeError(f"{sentence[0].upper()}{sentence[1:]}.", where=field)
        case "union_tag_invalid" | "union_tag_not_found":
            kind = context["discriminator"].strip("'")
            field, given = f"{field}.{kind}", given.get(kind)
            return _not_allowed(field, given, f"one of {context.get('expected_tags', 'the known kinds')}")
    return _not_allowed(field, given, first["msg"].removeprefix("Input should be "))


def _not_allowed(field: str, value: object, allowed: str) -> RecipeError:
    shown = "This" if isinstance(value, dict | list) else repr(value)[:80]
    return RecipeError(f"{shown} doesn't work here.", where=field, remedy=f"Allowed: {allowed}.")


def _field(place: tuple[int | str, ...]) -> str:
    """Give the dotted name of a field; pydantic also names the kind that a choice was read as."""
    names = [str(part) for part in place]
    if len(names) > 1 and Recipe.model_fields[names[0]].discriminator:
        del names[1]
    return ".".join(names) or "recipe"


# What most recipes share, so that a link carries only what is its own. Part of the format of links:
# it stays as it is for as long as links made with it are about.
_DICTIONARY = (
    b'"source":"upload","id":"0123456789abcdef","source":"generated","name":"random_walk","length":1000,'
    b'"parameters":{"trend":0.0,"period":24.0,"amplitude":1.0,"noise":0.1},"kind":"transformer","heads":4,'
    b'"kind":"simple_rnn","kind":"gru","bidirectional":true,"attention":"additive","attention":"dot",'
    b'"kind":"adamw","kind":"rmsprop","kind":"sgd","schedule":"cosine","schedule":"exponential",'
    b'"mode":"none","mode":"value","mode":"norm","transform":"log","transform":"seasonal_difference",'
    b'"transform":"difference","scaling":"minmax","patience":null,"version":1,"dataset":{"source":"sample",'
    b'"name":"sunspots"},"preparation":{"validation":0.15,"test":0.15},"task":{"kind":"forecast","target":"'
    b'value","covariates":[],"window":48,"horizon":12,"transform":"none","season":null,"scaling":"standard"},'
    b'"model":{"kind":"lstm","units":32,"layers":1,"bidirectional":false,"attention":"none","dropout":0.0},'
    b'"optimizer":{"kind":"adam","learning_rate":0.003,"schedule":"constant","momentum":0.9,'
    b'"weight_decay":0.004},"clipping":{"mode":"global_norm","threshold":1.0},"training":{"batch":32,'
    b'"epochs":60,"patience":10},"seed":0}'
)
