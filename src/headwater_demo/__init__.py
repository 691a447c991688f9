"""The ready-to-run site that shows Headwater on its own data."""
