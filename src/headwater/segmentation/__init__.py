"""Segments: what groups are called, what sets them apart, what to do with them."""
