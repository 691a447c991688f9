"""Classifiers: what their pages show."""
