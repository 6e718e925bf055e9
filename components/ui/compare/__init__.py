"""The page Compare: what differs between runs, and what difference it made."""
