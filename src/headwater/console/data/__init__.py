"""What the pages of the room “Data” show."""
