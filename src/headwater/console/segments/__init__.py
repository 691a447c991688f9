"""What the page of a run in the room of segments shows: one section per file."""
