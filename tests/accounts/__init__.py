"""Organizations, people, duties and sign-in."""
