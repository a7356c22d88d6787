"""What input is accepted, and how it is asked for."""
