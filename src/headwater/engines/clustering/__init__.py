"""Techniques that divide rows into groups without labels."""
