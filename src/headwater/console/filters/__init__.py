"""Filters: what the pages of spam filters show."""
