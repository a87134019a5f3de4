"""All data and files of a person as one archive, made for them and kept for a few days."""
