"""Tests of clients, screenings and what is found in them."""
