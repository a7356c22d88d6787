"""Tests that documents say what is true."""
