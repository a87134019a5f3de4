"""Talex: the platform for international talent exchange conferences."""

__version__ = "0.1.0"
