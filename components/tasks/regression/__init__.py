"""The task of regression on sequences: one number for each."""
