"""The ready-to-run site that shows Headwater on data of its own."""
