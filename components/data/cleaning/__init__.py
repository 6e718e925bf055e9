"""From a table as it came to numbers in order of time: the data doctor and the cleaning steps."""
