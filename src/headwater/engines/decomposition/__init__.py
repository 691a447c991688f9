"""Decompositions: few directions that hold most of what many columns say."""
