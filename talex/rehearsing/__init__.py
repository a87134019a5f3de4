"""Puts a generated conference (`talex.rehearsal`) into an installation, through the services.

What is loaded is data for training: its edition is marked as a rehearsal on every page, and
nothing in the product reads expected results from it.
"""
