"""Numbers only: no Django, no clock, no files, no global random state."""
