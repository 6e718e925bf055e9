"""The page Data: choosing, importing, cleaning and showing a dataset."""
