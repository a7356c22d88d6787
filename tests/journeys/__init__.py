"""Whole jobs in a real browser: given a state, when somebody does their work, then it shows on the pages."""
