"""Telling a number of a sequence: what it comes to, and how it is scored."""
