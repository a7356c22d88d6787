"""Proof of the audit log, and care for the keys."""
