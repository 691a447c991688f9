"""Built-in samples: small data to try a technique on, each opened with one click."""
