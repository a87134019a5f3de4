"""Pages of cohorts, a file a subject."""
