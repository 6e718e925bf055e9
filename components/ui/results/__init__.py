"""The page Results: what a run's model is worth on the test set."""
