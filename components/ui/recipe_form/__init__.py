"""The form of a recipe: its draft in the address, its fields, and the labels of its choices."""
