"""Template tags of SmartDjango."""
