"""Bayesian networks as rows: nodes, edges and the columns that nodes observe."""
