"""The request transaction, row security, encrypted fields, audit and outbox."""
