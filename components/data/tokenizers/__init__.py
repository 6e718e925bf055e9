"""Texts to token codes and back: words, characters and byte pairs."""
