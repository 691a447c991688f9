"""Bayesian networks: stated as nodes and edges, inferred by BayesPy or by the mixture kernel."""
