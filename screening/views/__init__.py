"""One page a function."""
