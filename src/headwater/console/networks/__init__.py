"""Bayesian networks on the pages: stated, drawn, and what was learned of them."""
