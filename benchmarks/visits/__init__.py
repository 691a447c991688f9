"""An app with one table, to read from and to write to."""
