"""Classification: rows with known classes teach which class another row is of."""
