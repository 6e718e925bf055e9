"""The forecasting task: continue a series."""
