"""Numbers only: NumPy, SciPy, scikit-learn. No Django, no clock, no files, no global random state."""
