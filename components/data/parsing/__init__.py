"""Text to values, a whole column at once: dates, numbers, and the bytes of a file."""
