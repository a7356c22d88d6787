"""What input is accepted."""
