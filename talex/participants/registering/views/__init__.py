"""The pages of a registration."""
