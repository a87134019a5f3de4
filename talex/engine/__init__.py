"""Algorithms: arrays in, arrays out. Knows no Django, no database and no network."""
