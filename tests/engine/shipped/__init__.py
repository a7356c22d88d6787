"""The shipped questionnaires: their wording, their rules, and that a changed rule is noticed."""
