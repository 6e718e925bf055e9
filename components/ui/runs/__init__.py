"""The page Runs: a table of all runs of a visitor, or of a collection, and what can be done to them."""
