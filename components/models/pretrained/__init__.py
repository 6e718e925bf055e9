"""A recurrent forecaster, trained on made-up series only, that forecasts any series without training."""
