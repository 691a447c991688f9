"""Classification: learning a known label of rows, and how well that is done."""
