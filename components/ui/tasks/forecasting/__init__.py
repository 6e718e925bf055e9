"""What pages show of forecasting."""
