"""What every answer tells a browser, and what no request may bring about."""
