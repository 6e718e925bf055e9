"""The task of modelling language: foretell the next token from all before it, and write."""
