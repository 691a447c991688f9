"""Headwater: learn groups, labels and states from a Django project, and write them back."""
