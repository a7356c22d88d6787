"""The walls: request transaction, row security, encryption, audit."""
