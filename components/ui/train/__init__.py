"""The page Train before a run: the recipe's draft, its controls and its preview."""
