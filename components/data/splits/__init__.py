"""Which rows, windows and examples are for training, validation and test, and in which order they are
read."""
