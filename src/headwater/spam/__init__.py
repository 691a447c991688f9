"""Spam: filters that judge what people write, learn from every human decision, and a queue."""
