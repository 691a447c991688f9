"""The two classes of a filter. Import-light: pages name them without loading numbers."""

CLASSES = ("ham", "spam")
"""Names of the codes 0 and 1."""
CALLED = ("not spam", "spam")
"""What people call them."""
