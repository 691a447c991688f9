"""Benchmarks: ``python -m benchmarks`` prints the table and writes it into the documentation."""
