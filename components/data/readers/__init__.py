"""What reads a file that a visitor brings."""
