"""Guidance: what is printed, how it reads, and whether its evidence is up to date."""
