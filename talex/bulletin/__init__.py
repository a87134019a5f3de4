"""Figures: what is counted and how, frozen snapshots of them, releases in each language."""
