"""What an admin may type in the builder."""
