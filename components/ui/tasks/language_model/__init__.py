"""What pages show of the language model."""
