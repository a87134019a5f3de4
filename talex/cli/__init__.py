"""The command line: `talex ...`."""
