"""How dates and numbers are written, where Django's own way would mislead (FORMAT_MODULE_PATH).

English dates name the month, because 05/06 is another day on each side of an ocean; times have 24
hours everywhere; Chinese numbers are grouped by three, as figures in print are.
"""
