"""Searches and sweeps: their set-up beside a recipe, and the page that shows them."""
