"""Who may reach what: every address, for everybody."""
