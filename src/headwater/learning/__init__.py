"""Statistical models, their fits, and the way of labels back into the database."""
