"""What can go wrong with the local PostgreSQL."""


class Problem(Exception):
    """Said in a sentence to whoever typed the command."""
