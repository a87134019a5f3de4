"""Pages of conversations, and of cases."""
