"""Building a questionnaire in the browser."""
