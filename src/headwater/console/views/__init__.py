"""Pages, one file per noun."""
