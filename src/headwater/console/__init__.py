"""The web pages over all rooms."""
