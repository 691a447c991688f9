"""Text as numbers: what of a text is counted, how it is cleaned first, and what follows from it."""
