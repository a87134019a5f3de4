"""The installation as a whole: running it, checking it, backing it up, restoring it."""
