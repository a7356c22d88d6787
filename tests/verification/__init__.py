"""The verifier of rules."""
