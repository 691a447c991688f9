"""Said: what an error of BayesPy means, as the end of a sentence."""

from __future__ import annotations


def said(error: Exception) -> str:
    """Return the message of ``error`` in one line, without a full stop.

    BayesPy 0.6.6 looks for an error class that NumPy 2 no longer has when a matrix has no Cholesky
    factor; what it meant is said instead.
    """
    text = " ".join(str(error).split()) or type(error).__name__
    if isinstance(error, AttributeError) and "numpy.linalg" in text:
        return "a matrix is not symmetric and positive definite"
    return text.rstrip(".")[:400]
