"""Small pictures for cards, as SVG."""
