"""Hostile input and hostile people: sweeps over every address, form, field and message of the product."""
