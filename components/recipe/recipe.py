"""The Recipe, and its way to and from JSON and a URL."""

import base64
import zlib
from typing import Annotated, Literal, Self, TypeVar

from pydantic import Field, ValidationError

from components.errors import RecipeError
from components.recipe.base import RecipePart
from components.recipe.dataset import DatasetReference
from components.recipe.model import Model, Recurrent
from components.recipe.preparation import Preparation
from components.recipe.task import Task
from components.recipe.training import Clipping, Optimizer, Training

TaskT = TypeVar("TaskT", bound=RecipePart)

LONGEST_RECIPE = 64 * 1024  # bytes of JSON; a link that unpacks to more is refused, not unpacked


class Recipe(RecipePart):
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

    def require_task(self, kind: type[TaskT]) -> TaskT:
        """Return the task, which the caller knows to be of this kind.

        Raises:
            TypeError: if it isn't.
        """
        if not isinstance(self.task, kind):
            raise TypeError(f"this recipe is to {self.task.kind}")
        return self.task

    def to_json(self) -> str:
        """Return the whole recipe, defaults included: it means the same when a default moves."""
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
        """Return the recipe as a few hundred letters, digits, `-` and `_`, to paste into a link.

        Example:
            >>> from components.recipe import Forecast, Recipe, Sample
            >>> recipe = Recipe(dataset=Sample(name="sunspots"), task=Forecast(target="sunspots"))
            >>> Recipe.from_url(recipe.to_url()) == recipe
            True
        """
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
            "This link doesn't contain a complete recipe.", where="link", remedy="Copy the whole link again."
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
    field, given, context = _field_name(first["loc"]), first["input"], first.get("ctx", {})
    match first["type"]:
        case "json_invalid":
            return RecipeError("This recipe is incomplete.", where="recipe", remedy="Copy or save it again.")
        case "missing":
            return RecipeError("This setting is missing.", where=field, remedy="Add it.")
        case "extra_forbidden":
            return RecipeError(
                "This setting doesn't exist.", where=field, remedy="Remove it or correct its name."
            )
        case "value_error":
            sentence = str(context["error"])
            return RecipeError(f"{sentence[0].upper()}{sentence[1:]}.", where=field)
        case "union_tag_invalid" | "union_tag_not_found":
            kind = context["discriminator"].strip("'")
            field, given = f"{field}.{kind}", given.get(kind)
            return _not_allowed_error(
                field, given, f"one of {context.get('expected_tags', 'the known kinds')}"
            )
    return _not_allowed_error(field, given, first["msg"].removeprefix("Input should be "))


def _not_allowed_error(field: str, value: object, allowed: str) -> RecipeError:
    shown = "This" if isinstance(value, dict | list) else repr(value)[:80]
    return RecipeError(f"{shown} isn't allowed here.", where=field, remedy=f"Allowed: {allowed}.")


def _field_name(place: tuple[int | str, ...]) -> str:
    """Return the dotted name of a field; pydantic also names the kind that a choice was read as."""
    names = [
        str(part) for part, before in zip(place, ("", *place), strict=False) if not isinstance(before, int)
    ]
    if len(names) > 1 and Recipe.model_fields[names[0]].discriminator:
        del names[1]
    return ".".join(names) or "recipe"


# What most recipes share, so that a link carries only what is its own. Part of the format of links:
# it stays as it is for as long as links made with it are about. More may be put in front, for
# links count from its end.
_DICTIONARY = (
    b'"base":"tfidf_both",'
    b'"filters":0,"pooling":"mean_max","kernel":0,"label_smoothing":0.1,"word_dropout":0.2,"base":"tfidf",'
    b'"filters":0,"pooling":"last","kernel":0,"label_smoothing":0.0,"word_dropout":0.0,"base":"none",'
    b'"level":"byte_pair","lower":true,"vocabulary":1000,"shared":true,"longest":30,"tied":true,'
    b'"input_feeding":true,"copy_unknown":true,"label_smoothing":0.1,"beams":4},'
    b'"lower":false,"vocabulary":8000,"shared":false,"longest":60,"tied":false,"input_feeding":false,'
    b'"copy_unknown":false,"label_smoothing":0.0,"beams":1},'
    b'"lower_bound":0.0,"upper_bound":100.0,"lower_bound":null,"upper_bound":null,'
    b'"transfer":"states","transfer":"weights","fourier":[],"segment":1,"transfer":"forecast","members":1,'
    b'"together":[],'
    b'"covariates":[],"known":[],"calendar":true,"holidays":"US","known":[],"calendar":false,"holidays":null,'
    b'"window_scaling":"affine","base":"last","strategy":"recursive","strategy":"decoder","loss":"mae",'
    b'"loss":"huber","loss":"quantile","loss":"gaussian","loss":"student_t","loss":"negative_binomial",'
    b'"window_scaling":"standard","base":"season","level":0.9,"passes":50,'
    b'"scaling":"standard","window_scaling":"none","base":"none","strategy":"direct","loss":"mse","level":0.8,'
    b'"passes":0},"model":{'
    b'"name":"adding","length":10000,"parameters":{"steps":100.0},"task":{"kind":"measure_sequences",'
    b'"longest":100,"cut":"left","scaling":"none","answer":"none"},"optimizer":{"kind":"sgd",'
    b'"patience":10,"weights":"best"},"seed":0}"weights":"last","name":"dates","name":"sums","name":"french",'
    b'"name":"small_talk","digits":3.0,"backwards":1.0,'
    b'"task":{"kind":"chat","level":"word","lower":true,"vocabulary":8000,"longest":60},"task":{"kind":'
    b'"translate","level":"character","lower":false,"vocabulary":8000,"longest":60,"beams":1},'
    b'"name":"moby_dick","task":{"kind":"model_language","level":"byte_pair","level":"word",'
    b'"level":"character","vocabulary":2000,"embedding":64,"window":50},'
    b'"name":"control_charts","name":"random_labels","name":"tweets","name":"first_names","steps":60.0,'
    b'"noise":2.0,"features":5.0,"classes":2.0,"task":{"kind":"classify_sequences","longest":500,'
    b'"cut":"left","scaling":"standard"},"task":{"kind":"classify_texts","level":"character","level":"word",'
    b'"lower":true,"vocabulary":2000,"embedding":32,"longest":50,"cut":"right","pad":"right"},'
    b'"unasked":true,"sheet":null,"keep":[],"shape":null},'
    b'"kind":"resample","kind":"spread_column","kind":"standard_time","kind":"add_missing_times","count":1,'
    b'"unit":"month","unit":"minute","unit":"hour","unit":"day","how":"last"},{"kind":"drop_untimed"},'
    b'"how":"forward"},"how":"mean"},"year","month","day","hour","order":"month_first","zone":"clock"},'
    b'{"kind":"read_numbers","columns":["value"],"decimal":",","thousands":".","units":[],"magnitudes":false},'
    b'{"kind":"treat_as_missing","columns":["value"],"values":[-999.0,-200.0]},'
    b'"mends":[{"kind":"set_time","columns":["date"],"parts":["date","time"],"order":"day_first",'
    b'"zone":"utc"},{"kind":"drop_columns","columns":["'
    b'"]},{"kind":"sort_rows"},{"kind":"drop_repeats","how":"first"},'
    b'{"kind":"fill_missing","columns":null,"how":"interpolate"}],"mends":[],'
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
