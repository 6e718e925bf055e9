"""Recorded words: from a WAV file to what a model reads of it, and a zip of them to a dataset."""
