"""A file's table on its way to a dataset: its cells, where it begins and ends, and what its rows may be."""
