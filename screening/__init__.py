"""Questionnaires, clients, screenings and findings."""
