"""Pieces that several pages draw: charts with their captions, and components with a script."""
