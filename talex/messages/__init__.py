"""Messages: what was told to whom, sent by the worker."""
