"""Handouts and primers: what can be told about ketamine treatment, and how sure it is."""
