"""What is asked of the model."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from components.recipe.part import Name, Part

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
