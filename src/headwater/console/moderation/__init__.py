"""The room “Moderation”: what its pages show."""
