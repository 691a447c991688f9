"""The demo's own comments and messages, honest ones and spam: a grammar with fixed seeds."""

from headwater_demo.smartdjango.corpus.write import Written, article_of, comments, messages

__all__ = ["Written", "article_of", "comments", "messages"]
