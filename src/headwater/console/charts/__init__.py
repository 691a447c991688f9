"""Charts, one file each: what is drawn, as plain data, with its words and its table."""
