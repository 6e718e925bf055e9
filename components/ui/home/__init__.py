"""The page Home: the welcome and the gallery of experiments."""
