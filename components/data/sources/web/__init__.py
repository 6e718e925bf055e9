"""Data from the web: sources by name and any other address, kept as a file with where it came from."""
