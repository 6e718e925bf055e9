"""Pieces of the forecast task on the pages."""
