"""Tasks that classify: sequences and texts."""
