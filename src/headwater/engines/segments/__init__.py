"""Numbers on groups: how good, how stable, how many, what sets each apart, how they are drawn.

In labels, -1 is a row outside of every group; it is left out wherever a group is described.
"""
