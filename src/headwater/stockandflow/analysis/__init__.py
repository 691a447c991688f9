"""What the books say: levels, series, moves, transitions, time in state, cohorts."""
