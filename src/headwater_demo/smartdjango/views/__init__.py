"""The pages of SmartDjango, a noun each."""
