"""The pages of people: organizations and persons, joining, and one's own account."""
