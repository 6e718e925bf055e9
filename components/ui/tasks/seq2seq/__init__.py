"""What pages show of translation and chat."""
