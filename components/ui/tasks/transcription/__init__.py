"""Transcribing speech on the pages."""
