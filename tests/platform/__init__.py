"""Tests of what runs the product: PostgreSQL, the demonstration, the checks."""
