"""A run on the pages: its submission, live charts, controls and training doctor."""
