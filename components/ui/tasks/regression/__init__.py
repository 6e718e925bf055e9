"""What pages show of regression on sequences."""
