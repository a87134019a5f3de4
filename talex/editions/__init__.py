"""Editions (one conference each), plans over years, roles in an edition, consents."""
